//! What is tried at a profile's seat, where anybody may sit, and what was proved before it was taken.
use std::time::Duration;

use usher_accounts::me::StepUp;
use usher_accounts::profiles::{Chooser, Key, Seated};
use usher_accounts::second_factor::{CodeSent, Enrollment, FactorAnswer, Flow, Seed, Shown};
use usher_accounts::sign_in::{Moved, WebSignIn};
use usher_domain::profile::Profile;
use usher_domain::profile::pin::Watcher;
use usher_domain::secret::SecretText;
use usher_domain::sign_in::Step;
use usher_store::WebSession;

use super::{anna, child, home, make};
use crate::desk::{Desk, another};

/// A browser that is signed in goes over to a seat before which no PIN stands.
async fn goes_to(desk: &Desk, session: &WebSession, seat: Watcher) -> WebSession {
    let chooser = Chooser::Browser(session);
    match desk.seat(chooser, seat, Key::None).await {
        Seated::Done(signed_in) => desk.session(&signed_in.cookie).await,
        other => panic!("nobody sits: {other:?}"),
    }
}

async fn at_kids(desk: &Desk, kids: &Profile) -> WebSession {
    let session = anna(desk).await;
    goes_to(desk, &session, Watcher::Profile(kids.id)).await
}

/// Signs `anna` in with her authenticator app, at her own seat.
async fn with_factor(desk: &Desk, seed: &Seed) -> WebSession {
    let became = desk.web("anna", "anna-pass-1", "laptop").await;
    let WebSignIn::Next(cookie, Step::SecondFactor) = became else {
        panic!("no factor is asked for: {became:?}");
    };
    let code = desk.code(seed);
    let shown = Shown::Totp(&code);
    let shown = desk.accounts.show_factor(&cookie, shown, false, home());
    let FactorAnswer::Right(moved) = shown.await.unwrap() else {
        panic!("the factor is right");
    };
    let Moved::Next(Step::ChooseProfile) = *moved else {
        panic!("no seat is asked for: {moved:?}");
    };
    let chooser = Chooser::SignIn(&cookie);
    match desk.seat(chooser, Watcher::Owner, Key::None).await {
        Seated::Moved(Moved::Done(signed_in)) => desk.session(&signed_in.cookie).await,
        other => panic!("nobody sits: {other:?}"),
    }
}

async fn shows(desk: &Desk, session: &WebSession, shown: Shown<'_>) -> StepUp {
    let became = desk.accounts.step_up_by_factor(session, shown, home());
    became.await.unwrap()
}

#[tokio::test]
async fn r20_wrong_factors_at_a_profiles_seat_cost_that_browser_alone() {
    for desk in Desk::open_all().await {
        let kids = make(&desk, &anna(&desk).await, &child("Kids")).await;
        let child = at_kids(&desk, &kids).await;
        let (seed, codes, _) = desk.with_app("anna").await;
        let owner = with_factor(&desk, &seed).await;
        desk.clock.advance(Duration::from_mins(1));
        let wrong = another(&desk.code(&seed));
        for _ in 0..10 {
            let became = shows(&desk, &child, Shown::Totp(&wrong)).await;
            assert!(matches!(became, StepUp::Wrong), "{became:?}");
        }
        let right = desk.code(&seed);
        let became = shows(&desk, &child, Shown::Totp(&right)).await;
        assert!(matches!(became, StepUp::Wait(_)), "{became:?}");
        let became = shows(&desk, &owner, Shown::Totp(&right)).await;
        assert!(matches!(became, StepUp::Done(_)), "{became:?}");
        // A recovery code helps there, too, and what was wrong is forgotten.
        let recovery = codes.first().unwrap().reveal().to_owned();
        let became = shows(&desk, &child, Shown::Recovery(&recovery)).await;
        assert!(matches!(became, StepUp::Done(_)), "{became:?}");
        desk.clock.advance(Duration::from_mins(1));
        let right = desk.code(&seed);
        let became = shows(&desk, &child, Shown::Totp(&right)).await;
        assert!(matches!(became, StepUp::Done(_)), "{became:?}");
    }
}

#[tokio::test]
async fn r21_wrong_passwords_at_a_profiles_seat_cost_that_browser_alone() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let child = at_kids(&desk, &kids).await;
        let (wrong, right) = (SecretText::new("guess"), SecretText::new("anna-pass-1"));
        for _ in 0..5 {
            let became = desk.accounts.step_up(&child, &wrong, home()).await;
            assert!(matches!(became.unwrap(), StepUp::Wrong));
        }
        let became = desk.accounts.step_up(&child, &right, home()).await;
        assert!(matches!(became.unwrap(), StepUp::Wait(_)));
        let became = desk.accounts.step_up(&owner, &right, home()).await;
        assert!(matches!(became.unwrap(), StepUp::Done(_)));
    }
}

#[tokio::test]
async fn codes_that_are_mailed_for_a_profiles_seat_are_missing_nowhere_else() {
    for desk in Desk::open_all().await {
        let signed_in = desk.with_address("anna", "anna@example.org").await;
        let owner = desk.session(&signed_in.cookie).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let child = at_kids(&desk, &kids).await;
        let enrolled = desk.accounts.enroll_mail(Flow::Account(&owner), home());
        assert!(matches!(enrolled.await.unwrap(), Enrollment::Done { .. }));
        let send = |session| desk.accounts.send_step_up_code(session, home());
        assert_eq!(send(&owner).await.unwrap(), CodeSent::Sent);
        let code = desk.mail_to("anna@example.org").await.code.unwrap();
        assert_eq!(send(&child).await.unwrap(), CodeSent::Sent);
        let waits = send(&child).await.unwrap();
        assert!(matches!(waits, CodeSent::Wait(_)), "{waits:?}");
        // The owner's code is good all the same.
        let became = shows(&desk, &owner, Shown::Mail(&code)).await;
        assert!(matches!(became, StepUp::Done(_)), "{became:?}");
    }
}

#[tokio::test]
async fn a_factor_of_the_sign_in_lets_no_screen_in_any_more_once_a_profiles_seat_was_taken() {
    for desk in Desk::open_all().await {
        let kids = make(&desk, &anna(&desk).await, &child("Kids")).await;
        let (seed, _, _) = desk.with_app("anna").await;
        let owner = with_factor(&desk, &seed).await;
        desk.clock.advance(Duration::from_hours(2));
        let owes = |session| desk.accounts.must_prove_for_screen(session);
        assert!(!owes(&owner).await.unwrap(), "it counts for twelve hours");
        let child = goes_to(&desk, &owner, Watcher::Profile(kids.id)).await;
        assert!(owes(&child).await.unwrap());
        // Nobody set a PIN, so anybody at this browser takes the owner's seat.
        let back = goes_to(&desk, &child, Watcher::Owner).await;
        assert!(owes(&back).await.unwrap());
        let code = desk.code(&seed);
        let became = shows(&desk, &back, Shown::Totp(&code)).await;
        let StepUp::Done(cookie) = became else {
            panic!("the factor is right: {became:?}");
        };
        assert!(!owes(&desk.session(&cookie).await).await.unwrap());
    }
}
