//! What a failure is called, and what it means for the mail.
use std::time::Duration;

use usher_domain::outbox::Failure;
use usher_domain::secret::SecretText;
use usher_domain::settings::{SmtpSecurity, SmtpSettings};
use usher_mail::{Cause, Smtp, Step};

use crate::server::{Manners, Server, Tls};
use crate::{outgoing, settings, test_mail};

async fn failing(fault: (&'static str, &'static str)) -> (Step, Cause, Failure, String) {
    let manners = Manners {
        tls: Tls::Never,
        login: Some("right"),
        fault: Some(fault),
        ..Manners::default()
    };
    let server = Server::start(manners).await;
    // No login where the fault comes later: this server takes none of ours.
    let user = (fault.0 == "AUTH").then(|| "usher".to_owned());
    let password = Some(SecretText::new("wrong-password"));
    let settings = SmtpSettings {
        user,
        password,
        ..settings(server.port, SmtpSecurity::LoopbackPlain)
    };
    let smtp = Smtp::new(&settings, "Lantern", None)
        .unwrap()
        .with_time_out(Duration::from_millis(300));
    let error = smtp
        .send(&outgoing(&test_mail(), "mia@example.org"))
        .await
        .unwrap_err();
    assert!(!error.to_string().contains("wrong-password"));
    assert!(
        usher_text::keys().contains(error.text_key()),
        "{}",
        error.text_key()
    );
    (error.step, error.cause, error.failure(), error.answer)
}

/// A command, what the server answers to it, and what that is called.
const ANSWERS: &[(&str, &str, Step, Cause, Failure)] = &[
    (
        "EHLO",
        "554 5.3.2 no service",
        Step::Connect,
        Cause::Never,
        Failure::Transport,
    ),
    (
        "EHLO",
        "421 4.3.2 too busy",
        Step::Connect,
        Cause::NotNow,
        Failure::Transient,
    ),
    (
        "AUTH",
        "535 5.7.8 bad credentials",
        Step::Login,
        Cause::Never,
        Failure::Transport,
    ),
    (
        "AUTH",
        "454 4.7.0 try later",
        Step::Login,
        Cause::NotNow,
        Failure::Transient,
    ),
    (
        "MAIL",
        "530 5.7.0 sign in first",
        Step::Sender,
        Cause::Never,
        Failure::Transport,
    ),
    (
        "MAIL",
        "553 5.7.1 not your address",
        Step::Sender,
        Cause::Never,
        Failure::Transport,
    ),
    (
        "RCPT",
        "451 4.7.1 greylisted",
        Step::Recipient,
        Cause::NotNow,
        Failure::Transient,
    ),
    (
        "RCPT",
        "550 5.1.1 no such user",
        Step::Recipient,
        Cause::Never,
        Failure::Recipient,
    ),
    (
        "DATA",
        "452 4.3.1 disk full",
        Step::Message,
        Cause::NotNow,
        Failure::Transient,
    ),
    (
        "MESSAGE",
        "554 5.7.1 spam",
        Step::Message,
        Cause::Never,
        Failure::Recipient,
    ),
    (
        "RCPT",
        "what?",
        Step::Recipient,
        Cause::Broken,
        Failure::Transient,
    ),
];

#[tokio::test]
async fn r63_every_answer_of_a_server_means_the_right_thing_for_the_mail() {
    for &(command, answer, step, cause, failure) in ANSWERS {
        let found = failing((command, answer)).await;
        assert_eq!(
            (found.0, found.1, found.2),
            (step, cause, failure),
            "{command} {answer}: {}",
            found.3
        );
    }
}

#[tokio::test]
async fn r62_a_server_that_stalls_is_left_in_time() {
    for (command, step) in [
        ("", Step::Connect),
        ("EHLO", Step::Connect),
        ("RCPT", Step::Recipient),
        ("MESSAGE", Step::Message),
    ] {
        let found = failing((command, "")).await;
        assert_eq!(
            (found.0, found.1, found.2),
            (step, Cause::TimedOut, Failure::Transient),
            "{command}"
        );
    }
}

#[tokio::test]
async fn nobody_at_the_port_is_a_refusal() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let smtp = Smtp::new(
        &settings(free, SmtpSecurity::LoopbackPlain),
        "Lantern",
        None,
    )
    .unwrap();
    let error = smtp
        .send(&outgoing(&test_mail(), "mia@example.org"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.step, error.cause, error.failure()),
        (Step::Connect, Cause::Refused, Failure::Transient)
    );
}

#[tokio::test]
async fn r60_an_address_that_would_write_commands_goes_nowhere() {
    let server = Server::start(Manners {
        tls: Tls::Never,
        ..Manners::default()
    })
    .await;
    let smtp = Smtp::new(
        &settings(server.port, SmtpSecurity::LoopbackPlain),
        "Lantern\r\nBcc: x@y.z",
        None,
    )
    .unwrap();
    for recipient in [
        "mia@example.org>\r\nRCPT TO:<all@example.org",
        "mia",
        "",
        "a@b\n",
        "müller@example.org",
    ] {
        let error = smtp
            .send(&outgoing(&test_mail(), recipient))
            .await
            .unwrap_err();
        assert_eq!(
            (error.cause, error.failure()),
            (Cause::Address, Failure::Recipient),
            "{recipient}"
        );
    }
    assert!(
        server.mails().is_empty() && !server.commands().iter().any(|command| command == "RCPT")
    );
    smtp.send(&outgoing(&test_mail(), "mia@example.org"))
        .await
        .unwrap();
    assert!(!server.mails()[0].to_lowercase().contains("\nbcc:"));
}

#[tokio::test]
async fn r62_a_mail_that_was_taken_stays_taken_when_the_server_breaks_off_at_the_farewell() {
    let manners = Manners {
        tls: Tls::Never,
        fault: Some(("QUIT", "421 gone")),
        ..Manners::default()
    };
    let server = Server::start(manners).await;
    let smtp = Smtp::new(
        &settings(server.port, SmtpSecurity::LoopbackPlain),
        "Lantern",
        None,
    )
    .unwrap();
    smtp.send(&outgoing(&test_mail(), "mia@example.org"))
        .await
        .unwrap();
    assert_eq!(server.mails().len(), 1);
}
