use std::time::Duration;

use usher_accounts::second_factor::{Enrollment, Flow, Removal, Shown};
use usher_accounts::sign_in::{Moved, WebSignIn};
use usher_domain::second_factor::{
    Demand, Enroll, FactorKind, FactorLevel, Methods, SecondFactorPolicy,
};
use usher_domain::sign_in::Step;

use super::{STEP, signed_in};
use crate::desk::{Desk, another, at_home};

#[tokio::test]
async fn r32_a_seed_counts_only_after_a_right_code_and_waits_ten_minutes() {
    for desk in Desk::open_all().await {
        let anna = desk.signed_in("anna", "anna-pass-1", "den").await;
        let session = desk.session(&anna.cookie).await;
        let flow = Flow::Account(&session);
        let (accounts, visitor) = (&desk.accounts, at_home());
        let seed = accounts.begin_totp(flow).await.unwrap().unwrap();
        assert!(seed.address.reveal().starts_with("otpauth://totp/"));
        let wrong = another(&desk.code(&seed));
        let refused = accounts.confirm_totp(flow, &wrong, "", &visitor).await;
        assert!(matches!(refused.unwrap(), Enrollment::Wrong));
        // Nothing is enrolled: the password alone signs in.
        desk.signed_in("anna", "anna-pass-1", "den").await;
        let session = desk.session(&anna.cookie).await;
        let flow = Flow::Account(&session);
        desk.clock.advance(Duration::from_mins(10));
        let late = accounts
            .confirm_totp(flow, &desk.code(&seed), "", &visitor)
            .await;
        assert!(matches!(late.unwrap(), Enrollment::Gone));
    }
}

#[tokio::test]
async fn r38_enrolling_and_removing_need_a_proof_that_is_fresh() {
    let desk = Desk::open().await;
    let (_, _, session) = desk.with_app("anna").await;
    let accounts = &desk.accounts;
    desk.clock.advance(Duration::from_mins(11));
    assert!(
        accounts
            .begin_totp(Flow::Account(&session))
            .await
            .unwrap()
            .is_none()
    );
    let security = accounts.security(&session).await.unwrap().unwrap();
    let id = security.factors[0].id;
    let removed = accounts.remove_factor(&session, id, &at_home()).await;
    assert_eq!(removed.unwrap(), Removal::StepUp);
    assert!(!accounts.rename_factor(&session, id, "Mine").await.unwrap());
    let codes = accounts.renew_recovery_codes(&session, &at_home()).await;
    assert!(codes.unwrap().is_none());
}

#[tokio::test]
async fn a_factor_is_named_and_removed_and_each_change_is_told() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        let (_, codes, session) = desk.with_app("anna").await;
        assert_eq!(codes.len(), 10);
        let (accounts, visitor) = (&desk.accounts, at_home());
        let security = accounts.security(&session).await.unwrap().unwrap();
        let id = security.factors[0].id;
        assert_eq!(security.factors[0].name, "Phone");
        assert!(
            accounts
                .rename_factor(&session, id, " Tablet\n")
                .await
                .unwrap()
        );
        let renewed = accounts.renew_recovery_codes(&session, &visitor).await;
        assert_eq!(renewed.unwrap().unwrap().len(), 10);
        let security = accounts.security(&session).await.unwrap().unwrap();
        assert_eq!(security.factors[0].name, "Tablet");
        let removed = accounts.remove_factor(&session, id, &visitor).await;
        assert_eq!(removed.unwrap(), Removal::Done);
        let again = accounts.remove_factor(&session, id, &visitor).await;
        assert_eq!(again.unwrap(), Removal::Unknown);
        let security = accounts.security(&session).await.unwrap().unwrap();
        assert_eq!(
            security.enrolled.recovery_codes, 0,
            "they stand in for nothing"
        );
        assert_eq!(desk.sent("factor_changed").await, 3);
        desk.signed_in("anna", "anna-pass-1", "laptop").await;
    }
}

#[tokio::test]
async fn r71_nobody_removes_a_factor_of_somebody_else() {
    let desk = Desk::open().await;
    let (_, _, hers) = desk.with_app("anna").await;
    let kim = desk.signed_in("kim", "kim-pass-1", "attic").await;
    let theirs = desk.session(&kim.cookie).await;
    let security = desk.accounts.security(&hers).await.unwrap().unwrap();
    let id = security.factors[0].id;
    let removed = desk.accounts.remove_factor(&theirs, id, &at_home()).await;
    assert_eq!(removed.unwrap(), Removal::Unknown);
    desk.asked_for_factor("anna").await;
}

#[tokio::test]
async fn whoever_must_have_a_factor_enrolls_one_at_the_next_sign_in() {
    for desk in Desk::open_all().await {
        let admin = desk.administrator().await;
        let policy = SecondFactorPolicy {
            demand: Demand::Everyone,
            from: Some(desk.accounts.now() + Duration::from_hours(24)),
            methods: Methods::default(),
        };
        let (accounts, visitor) = (&desk.accounts, at_home());
        let set = accounts.set_second_factor_policy(&admin, &policy, &visitor);
        set.await.unwrap();
        // Until the date it may be put off.
        let became = desk.web("anna", "anna-pass-1", "laptop").await;
        let WebSignIn::Next(cookie, Step::EnrollSecondFactor) = became else {
            panic!("{became:?}");
        };
        let view = accounts.enroll_view(&cookie).await.unwrap().unwrap();
        assert_eq!(view.owed, Enroll::MaySkip);
        assert_eq!(view.kinds, [FactorKind::Passkey, FactorKind::Totp]);
        let skipped = accounts.skip_enrollment(&cookie, &visitor).await.unwrap();
        assert!(matches!(skipped, Moved::Done(_)), "{skipped:?}");
        // Then it must be done.
        desk.clock.advance(Duration::from_hours(24));
        let became = desk.web("anna", "anna-pass-1", "laptop").await;
        let WebSignIn::Next(cookie, Step::EnrollSecondFactor) = became else {
            panic!("{became:?}");
        };
        let skipped = accounts.skip_enrollment(&cookie, &visitor).await.unwrap();
        assert!(matches!(skipped, Moved::Next(Step::EnrollSecondFactor)));
        let flow = Flow::SignIn(&cookie);
        let seed = accounts.begin_totp(flow).await.unwrap().unwrap();
        let code = desk.code(&seed);
        let enrolled = accounts.confirm_totp(flow, &code, "", &visitor).await;
        let Enrollment::Done {
            codes,
            moved: Some(moved),
        } = enrolled.unwrap()
        else {
            panic!("the app is enrolled");
        };
        assert_eq!(codes.len(), 10);
        assert!(matches!(*moved, Moved::Next(Step::KeepRecoveryCodes)));
        let remade = accounts
            .remake_recovery_codes(&cookie)
            .await
            .unwrap()
            .unwrap();
        let Moved::Done(anna) = accounts
            .keep_recovery_codes(&cookie, &visitor)
            .await
            .unwrap()
        else {
            panic!("anna is in");
        };
        assert_eq!(desk.session(&anna.cookie).await.level, FactorLevel::Strong);
        desk.clock.advance(STEP);
        // The codes that were shown first are worthless.
        let cookie = desk.asked_for_factor("anna").await;
        let old = desk
            .answer(&cookie, Shown::Recovery(&codes[0].grouped()))
            .await;
        assert!(matches!(
            old,
            usher_accounts::second_factor::FactorAnswer::Wrong { .. }
        ));
        signed_in(
            desk.answer(&cookie, Shown::Recovery(&remade[0].grouped()))
                .await,
        );
    }
}

#[tokio::test]
async fn the_last_factor_of_somebody_who_must_have_one_stays() {
    let desk = Desk::open().await;
    let admin = desk.administrator().await;
    let (_, _, session) = desk.with_app("anna").await;
    let policy = SecondFactorPolicy {
        demand: Demand::Everyone,
        from: None,
        methods: Methods::default(),
    };
    let (accounts, visitor) = (&desk.accounts, at_home());
    let set = accounts.set_second_factor_policy(&admin, &policy, &visitor);
    set.await.unwrap();
    let security = accounts.security(&session).await.unwrap().unwrap();
    let removed = accounts.remove_factor(&session, security.factors[0].id, &visitor);
    assert_eq!(removed.await.unwrap(), Removal::Demanded);
    desk.asked_for_factor("anna").await;
}
