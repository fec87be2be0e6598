//! Whoever has a second factor gets in by no spelling without it: neither by those of the sign-in route that were recorded, nor by
//! any other route that could give out a token, written in each of the ways in which a real server took a path
//! (`contract/*/paths.jsonl`).
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use usher_domain::time::{Clock, SystemClock, TestClock};
use usher_proxy::path::CanonicalPath;
use usher_proxy::routes::{Route, classify};
use usher_standin::Version;

use super::{Spelling, opens, recorded, send, spellings};
use crate::client::{House, VERSIONS, identity, json_of};
use crate::factors::with_app;

/// A request that a real server may answer with a token, or that leads to one.
struct Door {
    method: &'static str,
    path: String,
    query: String,
    body: Value,
    /// With a token from before the factor, where the route asks for one.
    token: Option<String>,
}

/// Anna and the administrator have a second factor, and a token each from before it.
struct Home {
    house: House,
    clock: Arc<TestClock>,
    anna: String,
    root: String,
}

impl Home {
    async fn open(version: Version) -> Self {
        let clock = Arc::new(TestClock::at(SystemClock.now()));
        let house = House::open_by(version, Arc::<TestClock>::clone(&clock)).await;
        let (anna, root) = (house.token("anna").await, house.token("root").await);
        for name in ["anna", "root"] {
            with_app(&house, name).await;
        }
        Self {
            house,
            clock,
            anna,
            root,
        }
    }

    /// Everything that could let somebody in: tokens, sessions, keys of programs, codes of screens that are let in.
    async fn ways_in(&self, secret: &str) -> (BTreeSet<String>, usize, usize, Value) {
        let target = format!("/QuickConnect/Connect?secret={secret}");
        let connect = json_of(&self.house.get(&target, &[]).await);
        let state = self.house.standin.state();
        let tokens = state.tokens.iter().map(|token| token.secret.clone());
        let (sessions, keys) = (state.sessions.len(), state.api_keys.len());
        (
            tokens.collect(),
            sessions,
            keys,
            connect["Authenticated"].clone(),
        )
    }

    /// A screen that waits for anna's word. Answers its code and secret.
    async fn screen(&self) -> (String, String) {
        let headers = [("authorization", &*identity("screen"))];
        let asked = self
            .house
            .ask(Method::POST, "/QuickConnect/Initiate", &headers, "");
        let asked = json_of(&asked.await);
        let part = |name: &str| asked[name].as_str().unwrap().to_owned();
        (part("Code"), part("Secret"))
    }

    /// Every route that gives out a token, or leads to one, but for the sign-in by name.
    fn doors(&self, code: &str, secret: &str) -> Vec<Door> {
        let anna = {
            let state = self.house.standin.state();
            state.user_named("anna").unwrap().id.simple().to_string()
        };
        let door = |method, path: &str, query: &str, body: Value| Door {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            body,
            token: None,
        };
        let with = |token: &str, door: Door| Door {
            token: Some(token.to_owned()),
            ..door
        };
        let pw = json!({ "Pw": "anna-pass-1" });
        let typed = json!({ "Name": "root", "Password": "root-pass-1" });
        let authorize = format!("code={code}&userId={anna}");
        vec![
            door(
                "POST",
                &format!("/Users/{anna}/Authenticate"),
                "pw=anna-pass-1",
                pw,
            ),
            door(
                "POST",
                "/Users/AuthenticateWithQuickConnect",
                "",
                json!({ "Secret": secret }),
            ),
            with(
                &self.anna,
                door("POST", "/QuickConnect/Authorize", &authorize, json!({})),
            ),
            with(
                &self.root,
                door("POST", "/QuickConnect/Authorize", &authorize, json!({})),
            ),
            with(&self.root, door("POST", "/Auth/Keys", "app=x", json!({}))),
            with(&self.root, door("GET", "/Auth/Keys", "", json!({}))),
            door("POST", "/Startup/User", "", typed),
            door("GET", "/Startup/User", "", json!({})),
            door("POST", "/Startup/Complete", "", json!({})),
            door(
                "POST",
                "/Users/ForgotPassword",
                "",
                json!({ "EnteredUsername": "anna" }),
            ),
            door(
                "POST",
                "/Users/ForgotPassword/Pin",
                "",
                json!({ "Pin": "12-34-56" }),
            ),
        ]
    }

    /// Sends a request in the manner of a recorded path. Answers the whole answer.
    async fn knock(&self, door: &Door, manner: &str) -> String {
        let spelling = Spelling {
            method: door.method.to_owned(),
            target: in_manner(&door.path, &door.query, manner),
            header: String::new(),
        };
        let mut authorization = identity("door");
        if let Some(token) = &door.token {
            authorization = format!("{authorization}, Token=\"{token}\"");
        }
        send(
            &self.house,
            &spelling,
            &authorization,
            &door.body.to_string(),
        )
        .await
    }
}

/// The paths that a real server took for `/System/Info/Public`.
fn manners(version: Version) -> Vec<String> {
    let lines = recorded(version, "paths.jsonl");
    let records = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let taken = records.filter(|record: &Value| record["routed"] == true);
    taken
        .map(|record| record["path"].as_str().unwrap().to_owned())
        .collect()
}

/// What stays of a recorded path when its letter case and the encoding of its letters are left out.
fn shape(manner: &str) -> String {
    let (written, asked) = manner.split_once('?').unwrap_or((manner, ""));
    let segments = written.split('/').map(|segment| {
        let plain = decoded(segment).to_lowercase();
        if ["system", "info", "public"].contains(&&*plain) {
            plain
        } else {
            segment.to_owned()
        }
    });
    format!("{}?{asked}", segments.collect::<Vec<_>>().join("/"))
}

/// Another path, written as this one was: with its dots, slashes, prefixes and query, its letter case, and its letters that are
/// percent-encoded, once or twice.
fn in_manner(path: &str, query: &str, manner: &str) -> String {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let [first, middle @ .., last] = parts.as_slice() else {
        panic!("{path} has two parts at least");
    };
    let (written, asked) = manner.split_once('?').unwrap_or((manner, ""));
    let segments = written.split('/').map(|segment| {
        let once = decoded(segment);
        let twice = decoded(&once);
        let like = |part: &str| letters_like(segment, part);
        match twice.to_lowercase().as_str() {
            "system" => like(first),
            // A path of two parts stays one by a dot.
            "info" if middle.is_empty() => ".".to_owned(),
            "info" => middle
                .iter()
                .map(|part| like(part))
                .collect::<Vec<_>>()
                .join("/"),
            "public" => like(last),
            _other => segment.to_owned(),
        }
    });
    let target = segments.collect::<Vec<_>>().join("/");
    let asked: Vec<&str> = [query, asked]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    if asked.is_empty() {
        target
    } else {
        format!("{target}?{}", asked.join("&"))
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A word with each letter written as the letter at its place in the other one.
fn letters_like(written: &str, word: &str) -> String {
    if decoded(written).contains('%') {
        let twice: Vec<String> = word.bytes().map(|byte| format!("%25{byte:02x}")).collect();
        return twice.concat();
    }
    let mut rest = written;
    let mut letters = Vec::new();
    while let Some(letter) = rest.chars().next() {
        let length = if letter == '%' { 3 } else { letter.len_utf8() };
        let (one, after) = rest.split_at(length);
        letters.push(one);
        rest = after;
    }
    let written = |(at, letter): (usize, char)| {
        let like = letters[at % letters.len()];
        let is_capital = decoded(like).contains(|letter: char| letter.is_ascii_uppercase());
        let letter = if is_capital {
            letter.to_ascii_uppercase()
        } else {
            letter.to_ascii_lowercase()
        };
        if like.len() == 3 {
            format!("%{:02x}", u32::from(letter))
        } else {
            letter.to_string()
        }
    };
    word.chars().enumerate().map(written).collect()
}

fn has_token(answer: &str) -> bool {
    answer.contains("AccessToken")
}

#[test]
fn a_path_is_written_in_the_manner_of_another() {
    for (path, manner, expected) in [
        (
            "/Users/AuthenticateByName",
            "/System/Info/Public",
            "/Users/./AuthenTicateByname",
        ),
        (
            "/Auth/Keys",
            "/%53ystem/x/../iNFO/%50UBLIC/",
            "/%41uth/x/.././%4bEYS/",
        ),
        (
            "/Users/7/Authenticate",
            "/emby/./SYSTEM/Info/Publi%63?a=1",
            "/emby/./USERS/7/Authe%6eTicat%65?q&a=1",
        ),
        (
            "/Auth/Keys",
            "/emby/System/Info/Pub%256cic",
            "/emby/Auth/./%254b%2565%2579%2573",
        ),
    ] {
        let query = if path.contains('7') { "q" } else { "" };
        assert_eq!(in_manner(path, query, manner), expected);
    }
}

#[tokio::test]
async fn r20_no_spelling_of_the_sign_in_route_lets_somebody_in_without_the_enrolled_factor() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let (_, secret) = home.screen().await;
        let before = home.ways_in(&secret).await;
        let mut taken = Vec::new();
        let by_name = |name: &str| Door {
            method: "POST",
            path: "/Users/AuthenticateByName".to_owned(),
            query: String::new(),
            body: json!({ "Username": name, "Pw": format!("{name}-pass-1") }),
            token: None,
        };
        for spelling in spellings(version) {
            assert!(
                !opens(&home.house, &spelling, "anna").await,
                "{}",
                spelling.target
            );
        }
        let anna = by_name("anna");
        // Of those that differ in letter case and encoded letters alone, one in eight: each asks Jellyfin about the password.
        let mut shapes = BTreeSet::new();
        let manners = manners(version).into_iter().enumerate();
        for (_, manner) in manners.filter(|(at, one)| shapes.insert(shape(one)) || at % 8 == 0) {
            let answer = home.knock(&anna, &manner).await;
            assert!(!has_token(&answer), "{version:?} {manner}: {answer}");
            let raw = in_manner(&anna.path, "", &manner);
            let raw = raw.split('?').next().unwrap_or_default();
            let is_door = CanonicalPath::parse(raw, "").is_ok_and(|path| {
                classify(&Method::POST, &path).route == Route::AuthenticateByName
            });
            if is_door {
                taken.push(manner);
            }
            home.clock.advance(Duration::from_mins(1));
        }
        assert_eq!(home.ways_in(&secret).await, before, "{version:?}");
        assert!(taken.len() > 50, "{version:?}: {}", taken.len());
        // The same spellings let somebody in who has no factor: none is merely unknown here.
        for manner in taken.iter().step_by(20) {
            let answer = home.knock(&by_name("kim"), manner).await;
            assert!(has_token(&answer), "{version:?} {manner}: {answer}");
        }
    }
}

#[tokio::test]
async fn r20_no_spelling_of_another_route_gives_out_a_token_or_leads_to_one_past_the_factor() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let (code, secret) = home.screen().await;
        let before = home.ways_in(&secret).await;
        let doors = home.doors(&code, &secret);
        for (at, manner) in manners(version).iter().enumerate() {
            // Each route in its plain spelling, and then each spelling of one route after the other.
            let plain = doors
                .iter()
                .filter(|_| at == 0)
                .map(|door| (door, "/System/Info/Public"));
            let turn = std::iter::once((&doors[at % doors.len()], manner.as_str()));
            for (door, manner) in plain.chain(turn) {
                let answer = home.knock(door, manner).await;
                assert!(!has_token(&answer), "{version:?} {manner}: {answer}");
            }
        }
        assert_eq!(home.ways_in(&secret).await, before, "{version:?}");
    }
}
