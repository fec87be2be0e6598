//! People with a second factor, enrolled as they do it on their own page.
use std::time::Duration;

use totp_rs::{Algorithm, Builder, Secret};
use usher_accounts::WebSession;
use usher_accounts::second_factor::{Enrollment, Flow, Seed};
use usher_accounts::sign_in::{PasswordForm, WebSignIn};
use usher_domain::second_factor::recovery::RecoveryCode;
use usher_domain::secret::SecretText;
use usher_domain::visitor::Visitor;

use crate::client::House;

/// A step of an authenticator app.
pub(crate) const STEP: Duration = Duration::from_secs(30);

/// A browser on this machine.
pub(crate) fn here() -> Visitor {
    Visitor::new([127, 0, 0, 1].into(), true, "Firefox/140.0 Linux")
}

/// An authenticator app, and the recovery codes that came with it.
pub(crate) struct Authenticator {
    seed: Seed,
    pub(crate) codes: Vec<RecoveryCode>,
}

impl Authenticator {
    /// What the app shows now.
    pub(crate) fn code(&self, house: &House) -> String {
        let secret = Secret::try_from_base32(self.seed.text.reveal()).unwrap();
        let app = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(30)
            .with_secret(secret)
            .build_noncompliant();
        let seconds = u64::try_from(house.accounts.now().as_millis() / 1000).unwrap();
        app.generate(seconds).to_string()
    }
}

/// The session of a browser in which somebody signs in who has no factor yet.
pub(crate) async fn session(house: &House, name: &str) -> WebSession {
    let password = SecretText::new(format!("{name}-pass-1"));
    let form = PasswordForm {
        name,
        password: &password,
        device_id: "setting",
        next: "",
        language: "en",
        trust: None,
    };
    let became = house.accounts.web_password(&form, None, &here()).await;
    let Ok(WebSignIn::Done(signed_in)) = became else {
        panic!("{name} is not signed in: {became:?}");
    };
    let session = house.accounts.web_session(&signed_in.cookie).await;
    session.unwrap().unwrap()
}

/// Switches codes by mail on for somebody who has a proven address. Answers the recovery codes.
pub(crate) async fn with_mail_codes(house: &House, name: &str) -> Vec<RecoveryCode> {
    let session = session(house, name).await;
    let visitor = here();
    let enrolled = house
        .accounts
        .enroll_mail(Flow::Account(&session), &visitor);
    let Enrollment::Done { codes, .. } = enrolled.await.unwrap() else {
        panic!("{name} gets no codes by mail");
    };
    codes
}

/// Sets an authenticator app up. Its code of this moment is used by that.
pub(crate) async fn with_app(house: &House, name: &str) -> Authenticator {
    let session = session(house, name).await;
    let flow = Flow::Account(&session);
    let seed = house.accounts.begin_totp(flow).await.unwrap().unwrap();
    let mut app = Authenticator {
        seed,
        codes: Vec::new(),
    };
    let (code, visitor) = (app.code(house), here());
    let confirmed = house.accounts.confirm_totp(flow, &code, "Phone", &visitor);
    let Enrollment::Done { codes, .. } = confirmed.await.unwrap() else {
        panic!("{name} has no authenticator app");
    };
    app.codes = codes;
    app
}

/// A code that is not this one.
pub(crate) fn another(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}
