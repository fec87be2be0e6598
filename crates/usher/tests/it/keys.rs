//! An API key that is bound to networks, as a program uses it.
use http::{Method, StatusCode};
use serde_json::json;
use usher_accounts::admin::{Admin, KeyBound};
use usher_domain::activity::Activity;
use usher_domain::network::Networks;
use usher_domain::visitor::Visitor;

use crate::client::{House, VERSIONS, ask_of, json_of};

#[tokio::test]
async fn a_bound_key_is_refused_from_elsewhere_on_every_kind_of_route() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let root = house.token("root").await;
        let headers = [("x-emby-token", root.as_str())];
        let made = house
            .post("/Auth/Keys?app=Seerr", &headers, &json!({}))
            .await;
        assert_eq!(made.status(), StatusCode::NO_CONTENT);
        let listed = json_of(&house.get("/Auth/Keys", &headers).await);
        let key = listed["Items"][0]["AccessToken"].as_str().unwrap();
        let film = house.films(&root).await.remove(0);
        let stream = format!("/Videos/{film}/stream?static=true");
        let ask = async |target: &str| house.get(target, &[("x-emby-token", key)]).await.status();
        let home = Visitor::new("127.0.0.1".parse().unwrap(), true, "");
        for (networks, expected) in [
            ("10.0.0.0/8", StatusCode::UNAUTHORIZED),
            ("127.0.0.0/8 10.0.0.0/8", StatusCode::OK),
            ("", StatusCode::OK),
        ] {
            let name = house.accounts.api_keys().await.unwrap()[0].digest.name();
            let networks = Networks::parse(networks).unwrap();
            let by = Admin::on_the_server();
            let bound = house.accounts.bind_api_key(&by, &name, &networks, &home);
            assert_eq!(bound.await.unwrap(), KeyBound::Done);
            for target in ["/Users", "/System/Info", "/Auth/Keys", stream.as_str()] {
                let case = format!("{version:?} {networks} {target}");
                assert_eq!(ask(target).await, expected, "{case}");
            }
        }
    }
}

/// How many changes of Anna's password are written down.
async fn changes(house: &House) -> usize {
    let account = house.accounts.account_named("anna").await.unwrap().unwrap();
    let lines = house.accounts.activities_of(account.id, 99).await.unwrap();
    let is_change = |what: &Activity| matches!(what, Activity::PasswordChanged { .. });
    lines.iter().filter(|line| is_change(&line.what)).count()
}

#[tokio::test]
async fn a_password_set_through_usher_is_no_news_in_jellyfins_log_and_one_set_beside_it_is() {
    for version in VERSIONS {
        let house = House::open(version).await;
        house.accounts.look_at_log().await.unwrap();
        let root = house.token("root").await;
        let headers = [("x-emby-token", root.as_str())];
        let anna = house
            .standin
            .state()
            .user_named("anna")
            .unwrap()
            .id
            .simple()
            .to_string();
        let target = format!("/Users/Password?userId={anna}");
        let new = json!({ "NewPw": "plover lantern 29" });
        let set = house.post(&target, &headers, &new).await;
        assert_eq!(set.status(), StatusCode::NO_CONTENT);
        let signed_in = house.sign_in("anna", "plover lantern 29").await;
        let token = json_of(&signed_in)["AccessToken"]
            .as_str()
            .unwrap()
            .to_owned();
        let own = [("x-emby-token", token.as_str())];
        house.accounts.look_at_log().await.unwrap();
        assert_eq!(changes(&house).await, 1, "{version:?}");
        assert_eq!(
            house.get("/Users/Me", &own).await.status(),
            StatusCode::OK,
            "{version:?}"
        );
        let beside = house.standin.url();
        let beside = beside.trim_start_matches("http://");
        let body = json!({ "NewPw": "beside the usher" }).to_string();
        let authorization = format!("MediaBrowser Token=\"{root}\"");
        let direct = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
        ];
        let set = ask_of(beside, Method::POST, &target, &direct, &body).await;
        assert_eq!(set.status(), StatusCode::NO_CONTENT, "{version:?}");
        house.accounts.look_at_log().await.unwrap();
        assert_eq!(changes(&house).await, 2, "{version:?}");
        assert_eq!(
            house.get("/Users/Me", &own).await.status(),
            StatusCode::UNAUTHORIZED,
            "{version:?}"
        );
    }
}
