//! Second factors on the web: authenticator apps, codes by mail, recovery codes, trusted browsers, and what they guard.
mod end;
mod enroll;
mod guard;
mod policy;
mod race;
mod show;
mod told;

use std::time::Duration;

use totp_rs::{Algorithm, Builder, Secret};
use usher_accounts::WebSession;
use usher_accounts::second_factor::{Enrollment, FactorAnswer, Flow, Seed, Shown};
use usher_accounts::sign_in::{Moved, PasswordForm, SignedIn, WebSignIn};
use usher_domain::second_factor::recovery::RecoveryCode;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::sign_in::Step;
use usher_domain::time::Timestamp;

use crate::desk::{Desk, at_home};

/// A step of an authenticator app.
const STEP: Duration = Duration::from_secs(30);

/// The code of a seed at a moment.
fn code_at(seed: &Seed, moment: Timestamp) -> String {
    let secret = Secret::try_from_base32(seed.text.reveal()).unwrap();
    let app = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(secret)
        .build_noncompliant();
    let seconds = u64::try_from(moment.as_millis() / 1000).unwrap();
    app.generate(seconds).to_string()
}

impl Desk {
    /// The code that the app of this seed shows now.
    pub(crate) fn code(&self, seed: &Seed) -> String {
        code_at(seed, self.accounts.now())
    }

    /// Signs somebody in and sets an authenticator app up. Answers its seed, the recovery codes and the session.
    pub(crate) async fn with_app(&self, name: &str) -> (Seed, Vec<RecoveryCode>, WebSession) {
        let signed_in = self
            .signed_in(name, &format!("{name}-pass-1"), "setting")
            .await;
        let session = self.session(&signed_in.cookie).await;
        let flow = Flow::Account(&session);
        let seed = self.accounts.begin_totp(flow).await.unwrap().unwrap();
        let code = self.code(&seed);
        let visitor = at_home();
        let confirmed = self.accounts.confirm_totp(flow, &code, "Phone", &visitor);
        let Enrollment::Done { codes, moved: None } = confirmed.await.unwrap() else {
            panic!("the app is set up");
        };
        self.clock.advance(STEP);
        (seed, codes, session)
    }

    /// Signs somebody in with a proven address and switches codes by mail on. Answers the recovery codes.
    pub(crate) async fn with_mail_codes(&self, name: &str, address: &str) -> Vec<RecoveryCode> {
        let signed_in = self.with_address(name, address).await;
        let session = self.session(&signed_in.cookie).await;
        let visitor = at_home();
        let enrolled = self.accounts.enroll_mail(Flow::Account(&session), &visitor);
        let Enrollment::Done { codes, moved: None } = enrolled.await.unwrap() else {
            panic!("codes by mail are on");
        };
        codes
    }

    /// Sets an authenticator app up and shows its code in another browser, which is trusted by this cookie from then on.
    async fn trusted(&self, name: &str) -> OpaqueToken {
        let (seed, _, _) = self.with_app(name).await;
        let cookie = self.asked_for_factor(name).await;
        let (code, visitor) = (self.code(&seed), at_home());
        let answer = self
            .accounts
            .show_factor(&cookie, Shown::Totp(&code), true, &visitor)
            .await;
        signed_in(answer.unwrap()).trusted.unwrap()
    }

    /// Types the right password in another browser; the second factor is asked for.
    async fn asked_for_factor(&self, name: &str) -> OpaqueToken {
        let became = self.web(name, &format!("{name}-pass-1"), "laptop").await;
        let WebSignIn::Next(cookie, Step::SecondFactor) = became else {
            panic!("{name} is not asked for a factor: {became:?}");
        };
        cookie
    }

    async fn answer(&self, cookie: &OpaqueToken, shown: Shown<'_>) -> FactorAnswer {
        let visitor = at_home();
        let answer = self.accounts.show_factor(cookie, shown, false, &visitor);
        answer.await.unwrap()
    }

    /// The password typed in a browser that has this cookie of trust.
    async fn web_trusted(&self, name: &str, trust: &OpaqueToken) -> WebSignIn {
        let password = SecretText::new(format!("{name}-pass-1"));
        let form = in_trusted(name, &password, trust);
        let visitor = at_home();
        let became = self.accounts.web_password(&form, None, &visitor);
        became.await.unwrap()
    }

    /// How many tokens Jellyfin has given out for somebody.
    fn tokens_upstream(&self, name: &str) -> usize {
        let user = self.id(name).as_uuid();
        let state = self.standin.state();
        state
            .tokens
            .iter()
            .filter(|token| token.user == user)
            .count()
    }
}

/// The form of the sign-in page in a browser that has this cookie of trust.
fn in_trusted<'a>(
    name: &'a str,
    password: &'a SecretText,
    trust: &'a OpaqueToken,
) -> PasswordForm<'a> {
    PasswordForm {
        name,
        password,
        device_id: "laptop",
        next: "",
        language: "en",
        trust: Some(trust),
    }
}

/// Somebody who is in.
fn signed_in(answer: FactorAnswer) -> SignedIn {
    match answer {
        FactorAnswer::Right(moved) => match *moved {
            Moved::Done(signed_in) => *signed_in,
            other => panic!("not signed in: {other:?}"),
        },
        other => panic!("the factor was not right: {other:?}"),
    }
}
