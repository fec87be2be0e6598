//! What is told of second factors (R39): each thing by one mail, in the language of its person.
use std::time::Duration;

use usher_accounts::app_password::NewAppPassword;
use usher_accounts::second_factor::{Enrollment, Flow, Removal, Shown};
use usher_accounts::sign_in::AppSignIn;
use usher_domain::profile::pin::Watcher;
use usher_text::Tongue;

use super::signed_in as entered;
use crate::desk::{Desk, at_home};

const ANNA: &str = "anna@example.org";

impl Desk {
    /// Anna reads mails in this language from now on.
    async fn reads(&self, language: &str) {
        let tx = self.store.begin().await.unwrap();
        tx.set_language(self.id("anna"), language).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// How many mails of a kind anna ever got, each with the subject of this key in this language.
    async fn told(&self, kind: &str, subject: &str, language: &str) -> usize {
        let expected = Tongue::of(language).with(subject, &[("server", "Living room".into())]);
        let mails = self.mails().await;
        let told = mails.iter().filter(|mail| mail.kind == kind);
        let mut count = 0;
        for mail in told {
            assert_eq!(mail.recipient, ANNA);
            assert_eq!(mail.subject, expected, "{language}");
            count += 1;
        }
        count
    }
}

#[tokio::test]
async fn r39_each_change_of_what_signs_in_is_told_once_in_the_persons_language() {
    for language in ["en", "de"] {
        for desk in Desk::open_all().await {
            let signed_in = desk.with_address("anna", ANNA).await;
            let session = desk.session(&signed_in.cookie).await;
            desk.reads(language).await;
            let changed = || desk.told("factor_changed", "mail-factor-subject", language);
            let (accounts, visitor) = (&desk.accounts, at_home());
            let flow = Flow::Account(&session);
            let seed = accounts.begin_totp(flow).await.unwrap().unwrap();
            let code = desk.code(&seed);
            let added = accounts.confirm_totp(flow, &code, "Phone", &visitor).await;
            assert!(matches!(added, Ok(Enrollment::Done { .. })), "{added:?}");
            assert_eq!(changed().await, 1);
            let renewed = accounts.renew_recovery_codes(&session, &visitor).await;
            let codes = renewed.unwrap().unwrap();
            assert_eq!(changed().await, 2);

            let cookie = desk.asked_for_factor("anna").await;
            desk.reads(language).await;
            let used = codes[2].grouped();
            entered(desk.answer(&cookie, Shown::Recovery(&used)).await);
            let told = desk.told("recovery_code_used", "mail-recovery-code-subject", language);
            assert_eq!(told.await, 1);

            let made =
                accounts.make_app_password(&session, "Radio", Watcher::Owner, None, &visitor);
            assert!(matches!(made.await.unwrap(), NewAppPassword::Made(_)));
            let told = desk.told("app_password_made", "mail-app-password-subject", language);
            assert_eq!(told.await, 1);

            let security = accounts.security(&session).await.unwrap().unwrap();
            let removed = accounts.remove_factor(&session, security.factors[0].id, &visitor);
            assert_eq!(removed.await.unwrap(), Removal::Done);
            assert_eq!(changed().await, 3);
        }
    }
}

#[tokio::test]
async fn r39_a_press_in_an_app_that_nobody_approves_is_told_once_after_three_minutes() {
    for language in ["en", "de"] {
        for desk in Desk::open_all().await {
            desk.with_mail_codes("anna", ANNA).await;
            desk.reads(language).await;
            let unfinished = async || {
                let accounts = &desk.accounts;
                accounts.tell_unfinished().await.unwrap();
                let (kind, subject) = ("second_factor_unfinished", "mail-unfinished-subject");
                desk.told(kind, subject, language).await
            };
            let visitor = at_home();
            let press = || desk.press_from("anna", "anna-pass-1", "tv", &visitor);
            for minute in 0..3 {
                // The app asks again and again: its person is told of the first press.
                let pressed = press().await;
                assert!(!matches!(pressed, AppSignIn::Answer(_)), "{pressed:?}");
                assert_eq!(unfinished().await, 0, "after {minute} minutes");
                desk.clock.advance(Duration::from_mins(1));
            }
            assert_eq!(unfinished().await, 1);
            press().await;
            desk.clock.advance(Duration::from_mins(4));
            assert_eq!(unfinished().await, 1);
        }
    }
}
