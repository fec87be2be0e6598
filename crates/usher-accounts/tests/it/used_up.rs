//! A hundred wrong passwords in a row: what is refused then, what is not, and what ends it.
use std::time::Duration;

use usher_accounts::admin::Admin;
use usher_accounts::dashboard::PasswordSet;
use usher_accounts::limits::Whose;
use usher_accounts::reset::NewPassword;
use usher_accounts::second_factor::{Cleared, FactorAnswer, Shown};
use usher_accounts::sign_in::{AppSignIn, PasswordForm, WebSignIn};
use usher_domain::mail::Actor;
use usher_domain::secret::SecretText;

use crate::desk::{Desk, at_home, from, token_of};
use crate::limits::fail;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// Lets strangers from everywhere try a hundred wrong passwords. The last lock is over.
pub(crate) async fn use_up(desk: &Desk, whose: Whose<'_>) {
    for number in 0..100 {
        let stranger = from(&format!("198.{number}.0.7"));
        while let Err(wait) = fail(&desk.accounts, whose, &stranger).await {
            desk.clock.advance(wait);
        }
    }
    desk.clock.advance(MINUTE * 16);
}

#[tokio::test]
async fn a_hundred_wrong_passwords_in_a_row_end_the_password_until_a_new_one_is_chosen() {
    for desk in Desk::open_all().await {
        let (accounts, id) = (&desk.accounts, desk.id("anna"));
        use_up(&desk, Whose::Account(id)).await;
        let refused = desk.web("anna", "anna-pass-1", "tv").await;
        assert!(matches!(refused, WebSignIn::Wrong), "{refused:?}");
        let refused = desk
            .press_from("anna", "anna-pass-1", "tv", &at_home())
            .await;
        assert!(matches!(refused, AppSignIn::Refused), "{refused:?}");
        // It is still known when other counts are forgotten.
        desk.clock.advance(DAY * 29);
        accounts.forget_what_is_over().await.unwrap();
        let refused = desk.web("anna", "anna-pass-1", "tv").await;
        assert!(matches!(refused, WebSignIn::Wrong), "{refused:?}");
        // Whoever can set a password through Jellyfin's own pages may: here, an administrator.
        let set = PasswordSet {
            account: id,
            by: Actor::Administrator,
            actor: None,
            kept: None,
        };
        accounts.password_was_set(&set, &at_home()).await.unwrap();
        desk.signed_in("anna", "anna-pass-1", "tv").await;
    }
}

#[tokio::test]
async fn it_ends_by_itself_after_thirty_days_however_many_more_are_tried() {
    let desk = Desk::open().await;
    let anna = Whose::Account(desk.id("anna"));
    use_up(&desk, anna).await;
    desk.clock.advance(DAY * 29);
    assert_eq!(fail(&desk.accounts, anna, &at_home()).await, Ok(()));
    desk.clock.advance(DAY);
    desk.signed_in("anna", "anna-pass-1", "tv").await;
}

#[tokio::test]
async fn r31_neither_answer_nor_work_tells_whose_password_is_used_up_or_who_has_a_second_factor() {
    for desk in Desk::open_all().await {
        let (seed, ..) = desk.with_app("anna").await;
        for whose in [
            Whose::Account(desk.id("anna")),
            Whose::Account(desk.id("kim")),
            Whose::Typed("nobody"),
        ] {
            use_up(&desk, whose).await;
        }
        let faults = desk.standin.faults();
        // Its name and version, which are remembered for a minute.
        desk.accounts.server().await.unwrap();
        let mut asked = Vec::new();
        for (name, password) in [
            ("anna", "wrong"),
            ("kim", "wrong"),
            ("kim", "kim-pass-1"),
            ("nobody", "wrong"),
        ] {
            faults.forget_counts();
            let refused = desk.web(name, password, "laptop").await;
            assert!(matches!(refused, WebSignIn::Wrong), "{name}: {refused:?}");
            asked.push(faults.asked_in_all());
        }
        assert_eq!(asked, [asked[0]; 4]);
        // The password is not alone: a factor is asked for.
        let (code, visitor) = (desk.code(&seed), at_home());
        let became = desk.web("anna", "anna-pass-1", "laptop").await;
        let WebSignIn::Next(cookie, _) = became else {
            panic!("anna is not asked for her factor: {became:?}");
        };
        let shown = Shown::Totp(&code);
        let answer = desk
            .accounts
            .show_factor(&cookie, shown, false, &visitor)
            .await;
        assert!(matches!(answer.unwrap(), FactorAnswer::Right(_)));
    }
}

#[tokio::test]
async fn r21_a_known_browser_signs_in_although_strangers_used_the_password_up_and_ends_that() {
    let desk = Desk::open().await;
    let (accounts, id) = (&desk.accounts, desk.id("anna"));
    let session = desk.signed_in("anna", "anna-pass-1", "phone").await;
    let session = desk.session(&session.cookie).await;
    use_up(&desk, Whose::Account(id)).await;
    let there = desk.web("anna", "anna-pass-1", "tv").await;
    assert!(matches!(there, WebSignIn::Wrong), "{there:?}");
    let password = SecretText::new("anna-pass-1");
    let form = PasswordForm {
        name: "anna",
        password: &password,
        device_id: "phone",
        next: "",
        language: "en",
        trust: None,
    };
    let visitor = at_home();
    let here = accounts.web_password(&form, Some(&session), &visitor).await;
    let here = here.unwrap();
    assert!(matches!(here, WebSignIn::Done(_)), "{here:?}");
    desk.signed_in("anna", "anna-pass-1", "tv").await;
}

#[tokio::test]
async fn after_a_hundred_wrong_passwords_a_reset_by_mail_lets_its_owner_in_again() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        use_up(&desk, Whose::Account(desk.id("anna"))).await;
        let visitor = at_home();
        let asked = desk.accounts.ask_reset("anna", None, "en", &visitor).await;
        asked.unwrap();
        let mail = desk.mail_to("anna@example.org").await;
        let link = token_of(&mail.link.unwrap());
        let password = SecretText::new("a much longer one 7");
        let chosen = desk
            .accounts
            .choose_new_password(&link, &password, &at_home())
            .await;
        assert!(matches!(chosen.unwrap(), NewPassword::Set));
        desk.signed_in("anna", "a much longer one 7", "phone").await;
    }
}

#[tokio::test]
async fn a_sign_in_with_a_second_factor_ends_it() {
    for desk in Desk::open_all().await {
        let (mut device, _) = desk.with_passkey("anna", "phone").await;
        use_up(&desk, Whose::Account(desk.id("anna"))).await;
        let entered = desk.enter_with(&mut device).await;
        assert!(matches!(entered, WebSignIn::Done(_)), "{entered:?}");
        let (admin, visitor) = (Admin::on_the_server(), at_home());
        let id = desk.id("anna");
        let cleared = desk
            .accounts
            .clear_second_factors(&admin, id, "Lost phone", &visitor);
        assert!(matches!(cleared.await.unwrap(), Cleared::Done(1)));
        desk.signed_in("anna", "anna-pass-1", "tv").await;
    }
}
