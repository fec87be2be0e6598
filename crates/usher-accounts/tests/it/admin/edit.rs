//! Changing accounts.
use std::time::Duration;

use usher_accounts::admin::{Admin, Edited, MailedReset};
use usher_accounts::reset::NewPassword;
use usher_domain::account::AddressProof;
use usher_domain::address::EmailAddress;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_standin::Fault;
use usher_store::AccountSearch;

use super::CHOSEN;
use crate::desk::{Desk, at_home, token_of};

async fn enter(desk: &Desk, name: &str, address: Option<&str>, vouched: bool) -> Edited {
    let email = address.map(|address| EmailAddress::parse(address).unwrap());
    let (admin, id) = (Admin::on_the_server(), desk.id(name));
    let accounts = &desk.accounts;
    let entered = accounts
        .enter_address(&admin, id, email.as_ref(), vouched, &at_home())
        .await;
    entered.unwrap()
}

async fn switch(desk: &Desk, name: &str, off: bool) -> Edited {
    let (admin, id) = (Admin::on_the_server(), desk.id(name));
    let switched = desk
        .accounts
        .set_disabled(&admin, id, off, &at_home())
        .await;
    switched.unwrap()
}

async fn reset(desk: &Desk, name: &str) -> MailedReset {
    let (admin, id) = (Admin::on_the_server(), desk.id(name));
    let sent = desk.accounts.send_reset(&admin, id, &at_home()).await;
    sent.unwrap()
}

async fn choose(desk: &Desk, proof: &OpaqueToken) -> NewPassword {
    let password = SecretText::new(CHOSEN);
    let chosen = desk
        .accounts
        .choose_new_password(proof, &password, &at_home())
        .await;
    chosen.unwrap()
}

#[tokio::test]
async fn an_entered_address_is_no_proof_and_a_vouched_one_is() {
    let desk = Desk::open().await;
    assert_eq!(
        enter(&desk, "anna", Some("anna@example.org"), false).await,
        Edited::Done
    );
    assert!(desk.account("anna").await.proven_address().is_none());
    assert_eq!(reset(&desk, "anna").await, MailedReset::NoAddress);
    assert_eq!(
        enter(&desk, "anna", Some("anna@example.org"), true).await,
        Edited::Done
    );
    let address = desk.account("anna").await.address.unwrap();
    assert_eq!(address.proof, AddressProof::Vouched);
    let again = enter(&desk, "anna", Some("anna@example.org"), false).await;
    assert_eq!(again, Edited::Done);
    assert!(desk.account("anna").await.proven_address().is_some());
}

#[tokio::test]
async fn somebodys_address_and_somebodys_name_cannot_be_entered() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    let taken = enter(&desk, "kim", Some("Anna@Example.org"), false).await;
    assert_eq!(taken, Edited::AddressTaken);
    let name = enter(&desk, "kim", Some("mail@example.org"), true).await;
    assert_eq!(name, Edited::AddressIsAName);
    assert!(desk.account("kim").await.address.is_none());
}

#[tokio::test]
async fn switching_off_ends_every_session_and_changes_nothing_else_of_the_policy() {
    let desk = Desk::open().await;
    let anna = desk.signed_in("anna", "anna-pass-1", "tv").await;
    let id = desk.id("anna").owner();
    let before = desk.jellyfin.user(id).await.unwrap().unwrap().policy;
    assert_eq!(switch(&desk, "anna", true).await, Edited::Done);
    assert!(!desk.lives(&anna.token).await);
    assert!(
        desk.accounts
            .web_session(&anna.cookie)
            .await
            .unwrap()
            .is_none()
    );
    assert!(desk.account("anna").await.seen.disabled);
    let off = desk.jellyfin.user(id).await.unwrap().unwrap().policy;
    assert!(off.is_disabled && off.with("IsDisabled", false).unwrap() == before);
    assert_eq!(switch(&desk, "anna", false).await, Edited::Done);
    desk.signed_in("anna", "anna-pass-1", "tv").await;
}

#[tokio::test]
async fn r70_no_administrator_is_switched_off_and_the_last_one_is_called_so() {
    let desk = Desk::open().await;
    assert_eq!(switch(&desk, "root", true).await, Edited::LastAdministrator);
    desk.set_policy("kim", "IsAdministrator", true).await;
    assert_eq!(switch(&desk, "root", true).await, Edited::Administrator);
    desk.signed_in("root", "root-pass-1", "tv").await;
}

#[tokio::test]
async fn every_place_ends_at_once() {
    let desk = Desk::open().await;
    let admin = desk.administrator().await;
    let anna = desk.signed_in("anna", "anna-pass-1", "tv").await;
    let phone = desk.signed_in("anna", "anna-pass-1", "phone").await;
    let id = desk.id("anna");
    let page = desk.accounts.account_page(&admin, id).await.unwrap();
    assert_eq!(page.unwrap().places.len(), 2);
    // Whatever Jellyfin says of it now.
    desk.standin
        .faults()
        .set("/sessions/logout", Fault::Status(503));
    let ended = desk.accounts.end_all_places(&admin, id, &at_home()).await;
    assert_eq!(ended.unwrap(), Edited::Done);
    desk.standin.faults().lift_all();
    for place in [&anna, &phone] {
        let holder = desk.accounts.holder(&place.token, None, &at_home()).await;
        assert_eq!(holder.unwrap(), None);
    }
    desk.clock.advance(Duration::from_mins(2));
    desk.accounts.sign_out_what_ended().await.unwrap();
    assert!(!desk.lives(&anna.token).await && !desk.lives(&phone.token).await);
    let page = desk.accounts.account_page(&admin, id).await.unwrap();
    let page = page.unwrap();
    assert!(page.places.is_empty());
    let by = admin.actor();
    assert!(page.activity.iter().any(|named| named.line.actor == by));
}

#[tokio::test]
async fn r14_a_mailed_reset_ends_the_older_one_and_is_good_once() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    assert_eq!(reset(&desk, "anna").await, MailedReset::Sent);
    let older = token_of(&desk.mail_to("anna@example.org").await.link.unwrap());
    assert_eq!(reset(&desk, "anna").await, MailedReset::Sent);
    let mail = desk.mail_to("anna@example.org").await;
    assert!(mail.code.is_none());
    let newer = token_of(&mail.link.unwrap());
    assert!(matches!(choose(&desk, &older).await, NewPassword::Dead));
    assert!(matches!(choose(&desk, &newer).await, NewPassword::Set));
    assert!(matches!(choose(&desk, &newer).await, NewPassword::Dead));
    desk.signed_in("anna", CHOSEN, "tv").await;
}

#[tokio::test]
async fn no_reset_is_mailed_where_recovery_is_off_or_mail_is_and_a_link_from_the_server_helps() {
    let desk = Desk::open_without_mail().await;
    let (admin, id) = (Admin::on_the_server(), desk.id("anna"));
    enter(&desk, "anna", Some("anna@example.org"), true).await;
    assert_eq!(reset(&desk, "anna").await, MailedReset::NoMail);
    let off = desk
        .accounts
        .set_recovery_off(&admin, id, true, &at_home())
        .await;
    assert_eq!(off.unwrap(), Edited::Done);
    assert_eq!(reset(&desk, "anna").await, MailedReset::Impossible);
    let link = desk.accounts.reset_link(&admin, id, &at_home()).await;
    let (token, _) = link.unwrap().unwrap();
    assert!(matches!(choose(&desk, &token).await, NewPassword::Set));
    let dora = desk
        .accounts
        .reset_link(&admin, desk.id("dora"), &at_home())
        .await;
    assert!(dora.unwrap().is_none(), "she is switched off");
}

#[tokio::test]
async fn accounts_are_found_by_a_part_of_their_name() {
    let desk = Desk::open().await;
    let search = AccountSearch {
        text: "NN".to_owned(),
        limit: 9,
        ..AccountSearch::default()
    };
    let admin = Admin::on_the_server();
    let found = desk.accounts.search_accounts(&admin, &search).await;
    let names: Vec<_> = found.unwrap().into_iter().map(|it| it.seen.name).collect();
    assert_eq!(names, ["anna"]);
}
