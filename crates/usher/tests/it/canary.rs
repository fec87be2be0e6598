//! No secret is in the log or, in clear, in the database (R68): planted values are looked for.
use std::path::Path;
use std::process::Stdio;

use tokio::io::AsyncBufReadExt;
use tokio::process::Command;
use usher::application::accounts;
use usher_accounts::admin::{Admin, Created, NewAccount};
use usher_accounts::sign_in::{FirstTimeForm, WebSignIn};
use usher_accounts::{FirstPassword, sign_in::Moved};
use usher_domain::account::SetUpWay;
use usher_domain::name::UserName;
use usher_domain::secret::SecretText;
use usher_domain::visitor::Visitor;

use crate::client::{API_KEY, VERSIONS, blueprint, identity, jellyfin};

/// Everything in a folder, as bytes.
fn contents(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        all.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    all
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes
        .windows(secret.len())
        .any(|window| window == secret.as_bytes())
}

#[tokio::test]
async fn r68_no_secret_of_a_whole_sign_in_stands_in_the_database_in_clear() {
    let standin = jellyfin(VERSIONS[1]).await;
    let folder = tempfile::tempdir().unwrap();
    let plan = blueprint(&standin, "127.0.0.1:1", folder.path());
    let desk = accounts(&plan).await.unwrap();
    let here = Visitor::new([127, 0, 0, 1].into(), true, "test");
    let new = NewAccount {
        name: UserName::parse("canary").unwrap(),
        way: SetUpWay::Code,
        address: None,
        anywhere: false,
        language: "en".to_owned(),
    };
    let made = desk
        .create_account(&Admin::on_the_server(), &new, &here)
        .await;
    let Created::Code { code, .. } = made.unwrap() else {
        panic!("no code was made");
    };
    let form = FirstTimeForm {
        name: "canary",
        code: code.reveal(),
        device_id: "canary-device",
        next: "",
        language: "en",
    };
    let WebSignIn::Next(attempt, _) = desk.first_time(&form, &here).await.unwrap() else {
        panic!("the code was not taken");
    };
    let password = SecretText::new("canary-password-7731");
    let set = desk.choose_first_password(&attempt, &password, &here).await;
    let FirstPassword::Set(Moved::Done(signed_in)) = set.unwrap() else {
        panic!("the password was not set");
    };
    let kept = contents(folder.path());
    assert!(holds(&kept, "canary"), "the account itself is there");
    for secret in [
        code.reveal(),
        attempt.reveal(),
        password.reveal(),
        signed_in.cookie.reveal(),
        signed_in.token.reveal(),
        API_KEY,
    ] {
        assert!(!holds(&kept, secret), "a secret is in the database");
    }
}

#[tokio::test]
async fn r68_no_secret_of_a_request_stands_in_the_log() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_usher"))
        .args(["demo", "--listen", "127.0.0.1:0", "--json"])
        .env("USHER_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let out = program.stdout.take().unwrap();
    let mut lines = tokio::io::BufReader::new(out).lines();
    let told = tokio::spawn(async move {
        let ready = lines.next_line().await.unwrap().unwrap();
        serde_json::from_str::<serde_json::Value>(&ready).unwrap()
    });
    let err = program.stderr.take().unwrap();
    let log = tokio::spawn(async move {
        let mut log = Vec::new();
        tokio::io::AsyncReadExt::read_to_end(&mut tokio::io::BufReader::new(err), &mut log)
            .await
            .unwrap();
        log
    });
    let told = told.await.unwrap();
    let address = told["url"].as_str().unwrap().replace("http://", "");
    let sign_in = crate::client::ask_at(
        &address,
        "/Users/AuthenticateByName?ApiKey=0badcafe0badcafe0badcafe0badcafe",
        &[
            ("authorization", &identity("log")),
            ("content-type", "application/json"),
        ],
        "{\"Username\":\"anna\",\"Pw\":\"anna-pass-1\"}",
    )
    .await;
    let token = crate::client::json_of(&sign_in)["AccessToken"].clone();
    let token = token.as_str().unwrap().to_owned();
    let wrong = "{\"Username\":\"anna\",\"Pw\":\"canary-wrong-5519\"}";
    let headers = [
        ("authorization", &*identity("log")),
        ("content-type", "application/json"),
    ];
    crate::client::ask_at(&address, "/Users/AuthenticateByName", &headers, wrong).await;
    program.kill().await.unwrap();
    let log = log.await.unwrap();
    assert!(!log.is_empty(), "the log says something at this level");
    for secret in [
        "anna-pass-1",
        "canary-wrong-5519",
        &token,
        "0badcafe0badcafe",
    ] {
        assert!(!holds(&log, secret), "a secret is in the log");
    }
}
