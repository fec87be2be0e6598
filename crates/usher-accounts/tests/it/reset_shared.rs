//! "Forgot password" for an address that several accounts share.
use std::time::Duration;

use usher_accounts::admin::{Admin, Edited};
use usher_accounts::reset::{NewPassword, ResetAsked, ResetCode};
use usher_accounts::sign_in::WebSignIn;
use usher_domain::account::{Address, AddressProof};
use usher_domain::activity::Activity;
use usher_domain::address::EmailAddress;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_store::{Claim, KeptMail};

use crate::desk::{Desk, another, at_home, from, revoke_token, token_of};

const HOME: &str = "home@example.org";
const NEW: &str = "seven green lamps";

/// Gives these people one proven address together.
async fn share(desk: &Desk, names: &[&str]) {
    let home = Address {
        email: EmailAddress::parse(HOME).unwrap(),
        proof: AddressProof::Proven,
    };
    let tx = desk.store.begin().await.unwrap();
    for name in names {
        let id = desk.id(name);
        assert!(
            tx.set_address(id, Some(&home), Claim::Shared)
                .await
                .unwrap()
        );
    }
    tx.commit().await.unwrap();
}

async fn ask(desk: &Desk, typed: &str, address: &str) -> OpaqueToken {
    let visitor = from(address);
    let asked = desk.accounts.ask_reset(typed, None, "en", &visitor).await;
    let ResetAsked::Noted(flow) = asked.unwrap() else {
        panic!("it is noted");
    };
    flow
}

async fn answer(desk: &Desk, flow: &OpaqueToken, typed: &str) -> ResetCode {
    let accounts = &desk.accounts;
    let answered = accounts.answer_reset_code(flow, typed, &at_home()).await;
    answered.unwrap()
}

async fn choose(desk: &Desk, link: &OpaqueToken) -> NewPassword {
    let (password, visitor) = (SecretText::new(NEW), at_home());
    let accounts = &desk.accounts;
    let chosen = accounts.choose_new_password(link, &password, &visitor);
    chosen.await.unwrap()
}

async fn recovery_off(desk: &Desk, name: &str) {
    let (admin, id, visitor) = (Admin::on_the_server(), desk.id(name), at_home());
    let accounts = &desk.accounts;
    let off = accounts.set_recovery_off(&admin, id, true, &visitor).await;
    assert_eq!(off.unwrap(), Edited::Done);
}

/// The reset links of a mail, in the order in which they stand.
fn links(mail: &KeptMail) -> Vec<OpaqueToken> {
    let lines = mail.text.lines();
    lines
        .filter(|line| line.contains("/usher/reset#"))
        .map(token_of)
        .collect()
}

async fn is_dead(desk: &Desk, link: &OpaqueToken) -> bool {
    desk.accounts.look_at_reset(link).await.unwrap().is_none()
}

#[tokio::test]
async fn one_mail_names_every_account_of_a_shared_address_with_a_link_of_its_own_and_no_code() {
    for desk in Desk::open_all().await {
        share(&desk, &["anna", "kim"]).await;
        ask(&desk, "Home@Example.org", "192.0.2.1").await;
        let mail = desk.mail_to(HOME).await;
        assert_eq!((mail.kind.as_str(), mail.code.as_ref()), ("reset", None));
        assert_eq!(desk.sent("reset").await, 1);
        let [anna, kim] = links(&mail).try_into().unwrap();
        for (link, name) in [(&anna, "anna"), (&kim, "kim")] {
            assert!(mail.text.contains(&format!("for {name}:")), "{}", mail.text);
            let view = desk.accounts.look_at_reset(link).await.unwrap();
            assert_eq!(view.unwrap().name, name);
            let lines = desk.accounts.activities_of(desk.id(name), 9).await.unwrap();
            assert!(lines.iter().any(|line| line.what == Activity::ResetAsked));
        }
        assert!(matches!(choose(&desk, &kim).await, NewPassword::Set));
        let kims = desk.web("kim", NEW, "den").await;
        assert!(matches!(kims, WebSignIn::Done(_)));
        let annas = desk.web("anna", "anna-pass-1", "den").await;
        assert!(matches!(annas, WebSignIn::Done(_)), "hers is as it was");
        assert!(is_dead(&desk, &kim).await && !is_dead(&desk, &anna).await);
    }
}

#[tokio::test]
async fn r27_a_shared_address_gets_the_answers_of_every_question() {
    for desk in Desk::open_all().await {
        share(&desk, &["anna", "kim"]).await;
        let mut told = Vec::new();
        for typed in [HOME, "nobody@example.org"] {
            desk.standin.faults().forget_counts();
            let flow = ask(&desk, typed, "192.0.2.1").await;
            let mut answers = vec![format!("{}", desk.standin.faults().asked_in_all())];
            for _ in 0..6 {
                answers.push(format!("{:?}", answer(&desk, &flow, "123456").await));
            }
            let visitor = from("192.0.2.1");
            let again = desk.accounts.ask_reset(typed, Some(&flow), "en", &visitor);
            answers.push(format!("{:?}", again.await.unwrap()));
            told.push(answers);
        }
        assert_eq!(told[0], told[1]);
        // Another stranger who asks at once sees the same, and no second mail is sent.
        ask(&desk, HOME, "198.51.100.1").await;
        assert_eq!(desk.sent("reset").await, 1);
        assert!(desk.accounts.open_requests().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn accounts_without_recovery_are_left_out_and_the_last_one_gets_its_code() {
    for desk in Desk::open_all().await {
        share(&desk, &["anna", "kim"]).await;
        recovery_off(&desk, "kim").await;
        let flow = ask(&desk, HOME, "192.0.2.1").await;
        let mail = desk.mail_to(HOME).await;
        assert!(mail.text.contains("anna") && !mail.text.contains("kim"));
        let code = mail.code.unwrap();
        let wrong = answer(&desk, &flow, &another(&code)).await;
        assert!(matches!(wrong, ResetCode::Wrong { tries_left: 4 }));
        let ResetCode::Right(proof) = answer(&desk, &flow, &code).await else {
            panic!("the code is right");
        };
        let view = desk.accounts.look_at_reset(&proof).await.unwrap();
        assert_eq!(view.unwrap().name, "anna");
        recovery_off(&desk, "anna").await;
        desk.clock.advance(Duration::from_mins(2));
        ask(&desk, HOME, "192.0.2.1").await;
        assert_eq!(desk.sent("reset").await, 1);
        // As for nobody: who of them it was cannot be told.
        assert!(desk.accounts.open_requests().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn r14_a_newer_question_kills_the_older_links_of_every_account() {
    let desk = Desk::open().await;
    share(&desk, &["anna", "kim"]).await;
    ask(&desk, HOME, "192.0.2.1").await;
    let older = links(&desk.mail_to(HOME).await);
    desk.clock.advance(Duration::from_mins(2));
    ask(&desk, HOME, "192.0.2.1").await;
    let newer = links(&desk.mail_to(HOME).await);
    assert_eq!((older.len(), newer.len()), (2, 2));
    for (old, new) in older.iter().zip(&newer) {
        assert!(is_dead(&desk, old).await && !is_dead(&desk, new).await);
    }
}

#[tokio::test]
async fn r10_this_was_not_me_kills_the_links_of_every_account_of_the_mail() {
    for desk in Desk::open_all().await {
        share(&desk, &["anna", "kim"]).await;
        ask(&desk, HOME, "192.0.2.1").await;
        let mail = desk.mail_to(HOME).await;
        let revoked = desk.accounts.revoke(&revoke_token(&mail), &at_home()).await;
        assert!(revoked.unwrap());
        for (link, name) in links(&mail).iter().zip(["anna", "kim"]) {
            assert!(is_dead(&desk, link).await, "{name}");
            let lines = desk.accounts.activities_of(desk.id(name), 9).await.unwrap();
            let noted = lines
                .iter()
                .any(|line| line.what == Activity::AttemptRevoked);
            assert!(noted, "{name}");
        }
    }
}

#[tokio::test]
async fn a_shared_address_cannot_be_typed_for_a_name_and_the_name_gets_a_code_of_its_own() {
    let desk = Desk::open().await;
    share(&desk, &["anna", "kim"]).await;
    let became = desk.web(HOME, "anna-pass-1", "den").await;
    assert!(matches!(became, WebSignIn::Wrong), "{became:?}");
    let flow = ask(&desk, "kim", "192.0.2.1").await;
    let mail = desk.mail_to(HOME).await;
    assert!(mail.text.contains("kim") && !mail.text.contains("anna"));
    let right = answer(&desk, &flow, &mail.code.unwrap()).await;
    assert!(matches!(right, ResetCode::Right(_)), "{right:?}");
}
