//! What an administrator with a second factor does only a moment after showing it, in the browser that was given the token.
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::json;
use usher::application::Blueprint;
use usher_accounts::WebSession;
use usher_accounts::admin::{Admin, Edited};
use usher_accounts::me::StepUp;
use usher_accounts::second_factor::{Enrollment, Flow, Shown};
use usher_accounts::sign_in::{PasswordForm, SignedIn, WebSignIn};
use usher_domain::address::EmailAddress;
use usher_domain::second_factor::recovery::RecoveryCode;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::time::{Clock, SystemClock, TestClock};
use usher_domain::visitor::Visitor;
use usher_standin::Version;

use crate::client::{API_KEY, House, VERSIONS, identity, jellyfin};

fn here() -> Visitor {
    Visitor::new([127, 0, 0, 1].into(), true, "Firefox/140.0 Linux")
}

/// `root` in a browser of this device id.
async fn browser(house: &House, device_id: &str) -> SignedIn {
    let password = SecretText::new("root-pass-1");
    let form = PasswordForm {
        name: "root",
        password: &password,
        device_id,
        next: "",
        language: "en",
        trust: None,
    };
    match house.accounts.web_password(&form, None, &here()).await {
        Ok(WebSignIn::Done(signed_in)) => *signed_in,
        other => panic!("root is not signed in: {other:?}"),
    }
}

async fn session(house: &House, cookie: &OpaqueToken) -> WebSession {
    let found = house.accounts.web_session(cookie).await.unwrap();
    found.unwrap()
}

/// Switches codes by mail on for `root`. Answers the recovery codes.
async fn enroll(house: &House, cookie: &OpaqueToken) -> Vec<RecoveryCode> {
    let accounts = &house.accounts;
    let account = accounts.account_named("root").await.unwrap().unwrap();
    let address = EmailAddress::parse("root@example.org").unwrap();
    let (by, visitor) = (Admin::on_the_server(), here());
    let entered = accounts.enter_address(&by, account.id, Some(&address), true, &visitor);
    assert_eq!(entered.await.unwrap(), Edited::Done);
    let session = session(house, cookie).await;
    let enrolled = accounts.enroll_mail(Flow::Account(&session), &here()).await;
    let Enrollment::Done { codes, .. } = enrolled.unwrap() else {
        panic!("codes by mail are not on");
    };
    codes
}

/// Shows a recovery code in this browser. Answers its new cookie.
async fn prove(house: &House, cookie: &OpaqueToken, code: &RecoveryCode) -> OpaqueToken {
    let session = session(house, cookie).await;
    let shown = Shown::Recovery(code.reveal());
    let stepped = house
        .accounts
        .step_up_by_factor(&session, shown, &here())
        .await;
    let StepUp::Done(cookie) = stepped.unwrap() else {
        panic!("the recovery code is right");
    };
    cookie
}

/// Asks for a dangerous route with this token, from a browser with this cookie.
async fn ask(
    house: &House,
    method: Method,
    target: &str,
    token: &str,
    cookie: Option<&OpaqueToken>,
) -> Response<Bytes> {
    let cookie = cookie.map_or_else(String::new, |cookie| {
        format!("theme=dark; usher_session={}", cookie.reveal())
    });
    let headers = [("x-emby-token", token), ("cookie", &*cookie)];
    house.ask(method, target, &headers, "").await
}

async fn keys(house: &House, token: &str, cookie: Option<&OpaqueToken>) -> Response<Bytes> {
    ask(house, Method::GET, "/Auth/Keys", token, cookie).await
}

fn is_step_up(answer: &Response<Bytes>) -> bool {
    let told = answer.headers().get("x-usher-step-up");
    let is_told = told.is_some_and(|told| told == "required");
    assert_eq!(is_told, answer.status() == StatusCode::FORBIDDEN);
    is_told
}

/// A house whose clock can be put forward. What is remembered of a token for seconds is forgotten by that.
async fn house(version: Version) -> (House, Arc<TestClock>) {
    let clock = Arc::new(TestClock::at(SystemClock.now()));
    let house = House::open_by(version, Arc::<TestClock>::clone(&clock)).await;
    (house, clock)
}

fn pass(clock: &TestClock) {
    clock.advance(Duration::from_secs(6));
}

#[tokio::test]
async fn r38_an_administrator_with_a_second_factor_shows_it_before_something_dangerous() {
    for version in VERSIONS {
        let (house, clock) = house(version).await;
        let own = browser(&house, "own").await;
        let other = browser(&house, "other").await;
        let token = own.token.reveal();
        assert_eq!(keys(&house, token, None).await.status(), StatusCode::OK);
        let codes = enroll(&house, &own.cookie).await;
        pass(&clock);
        assert!(is_step_up(&keys(&house, token, None).await));
        assert!(is_step_up(&keys(&house, token, Some(&own.cookie)).await));
        let cookie = prove(&house, &own.cookie, &codes[0]).await;
        assert!(!is_step_up(&keys(&house, token, Some(&cookie)).await));
        // The cookie of before, a stolen token alone, and a proof in another browser are not enough.
        assert!(is_step_up(&keys(&house, token, Some(&own.cookie)).await));
        assert!(is_step_up(&keys(&house, token, None).await));
        let elsewhere = prove(&house, &other.cookie, &codes[1]).await;
        assert!(is_step_up(&keys(&house, token, Some(&elsewhere)).await));
        assert!(!is_step_up(
            &keys(&house, other.token.reveal(), Some(&elsewhere)).await
        ));
        clock.advance(Duration::from_mins(10) + Duration::from_secs(1));
        assert!(is_step_up(&keys(&house, token, Some(&cookie)).await));
    }
}

#[tokio::test]
async fn r38_what_is_not_dangerous_and_who_is_no_such_administrator_passes_as_before() {
    for version in VERSIONS {
        let (house, clock) = house(version).await;
        let own = browser(&house, "own").await;
        enroll(&house, &own.cookie).await;
        pass(&clock);
        let token = own.token.reveal();
        let root = own.user;
        for (method, target) in [
            (Method::GET, "/System/Info".to_owned()),
            (Method::GET, "/Users".to_owned()),
            (Method::GET, "/System/Configuration".to_owned()),
        ] {
            let answer = ask(&house, method, &target, token, None).await;
            assert_eq!(answer.status(), StatusCode::OK, "{version:?} {target}");
        }
        for (method, target) in [
            (Method::GET, "/Auth/Keys".to_owned()),
            (Method::POST, "/Auth/Keys?app=x".to_owned()),
            (Method::DELETE, "/Auth/Keys/00".to_owned()),
            (Method::POST, "/Users/New".to_owned()),
            (Method::POST, format!("/Users/{root}/Policy")),
            (Method::DELETE, format!("/Users/{root}")),
            (Method::POST, "/System/Configuration".to_owned()),
            (Method::POST, "/Plugins/x/Enable".to_owned()),
            (Method::POST, "/emby/Packages/Installed/x".to_owned()),
            (Method::POST, "/Repositories".to_owned()),
            (Method::GET, "/Backup".to_owned()),
        ] {
            let answer = ask(&house, method, &target, token, None).await;
            assert!(is_step_up(&answer), "{version:?} {target}");
        }
        assert_eq!(keys(&house, API_KEY, None).await.status(), StatusCode::OK);
        let anna = house.token("anna").await;
        let refused = keys(&house, &anna, None).await;
        assert!(refused.headers().get("x-usher-step-up").is_none());
        let strange = keys(&house, "00", None).await;
        assert_eq!(strange.status(), StatusCode::UNAUTHORIZED);
        let named = json!({ "Name": "root", "Id": root.to_string() });
        let rename = format!("/Users/{root}");
        let headers = [("x-emby-token", token), ("authorization", &*identity("x"))];
        let own_record = house.post(&rename, &headers[..1], &named).await;
        assert!(own_record.headers().get("x-usher-step-up").is_none());
    }
}

#[tokio::test]
async fn guard_dashboard_lifts_it() {
    let clock = Arc::new(TestClock::at(SystemClock.now()));
    let standin = jellyfin(Version::V12_0).await;
    let house = House::furnished(standin, |plan| Blueprint {
        clock: Arc::<TestClock>::clone(&clock),
        guards_dashboard: false,
        ..plan
    })
    .await;
    let own = browser(&house, "own").await;
    enroll(&house, &own.cookie).await;
    pass(&clock);
    let answer = keys(&house, own.token.reveal(), None).await;
    assert_eq!(answer.status(), StatusCode::OK);
}
