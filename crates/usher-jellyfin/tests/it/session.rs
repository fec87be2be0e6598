use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use tokio::net::TcpListener;
use usher_domain::secret::SecretText;
use usher_jellyfin::{Credential, Jellyfin, JellyfinError};

use crate::house::{VERSIONS, house};

#[tokio::test]
async fn everybodys_sessions_are_listed() {
    for version in VERSIONS {
        let house = house(version).await;
        assert!(house.jellyfin.all_sessions().await.unwrap().is_empty());
        let session = house.sign_in("anna", "anna-pass-1").await;
        let listed = house.jellyfin.all_sessions().await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(Some(&listed[0].id), session.session_id.as_ref());
        assert_eq!(listed[0].user, Some(house.id("anna")));
        assert_eq!(listed[0].device_id, "tv-1");
        assert_eq!(listed[0].client, "Jellyfin Android TV");
        assert_eq!(listed[0].device_name, crate::house::television().device);
        assert!(listed[0].last_activity.is_some());
        assert_eq!(listed[0].now_playing, None);
    }
}

#[tokio::test]
async fn a_message_reaches_its_session_as_written() {
    for version in VERSIONS {
        let house = house(version).await;
        let session = house.sign_in("anna", "anna-pass-1").await;
        let id = session.session_id.unwrap();
        let text = "Five minutes \"left\"";
        house.jellyfin.message(&id, text, 5_000).await.unwrap();
        let state = house.standin.state();
        let received = state.sessions[0].received[0].to_string();
        assert!(
            received.contains("Five minutes \\\"left\\\"") && received.contains("5000"),
            "{received}"
        );
    }
}

#[tokio::test]
async fn a_message_to_a_session_that_is_gone_is_an_error() {
    for version in VERSIONS {
        let house = house(version).await;
        for id in ["ffffffffffffffffffffffffffffffff", "../../Users/New?x=1#"] {
            assert!(matches!(
                house.jellyfin.message(id, "text", 1_000).await,
                Err(JellyfinError::Status(StatusCode::NOT_FOUND))
            ));
        }
    }
}

/// A server that answers with the credential that it was sent.
async fn echo() -> Jellyfin {
    let router = axum::Router::new().fallback(async |headers: HeaderMap| {
        headers[AUTHORIZATION]
            .to_str()
            .unwrap_or_default()
            .to_owned()
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Jellyfin::new(&format!("http://{address}").parse().unwrap()).unwrap()
}

/// Jellyfin gives the device of a token the name and version that come with it.
#[tokio::test]
async fn a_token_goes_alone_so_that_its_device_keeps_its_name() {
    let token = SecretText::new("a token");
    let credential = Credential {
        identity: None,
        token: Some(&token),
    };
    let answer = echo().await.get("/Users/Me", &credential).await.unwrap();
    assert_eq!(answer.body, "MediaBrowser Token=\"a%20token\"");
}
