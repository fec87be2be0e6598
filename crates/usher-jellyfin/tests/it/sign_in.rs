use http::StatusCode;
use serde_json::json;
use usher_domain::device::ClientIdentity;
use usher_domain::secret::SecretText;
use usher_jellyfin::{Authenticated, JellyfinError};
use usher_standin::{Fault, Version};

use crate::house::{VERSIONS, house, television};

#[tokio::test]
async fn a_right_password_gives_a_token_on_the_clients_device() {
    for version in VERSIONS {
        let house = house(version).await;
        let session = house.sign_in("ANNA", "anna-pass-1").await;
        assert_eq!(session.user.id, house.id("anna"));
        assert_eq!(session.user.name, "anna");
        assert_eq!(session.server_id, house.standin.id());
        let me = house.jellyfin.me(&session.token).await.unwrap();
        assert_eq!(me.unwrap().id, session.user.id);
        let state = house.standin.state();
        let token = &state.tokens[0];
        assert_eq!(token.device.id, "tv-1");
        assert_eq!(token.device.name, television().device);
        assert_eq!(
            session.session_id.as_deref(),
            Some(token.device.session_id().as_str())
        );
    }
}

#[tokio::test]
async fn the_answer_is_kept_as_it_came_to_be_handed_on() {
    for version in VERSIONS {
        let house = house(version).await;
        let session = house.sign_in("anna", "anna-pass-1").await;
        let whole: serde_json::Value = serde_json::from_slice(&session.whole).unwrap();
        assert_eq!(whole["AccessToken"], json!(session.token.reveal()));
        assert_eq!(whole["SessionInfo"]["DeviceId"], json!("tv-1"));
    }
}

#[tokio::test]
async fn wrong_passwords_and_unknown_names_are_told_alike() {
    for version in VERSIONS {
        let house = house(version).await;
        for (name, password) in [
            ("anna", "wrong"),
            ("anna", ""),
            ("nobody", "anna-pass-1"),
            ("bob", "x"),
        ] {
            let tried = house.try_sign_in(name, password).await;
            assert!(matches!(tried, Authenticated::Wrong), "{name}: {tried:?}");
        }
    }
}

#[tokio::test]
async fn a_disabled_user_is_forbidden_with_any_password() {
    for version in VERSIONS {
        let house = house(version).await;
        for password in ["dora-pass-1", "wrong"] {
            let tried = house.try_sign_in("dora", password).await;
            assert!(matches!(tried, Authenticated::Forbidden), "{tried:?}");
        }
    }
}

#[tokio::test]
async fn the_session_limit_forbids_only_the_right_password() {
    for version in VERSIONS {
        let house = house(version).await;
        house.set("anna", "MaxActiveSessions", json!(1)).await;
        house.sign_in("anna", "anna-pass-1").await;
        let right = house.try_sign_in("anna", "anna-pass-1").await;
        let wrong = house.try_sign_in("anna", "wrong").await;
        assert!(matches!(right, Authenticated::Forbidden), "{right:?}");
        assert!(matches!(wrong, Authenticated::Wrong), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_device_that_is_not_allowed_is_forbidden() {
    for version in VERSIONS {
        let house = house(version).await;
        house.set("anna", "EnabledDevices", json!(["other"])).await;
        house.set("anna", "EnableAllDevices", json!(false)).await;
        let tried = house.try_sign_in("anna", "anna-pass-1").await;
        assert!(matches!(tried, Authenticated::Forbidden), "{tried:?}");
    }
}

#[tokio::test]
async fn r7_a_server_that_fails_is_no_verdict_on_a_password() {
    for version in VERSIONS {
        let house = house(version).await;
        for fault in [
            Fault::Status(500),
            Fault::Status(503),
            Fault::Refuse,
            Fault::Cut,
            Fault::BrokenJson,
        ] {
            house
                .standin
                .faults()
                .set("/Users/AuthenticateByName", fault.clone());
            let password = SecretText::new("anna-pass-1");
            let tried = house
                .jellyfin
                .authenticate("anna", &password, &television())
                .await;
            assert!(tried.is_err(), "{fault:?}: {tried:?}");
        }
    }
}

#[tokio::test]
async fn a_client_that_does_not_say_who_it_is_gets_no_verdict() {
    for version in VERSIONS {
        let house = house(version).await;
        let nameless = ClientIdentity {
            device_id: String::new(),
            ..television()
        };
        let password = SecretText::new("anna-pass-1");
        for (name, identity) in [("anna", nameless), ("", television())] {
            let tried = house
                .jellyfin
                .authenticate(name, &password, &identity)
                .await;
            assert!(matches!(
                tried,
                Err(JellyfinError::Status(StatusCode::BAD_REQUEST))
            ));
        }
    }
}

#[tokio::test]
async fn a_token_that_was_signed_out_is_dead_and_may_be_signed_out_again() {
    for version in VERSIONS {
        let house = house(version).await;
        let session = house.sign_in("anna", "anna-pass-1").await;
        house.jellyfin.sign_out(&session.token).await.unwrap();
        assert!(house.jellyfin.me(&session.token).await.unwrap().is_none());
        house.jellyfin.sign_out(&session.token).await.unwrap();
    }
}

#[tokio::test]
async fn a_sign_out_that_failed_is_not_called_done() {
    let house = house(Version::V12_0).await;
    let session = house.sign_in("anna", "anna-pass-1").await;
    let faults = house.standin.faults();
    faults.set("/Sessions/Logout", Fault::Status(500));
    assert!(house.jellyfin.sign_out(&session.token).await.is_err());
}

#[tokio::test]
async fn only_a_user_without_a_password_stands_open_and_the_trial_leaves_nothing() {
    for version in VERSIONS {
        let house = house(version).await;
        for (name, is_open) in [
            ("bob", true),
            ("anna", false),
            ("dora", false),
            ("nobody", false),
        ] {
            let found = house.jellyfin.stands_open(name, "random-1").await.unwrap();
            assert_eq!(found, is_open, "{name}");
        }
        let state = house.standin.state();
        assert!(state.tokens.is_empty() && state.sessions.is_empty());
    }
}

#[tokio::test]
async fn a_trial_ends_no_token_of_the_user() {
    for version in VERSIONS {
        let house = house(version).await;
        let session = house.sign_in("bob", "").await;
        assert!(house.jellyfin.stands_open("bob", "random-1").await.unwrap());
        assert!(house.jellyfin.me(&session.token).await.unwrap().is_some());
    }
}
