//! Apps that know nothing of a second factor, over HTTP, as those in the field name themselves and write their bodies.
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};
use usher_accounts::second_factor::{Enrollment, Flow};
use usher_accounts::sign_in::{PasswordForm, WebSignIn};
use usher_domain::secret::SecretText;
use usher_domain::time::{TestClock, Timestamp};
use usher_domain::visitor::Visitor;

use crate::browser::Browser;
use crate::client::{House, VERSIONS, json_of};
use crate::mail_server::{Letter, MailServer, Mood};
use crate::recovery::house;

/// Longer than mails of one hour are counted.
const LATER: Duration = Duration::from_mins(61);

/// How one client signs in.
struct Client {
    target: &'static str,
    identity: &'static str,
    /// The names of the two fields.
    fields: (&'static str, &'static str),
}

const CLIENTS: [Client; 6] = [
    Client {
        target: "/Users/AuthenticateByName",
        identity: r#"MediaBrowser Client="Jellyfin Android TV", Version="0.19.3", DeviceId="a1", Device="Living%20room""#,
        fields: ("Username", "Pw"),
    },
    Client {
        target: "/Users/AuthenticateByName",
        identity: "MediaBrowser DeviceId=iOS_B2, Version=1.3, Client=Swiftfin iOS, Device=Anna's iPad",
        fields: ("Username", "Pw"),
    },
    Client {
        target: "/Users/AuthenticateByName?format=json",
        identity: r#"MediaBrowser Client="Jellyfin Roku", Device="Roku", DeviceId="r3anna", Version="3.0.1", UserId="anna""#,
        fields: ("Username", "Pw"),
    },
    Client {
        target: "/Users/AuthenticateByName",
        identity: "MediaBrowser Client=Kodi,Device=Kodi,DeviceId=c4,Version=1.0.6",
        fields: ("username", "Pw"),
    },
    Client {
        target: "/Users/AuthenticateByName",
        identity: r#"MediaBrowser Client="Findroid", Device="Pixel", DeviceId="d5", Version="0.15""#,
        fields: ("Username", "Pw"),
    },
    Client {
        target: "/Users/authenticatebyname",
        identity: r#"MediaBrowser Client="Jellyfin Web", Device="Firefox", DeviceId="e6", Version="10.11.11""#,
        fields: ("Username", "Pw"),
    },
];

impl Client {
    async fn sign_in(&self, house: &House, password: Value) -> Response<Bytes> {
        let (name, pw) = self.fields;
        let headers = [("authorization", self.identity)];
        let body = json!({ name: "anna", pw: password });
        house.post(self.target, &headers, &body).await
    }
}

/// Anna switches codes by mail on.
async fn with_mail_codes(house: &House, mail: &mut MailServer) {
    let here = Visitor::new([127, 0, 0, 1].into(), true, "test");
    let form = PasswordForm {
        name: "anna",
        password: &SecretText::new("anna-pass-1"),
        device_id: "setting",
        next: "",
        language: "en",
        trust: None,
    };
    let entered = house.accounts.web_password(&form, None, &here).await;
    let WebSignIn::Done(signed_in) = entered.unwrap() else {
        panic!("anna is signed in");
    };
    let session = house.accounts.web_session(&signed_in.cookie).await;
    let session = session.unwrap().unwrap();
    let flow = Flow::Account(&session);
    let enrolled = house.accounts.enroll_mail(flow, &here).await.unwrap();
    assert!(matches!(enrolled, Enrollment::Done { .. }));
    mail.letter().await;
}

/// The next mail that asks whether somebody may come in.
async fn asking(mail: &mut MailServer) -> Letter {
    loop {
        let letter = mail.letter().await;
        if letter
            .links()
            .iter()
            .any(|link| link.contains("/usher/approve#"))
        {
            return letter;
        }
    }
}

fn clock() -> Arc<TestClock> {
    Arc::new(TestClock::at(Timestamp::from_millis(1_795_521_600_000)))
}

fn assert_plain_401(answer: &Response<Bytes>) {
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/plain"), "{kind}");
    assert!(answer.headers().get("www-authenticate").is_none());
    assert_eq!(answer.body().as_ref(), b"Error processing request.");
}

async fn standing(house: &House, answer: &Response<Bytes>) -> StatusCode {
    let token = json_of(answer)["AccessToken"].as_str().unwrap().to_owned();
    let me = house
        .ask(Method::GET, "/Users/Me", &[("x-emby-token", &token)], "")
        .await;
    me.status()
}

#[tokio::test]
async fn an_answer_that_is_held_goes_on_by_itself_when_the_link_of_the_mail_is_approved() {
    for version in VERSIONS {
        let (clock, mut mail) = (clock(), MailServer::start(Mood::Well).await);
        let house = house(version, &mail, &clock).await;
        with_mail_codes(&house, &mut mail).await;
        for client in &CLIENTS {
            clock.advance(LATER);
            let approved = async {
                let letter = asking(&mut mail).await;
                let link = [("link", letter.links()[0])];
                let mut phone = Browser::at(&house.address);
                let shown = phone.send("approve", &link).await;
                assert!(shown.html.contains("approve-yes"), "{}", shown.html);
                let told = phone.send("approve-yes", &link).await;
                assert!(told.html.contains("may come in"), "{}", told.html);
            };
            let pressed = client.sign_in(&house, json!("anna-pass-1"));
            let (answer, ()) = tokio::join!(pressed, approved);
            assert_eq!(answer.status(), StatusCode::OK, "{}", client.identity);
            assert_eq!(standing(&house, &answer).await, StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn a_code_behind_the_password_lets_in_and_the_held_press_before_it_gets_nothing() {
    for version in VERSIONS {
        let (clock, mut mail) = (clock(), MailServer::start(Mood::Well).await);
        let house = house(version, &mail, &clock).await;
        with_mail_codes(&house, &mut mail).await;
        clock.advance(LATER);
        let [_, _, _, kodi, ..] = &CLIENTS;
        let again = async {
            let letter = asking(&mut mail).await;
            let typed = format!("anna-pass-1 {}", letter.code());
            kodi.sign_in(&house, json!(typed)).await
        };
        let first = kodi.sign_in(&house, json!("anna-pass-1"));
        let (first, again) = tokio::join!(first, again);
        assert_plain_401(&first);
        assert_eq!(again.status(), StatusCode::OK, "{version:?}");
        assert_eq!(standing(&house, &again).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn empty_and_null_passwords_of_every_tile_are_refused_at_once_and_do_no_harm() {
    for version in VERSIONS {
        let (clock, mut mail) = (clock(), MailServer::start(Mood::Well).await);
        let house = house(version, &mail, &clock).await;
        with_mail_codes(&house, &mut mail).await;
        clock.advance(LATER);
        for client in &CLIENTS {
            for password in [json!(""), Value::Null, json!(" ")] {
                assert_plain_401(&client.sign_in(&house, password).await);
            }
        }
        let [_, _, roku, ..] = &CLIENTS;
        let approved = async {
            // The first mail of all is that of the right password.
            let letter = asking(&mut mail).await;
            let link = [("link", letter.links()[0])];
            Browser::at(&house.address).send("approve-yes", &link).await;
        };
        let (answer, ()) = tokio::join!(roku.sign_in(&house, json!("anna-pass-1")), approved);
        assert_eq!(answer.status(), StatusCode::OK, "{version:?}");
    }
}
