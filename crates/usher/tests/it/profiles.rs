//! A profile from inside Jellyfin: what its own token is told and may do, and what everybody else learns of it.
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};
use usher_accounts::profiles::{MadeProfile, NewProfile};
use usher_accounts::sign_in::{PasswordForm, WebSignIn};
use usher_domain::profile::AgePreset;
use usher_domain::profile::limits::Limits;
use usher_domain::profile::name::ProfileName;
use usher_domain::profile::preferences::Preferences;
use usher_domain::secret::SecretText;
use usher_domain::time::{Clock, TestClock, Timestamp};
use usher_domain::visitor::Visitor;
use usher_standin::Version;

use crate::client::{API_KEY, House, VERSIONS, identity, json_of};

/// A house in which `anna` has the profile `Kids`.
pub(crate) struct Home {
    pub(crate) house: House,
    pub(crate) clock: Arc<TestClock>,
    /// The token of the profile, from an app on the device `tablet`.
    pub(crate) kids: String,
    /// The hidden user.
    pub(crate) user: String,
}

impl Home {
    pub(crate) async fn open(version: Version) -> Self {
        let clock = Arc::new(TestClock::at(Timestamp::from_millis(1_795_521_600_000)));
        let own: Arc<dyn Clock> = clock.clone();
        let house = House::open_by(version, own).await;
        make_kids(&house).await;
        let signed_in = as_kids(&house, "tablet").await;
        Self {
            kids: signed_in["AccessToken"].as_str().unwrap().to_owned(),
            user: signed_in["User"]["Id"].as_str().unwrap().to_owned(),
            house,
            clock,
        }
    }

    pub(crate) async fn told(&self, token: &str, target: &str) -> Value {
        let answer = self.house.get(target, &[("x-emby-token", token)]).await;
        assert_eq!(answer.status(), StatusCode::OK, "{target}");
        json_of(&answer)
    }

    pub(crate) async fn status(&self, token: &str, target: &str) -> StatusCode {
        let answer = self.house.get(target, &[("x-emby-token", token)]).await;
        answer.status()
    }

    pub(crate) async fn posted(&self, token: &str, target: &str, body: &Value) -> StatusCode {
        let headers = [("x-emby-token", token)];
        self.house.post(target, &headers, body).await.status()
    }

    /// What Jellyfin calls the hidden user.
    fn name(&self) -> String {
        let state = self.house.standin.state();
        let user = state.user(self.user.parse().unwrap());
        user.unwrap().name.clone()
    }

    /// The session of Jellyfin's on the tablet.
    pub(crate) fn tablet(&self) -> String {
        let state = self.house.standin.state();
        let session = state
            .sessions
            .iter()
            .find(|session| session.device.id == "tablet-1");
        session.unwrap().id.clone()
    }

    pub(crate) fn change(&self, name: &str, change: &Value) {
        let mut state = self.house.standin.state();
        let user = state.user_named(name).unwrap().id;
        let policy = &mut state.user_mut(user).unwrap().policy;
        policy.extend(change.as_object().unwrap().clone());
    }
}

/// Gives `anna` the profile of a child.
pub(crate) async fn make_kids(house: &House) {
    let here = Visitor::new(std::net::Ipv4Addr::LOCALHOST.into(), true, "test");
    let form = PasswordForm {
        name: "anna",
        password: &SecretText::new("anna-pass-1"),
        device_id: "browser",
        next: "",
        language: "en",
        trust: None,
    };
    let signed_in = house.accounts.web_password(&form, None, &here).await;
    let WebSignIn::Done(signed_in) = signed_in.unwrap() else {
        panic!("anna is let in");
    };
    let session = house.accounts.web_session(&signed_in.cookie).await;
    let session = session.unwrap().unwrap();
    let new = NewProfile {
        name: ProfileName::parse("Kids").unwrap(),
        picture: None,
        preset: AgePreset::Child,
        limits: Limits::of_preset(AgePreset::Child),
        preferences: Preferences::default(),
    };
    let made = house
        .accounts
        .make_profile(house.accounts.proven(&session).unwrap(), &new, &here)
        .await;
    assert!(matches!(made, Ok(MadeProfile::Ready(_))), "{made:?}");
    let signed_out = house.accounts.sign_out(&session, &here).await;
    signed_out.unwrap();
}

/// The answer to an app on a device that signs in as the profile.
pub(crate) async fn as_kids(house: &House, device: &str) -> Value {
    let answer = attempt(house, device, "anna/Kids", "anna-pass-1").await;
    assert_eq!(answer.status(), StatusCode::OK);
    json_of(&answer)
}

pub(crate) async fn attempt(
    house: &House,
    device: &str,
    name: &str,
    password: &str,
) -> http::Response<bytes::Bytes> {
    let body = json!({ "Username": name, "Pw": password });
    let identity = identity(device);
    let headers = [("authorization", identity.as_str())];
    house
        .post("/Users/AuthenticateByName", &headers, &body)
        .await
}

fn names<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    let list = list.as_array().unwrap();
    list.iter().map(|one| one[key].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_app_is_told_the_name_by_which_its_profile_can_sign_in_again() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        assert_eq!(home.name(), "anna+Kids");
        let signed_in = as_kids(&home.house, "phone").await;
        assert_eq!(signed_in["User"]["Name"], "anna/Kids");
        assert_eq!(signed_in["SessionInfo"]["UserName"], "anna/Kids");
        let own = format!("/Users/{}", home.user);
        for target in ["/Users/Me", own.as_str(), "/emby/Users/Me"] {
            let me = home.told(&home.kids, target).await;
            assert_eq!(me["Name"], "anna/Kids", "{target}");
            assert_eq!(me["Id"], home.user.as_str());
        }
        let users = home.told(&home.kids, "/Users").await;
        let shown = names(&users, "Name");
        assert!(
            shown.contains(&"anna/Kids") && !shown.contains(&"anna+Kids"),
            "{shown:?}"
        );
        let sessions = home.told(&home.kids, "/Sessions").await;
        assert!(!sessions.as_array().unwrap().is_empty());
        assert!(
            names(&sessions, "UserName")
                .iter()
                .all(|name| *name == "anna/Kids")
        );
    }
}

#[tokio::test]
async fn nobody_else_sees_a_profile_and_administrators_and_programs_see_it_as_it_is() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let [kim, anna, root] = ["kim", "anna", "root"].map(|name| home.house.token(name));
        let (kim, anna, root) = (kim.await, anna.await, root.await);
        let by_id = format!("/Users/{}", home.user);
        for token in [&kim, &anna] {
            let users = home.told(token, "/Users").await;
            let shown = names(&users, "Name");
            assert!(shown.contains(&"anna"));
            assert!(!shown.iter().any(|name| name.contains("Kids")), "{shown:?}");
            let hidden = home.told(token, "/Users?isHidden=true").await;
            assert!(!hidden.to_string().contains("Kids"), "{hidden}");
            let missing = format!("/Users/{}", "1".repeat(32));
            let missing = home.house.get(&missing, &[("x-emby-token", token)]).await;
            assert_eq!(missing.status(), StatusCode::NOT_FOUND);
            // However its id is written, it is not to be told from one that nobody has.
            let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &home.user[part]);
            let dashed = parts.join("-");
            for id in [home.user.clone(), dashed.clone(), format!("({dashed})")] {
                let target = format!("/Users/{id}");
                let hidden = home.house.get(&target, &[("x-emby-token", token)]).await;
                assert_eq!(hidden.status(), StatusCode::NOT_FOUND, "{target}");
                assert_eq!(hidden.body(), missing.body(), "{target}");
                let kind = |answer: &Response<Bytes>| answer.headers()["content-type"].clone();
                assert_eq!(kind(&hidden), kind(&missing), "{target}");
            }
            let sessions = home.told(token, "/Sessions").await;
            assert!(!sessions.to_string().contains("Kids"), "{sessions}");
            for what in ["Items", "Items/Resume", "Views"] {
                let target = format!("{by_id}/{what}");
                let status = home.status(token, &target).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{target}");
            }
        }
        for token in [&*root, API_KEY] {
            let users = home.told(token, "/Users").await;
            assert!(names(&users, "Name").contains(&"anna+Kids"));
            assert_eq!(home.told(token, &by_id).await["Name"], "anna+Kids");
        }
        // Even where somebody takes it out of hiding.
        home.change("anna+Kids", &json!({ "IsHidden": false }));
        let tiles = home.house.get("/Users/Public", &[]).await;
        assert!(!json_of(&tiles).to_string().contains("Kids"));
    }
}

#[tokio::test]
async fn a_profile_cannot_be_named_or_given_a_password_inside_jellyfin_and_cannot_raise_itself() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let root = home.house.token("root").await;
        let user = &home.user;
        let record = format!("/Users/{user}");
        for token in [home.kids.as_str(), &root, API_KEY] {
            for name in ["Grown-up", "anna", "root+Kids"] {
                let written = json!({ "Name": name, "Configuration": {} });
                for target in [record.clone(), format!("/Users?userId={user}")] {
                    let status = home.posted(token, &target, &written).await;
                    assert_eq!(status, StatusCode::FORBIDDEN, "{target}");
                }
            }
            let password = json!({ "CurrentPw": "", "NewPw": "a lighthouse in the fog" });
            for target in [
                format!("{record}/Password"),
                format!("/Users/Password?userId={user}"),
            ] {
                let status = home.posted(token, &target, &password).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{target}");
                let emptied = json!({ "ResetPassword": true });
                let status = home.posted(token, &target, &emptied).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{target}");
            }
        }
        assert_eq!(home.name(), "anna+Kids");
        // What a client was told it sends back with its own settings.
        for name in ["anna/Kids", "Kids"] {
            let written = json!({ "Name": name, "Configuration": { "SubtitleMode": "Always" } });
            let status = home.posted(&home.kids, &record, &written).await;
            assert_eq!(status, StatusCode::NO_CONTENT, "{name}");
        }
        assert_eq!(home.name(), "anna+Kids");
        let me = home.told(&home.kids, "/Users/Me").await;
        assert_eq!(me["Configuration"]["SubtitleMode"], "Always");
        let raised = json!({ "IsAdministrator": true });
        let status = home
            .posted(&home.kids, &format!("{record}/Policy"), &raised)
            .await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        let own = json!({ "NewPw": "a lighthouse in the fog" });
        let status = home.posted(&home.kids, "/Users/Password", &own).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_profile_approves_no_screen() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let television = identity("television");
        let headers = [("authorization", television.as_str())];
        let nothing = json!({});
        let asked = home
            .house
            .post("/QuickConnect/Initiate", &headers, &nothing);
        let code = json_of(&asked.await)["Code"].as_str().unwrap().to_owned();
        for target in [
            format!("/QuickConnect/Authorize?code={code}"),
            format!("/QuickConnect/Authorize?code={code}&userId={}", home.user),
        ] {
            let status = home.posted(&home.kids, &target, &json!({})).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{target}");
        }
    }
}

#[tokio::test]
async fn the_hidden_users_own_name_opens_nothing_even_where_somebody_gave_it_a_password() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        {
            let mut state = home.house.standin.state();
            let user = state.user_named("anna+Kids").unwrap().id;
            state.user_mut(user).unwrap().set_password("known-to-all-1");
        }
        for (name, password) in [
            ("anna+Kids", "known-to-all-1"),
            ("ANNA+KIDS", "known-to-all-1"),
            ("anna+Kids", "anna-pass-1"),
            (home.user.as_str(), "known-to-all-1"),
        ] {
            let refused = attempt(&home.house, "stranger", name, password).await;
            assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{name}");
        }
        let by_id = format!("/Users/{}/Authenticate?pw=known-to-all-1", home.user);
        let stranger = identity("stranger");
        let headers = [("authorization", stranger.as_str())];
        let refused = home.house.ask(Method::POST, &by_id, &headers, "").await;
        assert_eq!(refused.status(), StatusCode::NOT_FOUND);
        let state = home.house.standin.state();
        let left = state
            .tokens
            .iter()
            .filter(|token| token.device.id == "stranger-1");
        assert_eq!(left.count(), 0, "no token is left of the tries");
    }
}

#[tokio::test]
async fn what_an_administrator_writes_into_a_profile_is_put_back_at_once() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let root = home.house.token("root").await;
        let before = home.told(&root, &format!("/Users/{}", home.user)).await["Policy"].clone();
        let mut raised = before.clone();
        raised["IsAdministrator"] = json!(true);
        raised["MaxParentalRating"] = json!(99);
        let target = format!("/Users/{}/Policy", home.user);
        let status = home.posted(&root, &target, &raised).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        let after = home.told(&root, &format!("/Users/{}", home.user)).await["Policy"].clone();
        assert_eq!(after["IsAdministrator"], false);
        assert_eq!(after["MaxParentalRating"], before["MaxParentalRating"]);
    }
}

#[tokio::test]
async fn a_library_that_is_taken_from_the_owner_is_gone_from_the_profile_within_a_minute() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let films = home.house.films(&home.kids).await;
        assert!(!films.is_empty(), "a child sees something");
        let stream = format!("/Videos/{}/stream?static=true", films[0]);
        assert_eq!(home.status(&home.kids, &stream).await, StatusCode::OK);
        // In Jellyfin itself, not through Usher.
        home.change(
            "anna",
            &json!({ "EnableAllFolders": false, "EnabledFolders": [] }),
        );
        // The job of every half minute, and what is remembered of tokens and of a user's reach.
        home.clock.advance(Duration::from_secs(30));
        home.house.accounts.look_at_users().await.unwrap();
        home.house.accounts.keep_profiles().await.unwrap();
        home.clock.advance(Duration::from_secs(5));
        assert_eq!(home.house.films(&home.kids).await, Vec::<String>::new());
        assert_eq!(
            home.status(&home.kids, &stream).await,
            StatusCode::NOT_FOUND
        );
        let views = home.told(&home.kids, "/UserViews").await;
        assert_eq!(views["Items"], json!([]));
    }
}

#[tokio::test]
async fn a_profile_that_signs_in_anew_has_at_once_what_its_owner_has_left() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        home.change(
            "anna",
            &json!({ "EnableAllFolders": false, "EnabledFolders": [] }),
        );
        let signed_in = as_kids(&home.house, "phone").await;
        let token = signed_in["AccessToken"].as_str().unwrap();
        assert_eq!(home.house.films(token).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_limit_of_sessions_counts_those_of_the_whole_account() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        home.change("anna", &json!({ "MaxActiveSessions": 2 }));
        let sign_in = async |device: &'static str, name: &'static str| {
            let answer = attempt(&home.house, device, name, "anna-pass-1").await;
            answer.status()
        };
        // The tablet is one; the owner's phone the second.
        assert_eq!(sign_in("phone", "anna").await, StatusCode::OK);
        assert_eq!(sign_in("laptop", "anna").await, StatusCode::UNAUTHORIZED);
        assert_eq!(
            sign_in("laptop", "anna/Kids").await,
            StatusCode::UNAUTHORIZED
        );
        // Another profile on a device that counts already is no further session.
        assert_eq!(sign_in("phone", "anna/Kids").await, StatusCode::OK);
        let state = home.house.standin.state();
        assert!(
            !state
                .sessions
                .iter()
                .any(|session| session.device.id == "laptop-1")
        );
    }
}

#[tokio::test]
async fn a_screen_is_one_of_the_accounts_sessions_too_and_its_code_is_good_until_there_is_room() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let phone = attempt(&home.house, "phone", "anna", "anna-pass-1").await;
        let phone = json_of(&phone)["AccessToken"].as_str().unwrap().to_owned();
        let television = identity("television");
        let headers = [("authorization", television.as_str())];
        let nothing = json!({});
        let ask = home
            .house
            .post("/QuickConnect/Initiate", &headers, &nothing);
        let asked = json_of(&ask.await);
        let code = asked["Code"].as_str().unwrap();
        let approve = format!("/QuickConnect/Authorize?code={code}");
        // Jellyfin alone would let it in: it counts the owner's own session, and not the tablet's.
        home.change("anna", &json!({ "MaxActiveSessions": 2 }));
        let refused = home.posted(&phone, &approve, &nothing).await;
        assert_eq!(refused, StatusCode::FORBIDDEN, "{version:?}");
        home.change("anna", &json!({ "MaxActiveSessions": 3 }));
        let approved = home.posted(&phone, &approve, &nothing).await;
        assert_eq!(approved, StatusCode::OK, "{version:?}");
        home.change("anna", &json!({ "MaxActiveSessions": 2 }));
        let secret = json!({ "Secret": asked["Secret"] });
        let redeem = "/Users/AuthenticateWithQuickConnect";
        for _again in 0..2 {
            let refused = home.house.post(redeem, &headers, &secret).await;
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{version:?}");
            assert_eq!(refused.body().as_ref(), b"Error processing request.");
        }
        home.posted(&phone, "/Sessions/Logout", &nothing).await;
        let let_in = home.house.post(redeem, &headers, &secret).await;
        assert_eq!(let_in.status(), StatusCode::OK, "{version:?}");
        let token = json_of(&let_in)["AccessToken"].as_str().unwrap().to_owned();
        assert_eq!(home.told(&token, "/Users/Me").await["Name"], "anna");
    }
}

#[tokio::test]
async fn one_device_keeps_two_profiles_side_by_side() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let owner = attempt(&home.house, "tablet", "anna", "anna-pass-1").await;
        let owner = json_of(&owner)["AccessToken"].as_str().unwrap().to_owned();
        assert_eq!(
            home.told(&home.kids, "/Users/Me").await["Name"],
            "anna/Kids"
        );
        assert_eq!(home.told(&owner, "/Users/Me").await["Name"], "anna");
        let (all, some) = (
            home.house.films(&owner).await,
            home.house.films(&home.kids).await,
        );
        assert!(some.len() < all.len(), "the child sees less");
    }
}
