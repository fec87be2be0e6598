//! Making an account wait for its first password (again).
use std::time::Duration;

use usher_accounts::admin::{Admin, Created};
use usher_accounts::limits::{Admitted, Whose};
use usher_accounts::sign_in::WebSignIn;
use usher_domain::account::{Account, SetUpWay};
use usher_domain::id::AccountId;
use usher_domain::throttle::Outcome;
use usher_standin::Fault;

use super::{claim, code_of, first_time};
use crate::desk::{Desk, at_home, from};

async fn await_set_up(desk: &Desk, id: AccountId, way: SetUpWay) -> Created {
    let admin = Admin::on_the_server();
    let accounts = &desk.accounts;
    let waits = accounts
        .await_set_up(&admin, id, way, false, &at_home())
        .await;
    waits.unwrap()
}

#[tokio::test]
async fn r47_an_account_that_waits_again_has_no_session_token_or_password_left() {
    let desk = Desk::open().await;
    let signed_in = desk.signed_in("anna", "anna-pass-1", "tv").await;
    let created = await_set_up(&desk, desk.id("anna"), SetUpWay::Code).await;
    assert!(!desk.lives(&signed_in.token).await);
    let session = desk.accounts.web_session(&signed_in.cookie).await;
    assert!(session.unwrap().is_none());
    let wrong = desk.web("anna", "anna-pass-1", "tv").await;
    assert!(matches!(wrong, WebSignIn::Wrong));
    claim(&desk, "anna", &code_of(&created)).await;
}

#[tokio::test]
async fn a_right_code_is_not_used_up_before_a_password_is_chosen() {
    for desk in Desk::open_all().await {
        let created = await_set_up(&desk, desk.id("anna"), SetUpWay::Code).await;
        for _ in 0..120 {
            let right = first_time(&desk, "anna", &code_of(&created)).await;
            assert!(matches!(right, WebSignIn::Next(..)), "{right:?}");
        }
        claim(&desk, "anna", &code_of(&created)).await;
    }
}

#[tokio::test]
async fn after_a_hundred_wrong_passwords_an_administrators_code_lets_its_owner_in() {
    for desk in Desk::open_all().await {
        for number in 0..100 {
            let (id, stranger) = (desk.id("anna"), from(&format!("198.{number}.0.7")));
            let tried = loop {
                let whose = Whose::Account(id);
                match desk.accounts.admit(whose, &stranger).await.unwrap() {
                    Admitted::Go(tried) => break tried,
                    Admitted::Wait(span) => desk.clock.advance(span),
                    Admitted::Busy => panic!("nobody else is here"),
                }
            };
            let settled = desk.accounts.settle(tried, Outcome::Wrong).await;
            settled.unwrap();
        }
        let created = await_set_up(&desk, desk.id("anna"), SetUpWay::Code).await;
        desk.clock.advance(Duration::from_mins(16));
        let refused = desk.web("anna", "anna-pass-1", "tv").await;
        assert!(matches!(refused, WebSignIn::Wrong), "{refused:?}");
        claim(&desk, "anna", &code_of(&created)).await;
    }
}

#[tokio::test]
async fn a_newer_code_ends_the_older_one() {
    let desk = Desk::open().await;
    let older = code_of(&await_set_up(&desk, desk.id("anna"), SetUpWay::Code).await);
    let newer = code_of(&await_set_up(&desk, desk.id("anna"), SetUpWay::Code).await);
    let wrong = first_time(&desk, "anna", &older).await;
    assert!(matches!(wrong, WebSignIn::Wrong));
    claim(&desk, "anna", &newer).await;
}

#[tokio::test]
async fn a_user_that_stood_open_does_so_no_longer() {
    let desk = Desk::open().await;
    assert_eq!(desk.account("bob").await.seen.passwordless, Some(true));
    let created = await_set_up(&desk, desk.id("bob"), SetUpWay::Code).await;
    assert!(!desk.jellyfin.stands_open("bob", "trial").await.unwrap());
    assert_eq!(desk.account("bob").await.seen.passwordless, Some(false));
    claim(&desk, "bob", &code_of(&created)).await;
}

#[tokio::test]
async fn ones_own_account_an_unknown_one_and_an_open_administrator_are_impossible() {
    let desk = Desk::open().await;
    let admin = desk.administrator().await;
    let own = desk
        .accounts
        .await_set_up(&admin, desk.id("root"), SetUpWay::Code, false, &at_home())
        .await;
    assert!(matches!(own.unwrap(), Created::Impossible));
    let open = await_set_up(&desk, desk.id("root"), SetUpWay::Open).await;
    assert!(matches!(open, Created::Impossible));
    let nobody = AccountId::of_owner(usher_domain::id::UserId::NOBODY);
    let unknown = await_set_up(&desk, nobody, SetUpWay::Code).await;
    assert!(matches!(unknown, Created::Impossible));
    assert!(desk.account("root").await.set_up.is_none());
    let no_address = await_set_up(&desk, desk.id("anna"), SetUpWay::Mail).await;
    assert!(matches!(no_address, Created::AddressMissing));
    assert!(desk.account("anna").await.set_up.is_none());
}

#[tokio::test]
async fn an_outage_in_the_middle_lets_nobody_in_and_a_repeat_does_the_rest() {
    let desk = Desk::open().await;
    desk.standin.faults().set("/Users/Password", Fault::Refuse);
    let accounts = &desk.accounts;
    let (admin, id, visitor) = (Admin::on_the_server(), desk.id("anna"), at_home());
    let waits = accounts.await_set_up(&admin, id, SetUpWay::Code, false, &visitor);
    assert!(waits.await.is_err());
    assert!(desk.account("anna").await.is_kept_out());
    let wrong = desk.web("anna", "anna-pass-1", "tv").await;
    assert!(matches!(wrong, WebSignIn::Wrong));
    desk.standin.faults().lift_all();
    let created = await_set_up(&desk, id, SetUpWay::Code).await;
    claim(&desk, "anna", &code_of(&created)).await;
}

#[tokio::test]
async fn a_user_of_jellyfins_dashboard_waits_without_a_code() {
    let desk = Desk::open().await;
    let (admin, id) = (Admin::in_dashboard(None), desk.id("kim"));
    let accounts = &desk.accounts;
    let waits = accounts
        .await_set_up_from_dashboard(id, &admin, &at_home())
        .await;
    waits.unwrap();
    assert!(Account::can_set_up(&desk.account("kim").await));
    let created = await_set_up(&desk, id, SetUpWay::Code).await;
    claim(&desk, "kim", &code_of(&created)).await;
}
