//! Who can take a change of address back, and who is told (R40).
use std::time::Duration;

use usher_accounts::address::{AddressCode, AddressGiven, AddressRemoval};
use usher_accounts::admin::{Admin, Edited};
use usher_accounts::sign_in::{Moved, WebSignIn};
use usher_domain::address::EmailAddress;
use usher_domain::secret::OpaqueToken;
use usher_domain::settings::Requirement;
use usher_domain::sign_in::Step;
use usher_store::{KeptMail, WebSession};

use crate::desk::{Desk, at_home, token_of};

const ANNA: &str = "anna@example.org";
const THIEF: &str = "thief@example.net";
const THIEF_TOO: &str = "thief@example.com";

/// Anna has a proven address; the session is hers, or that of whoever sits before it.
async fn anna(desk: &Desk) -> WebSession {
    let signed_in = desk.with_address("anna", ANNA).await;
    desk.session(&signed_in.cookie).await
}

/// Changes the address with a code, and lets the time pass that mails are apart.
async fn change(desk: &Desk, session: &WebSession, address: &str) {
    desk.prove(session, address).await;
    assert_eq!(address_of(desk).await.as_deref(), Some(address));
    desk.clock.advance(Duration::from_mins(2));
}

async fn address_of(desk: &Desk) -> Option<String> {
    let account = desk.account("anna").await;
    let proven = account.proven_address();
    proven.map(|email| email.as_str().to_owned())
}

/// The newest notice of a change that went to an address.
async fn notice(desk: &Desk, address: &str) -> KeptMail {
    let mails = desk.mails().await;
    let mut told = mails
        .into_iter()
        .filter(|mail| mail.recipient == address && mail.kind == "address_changed");
    told.next().unwrap()
}

/// The undo link that an address was sent.
async fn undo_link(desk: &Desk, address: &str) -> OpaqueToken {
    token_of(&notice(desk, address).await.link.unwrap())
}

async fn undo(desk: &Desk, link: &OpaqueToken) -> bool {
    let undone = desk.accounts.undo_address(link, &at_home()).await;
    undone.unwrap()
}

async fn enter(desk: &Desk, address: Option<&str>, vouched: bool) {
    let email = address.map(|address| EmailAddress::parse(address).unwrap());
    let (admin, id) = (Admin::on_the_server(), desk.id("anna"));
    let entered = desk
        .accounts
        .enter_address(&admin, id, email.as_ref(), vouched, &at_home())
        .await;
    assert_eq!(entered.unwrap(), Edited::Done);
}

fn holds_no_undo(mail: &KeptMail) -> bool {
    mail.link.is_none() && !mail.text.contains("/usher/undo") && !mail.html.contains("/usher/undo")
}

#[tokio::test]
async fn r40_whoever_changes_a_stolen_accounts_address_twice_cannot_end_the_owners_undo() {
    for desk in Desk::open_all().await {
        let thief = anna(&desk).await;
        change(&desk, &thief, THIEF).await;
        let owner = undo_link(&desk, ANNA).await;
        change(&desk, &thief, THIEF_TOO).await;
        let told = notice(&desk, THIEF).await;
        assert!(holds_no_undo(&told), "{}", told.text);
        assert!(told.text.contains("a…@example.org"), "{}", told.text);
        assert!(undo(&desk, &owner).await);
        assert_eq!(address_of(&desk).await.as_deref(), Some(ANNA));
    }
}

#[tokio::test]
async fn r40_an_address_that_is_removed_and_given_anew_at_sign_in_is_undone_all_the_same() {
    for desk in Desk::open_all().await {
        let thief = anna(&desk).await;
        let optional = Requirement::Optional;
        desk.accounts.set_email_policy(optional).await.unwrap();
        let removed = desk.accounts.remove_address(&thief, &at_home()).await;
        assert_eq!(removed.unwrap(), AddressRemoval::Done);
        let owner = undo_link(&desk, ANNA).await;
        give_at_sign_in(&desk, THIEF).await;
        let session = desk.signed_in("anna", "anna-pass-1", "den").await;
        let session = desk.session(&session.cookie).await;
        change(&desk, &session, THIEF_TOO).await;
        assert!(holds_no_undo(&notice(&desk, THIEF).await));
        assert!(undo(&desk, &owner).await);
        assert_eq!(address_of(&desk).await.as_deref(), Some(ANNA));
    }
}

/// Signs in as Anna, who has no address, and proves this one.
async fn give_at_sign_in(desk: &Desk, address: &str) {
    let cookie = at_the_question(desk).await;
    let AddressCode::Proven(Moved::Done(_)) = answer_with(desk, &cookie, address).await else {
        panic!("the sign-in ends");
    };
    desk.clock.advance(Duration::from_mins(2));
}

async fn at_the_question(desk: &Desk) -> OpaqueToken {
    let became = desk.web("anna", "anna-pass-1", "den").await;
    let WebSignIn::Next(cookie, Step::Email) = became else {
        panic!("an address is asked for: {became:?}");
    };
    cookie
}

async fn answer_with(desk: &Desk, cookie: &OpaqueToken, address: &str) -> AddressCode {
    let (accounts, visitor) = (&desk.accounts, at_home());
    let given = accounts.give_address(cookie, address, &visitor).await;
    assert!(matches!(given.unwrap(), AddressGiven::Sent));
    let code = desk.mail_to(address).await.code.unwrap();
    let proven = accounts.prove_address(cookie, &code, &visitor).await;
    proven.unwrap()
}

#[tokio::test]
async fn r40_an_address_that_a_second_sign_in_replaces_is_told_and_can_come_back() {
    for desk in Desk::open_all().await {
        let optional = Requirement::Optional;
        desk.accounts.set_email_policy(optional).await.unwrap();
        let thief = at_the_question(&desk).await;
        give_at_sign_in(&desk, ANNA).await;
        let proven = answer_with(&desk, &thief, THIEF).await;
        assert!(matches!(proven, AddressCode::Proven(_)), "{proven:?}");
        assert_eq!(address_of(&desk).await.as_deref(), Some(THIEF));
        let owner = undo_link(&desk, ANNA).await;
        assert!(undo(&desk, &owner).await);
        assert_eq!(address_of(&desk).await.as_deref(), Some(ANNA));
    }
}

#[tokio::test]
async fn r40_once_the_address_is_back_nothing_is_left_to_undo() {
    for desk in Desk::open_all().await {
        let session = anna(&desk).await;
        change(&desk, &session, THIEF).await;
        let first = undo_link(&desk, ANNA).await;
        change(&desk, &session, ANNA).await;
        assert!(holds_no_undo(&notice(&desk, THIEF).await));
        assert!(!undo(&desk, &first).await);
        // The next change is the first again.
        change(&desk, &session, "new@example.org").await;
        let next = undo_link(&desk, ANNA).await;
        assert!(undo(&desk, &next).await);
    }
}

#[tokio::test]
async fn r40_after_seven_days_the_next_change_can_be_undone_from_the_address_that_it_replaces() {
    let desk = Desk::open().await;
    let session = anna(&desk).await;
    change(&desk, &session, "new@example.org").await;
    desk.clock.advance(Duration::from_hours(7 * 24));
    let again = desk.signed_in("anna", "anna-pass-1", "den").await;
    let again = desk.session(&again.cookie).await;
    change(&desk, &again, THIEF).await;
    let link = undo_link(&desk, "new@example.org").await;
    assert!(undo(&desk, &link).await);
    assert_eq!(address_of(&desk).await.as_deref(), Some("new@example.org"));
}

#[tokio::test]
async fn r40_an_administrators_word_ends_every_undo_and_their_notice_holds_none() {
    for desk in Desk::open_all().await {
        for (entered, vouched) in [
            (Some("given@example.org"), false),
            (Some("given@example.org"), true),
            (None, false),
        ] {
            enter(&desk, None, false).await;
            let session = anna(&desk).await;
            change(&desk, &session, "new@example.org").await;
            let link = undo_link(&desk, ANNA).await;
            enter(&desk, entered, vouched).await;
            let told = notice(&desk, "new@example.org").await;
            assert!(holds_no_undo(&told), "{}", told.text);
            assert!(told.text.contains("by an administrator"), "{}", told.text);
            assert!(told.text.contains("tell the person"), "{}", told.text);
            assert!(!undo(&desk, &link).await, "{entered:?}");
            desk.clock.advance(Duration::from_hours(1));
        }
    }
}

#[tokio::test]
async fn r40_an_address_that_is_vouched_for_as_it_stands_cannot_be_undone_any_more() {
    for desk in Desk::open_all().await {
        let session = anna(&desk).await;
        change(&desk, &session, "new@example.org").await;
        let link = undo_link(&desk, ANNA).await;
        enter(&desk, Some("new@example.org"), false).await;
        let looked = desk.accounts.look_at_undo(&link).await;
        assert!(looked.unwrap().is_some());
        enter(&desk, Some("new@example.org"), true).await;
        let looked = desk.accounts.look_at_undo(&link).await;
        assert!(looked.unwrap().is_none());
        assert_eq!(address_of(&desk).await.as_deref(), Some("new@example.org"));
    }
}

#[tokio::test]
async fn r40_the_address_that_an_undo_takes_away_is_told() {
    for desk in Desk::open_all().await {
        let session = anna(&desk).await;
        change(&desk, &session, "new@example.org").await;
        let link = undo_link(&desk, ANNA).await;
        assert!(undo(&desk, &link).await);
        let told = desk.mail_to("new@example.org").await;
        assert_eq!(told.kind, "address_undone");
        assert!(told.text.contains("a…@example.org"), "{}", told.text);
        assert!(holds_no_undo(&told), "{}", told.text);
        assert_eq!(desk.sent("address_undone").await, 1);
    }
}

#[tokio::test]
async fn r40_a_change_and_a_removal_at_once_leave_one_undo_link() {
    for desk in Desk::open_all().await {
        let (session, visitor) = (anna(&desk).await, at_home());
        let accounts = desk.accounts.clone();
        let asked = accounts.ask_address_change(&session, THIEF, &visitor).await;
        assert!(matches!(asked.unwrap(), AddressGiven::Sent));
        let code = desk.mail_to(THIEF).await.code.unwrap();
        let (changed, removed) = tokio::join!(
            accounts.change_address(&session, &code, &visitor),
            accounts.remove_address(&session, &visitor),
        );
        changed.unwrap();
        assert_eq!(removed.unwrap(), AddressRemoval::Done);
        let mails = desk.mails().await;
        let links = mails
            .iter()
            .filter(|mail| mail.kind == "address_changed" && mail.link.is_some());
        assert_eq!(links.count(), 1);
        let owner = undo_link(&desk, ANNA).await;
        assert!(undo(&desk, &owner).await);
        assert_eq!(address_of(&desk).await.as_deref(), Some(ANNA));
    }
}
