//! Two processes of the program over one PostgreSQL, before one Jellyfin. A visitor may reach either at every request, and
//! one may be killed at any time.
use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use serde_json::json;
use tempfile::TempDir;
use usher::application::accounts;
use usher_accounts::admin::{Admin, Created, NewAccount};
use usher_domain::account::SetUpWay;
use usher_domain::name::UserName;
use usher_domain::visitor::Visitor;
use usher_standin::Standin;

use crate::browser::Browser;
use crate::client::{VERSIONS, ask_of, identity, jellyfin, json_of};
use crate::program::{HOST, Program, USUAL_LOG, configure};
use crate::replicas::postgres;

/// Two processes, and what they share.
struct Pair {
    one: Program,
    other: Program,
    standin: Standin,
    folder: TempDir,
}

impl Pair {
    /// `None` where there is no PostgreSQL.
    async fn start() -> Option<Self> {
        let storage = postgres()?;
        let standin = jellyfin(VERSIONS[1]).await;
        let folder = tempfile::tempdir().unwrap();
        configure(folder.path(), &standin, &storage.options(), "");
        Some(Self {
            one: Program::start(folder.path(), USUAL_LOG).await,
            other: Program::start(folder.path(), USUAL_LOG).await,
            standin,
            folder,
        })
    }

    /// `kill -9` of the first, and another in its place.
    async fn replace_one(mut self) -> Self {
        let fresh = Program::start(self.folder.path(), USUAL_LOG).await;
        std::mem::replace(&mut self.one, fresh).kill().await;
        self
    }
}

pub(crate) async fn sign_in(
    program: &Program,
    name: &str,
    password: &str,
) -> http::Response<bytes::Bytes> {
    let body = json!({ "Username": name, "Pw": password }).to_string();
    let headers = [
        ("host", HOST),
        ("authorization", &*identity("device")),
        ("content-type", "application/json"),
    ];
    let target = "/Users/AuthenticateByName";
    ask_of(&program.address, Method::POST, target, &headers, &body).await
}

pub(crate) async fn ask(
    program: &Program,
    method: Method,
    target: &str,
    token: &str,
) -> StatusCode {
    let headers = [("host", HOST), ("x-emby-token", token)];
    ask_of(&program.address, method, target, &headers, "")
        .await
        .status()
}

#[tokio::test]
async fn a_sign_out_in_one_process_holds_in_the_other_within_five_seconds() {
    let Some(pair) = Pair::start().await else {
        return;
    };
    let answer = json_of(&sign_in(&pair.one, "anna", "anna-pass-1").await);
    let token = answer["AccessToken"].as_str().unwrap();
    for program in [&pair.one, &pair.other] {
        let known = ask(program, Method::GET, "/Users/Me", token).await;
        assert_eq!(known, StatusCode::OK);
    }
    let ended = ask(&pair.one, Method::POST, "/Sessions/Logout", token).await;
    assert_eq!(ended, StatusCode::NO_CONTENT);
    let (ended, within) = (Instant::now(), Duration::from_secs(5));
    loop {
        let asked = ended.elapsed();
        let known = ask(&pair.other, Method::GET, "/UserViews", token).await;
        if known == StatusCode::UNAUTHORIZED {
            break;
        }
        assert!(asked < within, "still let in {asked:?} after the sign-out");
    }
    let pair = pair.replace_one().await;
    let after = ask(&pair.one, Method::GET, "/UserViews", token).await;
    assert_eq!(after, StatusCode::UNAUTHORIZED, "dead for a fresh one, too");
}

/// Makes an account that waits for its first password, as `usher account create` does; answers its code.
async fn waiting(pair: &Pair, name: &str) -> String {
    let config = usher_config::Config::read(&pair.folder.path().join("usher.toml")).unwrap();
    let plan = usher::serve::blueprint(&config).unwrap();
    let desk = accounts(&plan).await.unwrap();
    let new = NewAccount {
        name: UserName::parse(name).unwrap(),
        way: SetUpWay::Code,
        address: None,
        anywhere: false,
        language: "en".to_owned(),
    };
    let here = Visitor::new([127, 0, 0, 1].into(), true, "test");
    let by = Admin::on_the_server();
    let made = desk.create_account(&by, &new, &here).await;
    let Created::Code { code, .. } = made.unwrap() else {
        panic!("no code was made");
    };
    code.reveal().to_owned()
}

#[tokio::test]
async fn a_sign_in_begun_in_one_process_ends_well_in_the_other_though_the_first_is_killed() {
    let Some(pair) = Pair::start().await else {
        return;
    };
    let code = waiting(&pair, "vic").await;
    let mut browser = Browser::of(HOST);
    let form = [("name", "vic"), ("code", &*code), ("device", "")];
    let entered = browser
        .arrive_at(&pair.one.address)
        .send("first-time", &form)
        .await;
    assert_eq!(entered.location, "set-password");
    let pair = pair.replace_one().await;
    let form = [("password", "vics-own-choice")];
    let chosen = browser
        .arrive_at(&pair.other.address)
        .send("set-password", &form)
        .await;
    assert!(
        browser.is_signed_in(),
        "{} {}",
        chosen.location,
        chosen.html
    );
    let user = |name: &str| {
        let state = pair.standin.state();
        let user = state.users.iter().find(|user| user.name == name);
        user.unwrap().is_password("vics-own-choice")
    };
    assert!(user("vic"));
    for program in [&pair.one, &pair.other] {
        let account = browser.arrive_at(&program.address).open("account").await;
        assert!(account.html.contains("vic"), "{}", account.location);
    }
}

#[tokio::test]
async fn r25_tries_of_one_code_count_over_processes_and_kills() {
    let Some(mut pair) = Pair::start().await else {
        return;
    };
    let mut browser = Browser::of(HOST);
    let asked = browser
        .arrive_at(&pair.one.address)
        .send("forgot", &[("name", "nobody")])
        .await;
    assert_eq!(asked.location, "reset-code");
    for left in [4, 2] {
        let wrong = browser
            .arrive_at(&pair.other.address)
            .send("reset-code", &[("code", "123456")])
            .await;
        assert!(wrong.html.contains(&format!("{left} tries are left")));
        pair = pair.replace_one().await;
        let wrong = browser
            .arrive_at(&pair.one.address)
            .send("reset-code", &[("code", "123456")])
            .await;
        let expected = if left == 4 {
            "3 tries are left"
        } else {
            "One try is left"
        };
        assert!(wrong.html.contains(expected), "{}", wrong.html);
    }
}

#[tokio::test]
async fn r25_a_block_that_two_processes_counted_together_outlives_a_kill() {
    let Some(pair) = Pair::start().await else {
        return;
    };
    for number in 0..5 {
        for (program, name) in [(&pair.one, "here"), (&pair.other, "there")] {
            let wrong = sign_in(program, &format!("{name}{number}"), "wrong").await;
            assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
        }
    }
    let pair = pair.replace_one().await;
    for program in [&pair.one, &pair.other] {
        let blocked = sign_in(program, "anna", "anna-pass-1").await;
        assert_eq!(blocked.status(), StatusCode::TOO_MANY_REQUESTS);
        let wait = blocked.headers()["retry-after"].to_str().unwrap();
        assert!(wait.parse::<u64>().unwrap() > 3000, "{wait}");
    }
}
