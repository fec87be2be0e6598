//! Making accounts.
use std::time::Duration;

use usher_accounts::admin::Created;
use usher_accounts::sign_in::WebSignIn;
use usher_domain::account::{AddressProof, SetUpWay};
use usher_domain::activity::Activity;
use usher_domain::mail::Actor;
use usher_domain::secret::SecretText;

use super::{CHOSEN, choose, claim, code_of, cookie_of, new};
use crate::desk::{Desk, NOON, at_home, from, token_of};

const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn a_new_account_waits_with_a_password_that_nobody_knows_until_its_code_is_typed() {
    let desk = Desk::open().await;
    let admin = desk.administrator().await;
    let mia = new("mia", SetUpWay::Code);
    let created = desk.accounts.create_account(&admin, &mia, &at_home()).await;
    let created = created.unwrap();
    let account = desk.account("mia").await;
    assert!(account.set_up.is_some() && account.seen.passwordless == Some(false));
    assert_eq!(account.language.as_deref(), Some("de"));
    assert!(!desk.jellyfin.stands_open("mia", "trial").await.unwrap());
    let lines = desk.accounts.activities_of(account.id, 9).await.unwrap();
    let by = Actor::Administrator;
    assert_eq!(lines[0].what, Activity::AwaitsSetUp { by });
    assert_eq!(lines[0].actor, admin.actor());
    claim(&desk, "mia", &code_of(&created)).await;
    desk.signed_in("mia", CHOSEN, "after").await;
    assert!(desk.store.creations(NOON + HOUR).await.unwrap().is_empty());
}

#[tokio::test]
async fn r17_an_invitation_proves_the_address_that_it_went_to() {
    let desk = Desk::open().await;
    let admin = desk.administrator().await;
    let mia = new("mia", SetUpWay::Mail);
    let created = desk.accounts.create_account(&admin, &mia, &at_home()).await;
    let Created::Invited { until, .. } = created.unwrap() else {
        panic!("not invited");
    };
    assert_eq!(until, NOON + HOUR * 168);
    let mail = desk.mail_to("mia@example.org").await;
    let link = token_of(&mail.link.unwrap());
    let opened = desk
        .accounts
        .open_set_up_link(&link, "first", &at_home())
        .await;
    let cookie = cookie_of(opened.unwrap());
    choose(&desk, &cookie).await;
    let address = desk.account("mia").await.address.unwrap();
    assert_eq!(address.proof, AddressProof::Proven);
    let again = desk
        .accounts
        .open_set_up_link(&link, "again", &at_home())
        .await;
    assert!(matches!(again.unwrap(), WebSignIn::Wrong));
}

#[tokio::test]
async fn an_invitation_needs_an_address_and_a_way_for_mail_and_nothing_is_made_without() {
    let desk = Desk::open_without_mail().await;
    let admin = desk.administrator().await;
    let mut mia = new("mia", SetUpWay::Mail);
    let created = desk.accounts.create_account(&admin, &mia, &at_home()).await;
    assert!(matches!(created.unwrap(), Created::NoMail));
    mia.address = None;
    let created = desk.accounts.create_account(&admin, &mia, &at_home()).await;
    assert!(matches!(created.unwrap(), Created::AddressMissing));
    assert!(desk.standin.state().user_named("mia").is_none());
    assert!(desk.store.creations(NOON + HOUR).await.unwrap().is_empty());
}

#[tokio::test]
async fn r18_an_account_without_any_proof_is_open_at_home_alone_and_the_log_warns() {
    let desk = Desk::open().await;
    let admin = desk.administrator().await;
    let mia = new("mia", SetUpWay::Open);
    let created = desk.accounts.create_account(&admin, &mia, &at_home()).await;
    assert!(matches!(created.unwrap(), Created::Open { .. }));
    let lines = desk.accounts.activities_of(desk.id("mia"), 9).await;
    let anywhere = false;
    let warning = Activity::StandsOpen { anywhere };
    assert!(lines.unwrap().iter().any(|line| line.what == warning));
    let nothing = SecretText::new("");
    let form = usher_accounts::sign_in::PasswordForm {
        name: "mia",
        password: &nothing,
        device_id: "first",
        next: "",
        language: "en",
        trust: None,
    };
    let abroad = from("203.0.113.9");
    let refused = desk.accounts.web_password(&form, None, &abroad).await;
    assert!(matches!(refused.unwrap(), WebSignIn::Wrong));
    let cookie = cookie_of(desk.web("mia", "", "first").await);
    choose(&desk, &cookie).await;
}

#[tokio::test]
async fn a_name_that_jellyfin_has_in_any_case_is_refused_and_its_user_stays_as_it_was() {
    let desk = Desk::open().await;
    let admin = desk.administrator().await;
    let anna = new("ANNA", SetUpWay::Code);
    let created = desk
        .accounts
        .create_account(&admin, &anna, &at_home())
        .await;
    assert!(matches!(created.unwrap(), Created::NameRefused));
    assert!(desk.account("anna").await.set_up.is_none());
    desk.signed_in("anna", "anna-pass-1", "tv").await;
    assert!(desk.store.creations(NOON + HOUR).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_two_administrators_who_make_one_account_at_once_one_makes_it() {
    for desk in Desk::open_all().await {
        let admin = desk.administrator().await;
        let mia = new("mia", SetUpWay::Code);
        let visitor = at_home();
        let both = tokio::join!(
            desk.accounts.create_account(&admin, &mia, &visitor),
            desk.accounts.create_account(&admin, &mia, &visitor),
        );
        let made = [both.0.unwrap(), both.1.unwrap()];
        let codes = made.iter().filter(|it| matches!(it, Created::Code { .. }));
        assert_eq!(codes.count(), 1, "{made:?}");
    }
}

#[tokio::test]
async fn a_name_that_is_somebodys_address_is_refused_as_it_would_take_the_sign_in_away() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        let admin = desk.administrator().await;
        let taken = new("Anna@Example.org", SetUpWay::Code);
        let visitor = at_home();
        let created = desk.accounts.create_account(&admin, &taken, &visitor);
        let created = created.await.unwrap();
        assert!(matches!(created, Created::NameRefused), "{created:?}");
        desk.signed_in("anna@example.org", "anna-pass-1", "after")
            .await;
    }
}
