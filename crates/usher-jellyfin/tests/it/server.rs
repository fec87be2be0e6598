use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::json;
use tokio::net::TcpListener;
use usher_domain::secret::SecretText;
use usher_jellyfin::{Jellyfin, JellyfinError};
use usher_standin::{Fault, Scene};

use crate::house::{KEY, VERSIONS, house, house_of};

#[tokio::test]
async fn the_server_says_who_it_is_to_anybody() {
    for version in VERSIONS {
        let house = house(version).await;
        let keyless = Jellyfin::new(&house.standin.url().parse().unwrap()).unwrap();
        let server = keyless.server().await.unwrap();
        assert_eq!(server.id, house.standin.id());
        assert_eq!(server.name, "Living room");
        assert_eq!(server.version, version.number());
    }
}

#[tokio::test]
async fn the_settings_that_usher_warns_about_are_read() {
    for version in VERSIONS {
        for quick_connect in [true, false] {
            let house = house_of(Scene {
                quick_connect,
                known_proxies: vec!["10.0.0.7".to_owned()],
                ..Scene::living_room(version)
            })
            .await;
            let settings = house.jellyfin.server_settings().await.unwrap();
            assert_eq!(settings.quick_connect, quick_connect);
            assert_eq!(settings.known_proxies, ["10.0.0.7"]);
        }
    }
}

#[tokio::test]
async fn everything_is_asked_below_the_base_url() {
    for version in VERSIONS {
        let house = house_of(Scene {
            base_url: "/jellyfin".to_owned(),
            ..Scene::living_room(version)
        })
        .await;
        assert_eq!(house.jellyfin.users().await.unwrap().len(), 5);
    }
}

#[tokio::test]
async fn an_administrator_gets_the_key_that_was_just_made() {
    for version in VERSIONS {
        let house = house(version).await;
        let root = house.sign_in("root", "root-pass-1").await;
        let first = house.jellyfin.make_key(&root.token, "Usher").await.unwrap();
        let second = house.jellyfin.make_key(&root.token, "Usher").await.unwrap();
        let other = house
            .jellyfin
            .make_key(&root.token, "A & B=c")
            .await
            .unwrap();
        let known: Vec<String> = house
            .standin
            .state()
            .api_keys
            .iter()
            .map(|key| key.secret.clone())
            .collect();
        assert_eq!(
            known,
            [KEY, first.reveal(), second.reveal(), other.reveal()]
        );
        assert!(house.jellyfin.is_api_key(&first).await.unwrap());
        for _already_gone in [false, true] {
            let deleted = house.jellyfin.delete_key(&root.token, &second).await;
            assert!(deleted.is_ok(), "{version:?}: {deleted:?}");
        }
        assert!(!house.jellyfin.is_api_key(&second).await.unwrap());
        let by_it = Jellyfin::new(&house.standin.url().parse().unwrap())
            .unwrap()
            .with_key(first);
        assert_eq!(by_it.users().await.unwrap().len(), 5);
    }
}

#[tokio::test]
async fn a_plain_user_makes_no_key() {
    for version in VERSIONS {
        let house = house(version).await;
        let anna = house.sign_in("anna", "anna-pass-1").await;
        assert!(matches!(
            house.jellyfin.make_key(&anna.token, "Usher").await,
            Err(JellyfinError::Status(StatusCode::FORBIDDEN))
        ));
        assert!(!house.jellyfin.is_api_key(&anna.token).await.unwrap());
        assert_eq!(house.standin.state().api_keys.len(), 1);
    }
}

#[tokio::test]
async fn a_key_that_jellyfin_does_not_know_is_an_error_and_not_an_empty_list() {
    for version in VERSIONS {
        let house = house(version).await;
        let stranger = house.jellyfin.clone().with_key(SecretText::new("stranger"));
        assert!(matches!(
            stranger.users().await,
            Err(JellyfinError::Status(StatusCode::UNAUTHORIZED))
        ));
        assert!(matches!(
            stranger.all_sessions().await,
            Err(JellyfinError::Status(StatusCode::UNAUTHORIZED))
        ));
        assert!(matches!(
            stranger.server_settings().await,
            Err(JellyfinError::Status(StatusCode::UNAUTHORIZED))
        ));
    }
}

#[tokio::test]
async fn a_server_that_answers_nonsense_cannot_be_read() {
    for version in VERSIONS {
        let house = house(version).await;
        house
            .standin
            .faults()
            .set("/System/Info/Public", Fault::BrokenJson);
        assert!(matches!(
            house.jellyfin.server().await,
            Err(JellyfinError::Unreadable(_))
        ));
    }
}

#[tokio::test]
async fn an_older_key_of_the_same_name_is_never_taken_for_the_new_one() {
    let listed = json!({ "Items": [{ "AccessToken": "older", "AppName": "Usher", "DateCreated": "2026-11-23T06:52:07.2674657Z" }] });
    let keys = get(async move || Json(listed.clone())).post(async || StatusCode::NO_CONTENT);
    let router = Router::new().route("/Auth/Keys", keys);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let jellyfin = Jellyfin::new(&format!("http://{address}").parse().unwrap()).unwrap();
    let made = jellyfin.make_key(&SecretText::new("root"), "Usher").await;
    assert!(matches!(made, Err(JellyfinError::Inconsistent(_))));
}
