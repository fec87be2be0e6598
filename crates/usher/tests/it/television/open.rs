//! Channels that are open: what ends them, what of them counts, and that others of the home watch on.
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use usher_domain::profile::hours::Hours;
use usher_domain::profile::limits::{DailyMinutes, Limits};

use super::{Home, up_to_g};
use crate::client::VERSIONS;

#[tokio::test]
async fn what_is_watched_of_live_television_counts_and_is_cut_when_the_time_is_used_up() {
    for version in VERSIONS {
        let limits = Limits {
            screen_time: DailyMinutes::every_day(1),
            ..up_to_g()
        };
        let home = Home::open(version, limits).await;
        let channel = &home.channels[0];
        let owners = home.tune(&home.anna, channel).await;
        let own = home.tune(&home.kid, channel).await;
        assert_eq!(own.file, owners.file, "a channel is received once");
        let file = &own.ways(channel)[0];
        let (status, playing) = home.begin(Some(&home.kid), file).await;
        assert_eq!(status, 200, "{version:?}");
        let (_, beside) = home.begin(Some(&home.anna), file).await;
        // Nothing more comes of a channel here, so what goes on is told by asking anew.
        for _moment in 0..13 {
            home.begin(Some(&home.kid), file).await;
            home.clock.advance(Duration::from_secs(5));
        }
        Home::until_cut(playing).await;
        let used = home.house.accounts.watched_today(&home.kids).await.unwrap();
        assert_eq!(used.left, Some(Duration::ZERO), "{version:?}: {used:?}");
        home.assert_closed(&own.ways(channel), &[403]).await;
        let (bare, _) = home.begin(None, &own.ways(channel)[1]).await;
        assert_eq!(bare, 403, "{version:?}: it stands on the last answer");
        for (target, body) in [
            (
                format!("/Items/{channel}/PlaybackInfo"),
                json!({ "AutoOpenLiveStream": true }),
            ),
            (
                "/LiveStreams/Open".to_owned(),
                json!({ "OpenToken": own.token }),
            ),
        ] {
            let (refused, _) = home.post(&home.kid, &target, &body).await;
            assert_eq!(refused, StatusCode::FORBIDDEN, "{version:?}: {target}");
        }
        // Its screen closes what it opened, and the owner's goes on.
        let closed = format!("/LiveStreams/Close?liveStreamId={}", own.stream);
        let (closed, _) = home.post(&home.kid, &closed, &Value::Null).await;
        assert_eq!(closed, StatusCode::NO_CONTENT, "{version:?}");
        Home::assert_flows(&beside);
        let (status, _) = home.begin(Some(&home.anna), file).await;
        assert_eq!(status, 200, "{version:?}");
    }
}

#[tokio::test]
async fn outside_the_hours_live_television_is_cut() {
    for version in VERSIONS {
        let thursday = Hours::always().by_day().into_iter().nth(3);
        let limits = Limits {
            hours: Hours::of(thursday),
            ..up_to_g()
        };
        let home = Home::open(version, limits).await;
        let channel = &home.channels[0];
        let own = home.tune(&home.kid, channel).await;
        let (status, playing) = home.begin(Some(&home.kid), &own.ways(channel)[1]).await;
        assert_eq!(status, 200, "{version:?}");
        home.clock.advance(Duration::from_hours(24));
        Home::until_cut(playing).await;
        home.assert_closed(&own.ways(channel), &[403]).await;
    }
}

/// The number of a stream stays, and so does what an answer named; what it plays may be another's by now.
#[tokio::test]
async fn an_open_channel_is_cut_when_the_owner_loses_live_television_or_may_see_it_no_longer() {
    for version in VERSIONS {
        for change in [
            json!({ "EnableLiveTvAccess": false }),
            json!({ "MaxParentalRating": -1, "BlockUnratedItems": ["LiveTvChannel"] }),
        ] {
            let home = Home::open(version, Limits::default()).await;
            let first = &home.channels[0];
            let own = home.tune(&home.kid, first).await;
            let file = &own.ways(first)[0];
            let (status, playing) = home.begin(Some(&home.kid), file).await;
            assert_eq!(status, 200, "{version:?}");
            let owners = home.tune(&home.anna, first).await;
            let (_, beside) = home.begin(Some(&home.anna), &owners.ways(first)[1]).await;
            {
                let mut state = home.house.standin.state();
                let anna = state.user_named("anna").unwrap().id;
                let change = change.as_object().unwrap().clone();
                state.user_mut(anna).unwrap().policy.extend(change);
            }
            home.clock.advance(Duration::from_secs(5));
            home.house.accounts.keep_profiles().await.unwrap();
            home.clock.advance(Duration::from_secs(5));
            Home::until_cut(playing).await;
            Home::until_cut(beside).await;
            home.assert_closed(&own.ways(first), &[404]).await;
            let body = json!({ "ItemId": first, "OpenToken": own.token });
            for token in [&home.kid, &home.anna] {
                let (refused, _) = home.post(token, "/LiveStreams/Open", &body).await;
                assert_eq!(refused, StatusCode::NOT_FOUND, "{version:?}: {change}");
            }
        }
    }
}

/// A channel's stream has one number, whoever opens it, and the whole home one address.
#[tokio::test]
async fn two_of_one_home_watch_the_same_channel_for_as_long_as_they_like() {
    for version in VERSIONS {
        let home = Home::open(version, up_to_g()).await;
        let channel = &home.channels[0];
        let first = home.tune(&home.kid, channel).await;
        let second = home.tune(&home.anna, channel).await;
        for _while in 0..3 {
            for (token, opened) in [(&home.kid, &first), (&home.anna, &second)] {
                for way in opened.ways(&opened.channel) {
                    let (status, _) = home.begin(Some(token), &way).await;
                    assert_eq!(status, 200, "{version:?}: {way}");
                }
            }
            home.clock.advance(Duration::from_mins(2));
        }
    }
}
