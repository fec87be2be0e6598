use std::time::Duration;

use usher_accounts::me::StepUp;
use usher_accounts::second_factor::{CodeSent, FactorAnswer, Shown};
use usher_accounts::sign_in::WebSignIn;
use usher_domain::activity::{Activity, Door};
use usher_domain::second_factor::{FactorKind, FactorLevel};
use usher_domain::sign_in::Step;

use super::{STEP, signed_in};
use crate::desk::{Desk, another, at_home, revoke_token};

#[tokio::test]
async fn r45_before_the_factor_there_is_no_session_and_no_token() {
    for desk in Desk::open_all().await {
        let (seed, _, _) = desk.with_app("anna").await;
        let before = desk.tokens_upstream("anna");
        let cookie = desk.asked_for_factor("anna").await;
        assert_eq!(desk.tokens_upstream("anna"), before);
        assert_eq!(desk.accounts.web_session(&cookie).await.unwrap(), None);
        let code = desk.code(&seed);
        let anna = signed_in(desk.answer(&cookie, Shown::Totp(&code)).await);
        let session = desk.session(&anna.cookie).await;
        assert_eq!(session.level, FactorLevel::Strong);
        assert!(desk.lives(&anna.token).await);
        let again = desk.answer(&cookie, Shown::Totp(&code)).await;
        assert!(matches!(again, FactorAnswer::Gone));
    }
}

#[tokio::test]
async fn r32_a_code_of_an_app_is_good_once_and_in_its_own_half_minute() {
    let desk = Desk::open().await;
    let (seed, _, _) = desk.with_app("anna").await;
    let (first, second) = (
        desk.asked_for_factor("anna").await,
        desk.asked_for_factor("anna").await,
    );
    let code = desk.code(&seed);
    signed_in(desk.answer(&first, Shown::Totp(&code)).await);
    let replayed = desk.answer(&second, Shown::Totp(&code)).await;
    assert!(
        matches!(replayed, FactorAnswer::Wrong { .. }),
        "{replayed:?}"
    );
    let old = desk.code(&seed);
    desk.clock.advance(STEP * 3);
    let late = desk.answer(&second, Shown::Totp(&old)).await;
    assert!(matches!(late, FactorAnswer::Wrong { .. }), "{late:?}");
    for typed in ["", "12345", "abcdef", "１２３４５６"] {
        let unread = desk.answer(&second, Shown::Totp(typed)).await;
        assert!(matches!(unread, FactorAnswer::NotACode), "{typed}");
    }
    signed_in(desk.answer(&second, Shown::Totp(&desk.code(&seed))).await);
}

#[tokio::test]
async fn r20_ten_wrong_factors_wait_whatever_the_sign_in_and_a_recovery_code_still_helps() {
    let desk = Desk::open().await;
    let (seed, codes, _) = desk.with_app("anna").await;
    let wrong = another(&desk.code(&seed));
    for _ in 0..5 {
        let cookie = desk.asked_for_factor("anna").await;
        for _ in 0..2 {
            let answer = desk.answer(&cookie, Shown::Totp(&wrong)).await;
            assert!(matches!(answer, FactorAnswer::Wrong { .. }), "{answer:?}");
        }
    }
    let cookie = desk.asked_for_factor("anna").await;
    let right = desk.code(&seed);
    let answer = desk.answer(&cookie, Shown::Totp(&right)).await;
    assert!(matches!(answer, FactorAnswer::Wait(_)), "{answer:?}");
    let refused = Activity::FactorRefused { door: Door::Web };
    let lines = desk.accounts.activities_of(desk.id("anna"), 99).await;
    let refusals = lines
        .unwrap()
        .iter()
        .filter(|line| line.what == refused)
        .count();
    assert_eq!(refusals, 10);
    let code = codes[0].grouped();
    signed_in(desk.answer(&cookie, Shown::Recovery(&code)).await);
    desk.clock.advance(Duration::from_mins(15));
    let cookie = desk.asked_for_factor("anna").await;
    signed_in(desk.answer(&cookie, Shown::Totp(&desk.code(&seed))).await);
}

#[tokio::test]
async fn r20_a_hundred_wrong_factors_close_them_all_until_a_recovery_code_opens_them_again() {
    for desk in Desk::open_all().await {
        let (seed, codes, session) = desk.with_app("anna").await;
        let accounts = &desk.accounts;
        let show = async |shown: Shown<'_>| {
            let visitor = at_home();
            let proved = accounts.step_up_by_factor(&session, shown, &visitor);
            proved.await.unwrap()
        };
        let mut wrong = 0;
        while wrong < 100 {
            let code = another(&desk.code(&seed));
            match show(Shown::Totp(&code)).await {
                StepUp::Wrong => wrong += 1,
                StepUp::Wait(span) => desk.clock.advance(span),
                other => panic!("{other:?}"),
            }
        }
        // Whoever waits until other counts are forgotten gets no hundred more.
        for days in [0, 4] {
            desk.clock.advance(Duration::from_hours(24 * days));
            accounts.forget_what_is_over().await.unwrap();
            let right = desk.code(&seed);
            let closed = show(Shown::Totp(&right)).await;
            assert!(matches!(closed, StepUp::Closed), "{days}: {closed:?}");
        }
        let code = codes[0].grouped();
        let recovered = show(Shown::Recovery(&code)).await;
        assert!(matches!(recovered, StepUp::Done(_)), "{recovered:?}");
        let right = desk.code(&seed);
        let opened = show(Shown::Totp(&right)).await;
        assert!(matches!(opened, StepUp::Done(_)), "{opened:?}");
    }
}

#[tokio::test]
async fn r35_a_recovery_code_signs_in_once_and_leaves_the_factor_as_it_is() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        let (_, codes, _) = desk.with_app("anna").await;
        let code = codes[3].grouped().to_lowercase();
        let cookie = desk.asked_for_factor("anna").await;
        let view = desk.accounts.factor_view(&cookie).await.unwrap().unwrap();
        assert_eq!(
            (view.kinds, view.recovery_codes),
            (vec![FactorKind::Totp], 10)
        );
        let anna = signed_in(desk.answer(&cookie, Shown::Recovery(&code)).await);
        assert_eq!(
            desk.session(&anna.cookie).await.level,
            FactorLevel::Recovery
        );
        let mails = desk.mails().await;
        let mut used = mails
            .iter()
            .filter(|mail| mail.kind == "recovery_code_used");
        let mail = used.next().unwrap();
        assert_eq!(mail.recipient, "anna@example.org");
        assert!(mail.text.contains("9 are left"), "{}", mail.text);
        let cookie = desk.asked_for_factor("anna").await;
        let again = desk.answer(&cookie, Shown::Recovery(&code)).await;
        assert!(matches!(again, FactorAnswer::Wrong { .. }), "{again:?}");
    }
}

#[tokio::test]
async fn codes_by_mail_are_sent_at_once_where_there_is_nothing_else_and_are_bound_to_the_sign_in() {
    for desk in Desk::open_all().await {
        desk.with_mail_codes("anna", "anna@example.org").await;
        let cookie = desk.asked_for_factor("anna").await;
        let mail = desk.mail_to("anna@example.org").await;
        assert_eq!(mail.kind, "sign_in_code");
        let code = mail.code.clone().unwrap();
        let again = desk.accounts.send_factor_code(&cookie, &at_home()).await;
        assert!(matches!(again.unwrap(), CodeSent::Wait(_)));
        // Another sign-in of the same account: the code is not its own, and its own takes the former's place.
        desk.clock.advance(Duration::from_mins(2));
        let other = desk.asked_for_factor("anna").await;
        let foreign = desk.answer(&other, Shown::Mail(&code)).await;
        assert!(matches!(foreign, FactorAnswer::Wrong { .. }), "{foreign:?}");
        let dead = desk.answer(&cookie, Shown::Mail(&code)).await;
        assert!(matches!(dead, FactorAnswer::Dead), "{dead:?}");
        let code = desk.mail_to("anna@example.org").await.code.unwrap();
        let wrong = desk.answer(&other, Shown::Mail(&another(&code))).await;
        let FactorAnswer::Wrong { tries_left } = wrong else {
            panic!("{wrong:?}");
        };
        assert_eq!(tries_left, Some(3));
        let anna = signed_in(desk.answer(&other, Shown::Mail(&code)).await);
        assert_eq!(desk.session(&anna.cookie).await.level, FactorLevel::Mail);
    }
}

#[tokio::test]
async fn r3_a_code_by_mail_runs_out_after_ten_minutes() {
    let desk = Desk::open().await;
    desk.with_mail_codes("anna", "anna@example.org").await;
    let cookie = desk.asked_for_factor("anna").await;
    let code = desk.mail_to("anna@example.org").await.code.unwrap();
    desk.clock.advance(Duration::from_mins(10));
    let late = desk.answer(&cookie, Shown::Mail(&code)).await;
    assert!(matches!(late, FactorAnswer::Dead), "{late:?}");
}

#[tokio::test]
async fn r10_this_was_not_me_ends_the_sign_in() {
    let desk = Desk::open().await;
    desk.with_mail_codes("anna", "anna@example.org").await;
    let cookie = desk.asked_for_factor("anna").await;
    let mail = desk.mail_to("anna@example.org").await;
    let revoke = revoke_token(&mail);
    assert!(desk.accounts.revoke(&revoke, &at_home()).await.unwrap());
    let code = mail.code.unwrap();
    let answer = desk.answer(&cookie, Shown::Mail(&code)).await;
    assert!(matches!(answer, FactorAnswer::Gone), "{answer:?}");
}

#[tokio::test]
async fn r73_while_mail_is_dead_a_recovery_code_signs_in_and_no_code_is_promised() {
    let desk = Desk::open_without_mail().await;
    desk.confirm_mail().await;
    let codes = desk.with_mail_codes("anna", "anna@example.org").await;
    // A code that waits for over a minute says that mail does not leave.
    desk.asked_for_factor("anna").await;
    desk.clock.advance(Duration::from_mins(2));
    let cookie = desk.asked_for_factor("anna").await;
    let view = desk.accounts.factor_view(&cookie).await.unwrap().unwrap();
    assert!(!view.mail_works);
    let sent = desk.accounts.send_factor_code(&cookie, &at_home()).await;
    assert_eq!(sent.unwrap(), CodeSent::NoMail);
    let code = codes[0].grouped();
    signed_in(desk.answer(&cookie, Shown::Recovery(&code)).await);
}

#[tokio::test]
async fn r36_a_trusted_browser_skips_the_factor_for_thirty_days_and_no_step_up() {
    for desk in Desk::open_all().await {
        let trust = desk.trusted("anna").await;
        let WebSignIn::Done(anna) = desk.web_trusted("anna", &trust).await else {
            panic!("the browser is trusted");
        };
        let session = desk.session(&anna.cookie).await;
        assert_eq!(session.level, FactorLevel::Trusted);
        assert!(!desk.accounts.is_fresh(&session), "trust is no proof");
        let next = anna.trusted.unwrap();
        let other = desk.web_trusted("kim", &next).await;
        assert!(
            matches!(other, WebSignIn::Done(_)),
            "kim has no factor: {other:?}"
        );
        desk.clock.advance(Duration::from_hours(30 * 24));
        let late = desk.web_trusted("anna", &next).await;
        assert!(
            matches!(late, WebSignIn::Next(_, Step::SecondFactor)),
            "{late:?}"
        );
    }
}

#[tokio::test]
async fn r36_a_spent_cookie_of_trust_ends_all_trust_and_is_told() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    let stolen = desk.trusted("anna").await;
    let WebSignIn::Done(anna) = desk.web_trusted("anna", &stolen).await else {
        panic!("the browser is trusted");
    };
    let next = anna.trusted.unwrap();
    desk.clock.advance(Duration::from_mins(2));
    let thief = desk.web_trusted("anna", &stolen).await;
    assert!(
        matches!(thief, WebSignIn::Next(_, Step::SecondFactor)),
        "{thief:?}"
    );
    assert_eq!(desk.sent("trust_ended").await, 1);
    let owner = desk.web_trusted("anna", &next).await;
    assert!(
        matches!(owner, WebSignIn::Next(_, Step::SecondFactor)),
        "{owner:?}"
    );
}
