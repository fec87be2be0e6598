//! Sending over real sockets: to a server of our own that misbehaves as told, and to Postfix.
#![expect(
    clippy::unwrap_used,
    reason = "a test helper that fails is a failing test"
)]
mod faults;
mod postfix;
mod sending;
mod server;

use usher_domain::entropy::SeededEntropy;
use usher_domain::id::MailId;
use usher_domain::mail::Mail;
use usher_domain::secret::SecretText;
use usher_domain::settings::{SmtpSecurity, SmtpSettings};
use usher_domain::time::Timestamp;
use usher_mail::{Look, Outgoing, Rendered, render};
use usher_text::{TimeZone, Tongue};

const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);

fn settings(port: u16, security: SmtpSecurity) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".to_owned(),
        port,
        security,
        user: None,
        password: None,
        from: "usher@example.org".to_owned(),
    }
}

fn test_mail() -> Rendered {
    let look = Look {
        public_url: "https://films.example.org".parse().unwrap(),
        server_name: "Lichtspiel Größe".to_owned(),
        accent: String::new(),
        zone: TimeZone::UTC,
    };
    render(
        &Mail::Test {
            code: SecretText::new("012345"),
        },
        &look,
        Tongue::of("de"),
    )
    .unwrap()
}

fn outgoing<'a>(mail: &'a Rendered, recipient: &'a str) -> Outgoing<'a> {
    Outgoing {
        id: MailId::generate(NOON, &SeededEntropy::new(1)),
        recipient,
        now: NOON,
        mail,
    }
}
