//! Every spelling of the sign-in route that was sent to real servers (`contract/*/side-doors.json`), sent to Usher as raw
//! bytes: whoever may not sign in gets no token by any of them.
mod factor;

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use usher_accounts::admin::{Admin, Created};
use usher_domain::account::SetUpWay;
use usher_domain::time::{TestClock, Timestamp};
use usher_domain::visitor::Visitor;
use usher_proxy::path::CanonicalPath;
use usher_proxy::routes::{Route, classify};
use usher_standin::Version;

use crate::client::{House, VERSIONS, identity};

/// One spelling.
struct Spelling {
    method: String,
    target: String,
    /// A header that could lead a careless program elsewhere.
    header: String,
}

/// A file of what was recorded from a server of this version.
fn recorded(version: Version, file: &str) -> String {
    let folder = match version {
        Version::V10_11 => "10.11",
        Version::V12_0 => "12.0",
    };
    let root = env!("CARGO_MANIFEST_DIR");
    std::fs::read_to_string(format!("{root}/../../contract/{folder}/{file}")).unwrap()
}

fn spellings(version: Version) -> Vec<Spelling> {
    let record: Value = serde_json::from_str(&recorded(version, "side-doors.json")).unwrap();
    let doors = record["doors"].as_array().unwrap();
    doors.iter().map(spelling).collect()
}

fn spelling(door: &Value) -> Spelling {
    let path = door["path"].as_str().unwrap();
    let method = door["method"].as_str().unwrap_or("POST").to_owned();
    match path.strip_prefix("via ") {
        Some(name) => Spelling {
            method,
            target: "/Users/AuthenticateByName".to_owned(),
            header: format!("{name}: /Users/AuthenticateByName\r\n"),
        },
        None => Spelling {
            method,
            target: path.to_owned(),
            header: String::new(),
        },
    }
}

/// Signs in by this spelling with the right password; answers whether a token came.
async fn opens(house: &House, spelling: &Spelling, name: &str) -> bool {
    let body = json!({ "Username": name, "Pw": format!("{name}-pass-1") }).to_string();
    let answer = send(house, spelling, &identity(name), &body).await;
    answer.contains("AccessToken")
}

/// Sends a request by this spelling as raw bytes. Answers the whole answer.
async fn send(house: &House, spelling: &Spelling, authorization: &str, body: &str) -> String {
    // The records hold each byte of a target as one character.
    let target = spelling.target.chars();
    let mut request = format!("{} ", spelling.method).into_bytes();
    request.extend(target.map(|byte| u8::try_from(u32::from(byte)).unwrap()));
    let rest = format!(
        " HTTP/1.1\r\nHost: {}\r\nAuthorization: {authorization}\r\n{}Content-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        house.address,
        spelling.header,
        body.len()
    );
    request.extend(rest.into_bytes());
    let mut stream = TcpStream::connect(&house.address).await.unwrap();
    stream.write_all(&request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// `anna` waits for her set-up by a code, `kim` stands open to the first comer, `dora` is switched off. All three have a
/// right password in Jellyfin nevertheless.
async fn shut(house: &House) {
    let here = Visitor::new([127, 0, 0, 1].into(), true, "test");
    let by = Admin::on_the_server();
    for (name, way) in [("anna", SetUpWay::Code), ("kim", SetUpWay::Open)] {
        let account = house.accounts.account_named(name).await.unwrap().unwrap();
        let waits = house
            .accounts
            .await_set_up(&by, account.id, way, false, &here)
            .await
            .unwrap();
        assert!(matches!(waits, Created::Code { .. } | Created::Open { .. }));
        let mut state = house.standin.state();
        let user = state.users.iter_mut().find(|user| user.name == name);
        user.unwrap().set_password(&format!("{name}-pass-1"));
    }
}

#[tokio::test]
async fn r27_no_spelling_of_the_sign_in_route_lets_anybody_in_who_may_not_sign_in() {
    for version in VERSIONS {
        let clock = Arc::new(TestClock::at(Timestamp::from_millis(0)));
        let house = House::open_by(version, Arc::<TestClock>::clone(&clock)).await;
        shut(&house).await;
        for spelling in spellings(version) {
            for name in ["anna", "kim", "dora"] {
                assert!(
                    !opens(&house, &spelling, name).await,
                    "{version:?}: {} {} lets {name} in",
                    spelling.method,
                    spelling.target
                );
            }
            // No limit is what keeps them out.
            clock.advance(Duration::from_mins(16));
        }
        assert!(house.standin.state().tokens.is_empty(), "{version:?}");
    }
}

#[tokio::test]
async fn the_spellings_that_clients_use_sign_in_and_no_other_does() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let mut taken = 0;
        for spelling in spellings(version) {
            // What stands behind "#" is no part of a request, and an address of another server is not ours to answer.
            let is_ours = spelling.target.starts_with('/') && !spelling.target.contains('#');
            if !is_ours || !spelling.header.is_empty() {
                continue;
            }
            let raw = spelling.target.split('?').next().unwrap();
            let method = Method::from_bytes(spelling.method.as_bytes()).unwrap();
            // The prefixes of old clients lead in before every version.
            let expected = CanonicalPath::parse(raw, "")
                .is_ok_and(|path| classify(&method, &path).route == Route::AuthenticateByName);
            let opened = opens(&house, &spelling, "anna").await;
            assert_eq!(
                opened, expected,
                "{version:?}: {} {}",
                spelling.method, spelling.target
            );
            taken += usize::from(opened);
        }
        assert!(taken > 5, "{version:?}: {taken}");
    }
}
