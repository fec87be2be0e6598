//! What arrives when all goes well, and what may never leave.
use mail_parser::MessageParser;
use usher_domain::secret::SecretText;
use usher_domain::settings::{SmtpSecurity, SmtpSettings};
use usher_mail::{Cause, Smtp, SmtpUnusable, Step};

use crate::server::{Manners, Server, Tls};
use crate::{outgoing, settings, test_mail};

/// `\0usher\0secret`.
const LOGIN: &str = "AHVzaGVyAHNlY3JldA==";

fn with_login(settings: SmtpSettings) -> SmtpSettings {
    SmtpSettings {
        user: Some("usher".to_owned()),
        password: Some(SecretText::new("secret")),
        ..settings
    }
}

fn ready(server: &Server, settings: &SmtpSettings) -> Smtp {
    Smtp::new(
        settings,
        "Lichtspiel Größe",
        Some(server.certificate.as_bytes()),
    )
    .unwrap()
}

#[tokio::test]
async fn r60_a_mail_is_handed_over_only_under_tls() {
    for (tls, security, expected) in [
        (
            Tls::Asked,
            SmtpSecurity::StartTls,
            &[
                "EHLO", "STARTTLS", "sEHLO", "sAUTH", "sMAIL", "sRCPT", "sDATA", "sQUIT",
            ][..],
        ),
        (
            Tls::AtOnce,
            SmtpSecurity::Implicit,
            &["sEHLO", "sAUTH", "sMAIL", "sRCPT", "sDATA", "sQUIT"],
        ),
    ] {
        let server = Server::start(Manners {
            tls,
            login: Some(LOGIN),
            ..Manners::default()
        })
        .await;
        let smtp = ready(&server, &with_login(settings(server.port, security)));
        smtp.send(&outgoing(&test_mail(), "mia@example.org"))
            .await
            .unwrap();
        assert_eq!(server.commands(), expected);
        assert_eq!(server.mails().len(), 1);
    }
}

#[tokio::test]
async fn r60_a_server_without_starttls_hears_neither_password_nor_mail() {
    let server = Server::start(Manners {
        tls: Tls::Never,
        login: Some(LOGIN),
        ..Manners::default()
    })
    .await;
    let smtp = ready(
        &server,
        &with_login(settings(server.port, SmtpSecurity::StartTls)),
    );
    let error = smtp
        .send(&outgoing(&test_mail(), "mia@example.org"))
        .await
        .unwrap_err();
    assert_eq!((error.step, error.cause), (Step::Tls, Cause::NotOffered));
    assert!(
        !server
            .commands()
            .iter()
            .any(|command| command.ends_with("AUTH") || command.ends_with("MAIL"))
    );
}

#[tokio::test]
async fn r60_a_certificate_must_be_trusted_and_carry_the_name() {
    for (tls, security, step) in [
        (Tls::Asked, SmtpSecurity::StartTls, Step::Tls),
        (Tls::AtOnce, SmtpSecurity::Implicit, Step::Connect),
    ] {
        let server = Server::start(Manners {
            tls,
            ..Manners::default()
        })
        .await;
        let untrusted = Smtp::new(&settings(server.port, security), "Lantern", None).unwrap();
        let stranger = Server::start(Manners {
            tls,
            certificate_for: "mail.example.net",
            ..Manners::default()
        })
        .await;
        let misnamed = ready(&stranger, &settings(stranger.port, security));
        for smtp in [untrusted, misnamed] {
            let error = smtp
                .send(&outgoing(&test_mail(), "mia@example.org"))
                .await
                .unwrap_err();
            assert_eq!((error.step, error.cause), (step, Cause::Tls), "{error}");
        }
        assert!(server.mails().is_empty() && stranger.mails().is_empty());
    }
}

#[test]
fn r60_without_tls_only_this_machine_is_talked_to() {
    let plain = settings(25, SmtpSecurity::LoopbackPlain);
    for (host, fit) in [
        ("localhost", true),
        ("127.0.0.1", true),
        ("::1", true),
        ("192.0.2.1", false),
        ("mail.example.org", false),
    ] {
        let made = Smtp::new(
            &SmtpSettings {
                host: host.to_owned(),
                ..plain.clone()
            },
            "Lantern",
            None,
        );
        assert_eq!(
            made.err(),
            (!fit).then_some(SmtpUnusable::PlainElsewhere),
            "{host}"
        );
    }
}

#[tokio::test]
async fn r66_a_mail_says_what_it_is_and_arrives_whole() {
    let server = Server::start(Manners {
        tls: Tls::Never,
        ..Manners::default()
    })
    .await;
    let smtp = ready(&server, &settings(server.port, SmtpSecurity::LoopbackPlain));
    let mail = test_mail();
    for _ in 0..2 {
        smtp.send(&outgoing(&mail, "mia@example.org"))
            .await
            .unwrap();
    }
    let mails = server.mails();
    let parsed = MessageParser::default().parse(&mails[0]).unwrap();
    assert_eq!(parsed.subject(), Some("Testmail von Lichtspiel Größe"));
    assert_eq!(
        parsed.from().unwrap().first().unwrap().name(),
        Some("Lichtspiel Größe")
    );
    assert_eq!(
        parsed.to().unwrap().first().unwrap().address(),
        Some("mia@example.org")
    );
    assert_eq!(
        parsed.date().unwrap().to_timestamp() * 1000,
        crate::NOON.as_millis()
    );
    assert_eq!(
        parsed.header_raw("Auto-Submitted").map(str::trim),
        Some("auto-generated")
    );
    assert_eq!(
        parsed
            .body_text(0)
            .unwrap()
            .replace("\r\n", "\n")
            .trim_end(),
        mail.text.trim_end()
    );
    assert_eq!(
        parsed
            .body_html(0)
            .unwrap()
            .replace("\r\n", "\n")
            .trim_end(),
        mail.html.trim_end()
    );
    assert_eq!(parsed.attachment_count(), 0);
    let id = |mail: &str| {
        MessageParser::default()
            .parse(mail)
            .unwrap()
            .message_id()
            .map(str::to_owned)
    };
    assert!(id(&mails[0]).is_some_and(|id| id.ends_with("@example.org")));
    assert_eq!(
        id(&mails[0]),
        id(&mails[1]),
        "the same mail has the same Message-ID each time"
    );
    assert!(mails[0].is_ascii() && mails[0].lines().all(|line| line.len() < 200));
}

#[tokio::test]
async fn a_conversation_that_is_told_names_every_step_that_it_took() {
    let server = Server::start(Manners {
        login: Some(LOGIN),
        ..Manners::default()
    })
    .await;
    let smtp = ready(
        &server,
        &with_login(settings(server.port, SmtpSecurity::StartTls)),
    );
    let mail = test_mail();
    let conversation = smtp
        .send_and_tell(&outgoing(&mail, "mia@example.org"))
        .await;
    assert_eq!(conversation.outcome, Ok(()));
    let all = [
        Step::Name,
        Step::Connect,
        Step::Tls,
        Step::Login,
        Step::Sender,
        Step::Recipient,
        Step::Message,
    ];
    assert_eq!(conversation.passed, all);
    assert_eq!(server.mails().len(), 1);
}
