use std::time::Duration;

use usher_accounts::address::AddressRemoval;
use usher_accounts::me::{PasswordChange, Proof, StepUp};
use usher_accounts::reset::{NewPassword, ResetAsked, ResetCode, ResetFactor};
use usher_accounts::second_factor::{CodeSent, Shown};
use usher_accounts::sign_in::WebSignIn;
use usher_domain::second_factor::{FactorLevel, FactorRule};
use usher_domain::secret::SecretText;
use usher_domain::sign_in::Step;
use usher_standin::Fault;

use super::{STEP, signed_in};
use crate::desk::{Desk, another, at_home};

const NEW: &str = "seven green lamps";

#[tokio::test]
async fn r38_a_step_up_asks_for_the_strongest_factor_and_the_password_proves_nothing() {
    for desk in Desk::open_all().await {
        let (seed, codes, session) = desk.with_app("anna").await;
        let (accounts, visitor) = (&desk.accounts, at_home());
        let view = accounts.proof_view(&session).await.unwrap().unwrap();
        let strong = Proof::Strong {
            totp: true,
            passkey: false,
        };
        assert_eq!(view.proof, strong);
        let password = SecretText::new("anna-pass-1");
        let by_password = accounts.step_up(&session, &password, &visitor).await;
        assert!(matches!(by_password.unwrap(), StepUp::Wrong));
        let sent = accounts.send_step_up_code(&session, &visitor).await;
        assert_eq!(sent.unwrap(), CodeSent::NoMail);
        let wrong = another(&desk.code(&seed));
        let shown = Shown::Totp(&wrong);
        let refused = accounts.step_up_by_factor(&session, shown, &visitor).await;
        assert!(matches!(refused.unwrap(), StepUp::Wrong));
        let code = desk.code(&seed);
        let shown = Shown::Totp(&code);
        let proved = accounts.step_up_by_factor(&session, shown, &visitor).await;
        let StepUp::Done(cookie) = proved.unwrap() else {
            panic!("the code is right");
        };
        let session = desk.session(&cookie).await;
        assert_eq!(session.proved_level, FactorLevel::Strong);
        let code = codes[0].grouped();
        let shown = Shown::Recovery(&code);
        let proved = accounts.step_up_by_factor(&session, shown, &visitor).await;
        assert!(matches!(proved.unwrap(), StepUp::Done(_)));
    }
}

#[tokio::test]
async fn a_step_up_by_mail_is_for_those_whose_only_factor_it_is() {
    let desk = Desk::open().await;
    desk.with_mail_codes("anna", "anna@example.org").await;
    let cookie = desk.asked_for_factor("anna").await;
    let sign_in_code = desk.mail_to("anna@example.org").await.code.unwrap();
    let anna = signed_in(desk.answer(&cookie, Shown::Mail(&sign_in_code)).await);
    let session = desk.session(&anna.cookie).await;
    desk.clock.advance(Duration::from_mins(2));
    let (accounts, visitor) = (&desk.accounts, at_home());
    let sent = accounts.send_step_up_code(&session, &visitor).await;
    assert_eq!(sent.unwrap(), CodeSent::Sent);
    let mail = desk.mail_to("anna@example.org").await;
    assert_eq!(mail.kind, "step_up_code");
    let code = mail.code.unwrap();
    // A code for a step-up is none for a sign-in (R2).
    let other = desk.asked_for_factor("anna").await;
    let crossed = desk.answer(&other, Shown::Mail(&code)).await;
    assert!(!matches!(
        crossed,
        usher_accounts::second_factor::FactorAnswer::Right(_)
    ));
    let shown = Shown::Mail(&code);
    let proved = accounts.step_up_by_factor(&session, shown, &visitor).await;
    assert!(matches!(proved.unwrap(), StepUp::Done(_)));
}

#[tokio::test]
async fn r38_the_own_password_is_changed_only_after_the_factor_was_shown() {
    let desk = Desk::open().await;
    let (seed, _, session) = desk.with_app("anna").await;
    let (accounts, visitor) = (&desk.accounts, at_home());
    let (old, new) = (SecretText::new("anna-pass-1"), SecretText::new(NEW));
    let early = accounts
        .change_password(&session, &old, &new, &visitor)
        .await;
    assert!(matches!(early.unwrap(), PasswordChange::StepUp));
    let code = desk.code(&seed);
    let shown = Shown::Totp(&code);
    let proved = accounts.step_up_by_factor(&session, shown, &visitor).await;
    let StepUp::Done(cookie) = proved.unwrap() else {
        panic!("the code is right");
    };
    let session = desk.session(&cookie).await;
    let changed = accounts
        .change_password(&session, &old, &new, &visitor)
        .await;
    assert!(matches!(changed.unwrap(), PasswordChange::Done(_)));
}

#[tokio::test]
async fn r16_a_reset_asks_for_the_stronger_factor_before_a_new_password() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        let (seed, codes, _) = desk.with_app("anna").await;
        let (accounts, visitor) = (&desk.accounts, at_home());
        let asked = accounts
            .ask_reset("anna", None, "en", &visitor)
            .await
            .unwrap();
        let ResetAsked::Noted(flow) = asked else {
            panic!("a mail is on its way");
        };
        let code = desk.mail_to("anna@example.org").await.code.unwrap();
        let answered = accounts.answer_reset_code(&flow, &code, &visitor).await;
        let ResetCode::Right(proof) = answered.unwrap() else {
            panic!("the code is right");
        };
        let view = accounts.look_at_reset(&proof).await.unwrap().unwrap();
        assert!(view.asks.is_some());
        let new = SecretText::new(NEW);
        let early = accounts.choose_new_password(&proof, &new, &visitor).await;
        assert!(matches!(early.unwrap(), NewPassword::FactorFirst));
        let wrong = another(&desk.code(&seed));
        let shown = accounts.show_reset_factor(&proof, &wrong, &visitor).await;
        assert_eq!(shown.unwrap(), ResetFactor::Wrong);
        let shown = accounts
            .show_reset_factor(&proof, &codes[0].grouped(), &visitor)
            .await;
        assert_eq!(shown.unwrap(), ResetFactor::Right);
        // A fault of Jellyfin's does not cost another factor (R7).
        let path = "/Users/Password";
        desk.standin.faults().set(path, Fault::Status(503));
        let failed = accounts.choose_new_password(&proof, &new, &visitor).await;
        assert!(failed.is_err());
        desk.standin.faults().lift(path);
        let set = accounts.choose_new_password(&proof, &new, &visitor).await;
        assert!(matches!(set.unwrap(), NewPassword::Set));
        // The factor is still there (R16).
        desk.clock.advance(STEP);
        let became = desk.web("anna", NEW, "laptop").await;
        let step = usher_domain::sign_in::Step::SecondFactor;
        assert!(matches!(
            became,
            usher_accounts::sign_in::WebSignIn::Next(_, at) if at == step
        ));
    }
}

#[tokio::test]
async fn r38_what_another_browser_proved_before_a_factor_was_added_counts_no_more() {
    for desk in Desk::open_all().await {
        let before = desk.signed_in("anna", "anna-pass-1", "elsewhere").await;
        let before = desk.session(&before.cookie).await;
        assert!(desk.accounts.is_fresh(&before));
        let (_, _, own) = desk.with_app("anna").await;
        let sessions = desk.accounts.web_sessions(own.account).await.unwrap();
        let is_fresh = |id| {
            let session = sessions.iter().find(|session| session.id == id).unwrap();
            desk.accounts.is_fresh(session)
        };
        assert!(!is_fresh(before.id));
        assert!(is_fresh(own.id));
    }
}

#[tokio::test]
async fn codes_by_mail_go_with_their_address_unless_a_factor_is_demanded() {
    for desk in Desk::open_all().await {
        desk.with_mail_codes("anna", "anna@example.org").await;
        let (accounts, visitor) = (&desk.accounts, at_home());
        let account = desk.account("anna").await;
        let sessions = accounts.web_sessions(account.id).await.unwrap();
        let session = &sessions[0];
        let admin = desk.administrator().await;
        let demanded = FactorRule::Required(accounts.now());
        for (rule, expected) in [
            (demanded, AddressRemoval::FactorDemanded),
            (FactorRule::Inherit, AddressRemoval::Done),
        ] {
            let set = accounts.set_factor_rule(&admin, account.id, rule, &visitor);
            set.await.unwrap();
            let removed = accounts.remove_address(session, &visitor).await.unwrap();
            assert_eq!(removed, expected);
        }
        // Of the factor that was added, and of the one that went.
        assert_eq!(desk.sent("factor_changed").await, 2);
        let became = desk.web("anna", "anna-pass-1", "laptop").await;
        let is_asked = matches!(became, WebSignIn::Next(_, Step::SecondFactor));
        assert!(!is_asked, "{became:?}");
    }
}
