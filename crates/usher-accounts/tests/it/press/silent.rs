//! Apps that die without a word while their answer is held.
use std::time::Duration;

use futures_util::future::join_all;
use usher_accounts::sign_in::AppSignIn;
use usher_domain::secret::SecretText;

use super::is_let_in;
use crate::desk::{Desk, at_home, from};

/// After so long an unused token counts as lost.
const LOST: Duration = Duration::from_secs(20);

impl Desk {
    /// Anna's answer on the television is held and approved. Answers its token, which nobody may ever receive.
    async fn held(&self) -> SecretText {
        self.with_mail().await;
        let waiting = self.waits("tv").await;
        let held = self.accounts.hold_answer(waiting);
        let (held, ()) = tokio::join!(held, self.approve_mail());
        token_in(&held.unwrap())
    }

    async fn mailed(&self) -> usize {
        self.sent("sign_in_code").await
    }
}

fn token_in(answer: &AppSignIn) -> SecretText {
    let AppSignIn::Answer(body) = answer else {
        panic!("the app is let in: {answer:?}");
    };
    let body: serde_json::Value = serde_json::from_slice(body).unwrap();
    SecretText::new(body["AccessToken"].as_str().unwrap())
}

#[tokio::test]
async fn the_approval_of_an_app_that_died_while_it_waited_lets_its_next_press_through_once() {
    for desk in Desk::open_all().await {
        let lost = Box::pin(desk.held()).await;
        assert!(matches!(desk.press("tv").await, AppSignIn::Refused));
        desk.clock.advance(LOST);
        let token = token_in(&desk.press("tv").await);
        assert!(desk.lives(&token).await);
        assert!(!desk.lives(&lost).await);
        assert_eq!(desk.tokens_on("tv").await.len(), 1);
        assert_eq!(desk.mailed().await, 1);
        // What a press of its own was answered counts as received.
        desk.clock.advance(2 * LOST);
        assert!(matches!(desk.press("tv").await, AppSignIn::Waits(_)));
        assert!(desk.lives(&token).await);
    }
}

#[tokio::test]
async fn r5_of_sixty_four_presses_after_a_lost_answer_one_is_let_in() {
    for desk in Desk::open_all().await {
        Box::pin(desk.held()).await;
        desk.clock.advance(LOST);
        let answers = join_all((0..64).map(|_| desk.press("tv"))).await;
        assert_eq!(answers.iter().filter(|it| is_let_in(it)).count(), 1);
        assert_eq!(desk.tokens_on("tv").await.len(), 1);
        let tokens = desk.standin.state().tokens.clone();
        let on_tv = tokens.iter().filter(|token| token.device.id == "tv");
        assert_eq!(on_tv.count(), 1, "Jellyfin has one token on that device");
    }
}

#[tokio::test]
async fn an_answer_that_was_received_is_the_only_one_of_its_approval() {
    for desk in Desk::open_all().await {
        let token = Box::pin(desk.held()).await;
        desk.clock.advance(Duration::from_secs(1));
        let holder = desk.accounts.holder(&token, None, &at_home()).await;
        assert!(holder.unwrap().is_some());
        // Long enough for another mail, too.
        desk.clock.advance(3 * LOST);
        assert!(matches!(desk.press("tv").await, AppSignIn::Waits(_)));
        assert!(desk.lives(&token).await);
    }
}

#[tokio::test]
async fn a_lost_answer_is_good_for_its_own_source_and_for_ten_minutes() {
    for desk in Desk::open_all().await {
        Box::pin(desk.held()).await;
        desk.clock.advance(LOST);
        let abroad = from("203.0.113.9");
        for (device_id, visitor) in [("tv", &abroad), ("phone", &at_home())] {
            let pressed = desk
                .press_from("anna", "anna-pass-1", device_id, visitor)
                .await;
            assert!(!is_let_in(&pressed));
        }
        desk.clock.advance(Duration::from_mins(10));
        assert!(!is_let_in(&desk.press("tv").await));
    }
}

#[tokio::test]
async fn a_lost_answer_is_not_replaced_once_its_token_or_everything_was_ended() {
    for desk in Desk::open_all().await {
        let lost = Box::pin(desk.held()).await;
        desk.accounts.token_signs_out(&lost).await.unwrap();
        desk.clock.advance(LOST);
        assert!(!is_let_in(&desk.press("tv").await));
    }
    for desk in Desk::open_all().await {
        Box::pin(desk.held()).await;
        let sessions = desk.store.web_sessions(desk.id("anna")).await.unwrap();
        let visitor = at_home();
        let ended = desk.accounts.end_other_places(&sessions[0], &visitor);
        ended.await.unwrap();
        desk.clock.advance(LOST);
        assert!(!is_let_in(&desk.press("tv").await));
    }
}
