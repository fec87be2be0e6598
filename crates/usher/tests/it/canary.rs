//! No secret is in the log or, in clear, in the database (R68): planted values are looked for.
use std::path::Path;
use std::process::Stdio;

use http::{Method, StatusCode};
use tokio::io::AsyncBufReadExt;
use tokio::process::Command;
use usher::application::accounts;
use usher_accounts::admin::{Admin, Created, Edited, NewAccount};
use usher_accounts::sign_in::{FirstTimeForm, WebSignIn};
use usher_accounts::{FirstPassword, sign_in::Moved};
use usher_domain::account::SetUpWay;
use usher_domain::address::EmailAddress;
use usher_domain::name::UserName;
use usher_domain::secret::SecretText;
use usher_domain::visitor::Visitor;
use usher_store::StoreOptions;

use crate::browser::Browser;
use crate::client::{API_KEY, VERSIONS, ask_of, blueprint, identity, jellyfin, json_of};
use crate::mail_server::{MailServer, Mood};
use crate::program::{HOST, Program, configure};

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

/// Everything secret that a life of the program saw, and where it came from.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn add(&mut self, what: &'static str, secret: &str) {
        assert!(secret.len() >= 6, "{what} is too short to look for");
        self.0.push((what, secret.to_owned()));
    }

    fn all_of(&mut self, browser: &Browser) {
        for cookie in browser.secrets() {
            self.add("a cookie", cookie);
        }
    }

    fn stand_nowhere_in(&self, place: &str, bytes: &[u8]) {
        for (what, secret) in &self.0 {
            assert!(!holds(bytes, secret), "{what} is in {place}");
        }
    }
}

/// What an administrator prepares on the server: `vic` with a set-up code, `anna` with a proven address. Answers the code.
async fn prepare(folder: &Path) -> String {
    let config = usher_config::Config::read(&folder.join("usher.toml")).unwrap();
    let plan = usher::serve::blueprint(&config).unwrap();
    let desk = accounts(&plan).await.unwrap();
    desk.look_at_users().await.unwrap();
    let (by, here) = (
        Admin::on_the_server(),
        Visitor::new([127, 0, 0, 1].into(), true, "test"),
    );
    let anna = desk.account_named("anna").await.unwrap().unwrap();
    let address = EmailAddress::parse("anna@example.org").unwrap();
    let entered = desk.enter_address(&by, anna.id, Some(&address), true, &here);
    assert_eq!(entered.await.unwrap(), Edited::Done);
    let new = NewAccount {
        name: UserName::parse("vic").unwrap(),
        way: SetUpWay::Code,
        address: None,
        anywhere: false,
        language: "en".to_owned(),
    };
    let made = desk.create_account(&by, &new, &here).await;
    let Created::Code { code, .. } = made.unwrap() else {
        panic!("no code was made");
    };
    code.reveal().to_owned()
}

/// `vic` sets a first password with the code from the administrator.
async fn set_up(address: &str, code: &str, secrets: &mut Secrets) {
    secrets.add("a set-up code", code);
    secrets.add("a first password", "canary-first-3310");
    let mut browser = Browser::of(HOST);
    browser.arrive_at(address);
    let form = [("name", "vic"), ("code", code), ("device", "")];
    let entered = browser.send("first-time", &form).await;
    assert_eq!(entered.location, "set-password", "{}", entered.html);
    let form = [("password", "canary-first-3310")];
    browser.send("set-password", &form).await;
    assert!(browser.is_signed_in());
    secrets.all_of(&browser);
}

/// The administrator writes down how mail leaves, and tries it.
async fn set_mail(address: &str, mail: &mut MailServer, secrets: &mut Secrets) {
    secrets.add("the password of the mail server", "canary-smtp-9071");
    // As it goes over the wire: an empty name, the user, the password.
    secrets.add(
        "the login of the mail server",
        "AHBvc3QAY2FuYXJ5LXNtdHAtOTA3MQ==",
    );
    secrets.add("an administrator's password", "root-pass-1");
    let mut browser = Browser::of(HOST);
    browser.arrive_at(address);
    browser.sign_in("root", "root-pass-1").await;
    let port = mail.port.to_string();
    let form = [
        ("host", "127.0.0.1"),
        ("port", &*port),
        ("security", "loopback_plain"),
        ("user", "post"),
        ("password", "canary-smtp-9071"),
        ("from", "usher@example.org"),
    ];
    let saved = browser.send("console-mail", &form).await;
    assert_eq!(saved.location, "console-mail?said=saved", "{}", saved.html);
    let form = [("to", "root@example.org")];
    browser.send("console-mail-test", &form).await;
    let letter = mail.letter().await;
    secrets.add("the code of a test mail", letter.code());
    let form = [("code", letter.code())];
    let confirmed = browser.send("console-mail-confirm", &form).await;
    assert_eq!(confirmed.location, "console-mail?said=confirmed");
    secrets.all_of(&browser);
}

/// `anna` signs in from an app, forgets her password, and gets another; by code, after she looked at the link.
async fn reset(address: &str, mail: &mut MailServer, secrets: &mut Secrets) {
    for (what, secret) in [
        ("a password", "anna-pass-1"),
        ("a wrong password", "canary-wrong-5519"),
        ("a new password", "canary-new-8842"),
    ] {
        secrets.add(what, secret);
    }
    for password in ["canary-wrong-5519", "anna-pass-1"] {
        let body = serde_json::json!({ "Username": "anna", "Pw": password }).to_string();
        let headers = [
            ("host", HOST),
            ("authorization", &*identity("app")),
            ("content-type", "application/json"),
        ];
        let target = "/Users/AuthenticateByName";
        let answer = ask_of(address, Method::POST, target, &headers, &body).await;
        if answer.status() == StatusCode::OK {
            let token = json_of(&answer)["AccessToken"].as_str().unwrap().to_owned();
            let target = format!("/UserViews?ApiKey={token}");
            let headers = [("host", HOST)];
            let views = ask_of(address, Method::GET, &target, &headers, "").await;
            assert_eq!(views.status(), StatusCode::OK);
            secrets.add("a token", &token);
        }
    }
    let mut browser = Browser::of(HOST);
    browser.arrive_at(address);
    browser.send("forgot", &[("name", "anna")]).await;
    let letter = mail.letter().await;
    secrets.add("a reset code", letter.code());
    assert_eq!(letter.links().len(), 2, "reset and revoke: {}", letter.text);
    for link in letter.links() {
        secrets.add("a link of a mail", link);
    }
    browser.send("reset", &[("link", letter.links()[0])]).await;
    let code = [("code", letter.code())];
    let proven = browser.send("reset-code?next=%2Fhome", &code).await;
    let choose = "new-password?next=%2Fhome";
    assert_eq!(proven.location, choose, "{}", proven.html);
    // Another window began a reset for somebody else.
    let others = [("password", "canary-new-8842"), ("username", "kim")];
    let refused = browser.send(choose, &others).await;
    assert!(refused.html.contains("Another window"), "{}", refused.html);
    let form = [("password", "canary-new-8842"), ("username", "anna")];
    let chosen = browser.send(choose, &form).await;
    let back = "sign-in?said=reset&next=%2Fhome";
    assert_eq!(chosen.location, back, "{}", chosen.html);
    secrets.all_of(&browser);
}

#[tokio::test]
async fn r68_no_secret_of_a_whole_life_stands_in_the_log_or_in_the_database_and_its_wal() {
    let standin = jellyfin(VERSIONS[1]).await;
    let mut mail = MailServer::start(Mood::Well).await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let database = StoreOptions::Sqlite(data.join("usher.db"));
    configure(folder.path(), &standin, &database, "");
    let code = prepare(folder.path()).await;
    let mut secrets = Secrets::default();
    secrets.add("the key of the API", API_KEY);
    let program = Program::start(folder.path(), "trace").await;
    let address = program.address.clone();
    set_up(&address, &code, &mut secrets).await;
    set_mail(&address, &mut mail, &mut secrets).await;
    reset(&address, &mut mail, &mut secrets).await;
    let mut log = program.kill().await;

    // Killed as it was, what it wrote last is in the WAL alone.
    let wal = std::fs::read(data.join("usher.db-wal")).unwrap();
    assert!(
        holds(&wal, "anna@example.org"),
        "the WAL was looked through"
    );
    secrets.stand_nowhere_in("the database", &contents(&data));

    // The same mail server again, as the configuration file may name it.
    std::fs::write(folder.path().join("smtp"), "canary-smtp-9071").unwrap();
    let more = format!(
        "[mail]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"loopback_plain\"\nuser = \"post\"\n\
         password_file = {:?}\nfrom = \"usher@example.org\"\n",
        mail.port,
        folder.path().join("smtp").display().to_string(),
    );
    configure(folder.path(), &standin, &database, &more);
    let again = Program::start(folder.path(), "trace").await;
    let mut browser = Browser::of(HOST);
    browser.arrive_at(&again.address);
    browser.sign_in("anna", "canary-new-8842").await;
    secrets.all_of(&browser);
    log.extend(again.kill().await);

    assert!(holds(&log, "TRACE"), "the log says everything it can");
    secrets.stand_nowhere_in("the log", &log);
    secrets.stand_nowhere_in("the database", &contents(&data));
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
