//! Sign-ins that were left at the second factor.
use std::time::Duration;

use usher_accounts::second_factor::{Enrollment, FactorAnswer, Flow, Shown};
use usher_accounts::sign_in::WebSignIn;
use usher_domain::activity::{Activity, Door};
use usher_domain::secret::OpaqueToken;
use usher_domain::sign_in::Step;

use crate::desk::{Desk, at_home};

const ANNA: &str = "anna@example.org";
const MINUTE: Duration = Duration::from_mins(1);

/// Anna has codes by mail.
async fn with_codes(desk: &Desk) {
    let signed_in = desk.with_address("anna", ANNA).await;
    let session = desk.session(&signed_in.cookie).await;
    let flow = Flow::Account(&session);
    let enrolled = desk.accounts.enroll_mail(flow, &at_home()).await.unwrap();
    assert!(matches!(enrolled, Enrollment::Done { .. }), "{enrolled:?}");
}

/// The right password; the factor is asked for.
async fn begin(desk: &Desk) -> OpaqueToken {
    match desk.web("anna", "anna-pass-1", "den").await {
        WebSignIn::Next(cookie, Step::SecondFactor) => cookie,
        other => panic!("{other:?}"),
    }
}

async fn told(desk: &Desk) -> usize {
    desk.accounts.tell_unfinished().await.unwrap();
    desk.sent("second_factor_unfinished").await
}

#[tokio::test]
async fn r39_a_sign_in_that_was_left_is_told_after_three_minutes_and_once_an_hour() {
    for desk in Desk::open_all().await {
        with_codes(&desk).await;
        begin(&desk).await;
        desk.clock.advance(2 * MINUTE);
        // Another press does not wind the clock back.
        begin(&desk).await;
        assert_eq!(told(&desk).await, 0);
        desk.clock.advance(MINUTE);
        assert_eq!(told(&desk).await, 1);
        desk.clock.advance(4 * MINUTE);
        assert_eq!(told(&desk).await, 1);
        let lines = desk.accounts.activities_of(desk.id("anna"), 50).await;
        let left = Activity::FactorUnfinished { door: Door::Web };
        let lines = lines.unwrap().into_iter();
        assert_eq!(lines.filter(|line| line.what == left).count(), 1);
        desk.clock.advance(60 * MINUTE);
        begin(&desk).await;
        desk.clock.advance(3 * MINUTE);
        assert_eq!(told(&desk).await, 2);
        desk.accounts.forget_what_is_over().await.unwrap();
        assert_eq!(told(&desk).await, 2);
    }
}

#[tokio::test]
async fn r39_a_sign_in_that_was_finished_is_not_told() {
    for desk in Desk::open_all().await {
        with_codes(&desk).await;
        let cookie = begin(&desk).await;
        let visitor = at_home();
        let accounts = &desk.accounts;
        let code = desk.mail_to(ANNA).await.code.unwrap();
        let shown = accounts
            .show_factor(&cookie, Shown::Mail(&code), false, &visitor)
            .await
            .unwrap();
        assert!(matches!(shown, FactorAnswer::Right(_)), "{shown:?}");
        desk.clock.advance(10 * MINUTE);
        assert_eq!(told(&desk).await, 0);
    }
}
