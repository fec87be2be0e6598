//! When one may come.
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use usher_domain::time::{TestClock, Timestamp};

use crate::client::{House, VERSIONS};

#[tokio::test]
async fn r47_outside_the_hours_no_film_flows_by_token_or_by_ticket() {
    for version in VERSIONS {
        let clock = Arc::new(TestClock::at(Timestamp::from_millis(0)));
        let house = House::open_by(version, Arc::<TestClock>::clone(&clock)).await;
        let token = house.token("anna").await;
        let film = house.films(&token).await.remove(0);
        let info = format!("/Items/{film}/PlaybackInfo");
        let answer = house
            .post(&info, &[("x-emby-token", &token)], &json!({}))
            .await;
        assert_eq!(answer.status(), StatusCode::OK, "{version:?}");
        let by_ticket = format!("/Videos/{film}/stream?static=true");
        let by_token = format!("{by_ticket}&ApiKey={token}");
        for (hours, expected) in [
            (json!([]), StatusCode::OK),
            (
                json!([{ "DayOfWeek": "Everyday", "StartHour": 0, "EndHour": 0 }]),
                StatusCode::FORBIDDEN,
            ),
            (json!([]), StatusCode::OK),
        ] {
            {
                let mut state = house.standin.state();
                let anna = state.user_named("anna").unwrap().id;
                let policy = &mut state.user_mut(anna).unwrap().policy;
                policy.insert("AccessSchedules".to_owned(), hours);
            }
            clock.advance(Duration::from_secs(5));
            for target in [&by_ticket, &by_token] {
                let answer = house.get(target, &[]).await;
                assert_eq!(answer.status(), expected, "{version:?}: {target}");
            }
        }
    }
}
