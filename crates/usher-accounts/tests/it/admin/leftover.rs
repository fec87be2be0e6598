//! What a crash in the middle of making an account leaves: `kill -9` between each two steps, played by hand.
use std::time::Duration;

use usher_domain::account::SetUpWay;
use usher_domain::address::EmailAddress;
use usher_domain::name::UserName;
use usher_domain::secret::SecretText;
use usher_jellyfin::Created as Made;
use usher_standin::Fault;
use usher_store::Creation;

use super::{choose, claim, code_of, cookie_of};
use crate::desk::{Desk, NOON, at_home, token_of};

const LATER: Duration = Duration::from_mins(3);

/// The row that is written before Jellyfin is asked.
async fn begin(desk: &Desk, name: &str, way: SetUpWay) {
    let creation = Creation {
        name: UserName::parse(name).unwrap(),
        way,
        address: Some(EmailAddress::parse("mia@example.org").unwrap()),
        language: Some("en".to_owned()),
        anywhere: false,
        by: None,
        begun: desk.accounts.now(),
    };
    let tx = desk.store.begin().await.unwrap();
    assert!(tx.begin_creation(&creation).await.unwrap());
    tx.commit().await.unwrap();
}

/// The user that Jellyfin has made by then.
async fn make(desk: &Desk, name: &str) {
    let made = desk
        .jellyfin
        .create_user(name, &SecretText::new("nobody knows it"))
        .await;
    assert!(matches!(made.unwrap(), Made::Made(_)));
}

async fn rows(desk: &Desk) -> usize {
    let all = desk
        .store
        .creations(NOON + Duration::from_hours(9999))
        .await;
    all.unwrap().len()
}

#[tokio::test]
async fn a_row_without_a_user_is_forgotten_after_two_minutes_and_not_before() {
    let desk = Desk::open().await;
    begin(&desk, "mia", SetUpWay::Code).await;
    desk.accounts.finish_creations().await.unwrap();
    assert_eq!(rows(&desk).await, 1);
    desk.clock.advance(LATER);
    desk.accounts.finish_creations().await.unwrap();
    assert_eq!(rows(&desk).await, 0);
}

#[tokio::test]
async fn a_user_that_was_made_waits_for_its_set_up_and_the_console_makes_a_code() {
    let desk = Desk::open().await;
    let admin = desk.administrator().await;
    begin(&desk, "mia", SetUpWay::Code).await;
    make(&desk, "mia").await;
    // The job of every 30 s sees the user before the creation counts as left.
    desk.accounts.look_at_users().await.unwrap();
    desk.clock.advance(LATER);
    desk.accounts.finish_creations().await.unwrap();
    assert_eq!(rows(&desk).await, 0);
    let mia = desk.account("mia").await;
    assert!(mia.set_up.is_some());
    let created = desk
        .accounts
        .await_set_up(&admin, mia.id, SetUpWay::Code, false, &at_home())
        .await
        .unwrap();
    claim(&desk, "mia", &code_of(&created)).await;
}

#[tokio::test]
async fn a_user_that_was_made_is_invited_once() {
    let desk = Desk::open().await;
    begin(&desk, "mia", SetUpWay::Mail).await;
    make(&desk, "mia").await;
    desk.clock.advance(LATER);
    for _again in 0..2 {
        desk.accounts.finish_creations().await.unwrap();
        desk.clock.advance(LATER);
    }
    assert_eq!(desk.sent("set_up_invitation").await, 1);
    let mail = desk.mail_to("mia@example.org").await;
    let link = token_of(&mail.link.unwrap());
    let opened = desk
        .accounts
        .open_set_up_link(&link, "first", &at_home())
        .await;
    let cookie = cookie_of(opened.unwrap());
    choose(&desk, &cookie).await;
}

#[tokio::test]
async fn a_user_that_was_left_open_by_a_broken_call_stands_open_no_longer() {
    let desk = Desk::open().await;
    begin(&desk, "mia", SetUpWay::Open).await;
    make(&desk, "mia").await;
    let id = desk.id("mia").as_uuid();
    desk.standin.state().user_mut(id).unwrap().set_password("");
    assert!(desk.jellyfin.stands_open("mia", "trial").await.unwrap());
    desk.clock.advance(LATER);
    desk.accounts.finish_creations().await.unwrap();
    assert!(!desk.jellyfin.stands_open("mia", "trial").await.unwrap());
    let set_up = desk.account("mia").await.set_up.unwrap();
    assert_eq!(set_up.way, SetUpWay::Open);
}

#[tokio::test]
async fn a_user_that_was_there_before_keeps_its_password() {
    let desk = Desk::open().await;
    desk.clock.advance(LATER);
    begin(&desk, "anna", SetUpWay::Open).await;
    desk.clock.advance(LATER);
    desk.accounts.finish_creations().await.unwrap();
    assert_eq!(rows(&desk).await, 0);
    assert!(desk.account("anna").await.set_up.is_none());
    desk.signed_in("anna", "anna-pass-1", "tv").await;
}

#[tokio::test]
async fn an_outage_of_jellyfin_leaves_the_row_and_the_next_run_finishes_it() {
    let desk = Desk::open().await;
    begin(&desk, "mia", SetUpWay::Open).await;
    make(&desk, "mia").await;
    desk.clock.advance(LATER);
    desk.standin.faults().set("/Users/Password", Fault::Refuse);
    assert!(desk.accounts.finish_creations().await.is_err());
    // Nobody claims it meanwhile: its password would be replaced by the next run.
    let set_up = desk.account("mia").await.set_up.unwrap();
    assert_eq!((set_up.way, rows(&desk).await), (SetUpWay::Code, 1));
    desk.standin.faults().lift_all();
    desk.accounts.finish_creations().await.unwrap();
    let set_up = desk.account("mia").await.set_up.unwrap();
    assert_eq!((set_up.way, rows(&desk).await), (SetUpWay::Open, 0));
}

#[tokio::test]
async fn a_call_that_breaks_after_the_user_was_made_is_finished_by_the_job() {
    let desk = Desk::open().await;
    let admin = desk.administrator().await;
    desk.standin.faults().set("/Users/New", Fault::BrokenJson);
    let mia = super::new("mia", SetUpWay::Mail);
    let created = desk.accounts.create_account(&admin, &mia, &at_home()).await;
    assert!(created.is_err());
    desk.standin.faults().lift_all();
    desk.clock.advance(LATER);
    desk.accounts.finish_creations().await.unwrap();
    assert!(desk.account("mia").await.set_up.is_some());
    assert_eq!(desk.sent("set_up_invitation").await, 1);
}
