//! Live television: Jellyfin opens the channel that a token names, whoever asks (design, 3.1).
use http::StatusCode;
use serde_json::json;
use usher_accounts::gate::Seat;
use usher_domain::secret::SecretText;

use crate::client::{House, VERSIONS};

#[tokio::test]
async fn whoever_sees_less_opens_no_channel_by_a_token_that_no_answer_named() {
    for version in VERSIONS {
        let house = House::open(version).await;
        {
            let mut state = house.standin.state();
            let kim = state.user_named("kim").unwrap().id;
            let policy = &mut state.user_mut(kim).unwrap().policy;
            policy.insert("MaxParentalRating".to_owned(), json!(13));
        }
        let (anna, kim) = (house.token("anna").await, house.token("kim").await);
        let shown = house.films(&kim).await.remove(0);
        let token = |channel: &str| {
            let provider = "fedcba9876543210fedcba9876543210";
            format!("{provider}_LiveTvChannel_{channel}_tuner-1")
        };
        let (own, forged) = (token(&shown), token(&"1".repeat(32)));
        // As an answer to PlaybackInfo does it.
        let seat = Seat {
            address: "127.0.0.1".parse().unwrap(),
            address_is_exact: true,
            play_session: None,
        };
        let named = [own.clone()];
        let kims = SecretText::new(kim.clone());
        let left = house.accounts.leave_tickets(&seat, &named, &kims).await;
        left.unwrap();
        let open = |who: &str, query: String, body: serde_json::Value| {
            let (house, who) = (&house, who.to_owned());
            async move {
                let target = format!("/LiveStreams/Open{query}");
                let carrier = [("x-emby-token", &*who)];
                house.post(&target, &carrier, &body).await.status()
            }
        };
        let opened = || house.standin.faults().asked("POST /LiveStreams/Open");
        let film = json!({ "ItemId": shown });
        for (query, body) in [
            (
                String::new(),
                json!({ "ItemId": shown, "OpenToken": forged }),
            ),
            (
                String::new(),
                json!({ "opentoken": own, "OPENTOKEN": forged }),
            ),
            (format!("?itemId={shown}&openToken={forged}"), json!({})),
            (format!("?OPENTOKEN={forged}"), film.clone()),
        ] {
            let refused = open(&kim, query.clone(), body).await;
            assert_eq!(refused, StatusCode::NOT_FOUND, "{version:?}: {query}");
        }
        let twice = format!("?openToken={own}&openToken={forged}");
        let refused = open(&kim, twice, film).await;
        assert_eq!(refused, StatusCode::BAD_REQUEST, "{version:?}");
        assert_eq!(opened(), 0, "{version:?}");
        let body = json!({ "ItemId": shown, "OpenToken": own });
        open(&kim, String::new(), body).await;
        assert_eq!(opened(), 1, "{version:?}: what an answer named is opened");
        let body = json!({ "ItemId": shown, "OpenToken": forged });
        open(&anna, String::new(), body).await;
        assert_eq!(opened(), 2, "{version:?}: from Anna nothing is kept");
    }
}
