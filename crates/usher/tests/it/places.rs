//! A place that is signed out: its token is dead here and in Jellyfin, what it had open is cut, and its neighbors live on.
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use http::{Method, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use usher::application::Blueprint;
use usher_accounts::app_password::NewAppPassword;
use usher_domain::profile::pin::Watcher;
use usher_domain::time::{Clock, SystemClock, TestClock};
use usher_standin::Fault;

use crate::browser::Browser;
use crate::client::{House, VERSIONS, ask_of, identity, jellyfin, json_of};
use crate::factors::{STEP, here, session, with_app};

/// Signs in on the television that two people share.
async fn on_tv(house: &House, name: &str) -> String {
    let body = json!({ "Username": name, "Pw": format!("{name}-pass-1") });
    let headers = [("authorization", &*identity("tv"))];
    let answer = house.post("/Users/AuthenticateByName", &headers, &body);
    json_of(&answer.await)["AccessToken"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// The item of the list of places that shows this device.
fn item<'a>(list: &'a str, device: &str) -> &'a str {
    let named = format!("<b>{device}</b>");
    let mut items = list.split("<li>");
    items.find(|item| item.contains(&named)).unwrap()
}

/// What the form of a place sends.
fn place_of<'a>(list: &'a str, device: &str) -> &'a str {
    let (_, value) = item(list, device)
        .split_once("name=\"place\" value=\"")
        .unwrap();
    value.split('"').next().unwrap()
}

/// Whether the server ends the socket; what it says before does not matter.
async fn ends<Socket>(socket: &mut Socket) -> bool
where
    Socket: StreamExt<Item = Result<Message, tokio_tungstenite::tungstenite::Error>> + Unpin,
{
    let end = async {
        while let Some(Ok(message)) = socket.next().await {
            if message.is_close() {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), end)
        .await
        .is_ok()
}

/// A film that begins to flow, and says nothing more until somebody cuts it.
async fn film_of(house: &House, film: &str, token: &str) -> TcpStream {
    let mut open = TcpStream::connect(&house.address).await.unwrap();
    let target = format!("/Videos/{film}/stream?static=true&ApiKey={token}");
    let request = format!("GET {target} HTTP/1.1\r\nHost: h\r\n\r\n");
    open.write_all(request.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    while !heard.ends_with(b"\r\n\r\n") {
        heard.push(open.read_u8().await.unwrap());
    }
    assert!(heard.starts_with(b"HTTP/1.1 200"), "{heard:?}");
    open
}

/// Whether the server cuts a film before it is at its end.
async fn is_cut(film: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    let end = film.read_to_end(&mut rest);
    let is_over = tokio::time::timeout(Duration::from_secs(10), end).await;
    is_over.is_ok() && !rest.ends_with(b"0\r\n\r\n")
}

#[tokio::test]
async fn r48_a_place_that_is_ended_loses_its_socket_and_films_and_others_on_its_device_live_on() {
    for version in VERSIONS {
        let house = House::furnished(jellyfin(version).await, |mut plan| {
            plan.gateway.limits.recheck = Duration::from_millis(20);
            Blueprint { ..plan }
        })
        .await;
        let (anna, kim) = (on_tv(&house, "anna").await, on_tv(&house, "kim").await);
        let film = house.films(&kim).await.remove(0);
        let open = |token: &str| format!("ws://{}/socket?api_key={token}", house.address);
        let (mut hers, _) = tokio_tungstenite::connect_async(open(&anna)).await.unwrap();
        let (mut theirs, _) = tokio_tungstenite::connect_async(open(&kim)).await.unwrap();
        house.standin.faults().set("/videos/", Fault::Endless);
        let mut her_film = film_of(&house, &film, &anna).await;
        let mut their_film = film_of(&house, &film, &kim).await;
        let mut browser = Browser::at(&house.address);
        browser.sign_in("anna", "anna-pass-1").await;
        let list = browser.open("account-devices").await.html;
        let place = [("place", place_of(&list, "tv"))];
        let ended = browser.send("account-place-end", &place).await;
        assert_eq!(ended.location, "account-devices?said=ended", "{version:?}");
        assert!(ends(&mut hers).await, "{version:?}");
        assert!(is_cut(&mut her_film).await, "{version:?}");
        let stream = format!("/Videos/{film}/stream?static=true&ApiKey={anna}");
        let refused = house.get(&stream, &[]).await.status();
        assert_eq!(refused, StatusCode::UNAUTHORIZED, "{version:?}");
        let me = [("authorization", &*format!("MediaBrowser Token=\"{anna}\""))];
        let upstream = house.standin.address().to_string();
        let there = ask_of(&upstream, Method::GET, "/Users/Me", &me, "").await;
        assert_eq!(there.status(), StatusCode::UNAUTHORIZED, "{version:?}");
        let dead = house
            .standin
            .state()
            .tokens
            .iter()
            .all(|token| token.secret != anna);
        assert!(dead, "{version:?}");
        let me = house.get("/Users/Me", &[("x-emby-token", &kim)]).await;
        assert_eq!(me.status(), StatusCode::OK, "{version:?}");
        let still = tokio::time::timeout(Duration::from_millis(200), async {
            while let Some(Ok(message)) = theirs.next().await {
                assert!(!message.is_close(), "{version:?}");
            }
        });
        assert!(still.await.is_err(), "{version:?}");
        let mut rest = Vec::new();
        let their_end = their_film.read_to_end(&mut rest);
        let flows = tokio::time::timeout(Duration::from_millis(200), their_end).await;
        assert!(flows.is_err(), "{version:?}: kim's film goes on");
    }
}

/// Signs in at an app's form, as this device.
async fn in_app(house: &House, device: &str, name: &str, typed: &str) -> String {
    let body = json!({ "Username": name, "Pw": typed });
    let headers = [("authorization", &*identity(device))];
    let answer = house.post("/Users/AuthenticateByName", &headers, &body);
    json_of(&answer.await)["AccessToken"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn r48_each_place_tells_how_sure_its_sign_in_was_and_all_but_this_browser_end_at_once() {
    for version in VERSIONS {
        let clock = Arc::new(TestClock::at(SystemClock.now()));
        let house = House::open_by(version, Arc::<TestClock>::clone(&clock)).await;
        let owner = session(&house, "anna").await;
        let before = in_app(&house, "old", "anna", "anna-pass-1").await;
        let (accounts, visitor) = (&house.accounts, here());
        let made = accounts.make_app_password(&owner, "Radio", Watcher::Owner, None, &visitor);
        let NewAppPassword::Made(program) = made.await.unwrap() else {
            panic!("anna gets no app password");
        };
        let app = with_app(&house, "anna").await;
        clock.advance(STEP);
        let typed = format!("anna-pass-1 {}", app.code(&house));
        let tv = in_app(&house, "tv", "anna", &typed).await;
        let radio = in_app(&house, "radio", "anna", &program.grouped()).await;
        let kim = on_tv(&house, "kim").await;
        let mut browser = Browser::at(&house.address);
        browser.sign_in("anna", "anna-pass-1").await;
        let code = app.codes[0].grouped();
        let form = [("way", "recovery"), ("code", &*code)];
        browser.send("second-factor", &form).await;
        let list = browser.open("account-devices").await.html;
        for (device, level) in [
            ("old", "Signed in with the password only"),
            ("tv", "Signed in with an authenticator app or a passkey"),
            ("radio", "Signed in with a password for one program"),
        ] {
            assert!(item(&list, device).contains(level), "{version:?}: {list}");
        }
        assert!(list.contains("Signed in with a recovery code"), "{list}");
        let ended = browser.send("account-others-end", &[]).await;
        assert_eq!(ended.location, "account-devices?said=others_ended");
        for (token, expected) in [
            (&before, StatusCode::UNAUTHORIZED),
            (&tv, StatusCode::UNAUTHORIZED),
            (&radio, StatusCode::UNAUTHORIZED),
            (&kim, StatusCode::OK),
        ] {
            let me = house.get("/Users/Me", &[("x-emby-token", token)]).await;
            assert_eq!(me.status(), expected, "{version:?}");
            let state = house.standin.state();
            let lives = state.tokens.iter().any(|one| one.secret == **token);
            assert_eq!(lives, expected == StatusCode::OK, "{version:?}");
        }
        let list = browser.open("account-devices").await.html;
        assert_eq!(list.matches("name=\"place\"").count(), 1, "{list}");
    }
}

/// The token that the web client in a browser takes over.
fn handed(page: &str) -> &str {
    let (_, token) = page.split_once("data-token=\"").unwrap();
    token.split('"').next().unwrap()
}

#[tokio::test]
async fn whoever_signs_in_where_somebody_is_signed_in_leaves_nothing_of_theirs_alive() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let mut browser = Browser::at(&house.address);
        let first = browser.sign_in("anna", "anna-pass-1").await;
        let hers = handed(&first.html).to_owned();
        let standing = async |token: &str| {
            let headers = [("x-emby-token", token)];
            house.get("/Users/Me", &headers).await.status()
        };
        let cookie = browser.cookies();
        let mut elsewhere = Browser::at(&house.address);
        let other = elsewhere.sign_in("anna", "anna-pass-1").await;
        let elsewhere_hers = handed(&other.html).to_owned();
        // As somebody else, and then once more as the same person.
        for name in ["kim", "kim"] {
            let before = browser.cookies();
            let came = browser.sign_in(name, &format!("{name}-pass-1")).await;
            let theirs = handed(&came.html).to_owned();
            assert_eq!(standing(&theirs).await, StatusCode::OK, "{version:?}");
            let headers = [("cookie", &*before)];
            let old = house.get("/usher/account", &headers).await;
            assert_eq!(old.status(), StatusCode::SEE_OTHER, "{version:?}");
        }
        let headers = [("cookie", &*cookie)];
        let old = house.get("/usher/account", &headers).await;
        let to = old.headers()["location"].to_str().unwrap();
        assert!(to.starts_with("sign-in"), "{version:?}: {to}");
        let dead = standing(&hers).await;
        assert_eq!(dead, StatusCode::UNAUTHORIZED, "{version:?}");
        let tokens: Vec<String> = {
            let state = house.standin.state();
            let all = state.tokens.iter().map(|token| token.secret.clone());
            all.collect()
        };
        assert!(!tokens.contains(&hers), "{version:?}: Jellyfin knows it");
        assert!(tokens.contains(&elsewhere_hers), "{version:?}");
        let list = browser.open("account-devices").await.html;
        assert_eq!(list.matches("name=\"place\"").count(), 1, "{version:?}");
        let list = elsewhere.open("account-devices").await.html;
        assert_eq!(list.matches("name=\"place\"").count(), 1, "{version:?}");
    }
}

#[tokio::test]
async fn a_browser_that_cannot_be_signed_out_in_jellyfin_at_once_is_signed_in_anew_all_the_same() {
    let house = House::open(VERSIONS[1]).await;
    let mut browser = Browser::at(&house.address);
    let first = browser.sign_in("anna", "anna-pass-1").await;
    let hers = handed(&first.html).to_owned();
    // Kim's own sign-in signs nothing out.
    house
        .standin
        .faults()
        .set("/Sessions/Logout", Fault::Status(503));
    let came = browser.sign_in("kim", "kim-pass-1").await;
    house.standin.faults().lift_all();
    assert!(came.html.contains("data-token"), "{}", came.html);
    let headers = [("x-emby-token", &*hers)];
    let dead = house.get("/Users/Me", &headers).await.status();
    assert_eq!(dead, StatusCode::UNAUTHORIZED);
}
