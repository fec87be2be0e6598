//! Who gets in, and who does not.
use http::{Method, StatusCode};
use serde_json::json;

use crate::client::{House, VERSIONS, identity, json_of};

#[tokio::test]
async fn r30_whatever_is_wrong_with_a_sign_in_the_answer_is_the_same() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let mut answers = Vec::new();
        for (name, password) in [
            ("anna", "wrong"),
            ("nobody", "wrong"),
            ("dora", "dora-pass-1"),
            ("dora", "wrong"),
            ("bob", ""),
            ("bob", " "),
        ] {
            let answer = house.sign_in(name, password).await;
            assert!(answer.headers().get("www-authenticate").is_none());
            let kind = answer.headers()["content-type"].clone();
            answers.push((answer.status(), kind, answer.into_body()));
        }
        assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED, "{version:?}");
        assert!(
            answers.iter().all(|answer| *answer == answers[0]),
            "{version:?}: {answers:?}"
        );
    }
}

#[tokio::test]
async fn every_carrier_of_a_token_is_taken_before_either_version_and_none_is_needed_twice() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let token = house.token("anna").await;
        let full = format!("{}, Token=\"{token}\"", identity("anna"));
        let emby = full.replace("MediaBrowser", "Emby");
        for (target, header) in [
            (
                "/Users/Me".to_owned(),
                Some(("authorization", full.as_str())),
            ),
            (
                "/Users/Me".to_owned(),
                Some(("authorization", emby.as_str())),
            ),
            (
                "/Users/Me".to_owned(),
                Some(("x-emby-authorization", full.as_str())),
            ),
            (
                "/Users/Me".to_owned(),
                Some(("x-emby-token", token.as_str())),
            ),
            (
                "/emby/users/ME/".to_owned(),
                Some(("x-mediabrowser-token", token.as_str())),
            ),
            (format!("/Users/Me?ApiKey={token}"), None),
            (format!("/mediabrowser/Users/Me?api_key={token}"), None),
        ] {
            let answer = house.get(&target, header.as_slice()).await;
            assert_eq!(
                answer.status(),
                StatusCode::OK,
                "{version:?}: {target} {header:?}"
            );
            assert_eq!(json_of(&answer)["Name"], "anna");
        }
        let two = house
            .get(
                &format!("/Users/Me?ApiKey={token}"),
                &[("x-emby-token", "another")],
            )
            .await;
        assert_eq!(two.status(), StatusCode::BAD_REQUEST, "{version:?}");
    }
}

#[tokio::test]
async fn no_side_door_leads_in() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let token = house.token("anna").await;
        let me = json_of(&house.get("/Users/Me", &[("x-emby-token", &token)]).await)["Id"]
            .as_str()
            .unwrap()
            .to_owned();
        for (method, target, expected) in [
            (
                Method::GET,
                "/Users/Me".to_owned(),
                StatusCode::UNAUTHORIZED,
            ),
            (Method::GET, "/Items".to_owned(), StatusCode::UNAUTHORIZED),
            (
                Method::GET,
                "/anything/else".to_owned(),
                StatusCode::UNAUTHORIZED,
            ),
            (
                Method::POST,
                format!("/Users/{me}/Authenticate?pw=anna-pass-1"),
                StatusCode::NOT_FOUND,
            ),
            (
                Method::GET,
                "/Startup/User".to_owned(),
                StatusCode::NOT_FOUND,
            ),
            (
                Method::GET,
                "/x/%2e%2e/Users/Me".to_owned(),
                StatusCode::BAD_REQUEST,
            ),
            (
                Method::GET,
                "/Users//Me".to_owned(),
                StatusCode::BAD_REQUEST,
            ),
            (
                Method::GET,
                "/Users/M%2565".to_owned(),
                StatusCode::BAD_REQUEST,
            ),
            (
                Method::POST,
                "/System/Restart".to_owned(),
                StatusCode::UNAUTHORIZED,
            ),
        ] {
            let answer = house.ask(method.clone(), &target, &[], "").await;
            assert_eq!(answer.status(), expected, "{version:?}: {method} {target}");
        }
        let restart = house
            .ask(
                Method::POST,
                "/System/Restart",
                &[("x-emby-token", &token)],
                "",
            )
            .await;
        assert_eq!(restart.status(), StatusCode::FORBIDDEN, "{version:?}");
    }
}

#[tokio::test]
async fn a_password_is_never_emptied_and_nobody_renames_itself() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let token = house.token("anna").await;
        let headers = [("x-emby-token", token.as_str())];
        let me = json_of(&house.get("/Users/Me", &headers).await);
        let id = me["Id"].as_str().unwrap();
        for body in [
            json!({ "ResetPassword": true }),
            json!({ "resetPassword": true }),
            json!({ "CurrentPw": "anna-pass-1", "NewPw": "" }),
        ] {
            let answer = house
                .post(&format!("/Users/{id}/Password"), &headers, &body)
                .await;
            assert_eq!(
                answer.status(),
                StatusCode::FORBIDDEN,
                "{version:?}: {body}"
            );
        }
        let mut renamed = me.clone();
        renamed["Name"] = json!("kim+Teen");
        let answer = house
            .post(&format!("/Users/{id}"), &headers, &renamed)
            .await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{version:?}");
        assert_eq!(
            house.sign_in("anna", "anna-pass-1").await.status(),
            StatusCode::OK,
            "{version:?}"
        );
    }
}

#[tokio::test]
async fn a_quick_connect_secret_is_redeemed_once() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let token = house.token("anna").await;
        let screen = identity("screen");
        let started = json_of(
            &house
                .post(
                    "/QuickConnect/Initiate",
                    &[("authorization", &screen)],
                    &json!({}),
                )
                .await,
        );
        let (secret, code) = (started["Secret"].clone(), started["Code"].as_str().unwrap());
        let redeem = json!({ "Secret": secret });
        let early = house
            .post(
                "/Users/AuthenticateWithQuickConnect",
                &[("authorization", &screen)],
                &redeem,
            )
            .await;
        assert_ne!(
            early.status(),
            StatusCode::OK,
            "{version:?}: not approved yet"
        );
        let approve = format!("/QuickConnect/Authorize?code={code}");
        assert_eq!(
            house
                .post(&approve, &[("x-emby-token", &token)], &json!({}))
                .await
                .status(),
            StatusCode::OK
        );
        let mut answers = Vec::new();
        for _ in 0..2 {
            let path = "/Users/AuthenticateWithQuickConnect";
            answers.push(
                house
                    .post(path, &[("authorization", &screen)], &redeem)
                    .await
                    .status(),
            );
        }
        assert_eq!(
            answers,
            [StatusCode::OK, StatusCode::FORBIDDEN],
            "{version:?}"
        );
    }
}

#[tokio::test]
async fn a_quick_connect_secret_that_is_spelled_twice_passes_once_as_jellyfin_reads_it() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let token = house.token("anna").await;
        let screen = identity("screen");
        let headers = [("authorization", screen.as_str())];
        let started = house
            .post("/QuickConnect/Initiate", &headers, &json!({}))
            .await;
        let started = json_of(&started);
        let approve = format!(
            "/QuickConnect/Authorize?code={}",
            started["Code"].as_str().unwrap()
        );
        let approved = house
            .post(&approve, &[("x-emby-token", &token)], &json!({}))
            .await;
        assert_eq!(approved.status(), StatusCode::OK);
        let mut answers = Vec::new();
        for body in [
            json!({ "Secret": "another", "sECRET": started["Secret"] }),
            json!({ "Secret": started["Secret"] }),
        ] {
            let path = "/Users/AuthenticateWithQuickConnect";
            answers.push(house.post(path, &headers, &body).await.status());
        }
        let expected = [StatusCode::OK, StatusCode::FORBIDDEN];
        assert_eq!(answers, expected, "{version:?}");
    }
}

#[tokio::test]
async fn a_token_that_was_signed_out_is_nobodys() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let token = house.token("anna").await;
        let headers = [("x-emby-token", token.as_str())];
        assert_eq!(
            house.get("/Users/Me", &headers).await.status(),
            StatusCode::OK
        );
        assert_eq!(
            house
                .post("/Sessions/Logout", &headers, &json!({}))
                .await
                .status(),
            StatusCode::NO_CONTENT
        );
        assert_eq!(
            house.get("/Users/Me", &headers).await.status(),
            StatusCode::UNAUTHORIZED,
            "{version:?}"
        );
    }
}

#[tokio::test]
async fn only_an_administrator_drives_the_quick_connect_switch_from_the_dashboard() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let off = json!({ "QuickConnectAvailable": false });
        for (name, enabled) in [("anna", "true"), ("root", "false")] {
            let token = house.token(name).await;
            let headers = [("x-emby-token", token.as_str())];
            house.post("/System/Configuration", &headers, &off).await;
            let shown = house.get("/QuickConnect/Enabled", &[]).await;
            assert_eq!(shown.body(), enabled, "{version:?}: {name}");
        }
    }
}

#[tokio::test]
async fn an_address_of_a_page_with_a_slash_too_many_leads_to_the_page() {
    let house = House::open(VERSIONS[1]).await;
    for (asked, to) in [
        ("/usher", "usher/account"),
        ("/usher/", "account"),
        ("/usher/account/", "../account"),
        ("/usher/sign-in/?next=%2Fhome", "../sign-in?next=%2Fhome"),
    ] {
        let answer = house.get(asked, &[]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{asked}");
        assert_eq!(answer.headers()["location"], to, "{asked}");
    }
}
