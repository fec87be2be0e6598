//! Replays what real servers answered, in order, and names each difference.
//!
//! `differences.tsv` lists those that are left: versions, exchange, difference (both with `*`), reason. The test fails on one that is
//! not listed and on a line that no longer describes anything. Steps that the recording left out (a policy set in between, a setting
//! switched) are made up for in [`between`].
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use usher_standin::{Scene, Standin, Version, start};
use uuid::Uuid;

use crate::shape::{self, Names};
use crate::wire::{Reply, send};

const DIFFERENCES: &str = include_str!("differences.tsv");
/// Headers that decide what a client or Usher does.
const HEADERS: [&str; 10] = [
    "content-type",
    "location",
    "content-range",
    "accept-ranges",
    "access-control-allow-origin",
    "retry-after",
    "www-authenticate",
    "allow",
    "vary",
    "cache-control",
];

pub(crate) fn folder(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../contract")
        .join(version)
}

fn exchanges(version: &str) -> Vec<(String, Value)> {
    let files = std::fs::read_dir(folder(version)).expect("the recordings are there");
    let mut names: Vec<String> = files
        .map(|file| {
            file.expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.retain(|name| name.starts_with(|first: char| first.is_ascii_digit()));
    names.sort();
    names
        .into_iter()
        .map(|name| {
            (
                name.trim_end_matches(".json").to_owned(),
                read(&folder(version).join(&name)),
            )
        })
        .collect()
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a recording can be read"))
        .expect("a recording is JSON")
}

/// A server together with the names that the recording uses for its ids and secrets.
struct Replay {
    standin: Standin,
    names: Names,
}

impl Replay {
    async fn ask(&self, request: &Value) -> Reply {
        let path = self
            .names
            .live(request["path"].as_str().unwrap_or_default());
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in request["headers"].as_object().into_iter().flatten() {
            headers.push((
                name.clone(),
                self.names.live(value.as_str().unwrap_or_default()),
            ));
        }
        let body = match &request["body"] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            body @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                self.names.live(&body.to_string())
            }
        };
        send(
            self.standin.address(),
            request["method"].as_str().unwrap_or("GET"),
            path.as_bytes(),
            &headers,
            body.as_bytes(),
        )
        .await
    }

    /// A request of our own, with the key that the recording made.
    async fn steer(&self, method: &str, path: &str, body: Value) -> Value {
        let key = self
            .standin
            .state()
            .api_keys
            .first()
            .map(|key| key.secret.clone())
            .expect("the recording made a key");
        let headers = [
            (
                "Authorization".to_owned(),
                format!("MediaBrowser Token=\"{key}\""),
            ),
            ("Content-Type".to_owned(), "application/json".to_owned()),
        ];
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let answer = send(
            self.standin.address(),
            method,
            path.as_bytes(),
            &headers,
            body.as_bytes(),
        )
        .await;
        assert!(
            answer.status < 300,
            "{method} {path} was answered {}",
            answer.status
        );
        answer.json()
    }

    async fn set(&self, configuration: &str, setting: &str, value: Value) {
        let mut settings = self.steer("GET", configuration, Value::Null).await;
        settings[setting] = value;
        self.steer("POST", configuration, settings).await;
        self.standin.restart();
    }

    fn id_of(&self, name: &str) -> Uuid {
        let state = self.standin.state();
        state.user_named(name).expect("the user exists").id
    }

    async fn set_policy(&self, user: &str, setting: &str, value: Value) {
        let user = format!("/Users/{}", self.id_of(user));
        let mut policy = self.steer("GET", &user, Value::Null).await["Policy"].take();
        policy[setting] = value;
        self.steer("POST", &format!("{user}/Policy"), policy).await;
    }
}

const SYSTEM: &str = "/System/Configuration";
const NETWORK: &str = "/System/Configuration/network";
const BRANDING: &str = "/System/Configuration/branding";
const ZOE: &str = "Zoë Müller";

/// What happened before an exchange without being recorded.
async fn between(run: &mut Replay, number: usize, all: &[(String, Value)]) {
    match number {
        188 => {
            let bob = run.id_of("bob");
            let password = json!({ "NewPw": "bob-pass-1" });
            run.set_policy("bob", "IsDisabled", json!(false)).await;
            run.steer("POST", &format!("/Users/Password?userId={bob}"), password)
                .await;
            run.set_policy("bob", "IsDisabled", json!(true)).await;
        }
        189 => {
            run.initiate(&all[188].1["request"], &all[189].1["request"])
                .await;
        }
        // Whatever the recording did here, the session minted for the disabled user no longer counted afterwards.
        192 => drop(run.steer("DELETE", "/Devices?id=tv-b2", Value::Null).await),
        267 => {
            run.set(BRANDING, "CustomCss", json!("a{}")).await;
            run.standin
                .state()
                .branding
                .insert("LoginDisclaimer".into(), json!("Hello"));
        }
        274 => run.set(NETWORK, "BaseUrl", json!("/jellyfin")).await,
        291 => run.leave_base_and_sign_in(&all[290].1["request"]).await,
        _ => switch(run, number).await,
    }
}

/// Settings and policies that the notes of the recording name.
async fn switch(run: &Replay, number: usize) {
    match number {
        225 => {
            run.set(SYSTEM, "EnableLegacyAuthorization", json!(true))
                .await;
        }
        238 => {
            run.set(SYSTEM, "EnableLegacyAuthorization", json!(false))
                .await;
        }
        251 => run.set(SYSTEM, "QuickConnectAvailable", json!(false)).await,
        253 => {
            run.set(SYSTEM, "QuickConnectAvailable", json!(true)).await;
            run.set(NETWORK, "KnownProxies", json!(["127.0.0.1"])).await;
            run.set_policy(ZOE, "EnableRemoteAccess", json!(false))
                .await;
        }
        261 => run.set_policy(ZOE, "AccessSchedules", closed()).await,
        263 => run.set_policy(ZOE, "IsDisabled", json!(true)).await,
        264 => {
            run.set_policy(ZOE, "AccessSchedules", json!([])).await;
            run.set_policy(ZOE, "IsDisabled", json!(false)).await;
        }
        _ => {}
    }
}

/// Hours that never open.
fn closed() -> Value {
    json!([{ "DayOfWeek": "Everyday", "StartHour": 0, "EndHour": 0 }])
}

impl Replay {
    /// Begins the Quick Connect request that two later exchanges approve and redeem.
    async fn initiate(&mut self, approving: &Value, redeeming: &Value) {
        let headers = json!({ "Authorization": redeeming["headers"]["Authorization"] });
        let request =
            json!({ "method": "POST", "path": "/QuickConnect/Initiate", "headers": headers });
        let live = self.ask(&request).await.json();
        let path = approving["path"].as_str().unwrap_or_default();
        let code = path
            .split("code=")
            .nth(1)
            .and_then(|rest| rest.split('&').next());
        let secret = redeeming["body"]["Secret"].as_str();
        self.names.learn(
            code.unwrap_or_default(),
            live["Code"].as_str().unwrap_or_default(),
        );
        self.names.learn(
            secret.unwrap_or_default(),
            live["Secret"].as_str().unwrap_or_default(),
        );
    }

    async fn leave_base_and_sign_in(&mut self, request: &Value) {
        self.standin
            .state()
            .network
            .insert("BaseUrl".into(), json!(""));
        self.standin.restart();
        let shown = request["headers"]["Authorization"]
            .as_str()
            .unwrap_or_default();
        let token = shown
            .split("Token=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default();
        let identity = shown.replace(&format!(", Token=\"{token}\""), "");
        let body = json!({ "Username": "anna", "Pw": "anna-pass-4" });
        let headers = json!({ "Authorization": identity, "Content-Type": "application/json" });
        let answer = self.ask(&json!({ "method": "POST", "path": "/Users/AuthenticateByName", "headers": headers, "body": body })).await.json();
        self.names
            .learn(token, answer["AccessToken"].as_str().unwrap_or_default());
    }
}

/// Every difference between an answer and its recording.
fn compare(recorded: &Value, answer: &Reply, names: &Names) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let status = recorded["status"].as_u64().unwrap_or(0);
    if status != u64::from(answer.status) {
        found.insert(format!("status {} instead of {status}", answer.status));
        return found;
    }
    for name in HEADERS {
        let wanted = recorded["headers"][name]
            .as_str()
            .map(|value| names.address(value));
        let wanted = wanted.as_deref().map(without_size);
        let given = answer.header(name).map(without_size);
        if wanted != given {
            found.insert(format!("{name} {given:?} instead of {wanted:?}"));
        }
    }
    let kind = recorded["headers"]["content-type"]
        .as_str()
        .unwrap_or_default();
    if kind.starts_with("application/json") {
        shape::compare("body", &recorded["body"], &answer.json(), &mut found);
    } else if kind.starts_with("text/plain")
        && recorded["body"].as_str() != Some(&String::from_utf8_lossy(&answer.body))
    {
        found.insert("another text".to_owned());
    }
    found
}

/// A `Content-Range` without the size of the file, which is the library's own.
fn without_size(value: &str) -> String {
    value
        .split_once('/')
        .filter(|_| value.starts_with("bytes "))
        .map_or_else(|| value.to_owned(), |(range, _)| range.to_owned())
}

async fn replay(version: Version, name: &str) -> BTreeSet<String> {
    let standin = start(Scene::empty(version))
        .await
        .expect("the stand-in starts");
    let names = Names::at(&format!("http://{}", standin.address()));
    let mut run = Replay { standin, names };
    let all = exchanges(name);
    assert_eq!(all.len(), 301, "the recordings of {name}");
    let mut found = BTreeSet::new();
    for (place, (exchange, record)) in all.iter().enumerate() {
        between(&mut run, place + 1, &all).await;
        let reply = run.ask(&record["request"]).await;
        let differences = compare(&record["response"], &reply, &run.names);
        found.extend(
            differences
                .into_iter()
                .map(|difference| format!("{name}\t{exchange}\t{difference}")),
        );
        run.names
            .learn_from(&record["response"]["body"], &reply.json());
    }
    found
}

/// Fails on a difference that is not listed and on a line that describes none.
fn judge(version: &str, found: &BTreeSet<String>) {
    let lines: Vec<Vec<&str>> = DIFFERENCES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    let mut used: HashMap<usize, usize> = HashMap::new();
    let mut unlisted = Vec::new();
    for difference in found {
        let parts: Vec<&str> = difference.split('\t').collect();
        let fits = |line: &Vec<&str>| {
            line.len() == 4
                && line
                    .iter()
                    .zip(&parts)
                    .all(|(pattern, part)| shape::is_like(pattern, part))
        };
        match lines.iter().position(fits) {
            Some(place) => *used.entry(place).or_default() += 1,
            None => unlisted.push(difference.as_str()),
        }
    }
    assert!(
        unlisted.is_empty(),
        "{} differences are not listed:\n{}",
        unlisted.len(),
        unlisted.join("\n")
    );
    for (place, line) in lines
        .iter()
        .enumerate()
        .filter(|(_, line)| shape::is_like(line[0], version))
    {
        assert!(
            used.contains_key(&place),
            "this line describes no difference any more: {}",
            line.join(" | ")
        );
    }
}

#[tokio::test]
async fn the_stand_in_answers_as_10_11_did() {
    judge("10.11", &replay(Version::V10_11, "10.11").await);
}

#[tokio::test]
async fn the_stand_in_answers_as_12_0_did() {
    judge("12.0", &replay(Version::V12_0, "12.0").await);
}
