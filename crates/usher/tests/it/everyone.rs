//! Every recorded exchange by which a real Jellyfin gave out a token (`contract/*/NNN-*.json`), sent to Usher while everybody
//! must have a second factor: none gives one out without it.
//!
//! An API key may do what an administrator may, and is asked for no factor ([`BY_API_KEY`]). It approves no screen for
//! anybody, and no token of a person comes by it.
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::Value;
use usher::application::Blueprint;
use usher_accounts::admin::{Admin, Edited};
use usher_accounts::second_factor::{Enrollment, Flow, RuleChange};
use usher_accounts::sign_in::{PasswordForm, WebSignIn};
use usher_domain::address::EmailAddress;
use usher_domain::second_factor::{Demand, SecondFactorPolicy};
use usher_domain::secret::SecretText;
use usher_domain::time::{Clock, SystemClock, TestClock};
use usher_domain::visitor::Visitor;
use usher_standin::{Scene, SceneUser, Version};

use crate::client::{API_KEY, House, VERSIONS, identity, json_of};

/// What Usher gives no token for in any case: this route is closed, or there is no password.
const NEVER: [&str; 3] = [
    "user-legacy-authenticate",
    "sign-in-without-password",
    "sign-in-after-removal",
];

/// What gives out, or shows, a token at the wish of an API key: keys alone.
const BY_API_KEY: [(&str, StatusCode); 2] = [
    ("api-key-create", StatusCode::NO_CONTENT),
    ("api-key-list", StatusCode::OK),
];

/// An exchange that issued a token.
struct Exchange {
    name: String,
    request: Value,
    user: String,
    user_id: String,
}

fn exchanges(version: Version) -> Vec<Exchange> {
    let records = records(version).into_iter();
    let issued = records.filter(|record| record["response"]["body"]["AccessToken"].is_string());
    issued.map(|record| exchange(&record)).collect()
}

fn exchange(record: &Value) -> Exchange {
    let user = &record["response"]["body"]["User"];
    Exchange {
        name: record["name"].as_str().unwrap().to_owned(),
        user: user["Name"].as_str().unwrap().to_owned(),
        user_id: user["Id"].as_str().unwrap().to_owned(),
        request: record["request"].clone(),
    }
}

/// Every exchange that was recorded one by one.
fn records(version: Version) -> Vec<Value> {
    let folder = match version {
        Version::V10_11 => "10.11",
        Version::V12_0 => "12.0",
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../contract/{folder}"));
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let read = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap());
    let parsed = read.filter_map(|text| serde_json::from_str::<Value>(&text).ok());
    parsed
        .filter(|record| record["response"].is_object())
        .collect()
}

impl Exchange {
    fn is_screen(&self) -> bool {
        self.name.starts_with("quick-connect")
    }

    /// The password that was typed.
    fn password(&self) -> Option<&str> {
        let body = self.request["body"].as_object()?;
        let mut fields = body.iter();
        let (_, typed) = fields.find(|(name, _)| name.eq_ignore_ascii_case("pw"))?;
        typed.as_str().filter(|typed| !typed.is_empty())
    }

    /// Sends the request as it was recorded, for the user of the same name here.
    async fn replay(&self, house: &House, secret: &str) -> Response<Bytes> {
        if let Some(password) = self.password() {
            let mut state = house.standin.state();
            let user = state.users.iter_mut().find(|user| user.name == self.user);
            user.unwrap().set_password(password);
        }
        let mut body = self.request["body"].clone();
        if self.is_screen() {
            body["Secret"] = secret.into();
        }
        let id = id_of(house, &self.user);
        let path = self.request["path"].as_str().unwrap();
        let path = path.replace(&self.user_id, &id);
        let headers = self.request["headers"].as_object().unwrap();
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let body = if body.is_string() {
            body.as_str().unwrap().to_owned()
        } else {
            body.to_string()
        };
        house.ask(Method::POST, &path, &headers, &body).await
    }
}

fn id_of(house: &House, name: &str) -> String {
    let state = house.standin.state();
    let user = state.users.iter().find(|user| user.name == name);
    user.unwrap().id.simple().to_string()
}

fn first_password(name: &str) -> String {
    format!("{name}-first-1")
}

/// A house with everybody of the records, and a clock that brings no limit in the way.
async fn house(version: Version, records: &[Exchange]) -> (House, Arc<TestClock>) {
    let names: BTreeSet<&str> = records.iter().map(|record| record.user.as_str()).collect();
    let users = names.iter().map(|name| match *name {
        "root" => SceneUser::administrator("root", &first_password("root")),
        name => SceneUser::person(name, &first_password(name)),
    });
    let standin = usher_standin::start(Scene {
        api_keys: vec![(API_KEY.to_owned(), "Usher".to_owned())],
        users: users.collect(),
        ..Scene::living_room(version)
    })
    .await
    .unwrap();
    let clock = Arc::new(TestClock::at(SystemClock.now()));
    let house = House::furnished(standin, |mut plan| {
        // Nobody approves.
        plan.options.longest_hold = Duration::ZERO;
        Blueprint {
            clock: Arc::<TestClock>::clone(&clock),
            ..plan
        }
    })
    .await;
    (house, clock)
}

/// A screen asks for a code, and it is approved with this token. Answers its secret.
async fn screen(house: &House, user: &str, tokens: &[&str]) -> String {
    let headers = [("authorization", &*identity("screen"))];
    let asked = house.ask(Method::POST, "/QuickConnect/Initiate", &headers, "");
    let asked = json_of(&asked.await);
    let (code, id) = (asked["Code"].as_str().unwrap(), id_of(house, user));
    for token in tokens {
        let target = format!("/QuickConnect/Authorize?code={code}&userId={id}");
        let headers = [("x-emby-token", *token)];
        house.ask(Method::POST, &target, &headers, "").await;
    }
    asked["Secret"].as_str().unwrap().to_owned()
}

/// Signs somebody in as a person of before the policy, and gives them codes by mail where they are to have a factor.
async fn before(house: &House, number: usize, user: &str, has_factor: bool) -> String {
    let visitor = Visitor::new([127, 0, 0, 1].into(), true, "Firefox/140.0 Linux");
    let password = SecretText::new(first_password(user));
    let form = PasswordForm {
        name: user,
        password: &password,
        device_id: &format!("browser-{number}"),
        next: "",
        language: "en",
        trust: None,
    };
    let accounts = &house.accounts;
    let signed_in = accounts.web_password(&form, None, &visitor).await;
    let Ok(WebSignIn::Done(signed_in)) = signed_in else {
        panic!("{user} is not signed in: {signed_in:?}");
    };
    if has_factor {
        let account = accounts.account_named(user).await.unwrap().unwrap();
        let address = EmailAddress::parse(&format!("p{number}@example.org")).unwrap();
        let by = Admin::on_the_server();
        let entered = accounts.enter_address(&by, account.id, Some(&address), true, &visitor);
        assert_eq!(entered.await.unwrap(), Edited::Done);
        let session = accounts.web_session(&signed_in.cookie).await;
        let session = session.unwrap().unwrap();
        let enrolled = accounts.enroll_mail(Flow::Account(&session), &visitor);
        assert!(matches!(enrolled.await.unwrap(), Enrollment::Done { .. }));
    }
    signed_in.token.reveal().to_owned()
}

/// Everybody must have a second factor since long ago.
async fn enforce(house: &House) {
    let policy = SecondFactorPolicy {
        demand: Demand::Everyone,
        from: Some(house.accounts.now() - Duration::from_hours(60 * 24)),
        ..SecondFactorPolicy::default()
    };
    let visitor = Visitor::new([127, 0, 0, 1].into(), true, "test");
    let by = Admin::on_the_server();
    let set = house
        .accounts
        .set_second_factor_policy(&by, &policy, &visitor);
    assert_eq!(set.await.unwrap(), RuleChange::Done);
}

fn has_token(answer: &Response<Bytes>) -> bool {
    String::from_utf8_lossy(answer.body()).contains("AccessToken")
}

fn tokens(house: &House) -> BTreeSet<String> {
    let state = house.standin.state();
    state
        .tokens
        .iter()
        .map(|token| token.secret.clone())
        .collect()
}

#[tokio::test]
async fn r20_with_a_factor_demanded_of_everyone_no_recorded_sign_in_gives_out_a_token() {
    for version in VERSIONS {
        let records = exchanges(version);
        assert!(records.len() > 15, "{version:?}: {}", records.len());
        for has_factor in [false, true] {
            let (house, clock) = house(version, &records).await;
            let mut own = std::collections::HashMap::new();
            for (number, record) in records.iter().enumerate() {
                if !own.contains_key(&record.user) {
                    let token = before(&house, number, &record.user, has_factor).await;
                    own.insert(record.user.clone(), token);
                }
            }
            enforce(&house).await;
            let there = tokens(&house);
            for record in &records {
                clock.advance(Duration::from_mins(61));
                let secret = if record.is_screen() {
                    screen(&house, &record.user, &[API_KEY, &own[&record.user]]).await
                } else {
                    String::new()
                };
                let answer = record.replay(&house, &secret).await;
                assert!(
                    !has_token(&answer),
                    "{version:?} {}: {answer:?}",
                    record.name
                );
                let new: Vec<_> = tokens(&house).difference(&there).cloned().collect();
                assert!(new.is_empty(), "{version:?} {}", record.name);
            }
        }
    }
}

#[tokio::test]
async fn the_same_recorded_sign_ins_give_out_tokens_where_no_factor_is_demanded() {
    for version in VERSIONS {
        let records = exchanges(version);
        let (house, clock) = house(version, &records).await;
        let mut own = std::collections::HashMap::new();
        for (number, record) in records.iter().enumerate() {
            clock.advance(Duration::from_mins(61));
            if !own.contains_key(&record.user) {
                let token = before(&house, number, &record.user, false).await;
                own.insert(record.user.clone(), token);
            }
            let secret = if record.is_screen() {
                screen(&house, &record.user, &[&own[&record.user]]).await
            } else {
                String::new()
            };
            let answer = record.replay(&house, &secret).await;
            let expected = !NEVER.contains(&record.name.as_str());
            assert_eq!(
                has_token(&answer),
                expected,
                "{version:?} {}: {answer:?}",
                record.name
            );
        }
    }
}

#[tokio::test]
async fn what_an_api_key_may_do_it_may_do_without_a_factor_and_an_administrator_may_not() {
    for version in VERSIONS {
        let of_root: Vec<Exchange> = exchanges(version).into_iter().take(1).collect();
        let (house, clock) = house(version, &of_root).await;
        let root = before(&house, 0, "root", true).await;
        enforce(&house).await;
        clock.advance(Duration::from_mins(61));
        let there = tokens(&house);
        for (name, status) in BY_API_KEY {
            let records = records(version);
            let record = records.iter().find(|record| record["name"] == name);
            let request = &record.unwrap()["request"];
            let method = request["method"].as_str().unwrap().parse::<Method>();
            let (method, path) = (method.unwrap(), request["path"].as_str().unwrap());
            for (token, expected) in [(&*root, StatusCode::FORBIDDEN), (API_KEY, status)] {
                let headers = [("x-emby-token", token)];
                let answer = house.ask(method.clone(), path, &headers, "").await;
                assert_eq!(answer.status(), expected, "{version:?} {name}");
            }
        }
        assert_eq!(tokens(&house), there, "no token of a person");
    }
}
