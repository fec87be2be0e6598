//! How often one may be wrong.
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use usher_domain::time::{TestClock, Timestamp};

use crate::browser::Browser;
use crate::client::{House, VERSIONS, json_of};

#[tokio::test]
async fn r24_a_name_that_was_tried_too_often_waits_and_the_right_password_gets_the_same_answer() {
    for version in VERSIONS {
        let clock = Arc::new(TestClock::at(Timestamp::from_millis(0)));
        let house = House::open_by(version, Arc::<TestClock>::clone(&clock)).await;
        let mut refusals = Vec::new();
        for name in ["anna", "nobody"] {
            for _ in 0..6 {
                let wrong = house.sign_in(name, "wrong").await;
                assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED, "{version:?}");
            }
            for password in ["wrong", "anna-pass-1"] {
                let refused = house.sign_in(&name.to_uppercase(), password).await;
                assert_eq!(refused.headers()["retry-after"], "1", "{version:?}");
                refusals.push((refused.status(), refused.into_body()));
            }
        }
        assert_eq!(refusals[0].0, StatusCode::TOO_MANY_REQUESTS, "{version:?}");
        assert!(refusals.iter().all(|one| *one == refusals[0]));
        clock.advance(Duration::from_secs(1));
        let right = house.sign_in("anna", "anna-pass-1").await;
        assert_eq!(right.status(), StatusCode::OK, "{version:?}");
    }
}

#[tokio::test]
async fn r21_a_browser_that_is_signed_in_is_not_locked_out_by_strangers() {
    for version in VERSIONS {
        let clock = Arc::new(TestClock::at(Timestamp::from_millis(0)));
        let house = House::open_by(version, Arc::<TestClock>::clone(&clock)).await;
        let mut known = Browser::at(&house.address);
        known.sign_in("anna", "anna-pass-1").await;
        assert!(known.is_signed_in(), "{version:?}");
        for _ in 0..10 {
            house.sign_in("anna", "wrong").await;
            clock.advance(Duration::from_secs(16));
        }
        let locked = house.sign_in("anna", "anna-pass-1").await;
        assert_eq!(locked.status(), StatusCode::TOO_MANY_REQUESTS);
        let mut stranger = Browser::at(&house.address);
        stranger.sign_in("anna", "anna-pass-1").await;
        assert!(!stranger.is_signed_in(), "{version:?}");
        let again = known.sign_in("anna", "anna-pass-1").await;
        assert!(
            again.html.contains("data-token="),
            "{version:?}: {}",
            again.html
        );
    }
}

#[tokio::test]
async fn r23_an_address_that_was_wrong_with_many_names_is_blocked() {
    for version in VERSIONS {
        let house = House::open(version).await;
        for number in 0..10 {
            let wrong = house.sign_in(&format!("user{number}"), "wrong").await;
            assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED, "{version:?}");
        }
        let blocked = house.sign_in("anna", "anna-pass-1").await;
        assert_eq!(
            blocked.status(),
            StatusCode::TOO_MANY_REQUESTS,
            "{version:?}"
        );
        let wait: u64 = blocked.headers()["retry-after"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!((3500..=3600).contains(&wait), "{version:?}: {wait}");
    }
}

#[tokio::test]
async fn r27_a_user_who_is_switched_off_waits_like_a_name_that_nobody_has() {
    for version in VERSIONS {
        let mut answers = Vec::new();
        for name in ["dora", "nobody"] {
            let house = House::open(version).await;
            let mut statuses = Vec::new();
            for _ in 0..8 {
                statuses.push(house.sign_in(name, "dora-pass-1").await.status());
            }
            answers.push(statuses);
        }
        assert_eq!(answers[0], answers[1], "{version:?}");
        let last = answers[0].last().copied();
        assert_eq!(last, Some(StatusCode::TOO_MANY_REQUESTS), "{version:?}");
    }
}

#[tokio::test]
async fn r26_the_present_password_cannot_be_guessed_by_changing_it() {
    for version in VERSIONS {
        let clock = Arc::new(TestClock::at(Timestamp::from_millis(0)));
        let house = House::open_by(version, Arc::<TestClock>::clone(&clock)).await;
        let token = house.token("anna").await;
        let headers = [("x-emby-token", token.as_str())];
        let me = json_of(&house.get("/Users/Me", &headers).await);
        let path = format!("/Users/{}/Password", me["Id"].as_str().unwrap());
        let guess = json!({ "CurrentPw": "wrong", "NewPw": "another-pass-1" });
        for _ in 0..6 {
            let wrong = house.post(&path, &headers, &guess).await;
            assert_eq!(wrong.status(), StatusCode::FORBIDDEN, "{version:?}");
        }
        let refused = house.post(&path, &headers, &guess).await;
        assert_eq!(
            refused.status(),
            StatusCode::TOO_MANY_REQUESTS,
            "{version:?}"
        );
    }
}
