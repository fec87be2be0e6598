mod security;

use std::time::Duration;

use usher_domain::mail::{Actor, Mail, MoreTimeAsked, Origin, Remedy, ResetCause, ResetLink, Wish};
use usher_domain::secret::SecretText;
use usher_domain::time::Timestamp;
use usher_text::{TimeZone, Tongue};

use super::{Look, RenderError, Rendered, render};

const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);

fn look() -> Look {
    Look {
        public_url: "https://films.example.org/".parse().unwrap(),
        server_name: "Lantern".to_owned(),
        accent: "#00a4dc".to_owned(),
        zone: TimeZone::UTC,
    }
}

#[expect(clippy::too_many_lines, reason = "one of each kind")]
fn mails(name: &str) -> Vec<(&'static str, Mail)> {
    let user_name = name.to_owned();
    let origin = Origin {
        at: NOON,
        client: "Firefox on Linux".to_owned(),
        masked_address: "192.0.2.…".to_owned(),
    };
    let code = || SecretText::new("012345");
    let path = |page: &str| SecretText::new(format!("/usher/{page}#t0ken"));
    let reset = |cause, code: Option<SecretText>| Mail::Reset {
        user_name: user_name.clone(),
        cause,
        code,
        code_expires: NOON + Duration::from_mins(15),
        link: path("reset"),
        link_expires: NOON + Duration::from_mins(30),
        origin: origin.clone(),
        revoke: path("revoke"),
    };
    let until = NOON + Duration::from_hours(168);
    let address_changed = |new_address: Option<&str>, remedy, by| Mail::AddressChanged {
        user_name: user_name.clone(),
        new_address: new_address.map(str::to_owned),
        remedy,
        origin: origin.clone(),
        by,
    };
    let undo = Remedy::Undo {
        link: path("undo"),
        until,
    };
    let earlier = Remedy::EarlierLink {
        address: "a…@example.org".to_owned(),
        until,
    };
    let shared = |user_name: &str, page| ResetLink {
        user_name: user_name.to_owned(),
        link: path(page),
    };
    let confirm = Mail::ConfirmAddress {
        user_name: user_name.clone(),
        code: code(),
        expires: NOON + Duration::from_mins(10),
        origin: origin.clone(),
        revoke: path("revoke"),
    };
    let invitation = Mail::SetUpInvitation {
        user_name: user_name.clone(),
        link: path("set-up"),
        expires: NOON + Duration::from_hours(168),
    };
    let changed = |by| Mail::PasswordChanged {
        user_name: user_name.clone(),
        origin: origin.clone(),
        by,
    };
    let asked = |wish| Mail::AdministratorAsked {
        user_name: user_name.clone(),
        wish,
        origin: origin.clone(),
    };
    let mut all = vec![
        ("confirm_address", confirm),
        ("set_up_invitation", invitation),
        ("reset_with_code", reset(ResetCause::Asked, Some(code()))),
        ("reset_by_link_only", reset(ResetCause::Asked, None)),
        (
            "reset_after_a_sign_in_was_disowned",
            reset(ResetCause::Disowned, None),
        ),
        (
            "reset_by_an_administrator",
            reset(ResetCause::Administrator, None),
        ),
        (
            "reset_of_a_shared_address",
            Mail::ResetShared {
                accounts: vec![shared(name, "reset"), shared("tom", "reset")],
                link_expires: NOON + Duration::from_mins(30),
                origin: origin.clone(),
                revoke: path("revoke"),
            },
        ),
        ("password_changed_by_the_person", changed(Actor::Person)),
        (
            "password_changed_by_an_administrator",
            changed(Actor::Administrator),
        ),
        ("password_changed_in_jellyfin", changed(Actor::Jellyfin)),
        (
            "address_changed",
            address_changed(Some("m…@example.net"), undo, Actor::Person),
        ),
        (
            "address_changed_again",
            address_changed(Some("m…@example.net"), earlier, Actor::Person),
        ),
        (
            "address_cleared",
            address_changed(None, Remedy::AskAdministrator, Actor::Administrator),
        ),
        (
            "address_undone",
            Mail::AddressUndone {
                user_name: user_name.clone(),
                address: "a…@example.org".to_owned(),
                origin: origin.clone(),
            },
        ),
        (
            "account_claimed",
            Mail::AccountClaimed {
                user_name: user_name.clone(),
                origin: origin.clone(),
            },
        ),
        (
            "administrator_asked_for_a_password",
            asked(Wish::PasswordReset),
        ),
        (
            "administrator_asked_for_a_set_up_code",
            asked(Wish::SetUpCode),
        ),
        (
            "more_time_asked",
            Mail::MoreTimeAsked(MoreTimeAsked {
                user_name: user_name.clone(),
                profile: "Kids".to_owned(),
                used_minutes: 61,
                link: path("give-time"),
                expires: NOON + Duration::from_hours(24),
                origin: origin.clone(),
            }),
        ),
        (
            "administrator_asked_for_an_account",
            asked(Wish::OwnAccount),
        ),
        (
            "profile_own_account",
            Mail::ProfileOwnAccount {
                user_name: user_name.clone(),
                profile: "Toni".to_owned(),
                account: "toni".to_owned(),
            },
        ),
        (
            "own_account_declined",
            Mail::OwnAccountDeclined {
                user_name: user_name.clone(),
                profile: "Toni".to_owned(),
                account: "toni".to_owned(),
            },
        ),
        ("test", Mail::Test { code: code() }),
    ];
    all.extend(security::mails(name, &origin));
    all
}

fn all(name: &str) -> Vec<(String, Rendered)> {
    let rendered = |tongue: Tongue| {
        let render = move |(kind, mail)| {
            (
                format!("{kind}.{}", tongue.code()),
                render(&mail, &look(), tongue).unwrap(),
            )
        };
        mails(name).into_iter().map(render)
    };
    Tongue::all().flat_map(rendered).collect()
}

#[test]
fn every_mail_reads_as_agreed_in_every_language() {
    for (name, mail) in all("mia") {
        insta::assert_snapshot!(
            format!("{name}.txt"),
            format!("Subject: {}\n\n{}", mail.subject, mail.text)
        );
    }
    let reset = all("mia")
        .into_iter()
        .find(|(name, _)| name == "reset_with_code.en")
        .unwrap();
    insta::assert_snapshot!("reset_with_code.en.html", reset.1.html);
}

#[test]
fn text_and_html_of_a_mail_hold_the_same_code_and_links() {
    for (name, mail) in all("mia") {
        for secret in [&mail.code, &mail.link].into_iter().flatten() {
            assert!(mail.text.contains(secret.reveal()), "{name}");
            assert!(mail.html.contains(secret.reveal()), "{name}");
        }
        let links = |body: &str| body.matches("https://films.example.org/usher/").count();
        assert!(links(&mail.html) >= links(&mail.text), "{name}");
        assert!(
            !mail.text.contains("mail-") && !mail.html.contains(">mail-"),
            "{name}: a text is missing"
        );
    }
}

#[test]
fn r66_a_mail_loads_nothing_and_leads_only_to_the_public_address() {
    for (name, mail) in all("mia") {
        let rest = mail.html.replace("https://films.example.org/", "");
        for remote in [
            "http:", "https:", "<img", "<script", "<link", "url(", "src=",
        ] {
            assert!(!rest.contains(remote), "{name}: {remote}");
        }
    }
}

#[test]
fn r66_no_subject_holds_a_secret_or_a_user_name() {
    for (name, mail) in all("mia-of-the-lantern") {
        for private in ["012345", "t0ken", "mia-of-the-lantern"] {
            assert!(!mail.subject.contains(private), "{name}");
        }
    }
}

#[test]
fn r66_a_user_name_is_never_markup_and_never_long() {
    for (name, mail) in all("<b>\r\nBcc: x</b>\"'&") {
        assert!(
            !mail.html.contains("<b>") && !mail.text.contains("\nBcc"),
            "{name}"
        );
    }
    for (name, mail) in all(&"m".repeat(500)) {
        assert!(!mail.text.contains(&"m".repeat(64)), "{name}");
    }
}

#[test]
fn r12_a_link_that_is_no_path_is_not_sent() {
    for path in [
        "https://evil.example/#x",
        "usher/reset#x",
        "@evil.example/",
        "/usher/re set",
        "/usher\r\n",
        "/\"onclick=",
    ] {
        let link = SecretText::new(path);
        let mail = Mail::SetUpInvitation {
            user_name: "mia".to_owned(),
            link,
            expires: NOON,
        };
        assert!(
            matches!(
                render(&mail, &look(), Tongue::english()),
                Err(RenderError::Path)
            ),
            "{path}"
        );
    }
    let below = Look {
        public_url: "https://example.org/films".parse().unwrap(),
        ..look()
    };
    assert_eq!(
        below.link("/usher/reset#x").unwrap(),
        "https://example.org/films/usher/reset#x"
    );
}

#[test]
fn a_button_can_be_read_on_every_color() {
    for (accent, color, on_color) in [
        ("#ffffff", "#ffffff", "#000000"),
        ("#1a1a40", "#1a1a40", "#ffffff"),
        ("red;background:url(x)", "#00a4dc", "#000000"),
    ] {
        let look = Look {
            accent: accent.to_owned(),
            ..look()
        };
        assert_eq!(
            (look.accent(), look.on_accent()),
            (color, on_color),
            "{accent}"
        );
    }
}
