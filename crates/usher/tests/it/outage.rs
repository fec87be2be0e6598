//! Jellyfin is away, slow or broken: everybody is told so, and nobody loses anything by it.
use http::StatusCode;
use serde_json::json;
use usher_standin::Fault;

use crate::browser::Browser;
use crate::client::{House, VERSIONS};

#[tokio::test]
async fn r74_an_outage_is_told_as_one_and_ends_no_session() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let token = house.token("anna").await;
        let headers = [("x-emby-token", token.as_str())];
        house.standin.faults().set("", Fault::Status(503));
        let sign_in = house.sign_in("anna", "anna-pass-1").await;
        assert!(
            sign_in.status().is_server_error(),
            "{version:?}: {}",
            sign_in.status()
        );
        let stranger = house
            .get(
                "/Users/Me",
                &[("x-emby-token", "0123456789abcdef0123456789abcdef")],
            )
            .await;
        assert_eq!(
            stranger.status(),
            StatusCode::SERVICE_UNAVAILABLE,
            "{version:?}"
        );
        house.standin.faults().lift_all();
        assert_eq!(
            house.get("/Users/Me", &headers).await.status(),
            StatusCode::OK,
            "{version:?}"
        );
        assert_eq!(
            house.sign_in("anna", "anna-pass-1").await.status(),
            StatusCode::OK,
            "{version:?}"
        );
    }
}

#[tokio::test]
async fn r7_an_outage_costs_nobody_a_try() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let mut browser = Browser::at(&house.address);
        house.standin.faults().set("", Fault::Refuse);
        for _ in 0..12 {
            let away = house.sign_in("anna", "anna-pass-1").await.status();
            assert!(away.is_server_error(), "{version:?}: {away}");
            let told = browser.sign_in("anna", "anna-pass-1").await;
            assert!(
                told.html.contains("was not judged"),
                "{version:?}: {}",
                told.html
            );
        }
        house.standin.faults().lift_all();
        let back = house.sign_in("anna", "anna-pass-1").await.status();
        assert_eq!(back, StatusCode::OK, "{version:?}");
        browser.sign_in("anna", "anna-pass-1").await;
        assert!(browser.is_signed_in(), "{version:?}");
    }
}

#[tokio::test]
async fn people_get_a_page_and_programs_get_plain_words_when_jellyfin_is_away() {
    for version in VERSIONS {
        let house = House::open(version).await;
        house.standin.faults().set("", Fault::Refuse);
        let page = house.get("/web/", &[]).await;
        assert!(
            page.status().is_server_error(),
            "{version:?}: {}",
            page.status()
        );
        assert!(
            page.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/html"),
            "{version:?}"
        );
        let plain = house.get("/System/Info/Public", &[]).await;
        assert!(
            plain.status().is_server_error(),
            "{version:?}: {}",
            plain.status()
        );
        assert_eq!(plain.headers()["content-type"], "text/plain", "{version:?}");
    }
}

/// Roku tries an empty password on every tile: it never reaches Jellyfin, so no lockout of Jellyfin's counts it (R22).
#[tokio::test]
async fn an_empty_password_never_reaches_jellyfin() {
    for version in VERSIONS {
        let house = House::open(version).await;
        // Usher itself tries once, at the first look, which users stand open.
        let asked = || {
            house
                .standin
                .faults()
                .asked("POST /Users/AuthenticateByName")
        };
        let before = asked();
        for _ in 0..5 {
            assert_eq!(
                house.sign_in("bob", "").await.status(),
                StatusCode::UNAUTHORIZED,
                "{version:?}"
            );
        }
        assert_eq!(asked(), before, "{version:?}");
        house.token("anna").await;
        assert_eq!(asked(), before + 1, "{version:?}");
    }
}

#[tokio::test]
async fn a_browser_is_signed_out_though_jellyfin_fails_to_hear_of_it() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let mut browser = Browser::at(&house.address);
        let handed = browser.sign_in("anna", "anna-pass-1").await.html;
        let (_, token) = handed.split_once("data-token=\"").unwrap();
        let (token, _) = token.split_once('"').unwrap();
        let headers = [("x-emby-token", token)];
        let fault = Fault::Status(503);
        house.standin.faults().set("/Sessions/Logout", fault);
        let out = house.post("/Sessions/Logout", &headers, &json!({})).await;
        assert_eq!(out.status(), StatusCode::SERVICE_UNAVAILABLE, "{version:?}");
        house.standin.faults().lift_all();
        let me = house.get("/Users/Me", &headers).await;
        assert_eq!(me.status(), StatusCode::UNAUTHORIZED, "{version:?}");
        let page = browser.open("sign-in").await;
        assert!(page.html.contains("name=\"password\""), "{version:?}");
        let account = browser.open("account").await;
        assert!(account.location.starts_with("sign-in"), "{version:?}");
    }
}
