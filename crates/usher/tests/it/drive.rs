//! Who drives the screens of profiles, and of others.
use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::json;

use crate::client::{VERSIONS, json_of};
use crate::profiles::{Home, attempt};

#[tokio::test]
async fn nobody_else_drives_the_screen_of_a_profile_and_a_profile_drives_nobody_elses() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let (kim, anna) = (
            home.house.token("kim").await,
            home.house.token("anna").await,
        );
        let message = json!({ "Text": "hello", "Header": "x" });
        let tablet = format!("/Sessions/{}", home.tablet());
        let told = format!("{tablet}/Message");
        for controls in [false, true] {
            home.change(
                "kim",
                &json!({ "EnableRemoteControlOfOtherUsers": controls }),
            );
            home.clock.advance(Duration::from_secs(5));
            for way in ["Message", "Command", "Playing/Stop", "System/GoHome"] {
                let target = format!("{tablet}/{way}");
                let status = home.posted(&kim, &target, &message).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{target}, {controls}");
            }
        }
        // Nor adds anybody a profile to a screen, where what plays would be in its history.
        let kims = home.told(&kim, "/Sessions").await;
        let kims = kims[0]["Id"].as_str().unwrap();
        let root = home.house.standin.state().user_named("root").unwrap().id;
        let root = root.simple().to_string();
        for (added, expected) in [
            (&home.user, StatusCode::FORBIDDEN),
            (&root, StatusCode::NO_CONTENT),
        ] {
            let target = format!("/Sessions/{kims}/User/{added}");
            let status = home.posted(&kim, &target, &json!({})).await;
            assert_eq!(status, expected, "{target}");
        }
        let own = home.told(&anna, "/Sessions").await;
        let owners = own[0]["Id"].as_str().unwrap();
        let at_owner = format!("/Sessions/{owners}/Message");
        // Who controls others still does, where they are no profiles.
        assert_eq!(
            home.posted(&kim, &at_owner, &message).await,
            StatusCode::NO_CONTENT
        );
        assert_eq!(
            home.posted(&anna, &told, &message).await,
            StatusCode::NO_CONTENT
        );
        assert_eq!(
            home.posted(&home.kids, &told, &message).await,
            StatusCode::NO_CONTENT
        );
        // Not even where somebody has raised the profile a moment ago.
        home.change(
            "anna+Kids",
            &json!({ "EnableRemoteControlOfOtherUsers": true, "IsAdministrator": true }),
        );
        home.clock.advance(Duration::from_secs(5));
        let status = home.posted(&home.kids, &at_owner, &message).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_profile_ends_nobody_elses_encodings_not_even_on_a_device_that_it_shares_with_its_owner()
{
    for version in VERSIONS {
        let home = Home::open(version).await;
        let token_on = async |device: &str, name: &str| {
            let answer = attempt(&home.house, device, name, "anna-pass-1").await;
            json_of(&answer)["AccessToken"].as_str().unwrap().to_owned()
        };
        // The owner has a phone, and the same tablet as the profile.
        let (phone, tablet) = (
            token_on("phone", "anna").await,
            token_on("tablet", "anna").await,
        );
        let kids_phone = token_on("small", "anna/Kids").await;
        let film = home.house.films(&home.kids).await.remove(0);
        let plays = async |token: &str| {
            let info = format!("/Items/{film}/PlaybackInfo");
            let carrier = [("x-emby-token", token)];
            let answer = home.house.post(&info, &carrier, &json!({})).await;
            json_of(&answer)["PlaySessionId"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let (hers, theirs) = (plays(&tablet).await, plays(&home.kids).await);
        let end = async |token: &str, query: &str| {
            let target = format!("/Videos/ActiveEncodings?{query}");
            let carrier = [("x-emby-token", token)];
            let answer = home.house.ask(Method::DELETE, &target, &carrier, "").await;
            answer.status()
        };
        let upper = hers.to_uppercase();
        for (query, expected) in [
            ("deviceId=phone-1".to_owned(), StatusCode::FORBIDDEN),
            ("deviceId=tablet-1".to_owned(), StatusCode::FORBIDDEN),
            (
                format!("deviceId=tablet-1&playSessionId={hers}"),
                StatusCode::FORBIDDEN,
            ),
            // Where Jellyfin is given a session, it does not look at the device.
            (
                format!("deviceId=small-1&PLAYSESSIONID={upper}"),
                StatusCode::FORBIDDEN,
            ),
            (
                format!("deviceId=tablet-1&playSessionId={theirs}"),
                StatusCode::NO_CONTENT,
            ),
            ("deviceId=small-1".to_owned(), StatusCode::NO_CONTENT),
        ] {
            let ended = end(&kids_phone, &query).await;
            assert_eq!(ended, expected, "{version:?}: {query}");
        }
        for query in [
            "deviceId=tablet-1".to_owned(),
            "deviceId=small-1".to_owned(),
            format!("deviceId=tablet-1&playSessionId={theirs}"),
        ] {
            let ended = end(&phone, &query).await;
            assert_eq!(ended, StatusCode::NO_CONTENT, "{version:?}: {query}");
        }
        let kim = home.house.token("kim").await;
        for query in [
            "deviceId=tablet-1".to_owned(),
            format!("deviceId=kim-1&playSessionId={theirs}"),
        ] {
            let ended = end(&kim, &query).await;
            assert_eq!(ended, StatusCode::FORBIDDEN, "{version:?}: {query}");
        }
    }
}
