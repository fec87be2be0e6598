//! Who may use the console, and when.
use std::time::Duration;

use usher_accounts::admin::ConsoleDoor;
use usher_accounts::me::StepUp;
use usher_domain::secret::{OpaqueToken, SecretText};

use crate::desk::{Desk, at_home};

async fn door(desk: &Desk, cookie: &OpaqueToken) -> ConsoleDoor {
    let session = desk.session(cookie).await;
    desk.accounts.admin(&session).await.unwrap()
}

#[tokio::test]
async fn the_console_is_closed_to_everybody_whom_jellyfin_does_not_call_an_administrator_now() {
    let desk = Desk::open().await;
    desk.set_policy("kim", "IsAdministrator", true).await;
    let anna = desk.signed_in("anna", "anna-pass-1", "tv").await.cookie;
    let kim = desk.signed_in("kim", "kim-pass-1", "tv").await.cookie;
    assert!(matches!(door(&desk, &anna).await, ConsoleDoor::Closed));
    assert!(matches!(door(&desk, &kim).await, ConsoleDoor::Open(_)));
    desk.set_policy("kim", "IsAdministrator", false).await;
    assert!(matches!(door(&desk, &kim).await, ConsoleDoor::Closed));
}

#[tokio::test]
async fn r44_whoever_was_idle_proves_again_who_sits_there_however_often_the_page_is_loaded() {
    let desk = Desk::open().await;
    let root = desk.signed_in("root", "root-pass-1", "pc").await.cookie;
    assert!(matches!(door(&desk, &root).await, ConsoleDoor::Open(_)));
    desk.clock.advance(Duration::from_mins(31));
    for _again in 0..3 {
        assert!(matches!(door(&desk, &root).await, ConsoleDoor::StepUp));
    }
    let session = desk.session(&root).await;
    let password = SecretText::new("root-pass-1");
    let proved = desk.accounts.step_up(&session, &password, &at_home()).await;
    let StepUp::Done(cookie) = proved.unwrap() else {
        panic!("not proven");
    };
    assert!(matches!(door(&desk, &cookie).await, ConsoleDoor::Open(_)));
}

#[tokio::test]
async fn r44_a_proof_opens_the_console_for_twelve_hours_of_steady_work() {
    let desk = Desk::open().await;
    let root = desk.signed_in("root", "root-pass-1", "pc").await.cookie;
    for _part in 0..36 {
        desk.clock.advance(Duration::from_mins(20));
        assert!(matches!(door(&desk, &root).await, ConsoleDoor::Open(_)));
    }
    desk.clock.advance(Duration::from_mins(20));
    assert!(matches!(door(&desk, &root).await, ConsoleDoor::StepUp));
}
