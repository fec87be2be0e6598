//! Several Ushers over one database: at the same time, or one after the other. What one has decided holds in all.
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use usher::application::{Application, Blueprint, listen};
use usher_domain::time::{TestClock, Timestamp};
use usher_standin::Standin;
use usher_store::StoreOptions;

use crate::client::{VERSIONS, ask_of, blueprint, identity, jellyfin, json_of};

/// A fresh database.
pub(crate) struct Storage {
    folder: TempDir,
    postgres: Option<String>,
}

impl Storage {
    pub(crate) fn options(&self) -> StoreOptions {
        match &self.postgres {
            Some(url) => StoreOptions::Postgres(url.clone()),
            None => StoreOptions::Sqlite(self.folder.path().join("usher.db")),
        }
    }
}

/// SQLite, and PostgreSQL where `TEST_POSTGRES_URL` names a server.
pub(crate) fn storages() -> Vec<Storage> {
    let sqlite = Storage {
        folder: TempDir::new().unwrap(),
        postgres: None,
    };
    let mut all = vec![sqlite];
    all.extend(postgres());
    all
}

/// A fresh schema, where `TEST_POSTGRES_URL` names a server.
pub(crate) fn postgres() -> Option<Storage> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let url = std::env::var("TEST_POSTGRES_URL").ok()?;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("house_{}_{number}", std::process::id());
    let made = std::process::Command::new("psql")
        .args([&url, "-qc", &format!("CREATE SCHEMA {name}")])
        .status();
    assert!(made.unwrap().success(), "the schema cannot be made");
    Some(Storage {
        folder: TempDir::new().unwrap(),
        postgres: Some(format!("{url}&options=-csearch_path%3D{name}")),
    })
}

/// One Usher of several.
struct Replica {
    address: String,
    stop: CancellationToken,
    ended: JoinHandle<()>,
}

impl Replica {
    async fn start(standin: &Standin, storage: &Storage, clock: &Arc<TestClock>) -> Self {
        let socket = listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = socket.local_addr().unwrap().to_string();
        let plan = Blueprint {
            storage: storage.options(),
            clock: Arc::<TestClock>::clone(clock),
            ..blueprint(standin, &address, storage.folder.path())
        };
        let application = Application::build(plan, socket).await.unwrap();
        let stop = CancellationToken::new();
        let ended = tokio::spawn(application.run(stop.clone()));
        Self {
            address,
            stop,
            ended,
        }
    }

    async fn end(self) {
        self.stop.cancel();
        self.ended.await.unwrap();
    }

    async fn sign_in(&self, name: &str, password: &str) -> Response<Bytes> {
        let body = json!({ "Username": name, "Pw": password }).to_string();
        let identity = identity(name);
        let headers = [
            ("authorization", identity.as_str()),
            ("content-type", "application/json"),
        ];
        let target = "/Users/AuthenticateByName";
        ask_of(&self.address, Method::POST, target, &headers, &body).await
    }

    async fn ask(&self, method: Method, target: &str, token: &str) -> StatusCode {
        let headers = [("x-emby-token", token)];
        ask_of(&self.address, method, target, &headers, "")
            .await
            .status()
    }
}

fn clock() -> Arc<TestClock> {
    Arc::new(TestClock::at(Timestamp::from_millis(0)))
}

#[tokio::test]
async fn a_token_that_ended_in_one_process_is_nobodys_in_the_other_after_five_seconds() {
    let Some(storage) = postgres() else {
        return;
    };
    let (standin, clock) = (jellyfin(VERSIONS[1]).await, clock());
    let one = Replica::start(&standin, &storage, &clock).await;
    let other = Replica::start(&standin, &storage, &clock).await;
    let answer = json_of(&one.sign_in("anna", "anna-pass-1").await);
    let token = answer["AccessToken"].as_str().unwrap();
    for replica in [&one, &other] {
        let known = replica.ask(Method::GET, "/Users/Me", token).await;
        assert_eq!(known, StatusCode::OK);
    }
    let ended = one.ask(Method::POST, "/Sessions/Logout", token).await;
    assert_eq!(ended, StatusCode::NO_CONTENT);
    let here = one.ask(Method::GET, "/Users/Me", token).await;
    assert_eq!(here, StatusCode::UNAUTHORIZED);
    clock.advance(Duration::from_secs(5));
    let there = other.ask(Method::GET, "/Items", token).await;
    assert_eq!(there, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn r19_wrong_tries_are_counted_over_all_processes() {
    let Some(storage) = postgres() else {
        return;
    };
    let (standin, clock) = (jellyfin(VERSIONS[1]).await, clock());
    let one = Replica::start(&standin, &storage, &clock).await;
    let other = Replica::start(&standin, &storage, &clock).await;
    for _ in 0..3 {
        for replica in [&one, &other] {
            let wrong = replica.sign_in("anna", "wrong").await;
            assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
        }
    }
    for replica in [&one, &other] {
        let right = replica.sign_in("anna", "anna-pass-1").await;
        assert_eq!(right.status(), StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn r19_a_lock_outlives_the_process_and_nobody_learns_by_it_which_password_is_right() {
    for storage in storages() {
        let (standin, clock) = (jellyfin(VERSIONS[1]).await, clock());
        let before = Replica::start(&standin, &storage, &clock).await;
        let (mut wrong, mut waits) = (0, Vec::new());
        while wrong < 10 {
            let answer = before.sign_in("anna", "wrong").await;
            if answer.status() == StatusCode::UNAUTHORIZED {
                wrong += 1;
                continue;
            }
            assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
            let wait = answer.headers()["retry-after"].to_str().unwrap();
            waits.push(wait.parse::<u64>().unwrap());
            clock.advance(Duration::from_secs(*waits.last().unwrap()));
        }
        assert_eq!(waits, [1, 2, 4, 8]);
        before.end().await;
        let after = Replica::start(&standin, &storage, &clock).await;
        let mut answers = Vec::new();
        for password in ["wrong", "anna-pass-1"] {
            let answer = after.sign_in("anna", password).await;
            assert_eq!(answer.headers()["retry-after"], "900");
            answers.push((answer.status(), answer.into_body()));
        }
        assert_eq!(answers[0].0, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answers[0], answers[1]);
        clock.advance(Duration::from_mins(15));
        let right = after.sign_in("anna", "anna-pass-1").await;
        assert_eq!(right.status(), StatusCode::OK);
    }
}
