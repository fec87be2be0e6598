//! A film's bytes: for whom they flow.
use futures_util::StreamExt;
use http::StatusCode;
use serde_json::json;

use crate::client::{House, VERSIONS};

#[tokio::test]
async fn a_film_streams_with_a_token_and_not_without() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let token = house.token("anna").await;
        let film = house.films(&token).await.remove(0);
        let range = ("range", "bytes=0-99");
        for target in [
            format!("/Videos/{film}/stream?static=true"),
            format!("/emby/videos/{film}/stream.mp4?static=true"),
            format!("/Items/{film}/Download"),
            format!("/Videos/{film}/master.m3u8?mediaSourceId={film}"),
        ] {
            let refused = house.get(&target, &[range]).await;
            assert_eq!(
                refused.status(),
                StatusCode::UNAUTHORIZED,
                "{version:?}: {target}"
            );
        }
        let target = format!("/Videos/{film}/stream?static=true&ApiKey={token}");
        let answer = house.get(&target, &[range]).await;
        assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT, "{version:?}");
        assert_eq!(answer.body().len(), 100, "{version:?}");
    }
}

#[tokio::test]
async fn a_client_without_credentials_streams_what_it_asked_playback_for_and_nothing_else() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let token = house.token("anna").await;
        let films = house.films(&token).await;
        let stream = |film: &str| format!("/Videos/{film}/stream?static=true");
        assert_eq!(
            house.get(&stream(&films[0]), &[]).await.status(),
            StatusCode::UNAUTHORIZED,
            "{version:?}"
        );
        let info = format!("/Items/{}/PlaybackInfo", films[0]);
        let answer = house
            .post(&info, &[("x-emby-token", &token)], &json!({}))
            .await;
        assert_eq!(answer.status(), StatusCode::OK, "{version:?}");
        assert_eq!(
            house.get(&stream(&films[0]), &[]).await.status(),
            StatusCode::OK,
            "{version:?}"
        );
        assert_eq!(
            house.get(&stream(&films[1]), &[]).await.status(),
            StatusCode::UNAUTHORIZED,
            "{version:?}"
        );
    }
}

#[tokio::test]
async fn a_socket_opens_with_a_token_on_its_own_path() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let token = house.token("anna").await;
        let url = |path: &str| format!("ws://{}/{path}?api_key={token}", house.address);
        let (mut socket, _) = tokio_tungstenite::connect_async(url("socket"))
            .await
            .unwrap();
        let first = socket.next().await.unwrap().unwrap();
        assert!(
            first.to_text().unwrap().contains("MessageType"),
            "{version:?}: {first:?}"
        );
        assert!(
            tokio_tungstenite::connect_async(url("anything"))
                .await
                .is_err(),
            "{version:?}"
        );
        let bare = format!("ws://{}/socket", house.address);
        assert!(
            tokio_tungstenite::connect_async(bare).await.is_err(),
            "{version:?}"
        );
    }
}
