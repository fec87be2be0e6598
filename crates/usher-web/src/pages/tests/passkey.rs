//! Passkeys through the router: what the script is told, what is refused, and its pages.
use std::net::Ipv4Addr;

use askama::Template;
use axum::body::Body;
use http::{Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;
use usher_accounts::admin::Admin;
use usher_accounts::reset::ResetAsks;
use usher_domain::second_factor::{Demand, SecondFactorPolicy};
use usher_domain::visitor::Visitor;

use super::html::assert_sound;
use super::{Desk, Shown, frame, visit};
use crate::pages::frame::Frame;
use crate::pages::passkey::PasskeyPage;
use crate::pages::reset_factor::ResetFactorPage;

impl Desk {
    /// Asks as the script of passkeys does.
    async fn begin(&self, kind: &str, body: &str) -> Shown {
        let request = Request::builder()
            .method("POST")
            .uri("/usher/passkey-begin")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, kind)
            .extension(visit())
            .body(Body::from(body.to_owned()))
            .unwrap();
        Shown::read(self.pages.clone().oneshot(request).await.unwrap()).await
    }

    async fn begin_json(&self, body: &str) -> Value {
        let shown = self.begin("application/json", body).await;
        assert_eq!(shown.status, 200, "{}", shown.html);
        serde_json::from_str(&shown.html).unwrap()
    }
}

#[tokio::test]
async fn r49_what_the_script_sends_is_json_and_nothing_else() {
    let desk = Desk::open().await;
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let shown = desk.begin(kind, r#"{"for":"sign_in"}"#).await;
        assert_eq!(shown.status, StatusCode::UNSUPPORTED_MEDIA_TYPE.as_u16());
        assert!(shown.cookies.is_empty());
    }
    for body in [
        r#"{"for":"anything"}"#,
        r#"{"for":"sign_in","name":"mia"}"#,
        "{}",
    ] {
        let shown = desk.begin("application/json", body).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY.as_u16());
    }
}

#[tokio::test]
async fn r33_a_sign_in_is_asked_of_this_host_and_tied_to_this_browser() {
    let desk = Desk::open().await;
    let shown = desk.begin("application/json", r#"{"for":"sign_in"}"#).await;
    let [cookie] = &shown.cookies[..] else {
        panic!("{:?}", shown.cookies);
    };
    assert!(cookie.starts_with("__Host-usher_passkey="), "{cookie}");
    assert!(cookie.contains("; SameSite=Strict"), "{cookie}");
    let told: Value = serde_json::from_str(&shown.html).unwrap();
    assert_eq!(told["ask"]["publicKey"]["rpId"], "f.example");
}

#[tokio::test]
async fn r31_nobody_in_particular_is_told_of_no_passkey() {
    let desk = Desk::open().await;
    for doing in ["show", "enroll", "add", "prove", "reset"] {
        let told = desk.begin_json(&format!(r#"{{"for":"{doing}"}}"#)).await;
        assert!(told.get("ask").is_none(), "{doing}: {told}");
        let text = told["wrong"].as_str().unwrap();
        assert!(text.contains("no passkey to be used"), "{doing}: {told}");
    }
}

#[tokio::test]
async fn an_answer_without_its_challenge_is_refused_with_a_way_back() {
    let desk = Desk::open().await;
    let shown = desk
        .post("passkey-sign-in?next=/x", "", &[("answer", "{}")])
        .await;
    assert_eq!(shown.status, 200);
    assert!(shown.html.contains("Passkey not taken"), "{}", shown.html);
    assert!(
        shown.html.contains("href=\"sign-in?other=yes&#38;next="),
        "{}",
        shown.html
    );
    for (form, to) in [
        ("passkey-show", "sign-in?said=over"),
        ("passkey-enroll", "sign-in?said=over"),
        ("passkey-add", "sign-in?next=%2Fusher%2Faccount"),
    ] {
        let shown = desk.post(form, "", &[("answer", "{}")]).await;
        assert_eq!(shown.location, to, "{form}");
    }
    let other = [("answer", "{}"), ("account", "mia")];
    assert_eq!(desk.post("passkey-show", "", &other).await.status, 400);
}

#[tokio::test]
async fn the_sign_in_page_offers_a_passkey_and_keeps_the_page_that_was_asked_for() {
    let desk = Desk::open().await;
    let shown = desk.get("sign-in?next=%2Fdetails%3Fid%3D1", "").await;
    let action = "action=\"passkey-sign-in?next=%2Fdetails%3Fid%3D1\"";
    assert!(shown.html.contains(action), "{}", shown.html);
    // Where passkeys rest, nothing of them is there.
    let accounts = &desk.accounts;
    let off = SecondFactorPolicy {
        demand: Demand::Off,
        ..SecondFactorPolicy::default()
    };
    let by = Admin::on_the_server();
    let visitor = Visitor::new(Ipv4Addr::LOCALHOST.into(), true, "");
    let changed = accounts.set_second_factor_policy(&by, &off, &visitor);
    changed.await.unwrap();
    let shown = desk.get("sign-in", "").await;
    assert!(!shown.html.contains("passkey"), "{}", shown.html);
}

#[tokio::test]
async fn r16_a_passkey_of_a_reset_without_its_proof_leads_to_the_beginning() {
    let desk = Desk::open().await;
    let shown = desk.post("passkey-reset", "", &[("answer", "{}")]).await;
    assert_eq!(shown.location, "forgot?said=dead");
}

#[test]
fn the_page_of_a_resets_factor_is_sound_whatever_it_asks_for() {
    for language in ["en", "de"] {
        let frame = &frame(language);
        for number in 0..8 {
            let asks = ResetAsks {
                passkey: number & 1 > 0,
                totp: number & 2 > 0,
                recovery: number & 4 > 0,
            };
            for wrong in ["", "web-factor-wrong", "web-reset-factor-not-a-code"] {
                let page = ResetFactorPage {
                    frame,
                    name: "m\"ia <b>",
                    asks,
                    query: "?next=%2Fdetails".to_owned(),
                    wrong,
                };
                assert_sound(&page);
                let html = page.render().unwrap();
                assert_eq!(html.contains("passkey-reset"), asks.passkey);
                let types = asks.totp || asks.recovery;
                assert_eq!(
                    html.contains("action=\"reset-factor?next=%2Fdetails\""),
                    types
                );
            }
        }
    }
}

#[derive(Template)]
#[template(
    source = r#"{% import "part/passkey.html" as passkey %}<h1>x</h1>{% call passkey::form(frame, "passkey-show", "show", "passkey-show") %}<input type="hidden" name="trust" value="yes">{% endcall %}"#,
    ext = "html"
)]
struct Part<'a> {
    frame: &'a Frame,
}

#[test]
fn the_pages_and_the_form_of_passkeys_are_sound() {
    for language in ["en", "de"] {
        let frame = &frame(language);
        for wrong in [
            "passkey-wrong",
            "passkey-late",
            "passkey-closed",
            "passkey-refused",
        ] {
            assert_sound(&PasskeyPage {
                frame,
                wrong,
                back: "second-factor",
            });
        }
        assert_sound(&Part { frame });
        let html = Part { frame }.render().unwrap();
        assert!(html.contains("data-passkey=\"show\""), "{html}");
        assert!(html.contains("name=\"trust\""), "{html}");
        for untold in [
            ">passkey-",
            "cancelled=\"passkey",
            "known=\"passkey",
            "elsewhere=\"passkey",
            "failed=\"passkey",
        ] {
            assert!(!html.contains(untold), "{untold}: {html}");
        }
    }
}
