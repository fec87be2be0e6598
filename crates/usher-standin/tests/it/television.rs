//! Live television, with the doors that the source of a real server leaves open.
use serde_json::{Value, json};
use usher_standin::{Scene, Standin, Television, Version, start};

use crate::behavior::{call, sign_in};

async fn with_tuner(version: Version) -> Standin {
    let scene = Scene {
        television: Television::Tuner,
        ..Scene::living_room(version)
    };
    start(scene).await.expect("the stand-in starts")
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["Items"].as_array().into_iter().flatten();
    items.filter_map(|item| item["Name"].as_str()).collect()
}

#[tokio::test]
async fn a_guide_follows_the_rating_but_for_its_posted_form_and_single_programs() {
    for version in [Version::V10_11, Version::V12_0] {
        let standin = with_tuner(version).await;
        let kim = sign_in(&standin, "kim").await;
        let ask = async |method: &str, path: &str, body: Value| {
            let reply = call(standin.address(), method, path, &kim, &body).await;
            assert_eq!(reply.status, 200, "{version:?}: {path}");
            reply.json()
        };
        let channels = ask("GET", "/LiveTv/Channels", Value::Null).await;
        assert_eq!(names(&channels), ["Meadow One", "Harbor Local"]);
        let programs = ask("GET", "/LiveTv/Programs", Value::Null).await;
        assert_eq!(names(&programs), ["Songs for a Small Boat", "Tide Tables"]);
        let all = ask("POST", "/LiveTv/Programs", json!({})).await;
        assert_eq!(names(&all).len(), 3, "{version:?}");
        let above = all["Items"][2]["Id"].as_str().unwrap_or_default();
        let program = ask("GET", &format!("/LiveTv/Programs/{above}"), Value::Null).await;
        assert_eq!(program["Name"], "The Last Witness", "{version:?}");
        let timers = ask("GET", "/LiveTv/Timers", Value::Null).await;
        assert_eq!(names(&timers), ["The Last Witness"], "{version:?}");
    }
}

#[tokio::test]
async fn a_channel_is_opened_by_whoever_has_its_token_shared_and_closed_with_its_last_viewer() {
    for version in [Version::V10_11, Version::V12_0] {
        let standin = with_tuner(version).await;
        let (anna, kim) = (
            sign_in(&standin, "anna").await,
            sign_in(&standin, "kim").await,
        );
        {
            let mut state = standin.state();
            let kim = state.user_named("kim").expect("Kim").id;
            let policy = &mut state.user_mut(kim).expect("Kim").policy;
            policy.insert("EnableLiveTvAccess".to_owned(), json!(false));
        }
        let post = async |path: &str, token: &str, body: Value| {
            call(standin.address(), "POST", path, token, &body).await
        };
        let listed = call(
            standin.address(),
            "GET",
            "/LiveTv/Channels",
            &kim,
            &Value::Null,
        )
        .await;
        assert_eq!(listed.status, 403, "{version:?}");
        let listed = call(
            standin.address(),
            "GET",
            "/LiveTv/Channels",
            &anna,
            &Value::Null,
        )
        .await;
        let channel = listed.json()["Items"][0]["Id"].clone();
        let info = format!(
            "/Items/{}/PlaybackInfo",
            channel.as_str().unwrap_or_default()
        );
        // Nobody asks for the right to watch television here.
        let source = post(&info, &kim, json!({})).await.json()["MediaSources"][0].clone();
        let token = json!({ "OpenToken": source["OpenToken"] });
        let opened = post("/LiveStreams/Open", &kim, token.clone()).await.json();
        let shared = post("/LiveStreams/Open", &anna, token).await.json();
        assert_eq!(opened, shared, "{version:?}");
        let stream = opened["MediaSource"]["LiveStreamId"]
            .as_str()
            .unwrap_or_default();
        let at_once = json!({ "AutoOpenLiveStream": true });
        let at_once = post(&info, &anna, at_once).await.json();
        assert_eq!(
            at_once["MediaSources"][0]["LiveStreamId"], stream,
            "{version:?}"
        );
        let playlist = format!(
            "/Videos/{}/live.m3u8?LiveStreamId={stream}",
            channel.as_str().unwrap_or_default()
        );
        for (closed, status) in [(0, 200), (2, 200), (1, 404)] {
            for _viewer in 0..closed {
                let close = format!("/LiveStreams/Close?liveStreamId={stream}");
                assert_eq!(
                    post(&close, &kim, Value::Null).await.status,
                    204,
                    "{version:?}"
                );
            }
            let told = call(standin.address(), "GET", &playlist, &kim, &Value::Null).await;
            assert_eq!(told.status, status, "{version:?}: {closed}");
        }
    }
}
