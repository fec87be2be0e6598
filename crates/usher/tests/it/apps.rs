//! Apps that know nothing of a second factor, over HTTP: each names itself, writes its body and gives up as the one in the
//! field does.
mod approve;
mod behind;
mod harmless;
mod program;
mod same_device;
mod screen;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use usher::application::Blueprint;
use usher_domain::time::{TestClock, Timestamp};
use usher_standin::Version;

use crate::browser::Browser;
use crate::client::{House, json_of};
use crate::factors::with_mail_codes;
use crate::mail_server::{Letter, MailServer, Mood};
use crate::recovery::house_with;

const PASSWORD: &str = "anna-pass-1";

/// Longer than any limit of mails or wrong answers looks back.
const NEXT_DAY: Duration = Duration::from_hours(25);

/// How one client signs in.
struct Client {
    device: &'static str,
    target: &'static str,
    identity: &'static str,
    /// Its body, with `NAME` and `PASSWORD` where the values stand.
    body: &'static str,
    /// How long its answer is held: its own time-out, with a margin.
    patience: Duration,
}

const CLIENTS: [Client; 6] = [
    Client {
        device: "Living room",
        target: "/Users/AuthenticateByName",
        identity: r#"MediaBrowser Client="Jellyfin%20Android%20TV", Version="0.19.3", DeviceId="9f86d081884c7d65", Device="Living%20room""#,
        body: r#"{"Username":NAME,"Pw":PASSWORD}"#,
        patience: Duration::from_secs(25),
    },
    Client {
        device: "Anna's iPad",
        target: "/Users/AuthenticateByName",
        identity: "MediaBrowser DeviceId=iPadOS_6A1F3C, Version=1.3, Client=Swiftfin iPadOS, Device=Anna's iPad",
        body: "{\n  \"Pw\" : PASSWORD,\n  \"Username\" : NAME\n}",
        patience: Duration::from_secs(15),
    },
    Client {
        device: "Roku Express",
        target: "/Users/AuthenticateByName?format=json",
        identity: r#"MediaBrowser Client="Jellyfin Roku", Device="Roku Express", DeviceId="X004000anna", Version="3.0.1", UserId="anna""#,
        body: r#"{"Username":NAME,"Pw":PASSWORD}"#,
        patience: Duration::from_secs(25),
    },
    Client {
        device: "LibreELEC",
        target: "/Users/AuthenticateByName",
        identity: "MediaBrowser Client=Kodi, Device=LibreELEC, DeviceId=b2c4d6e8, Version=1.0.6",
        body: r#"{"username": NAME, "Pw": PASSWORD}"#,
        patience: Duration::from_secs(8),
    },
    Client {
        device: "Pixel 9",
        target: "/Users/AuthenticateByName",
        identity: r#"MediaBrowser Client="Findroid", Version="0.15.0", DeviceId="5d41402abc4b2a76", Device="Pixel%209""#,
        body: r#"{"Username":NAME,"Pw":PASSWORD}"#,
        patience: Duration::from_secs(8),
    },
    Client {
        device: "Firefox",
        target: "/Users/authenticatebyname",
        identity: r#"MediaBrowser Client="Jellyfin%20Web", Device="Firefox", DeviceId="TW96aWxsYS81LjA1", Version="12.0.0""#,
        body: r#"{"Username":NAME,"Pw":PASSWORD}"#,
        patience: Duration::from_secs(50),
    },
];

impl Client {
    fn body(&self, name: &str, password: &Value) -> String {
        let body = self.body.replace("NAME", &Value::from(name).to_string());
        body.replace("PASSWORD", &password.to_string())
    }

    /// Anna presses "sign in".
    async fn press(&self, house: &House, password: impl Into<Value>) -> Response<Bytes> {
        self.press_as(house, "anna", password, &[]).await
    }

    async fn press_as(
        &self,
        house: &House,
        name: &str,
        password: impl Into<Value>,
        more: &[(&str, &str)],
    ) -> Response<Bytes> {
        let mut headers = vec![
            ("authorization", self.identity),
            ("content-type", "application/json"),
            ("accept", "application/json"),
        ];
        headers.extend(more);
        let body = self.body(name, &password.into());
        house.ask(Method::POST, self.target, &headers, &body).await
    }

    /// Anna presses, and the client gives up while its answer is held. Comes back when the server has noticed it.
    async fn give_up(&self, house: &House, mail: &mut MailServer) -> Letter {
        let body = self.body("anna", &PASSWORD.into());
        let request = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.target,
            house.address,
            self.identity,
            body.len()
        );
        let mut stream = TcpStream::connect(&house.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let letter = self.letter(mail).await;
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
        letter
    }

    /// The next mail that asks whether somebody may come in. It is of this client: none before it was sent twice.
    async fn letter(&self, mail: &mut MailServer) -> Letter {
        loop {
            let letter = mail.letter().await;
            if letter.text.contains("/usher/approve#") {
                let device = self.device;
                assert!(letter.text.contains(device), "{device}: {}", letter.text);
                return letter;
            }
        }
    }

    /// It is in: its token is good for anna.
    async fn assert_in(&self, house: &House, answer: &Response<Bytes>) {
        assert_eq!(answer.status(), StatusCode::OK, "{}", self.identity);
        let token = json_of(answer)["AccessToken"].as_str().unwrap().to_owned();
        let me = house.get("/Users/Me", &[("x-emby-token", &token)]).await;
        assert_eq!(json_of(&me)["Name"], "anna", "{}", self.identity);
    }
}

/// A day on which mails are sent.
fn clock() -> Arc<TestClock> {
    Arc::new(TestClock::at(Timestamp::from_millis(1_795_521_600_000)))
}

/// A house where anna has codes by mail, and the mail about that is read.
async fn house(version: Version, clock: &Arc<TestClock>) -> (House, MailServer) {
    furnished(version, clock, |plan| plan).await
}

/// As [`house`], where no answer is held: as if every client had given up at once.
async fn impatient(version: Version, clock: &Arc<TestClock>) -> (House, MailServer) {
    furnished(version, clock, |mut plan| {
        plan.options.longest_hold = Duration::ZERO;
        plan
    })
    .await
}

async fn furnished(
    version: Version,
    clock: &Arc<TestClock>,
    change: impl FnOnce(Blueprint) -> Blueprint,
) -> (House, MailServer) {
    let mail = MailServer::start(Mood::Well).await;
    let house = house_with(version, &mail, clock, change).await;
    with_mail_codes(&house, "anna").await;
    clock.advance(NEXT_DAY);
    (house, mail)
}

/// Follows the link of a mail, and says yes.
async fn approve(house: &House, letter: &Letter) {
    let link = [("link", letter.links()[0])];
    let mut phone = Browser::at(&house.address);
    let shown = phone.send("approve", &link).await;
    assert!(shown.html.contains("approve-yes"), "{}", shown.html);
    let told = phone.send("approve-yes", &link).await;
    assert!(told.html.contains("may come in"), "{}", told.html);
}

/// What every client understands: Roku reads any body as JSON, and no browser may open a window of its own.
fn assert_plain_401(answer: &Response<Bytes>) {
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/plain"), "{kind}");
    assert!(answer.headers().get("www-authenticate").is_none());
    assert_eq!(answer.body().as_ref(), b"Error processing request.");
}
