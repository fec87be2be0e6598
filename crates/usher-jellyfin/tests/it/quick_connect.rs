use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Json;
use axum::routing::post;
use bytes::Bytes;
use http::StatusCode;
use serde_json::json;
use usher_domain::device::ClientIdentity;
use usher_domain::id::UserId;
use usher_domain::secret::SecretText;
use usher_jellyfin::{Approval, Credential, Jellyfin, JellyfinError, Minted, Session};
use usher_standin::{Fault, Scene};

use crate::house::{House, KEY, VERSIONS, house, house_of, television};

async fn mint(house: &House, name: &str) -> Minted {
    house
        .jellyfin
        .mint(house.id(name), &television())
        .await
        .unwrap()
}

fn session(minted: Minted) -> Box<Session> {
    match minted {
        Minted::Session(session) => session,
        other @ (Minted::Refused | Minted::QuickConnectOff) => panic!("{other:?}"),
    }
}

/// A device that waits with a code, and its secret.
async fn waiting(house: &House) -> (String, String) {
    let identity = ClientIdentity {
        device_id: "tab-1".to_owned(),
        ..television()
    };
    let device = Credential {
        identity: Some(&identity),
        token: None,
    };
    let answer = house
        .jellyfin
        .post("/QuickConnect/Initiate", &device, Bytes::new())
        .await
        .unwrap();
    let waiting: serde_json::Value = answer.json().unwrap();
    let text = |name: &str| waiting[name].as_str().unwrap().to_owned();
    (text("Code"), text("Secret"))
}

#[tokio::test]
async fn a_minted_token_is_the_users_on_the_clients_device() {
    for version in VERSIONS {
        let house = house(version).await;
        let session = session(mint(&house, "anna").await);
        assert_eq!(session.user.id, house.id("anna"));
        assert_eq!(session.server_id, house.standin.id());
        let me = house.jellyfin.me(&session.token).await.unwrap().unwrap();
        assert_eq!(me.id, house.id("anna"));
        let state = house.standin.state();
        let device = &state.tokens[0].device;
        assert_eq!(
            (
                device.id.as_str(),
                device.client.as_str(),
                device.version.as_str()
            ),
            ("tv-1", "Jellyfin Android TV", "0.19.0")
        );
        assert_eq!(device.name, television().device);
    }
}

#[tokio::test]
async fn minting_ends_the_users_older_token_on_that_device_and_no_other() {
    for version in VERSIONS {
        let house = house(version).await;
        let older = house.sign_in("anna", "anna-pass-1").await;
        let neighbor = house.sign_in("kim", "kim-pass-1").await;
        session(mint(&house, "anna").await);
        assert!(house.jellyfin.me(&older.token).await.unwrap().is_none());
        assert!(house.jellyfin.me(&neighbor.token).await.unwrap().is_some());
        assert_eq!(house.tokens("anna"), 1);
    }
}

#[tokio::test]
async fn a_disabled_user_is_minted_a_token_that_is_dead() {
    for version in VERSIONS {
        let house = house(version).await;
        let session = session(mint(&house, "dora").await);
        assert!(session.user.policy.is_disabled);
        assert!(house.jellyfin.me(&session.token).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn the_session_limit_and_a_device_that_is_not_allowed_refuse_a_mint() {
    for version in VERSIONS {
        let house = house(version).await;
        house.set("anna", "MaxActiveSessions", json!(1)).await;
        house.sign_in("anna", "anna-pass-1").await;
        house.set("kim", "EnableAllDevices", json!(false)).await;
        for name in ["anna", "kim"] {
            let minted = mint(&house, name).await;
            assert!(matches!(minted, Minted::Refused), "{name}: {minted:?}");
        }
        assert_eq!((house.tokens("anna"), house.tokens("kim")), (1, 0));
    }
}

#[tokio::test]
async fn quick_connect_switched_off_is_told_from_every_other_refusal() {
    for version in VERSIONS {
        let on = house(version).await;
        assert!(on.jellyfin.quick_connect_enabled().await.unwrap());
        let off = house_of(Scene {
            quick_connect: false,
            ..Scene::living_room(version)
        })
        .await;
        assert!(!off.jellyfin.quick_connect_enabled().await.unwrap());
        let minted = mint(&off, "anna").await;
        assert!(matches!(minted, Minted::QuickConnectOff), "{minted:?}");
    }
}

#[tokio::test]
async fn a_mint_that_breaks_at_any_step_is_an_error() {
    for version in VERSIONS {
        let house = house(version).await;
        for step in [
            "/QuickConnect/Initiate",
            "/QuickConnect/Authorize",
            "/Users/AuthenticateWithQuickConnect",
        ] {
            for fault in [Fault::Status(500), Fault::Refuse, Fault::BrokenJson] {
                house.standin.faults().set(step, fault.clone());
                let minted = house.jellyfin.mint(house.id("anna"), &television()).await;
                assert!(minted.is_err(), "{step}, {fault:?}: {minted:?}");
            }
            house.standin.faults().lift(step);
        }
    }
}

#[tokio::test]
async fn a_code_is_approved_once() {
    for version in VERSIONS {
        let house = house(version).await;
        let (code, secret) = waiting(&house).await;
        let anna = house.id("anna");
        let approve = || house.jellyfin.authorize(&code, anna);
        assert_eq!(approve().await.unwrap(), Approval::Approved);
        assert_eq!(approve().await.unwrap(), Approval::AlreadyUsed);
        let body = Bytes::from(json!({ "Secret": secret }).to_string());
        let redeemed = house
            .jellyfin
            .post(
                "/Users/AuthenticateWithQuickConnect",
                &Credential::default(),
                body,
            )
            .await
            .unwrap();
        assert_eq!(redeemed.status, StatusCode::OK);
        assert_eq!(house.standin.state().tokens[0].device.id, "tab-1");
    }
}

#[tokio::test]
async fn a_code_that_nobody_waits_with_is_unknown_whatever_was_typed() {
    for version in VERSIONS {
        let house = house(version).await;
        let (code, _secret) = waiting(&house).await;
        let root = house.id("root");
        for typed in [
            "",
            "000 000",
            "é",
            &format!("{code}&userId={root}"),
            &format!("x&code={code}"),
        ] {
            let approval = house.jellyfin.authorize(typed, house.id("anna")).await;
            let is_refused = matches!(
                approval,
                Ok(Approval::UnknownCode) | Err(JellyfinError::Status(StatusCode::BAD_REQUEST))
            );
            assert!(is_refused, "{typed}: {approval:?}");
        }
        assert!(house.standin.state().tokens.is_empty());
    }
}

#[tokio::test]
async fn a_code_is_refused_to_a_user_at_the_session_limit() {
    for version in VERSIONS {
        let house = house(version).await;
        house.set("anna", "MaxActiveSessions", json!(1)).await;
        house.sign_in("anna", "anna-pass-1").await;
        let (code, _secret) = waiting(&house).await;
        let approval = house.jellyfin.authorize(&code, house.id("anna")).await;
        assert_eq!(approval.unwrap(), Approval::Refused);
    }
}

/// A server that hands out a token of another user than the one it was asked for.
async fn confused_server(signed_out: Arc<AtomicUsize>) -> Jellyfin {
    let granted = json!({
        "AccessToken": "somebody-elses", "ServerId": "s",
        "User": {
            "Id": "00000000000000000000000000000002", "Name": "other",
            "Policy": { "IsAdministrator": false, "IsDisabled": false, "EnableRemoteAccess": true, "EnableAllDevices": true },
        },
    });
    let initiated = json!({ "Secret": "AA", "Code": "123456" });
    let log_out = async move |headers: http::HeaderMap| {
        let shown = headers[http::header::AUTHORIZATION].to_str().unwrap();
        if shown == "MediaBrowser Token=\"somebody-elses\"" {
            signed_out.fetch_add(1, Ordering::SeqCst);
        }
        StatusCode::NO_CONTENT
    };
    let router = axum::Router::new()
        .route(
            "/QuickConnect/Initiate",
            post(async move || Json(initiated.clone())),
        )
        .route("/QuickConnect/Authorize", post(async || Json(true)))
        .route(
            "/Users/AuthenticateWithQuickConnect",
            post(async move || Json(granted.clone())),
        )
        .route("/Sessions/Logout", post(log_out));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Jellyfin::new(&format!("http://{address}").parse().unwrap())
        .unwrap()
        .with_key(SecretText::new(KEY))
}

#[tokio::test]
async fn a_token_of_another_user_is_signed_out_and_handed_to_nobody() {
    let signed_out = Arc::new(AtomicUsize::new(0));
    let jellyfin = confused_server(Arc::clone(&signed_out)).await;
    let asked: UserId = "00000000000000000000000000000001".parse().unwrap();
    let minted = jellyfin.mint(asked, &television()).await;
    assert!(matches!(minted, Err(JellyfinError::Inconsistent(_))));
    assert_eq!(signed_out.load(Ordering::SeqCst), 1);
}
