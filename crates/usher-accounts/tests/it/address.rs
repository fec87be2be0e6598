use std::time::Duration;

use usher_accounts::address::{AddressChange, AddressCode, AddressGiven, AddressRemoval};
use usher_accounts::sign_in::{Moved, WebSignIn};
use usher_domain::activity::Activity;
use usher_domain::secret::OpaqueToken;
use usher_domain::settings::Requirement;
use usher_domain::sign_in::Step;

use crate::desk::{Desk, another, at_home, revoke_token, token_of};

/// Anna has typed her password, and owes an address.
async fn anna_owes(desk: &Desk, requirement: Requirement) -> OpaqueToken {
    desk.accounts.set_email_policy(requirement).await.unwrap();
    let WebSignIn::Next(cookie, Step::Email) = desk.web("anna", "anna-pass-1", "den").await else {
        panic!("an address is owed");
    };
    cookie
}

async fn give(desk: &Desk, cookie: &OpaqueToken, typed: &str) -> AddressGiven {
    let visitor = at_home();
    let given = desk.accounts.give_address(cookie, typed, &visitor).await;
    given.unwrap()
}

async fn prove(desk: &Desk, cookie: &OpaqueToken, typed: &str) -> AddressCode {
    let visitor = at_home();
    let proven = desk.accounts.prove_address(cookie, typed, &visitor).await;
    proven.unwrap()
}

async fn code_to(desk: &Desk, address: &str) -> String {
    desk.mail_to(address).await.code.unwrap()
}

async fn step(desk: &Desk, cookie: &OpaqueToken) -> Option<Step> {
    let attempt = desk.accounts.attempt(cookie).await.unwrap();
    attempt.map(|attempt| attempt.step)
}

async fn address_of(desk: &Desk, name: &str) -> Option<String> {
    let account = desk.account(name).await;
    let proven = account.proven_address();
    proven.map(|email| email.as_str().to_owned())
}

async fn did(desk: &Desk, name: &str, what: &Activity) -> bool {
    let lines = desk
        .accounts
        .activities_of(desk.id(name), 50)
        .await
        .unwrap();
    lines.iter().any(|line| line.what == *what)
}

#[tokio::test]
async fn an_address_is_given_and_proven_and_the_sign_in_ends() {
    let desk = Desk::open().await;
    let cookie = anna_owes(&desk, Requirement::Required).await;
    assert!(matches!(
        give(&desk, &cookie, "no address").await,
        AddressGiven::NotAnAddress
    ));
    assert!(matches!(
        give(&desk, &cookie, "mail@example.org").await,
        AddressGiven::Unusable
    ));
    assert_eq!(desk.store.challenge_count().await.unwrap(), 0);
    assert!(matches!(
        give(&desk, &cookie, " Anna@example.org ").await,
        AddressGiven::Sent
    ));
    assert!(matches!(
        give(&desk, &cookie, "anna@example.org").await,
        AddressGiven::Wait(_)
    ));
    let code = code_to(&desk, "Anna@example.org").await;
    assert!(matches!(
        prove(&desk, &cookie, "12").await,
        AddressCode::NotACode
    ));
    assert!(matches!(
        prove(&desk, &cookie, &another(&code)).await,
        AddressCode::Wrong { tries_left: 4 }
    ));
    assert_eq!(address_of(&desk, "anna").await, None);
    let AddressCode::Proven(Moved::Done(signed_in)) = prove(&desk, &cookie, &code).await else {
        panic!("the sign-in ends");
    };
    assert_eq!(
        address_of(&desk, "anna").await.as_deref(),
        Some("Anna@example.org")
    );
    assert!(desk.lives(&signed_in.token).await);
    assert_eq!(
        desk.session(&signed_in.cookie).await.account,
        desk.id("anna")
    );
    assert_eq!(signed_in.device_id, "den");
    assert!(did(&desk, "anna", &Activity::AddressProven).await);
    assert_eq!(step(&desk, &cookie).await, None);
}

#[tokio::test]
async fn r3_r6_a_late_code_is_dead_and_another_one_can_be_sent() {
    let desk = Desk::open().await;
    let cookie = anna_owes(&desk, Requirement::Required).await;
    give(&desk, &cookie, "anna@example.org").await;
    let old = code_to(&desk, "anna@example.org").await;
    desk.clock.advance(Duration::from_mins(10));
    assert!(matches!(
        prove(&desk, &cookie, &old).await,
        AddressCode::Dead
    ));
    let visitor = at_home();
    let sent = desk.accounts.resend_address_code(&cookie, &visitor).await;
    assert!(matches!(sent.unwrap(), AddressGiven::Sent));
    let new = code_to(&desk, "anna@example.org").await;
    assert!(matches!(
        prove(&desk, &cookie, &new).await,
        AddressCode::Proven(Moved::Done(_))
    ));
}

#[tokio::test]
async fn r4_five_wrong_codes_kill_the_code_and_fifteen_the_attempt() {
    let desk = Desk::open().await;
    let cookie = anna_owes(&desk, Requirement::Required).await;
    for round in 0..3 {
        assert!(matches!(
            give(&desk, &cookie, "anna@example.org").await,
            AddressGiven::Sent
        ));
        let code = code_to(&desk, "anna@example.org").await;
        for tries_left in (0..5).rev() {
            let answered = prove(&desk, &cookie, &another(&code)).await;
            if round == 2 && tries_left == 0 {
                assert!(matches!(answered, AddressCode::Gone), "{answered:?}");
            } else {
                let AddressCode::Wrong { tries_left: left } = answered else {
                    panic!("it is wrong: {answered:?}");
                };
                assert_eq!(left, tries_left);
            }
        }
        if round < 2 {
            let late = prove(&desk, &cookie, &code).await;
            assert!(matches!(late, AddressCode::Dead), "{late:?}");
        }
        desk.clock.advance(Duration::from_mins(2));
    }
    assert_eq!(step(&desk, &cookie).await, None);
    assert!(matches!(
        give(&desk, &cookie, "anna@example.org").await,
        AddressGiven::Gone
    ));
}

#[tokio::test]
async fn a_mistyped_address_is_corrected_and_its_code_is_dead() {
    let desk = Desk::open().await;
    let cookie = anna_owes(&desk, Requirement::Required).await;
    give(&desk, &cookie, "ana@example.org").await;
    let stray = code_to(&desk, "ana@example.org").await;
    let moved = desk.accounts.mistake_address(&cookie).await.unwrap();
    assert!(matches!(moved, Moved::Next(Step::Email)));
    give(&desk, &cookie, "anna@example.org").await;
    let code = code_to(&desk, "anna@example.org").await;
    assert!(matches!(
        prove(&desk, &cookie, &stray).await,
        AddressCode::Wrong { .. }
    ));
    assert!(matches!(
        prove(&desk, &cookie, &code).await,
        AddressCode::Proven(_)
    ));
    assert_eq!(
        address_of(&desk, "anna").await.as_deref(),
        Some("anna@example.org")
    );
}

#[tokio::test]
async fn r27_that_an_address_is_taken_is_told_only_to_who_reads_its_mail() {
    let desk = Desk::open().await;
    desk.with_address("kim", "home@example.org").await;
    let cookie = anna_owes(&desk, Requirement::Required).await;
    assert!(matches!(
        give(&desk, &cookie, "HOME@example.org").await,
        AddressGiven::Sent
    ));
    let code = code_to(&desk, "HOME@example.org").await;
    assert!(matches!(
        prove(&desk, &cookie, &code).await,
        AddressCode::Taken
    ));
    assert_eq!(step(&desk, &cookie).await, Some(Step::Email));
    assert_eq!(address_of(&desk, "anna").await, None);
    assert_eq!(
        address_of(&desk, "kim").await.as_deref(),
        Some("home@example.org")
    );
    assert!(matches!(
        give(&desk, &cookie, "anna@example.org").await,
        AddressGiven::Sent
    ));
}

#[tokio::test]
async fn an_address_is_skipped_where_the_policy_lets_it() {
    let desk = Desk::open().await;
    let visitor = at_home();
    let cookie = anna_owes(&desk, Requirement::Required).await;
    let moved = desk.accounts.skip_address(&cookie, &visitor).await.unwrap();
    assert!(matches!(moved, Moved::Next(Step::Email)));
    assert_eq!(desk.account("anna").await.address_skipped, None);
    let cookie = anna_owes(&desk, Requirement::Optional).await;
    let moved = desk.accounts.skip_address(&cookie, &visitor).await.unwrap();
    assert!(matches!(moved, Moved::Done(_)));
    assert!(desk.account("anna").await.address_skipped.is_some());
    let again = desk.accounts.skip_address(&cookie, &visitor).await.unwrap();
    assert!(matches!(again, Moved::Gone));
}

#[tokio::test]
async fn r5_one_right_code_ends_one_sign_in_however_many_type_it_at_once() {
    for desk in Desk::open_all().await {
        let cookie = anna_owes(&desk, Requirement::Required).await;
        give(&desk, &cookie, "anna@example.org").await;
        let code = code_to(&desk, "anna@example.org").await;
        let racers: Vec<_> = (0..64)
            .map(|_| {
                let (accounts, cookie, code) =
                    (desk.accounts.clone(), cookie.clone(), code.clone());
                tokio::spawn(
                    async move { accounts.prove_address(&cookie, &code, &at_home()).await },
                )
            })
            .collect();
        let mut winners = 0;
        for racer in racers {
            let became = racer.await.unwrap().unwrap();
            let is_winner = matches!(became, AddressCode::Proven(Moved::Done(_)));
            let is_late = matches!(became, AddressCode::Dead | AddressCode::Gone);
            assert!(is_winner || is_late, "{became:?}");
            winners += u32::from(is_winner);
        }
        assert_eq!(winners, 1);
        assert_eq!(desk.store.tokens(desk.id("anna")).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn two_accounts_that_prove_one_address_at_once_do_not_share_it() {
    for desk in Desk::open_all().await {
        let mut racers = Vec::new();
        for name in ["anna", "kim"] {
            let signed_in = desk.signed_in(name, &format!("{name}-pass-1"), name).await;
            let session = desk.session(&signed_in.cookie).await;
            let visitor = at_home();
            let asked = desk
                .accounts
                .ask_address_change(&session, "home@example.org", &visitor)
                .await;
            assert!(matches!(asked.unwrap(), AddressGiven::Sent));
            let code = code_to(&desk, "home@example.org").await;
            desk.clock.advance(Duration::from_mins(2));
            racers.push((desk.accounts.clone(), session, code));
        }
        let racers: Vec<_> = racers
            .into_iter()
            .map(|(accounts, session, code)| {
                tokio::spawn(
                    async move { accounts.change_address(&session, &code, &at_home()).await },
                )
            })
            .collect();
        let mut changed = 0;
        for racer in racers {
            let became = racer.await.unwrap().unwrap();
            let is_first = matches!(became, AddressChange::Changed);
            assert!(
                is_first || matches!(became, AddressChange::Taken),
                "{became:?}"
            );
            changed += u32::from(is_first);
        }
        assert_eq!(changed, 1);
        let holders = [
            address_of(&desk, "anna").await,
            address_of(&desk, "kim").await,
        ];
        assert_eq!(holders.iter().flatten().count(), 1);
    }
}

#[tokio::test]
async fn r10_this_was_not_me_ends_the_attempt() {
    let desk = Desk::open().await;
    let visitor = at_home();
    let cookie = anna_owes(&desk, Requirement::Required).await;
    give(&desk, &cookie, "anna@example.org").await;
    let mail = desk.mail_to("anna@example.org").await;
    let link = revoke_token(&mail);
    assert!(desk.accounts.revoke(&link, &visitor).await.unwrap());
    assert_eq!(step(&desk, &cookie).await, None);
    assert!(matches!(
        prove(&desk, &cookie, &mail.code.unwrap()).await,
        AddressCode::Gone
    ));
    assert!(did(&desk, "anna", &Activity::AttemptRevoked).await);
    assert!(!desk.accounts.revoke(&link, &visitor).await.unwrap());
}

#[tokio::test]
async fn r40_a_change_is_proven_told_to_the_old_address_and_undone_from_there() {
    let desk = Desk::open().await;
    let visitor = at_home();
    let signed_in = desk.with_address("anna", "anna@example.org").await;
    let session = desk.session(&signed_in.cookie).await;
    let asked = desk
        .accounts
        .ask_address_change(&session, "thief@example.org", &visitor)
        .await;
    assert!(matches!(asked.unwrap(), AddressGiven::Sent));
    let waiting = desk.accounts.address_change(&session).await.unwrap();
    assert_eq!(waiting.as_deref(), Some("thief@example.org"));
    let code = code_to(&desk, "thief@example.org").await;
    let wrong = desk
        .accounts
        .change_address(&session, &another(&code), &visitor)
        .await;
    assert!(matches!(
        wrong.unwrap(),
        AddressChange::Wrong { tries_left: 4 }
    ));
    assert_eq!(
        address_of(&desk, "anna").await.as_deref(),
        Some("anna@example.org")
    );
    let changed = desk
        .accounts
        .change_address(&session, &code, &visitor)
        .await;
    assert!(matches!(changed.unwrap(), AddressChange::Changed));
    assert_eq!(desk.accounts.address_change(&session).await.unwrap(), None);
    let notice = desk.mail_to("anna@example.org").await;
    assert_eq!(notice.kind, "address_changed");
    assert!(!notice.text.contains("thief@example.org"));
    let undo = token_of(&notice.link.unwrap());
    let view = desk.accounts.look_at_undo(&undo).await.unwrap().unwrap();
    assert_eq!(
        (view.name.as_str(), view.address.as_str()),
        ("anna", "a…@example.org")
    );
    assert_eq!(view.instead_of.as_deref(), Some("t…@example.org"));
    assert!(desk.accounts.undo_address(&undo, &visitor).await.unwrap());
    assert_eq!(
        address_of(&desk, "anna").await.as_deref(),
        Some("anna@example.org")
    );
    let cookie = &signed_in.cookie;
    assert!(desk.accounts.web_session(cookie).await.unwrap().is_none());
    assert!(!desk.lives(&signed_in.token).await);
    assert!(did(&desk, "anna", &Activity::AddressUndone).await);
    assert!(!desk.accounts.undo_address(&undo, &visitor).await.unwrap());
}

#[tokio::test]
async fn r40_an_undo_link_is_too_old_after_seven_days_and_gives_nobody_elses_address_back() {
    let desk = Desk::open().await;
    let visitor = at_home();
    let anna = desk.with_address("anna", "anna@example.org").await;
    let session = desk.session(&anna.cookie).await;
    desk.prove(&session, "new@example.org").await;
    let first = token_of(&desk.mail_to("anna@example.org").await.link.unwrap());
    desk.clock.advance(Duration::from_mins(2));
    desk.with_address("kim", "anna@example.org").await;
    assert!(!desk.accounts.undo_address(&first, &visitor).await.unwrap());
    assert_eq!(
        address_of(&desk, "kim").await.as_deref(),
        Some("anna@example.org")
    );
    assert!(desk.accounts.look_at_undo(&first).await.unwrap().is_some());
    desk.clock.advance(Duration::from_hours(7 * 24));
    assert!(desk.accounts.look_at_undo(&first).await.unwrap().is_none());
}

#[tokio::test]
async fn r40_a_change_needs_a_fresh_proof_of_who_sits_there() {
    let desk = Desk::open().await;
    let visitor = at_home();
    let anna = desk.signed_in("anna", "anna-pass-1", "den").await;
    let session = desk.session(&anna.cookie).await;
    desk.clock.advance(Duration::from_mins(11));
    let asked = desk
        .accounts
        .ask_address_change(&session, "anna@example.org", &visitor)
        .await;
    assert!(matches!(asked.unwrap(), AddressGiven::Gone));
}

#[tokio::test]
async fn an_address_is_removed_where_none_is_required_and_the_old_one_is_told() {
    let desk = Desk::open().await;
    let visitor = at_home();
    let anna = desk.with_address("anna", "anna@example.org").await;
    let session = desk.session(&anna.cookie).await;
    let accounts = &desk.accounts;
    accounts
        .set_email_policy(Requirement::Required)
        .await
        .unwrap();
    assert_eq!(
        accounts.remove_address(&session, &visitor).await.unwrap(),
        AddressRemoval::Required
    );
    assert!(address_of(&desk, "anna").await.is_some());
    accounts
        .set_email_policy(Requirement::Optional)
        .await
        .unwrap();
    assert_eq!(
        accounts.remove_address(&session, &visitor).await.unwrap(),
        AddressRemoval::Done
    );
    assert_eq!(address_of(&desk, "anna").await, None);
    let notice = desk.mail_to("anna@example.org").await;
    assert_eq!(notice.kind, "address_changed");
    let undo = token_of(&notice.link.unwrap());
    assert!(accounts.undo_address(&undo, &visitor).await.unwrap());
    assert!(address_of(&desk, "anna").await.is_some());
}
