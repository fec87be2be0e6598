use http::StatusCode;
use serde_json::json;
use usher_domain::id::UserId;
use usher_domain::secret::SecretText;
use usher_jellyfin::{Authenticated, Created, Jellyfin, JellyfinError};
use usher_standin::{Fault, Version};

use crate::house::{House, VERSIONS, house};

fn nobody() -> UserId {
    "00000000000000000000000000000001".parse().unwrap()
}

async fn create(house: &House, name: &str) -> Created {
    let password = SecretText::new("new-pass-1");
    house.jellyfin.create_user(name, &password).await.unwrap()
}

#[tokio::test]
async fn every_user_is_listed_with_the_policy() {
    for version in VERSIONS {
        let house = house(version).await;
        let users = house.jellyfin.users().await.unwrap();
        let find = |name: &str| users.iter().find(|user| user.name == name).unwrap();
        assert_eq!(users.len(), 5);
        assert!(find("root").policy.is_administrator && !find("anna").policy.is_administrator);
        assert!(find("dora").policy.is_disabled && !find("anna").policy.is_disabled);
        assert_eq!(find("kim").policy.max_parental_rating, Some(7));
        assert!(!find("anna").policy.lives_elsewhere());
        // 12.0 always says yes.
        let said = Some(version == Version::V12_0);
        assert_eq!(find("bob").has_password, said);
    }
}

#[tokio::test]
async fn a_user_that_is_not_there_is_none() {
    for version in VERSIONS {
        let house = house(version).await;
        assert_eq!(house.jellyfin.user(nobody()).await.unwrap(), None);
        assert_eq!(house.user("anna").await.id, house.id("anna"));
    }
}

#[tokio::test]
async fn a_server_that_fails_is_never_a_user_who_is_not_there() {
    for version in VERSIONS {
        let house = house(version).await;
        for fault in [
            Fault::Status(500),
            Fault::Refuse,
            Fault::Cut,
            Fault::BrokenJson,
        ] {
            house.standin.faults().set("/Users", fault.clone());
            let answer = house.jellyfin.user(house.id("anna")).await;
            assert!(answer.is_err(), "{fault:?}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn the_last_sign_in_is_told() {
    for version in VERSIONS {
        let house = house(version).await;
        assert_eq!(house.user("anna").await.last_login, None);
        house.sign_in("anna", "anna-pass-1").await;
        house.sign_in("anna", "anna-pass-1").await;
        assert!(house.user("anna").await.last_login.is_some());
    }
}

#[tokio::test]
async fn a_user_is_made_with_a_password() {
    for version in VERSIONS {
        let house = house(version).await;
        let Created::Made(user) = create(&house, "lea+kids").await else {
            panic!("refused");
        };
        assert_eq!(
            (user.name.as_str(), user.policy.is_hidden),
            ("lea+kids", true)
        );
        assert_eq!(
            house.sign_in("lea+kids", "new-pass-1").await.user.id,
            user.id
        );
    }
}

#[tokio::test]
async fn a_name_that_is_taken_or_illegal_is_refused() {
    for version in VERSIONS {
        let house = house(version).await;
        for name in ["Anna", "an/na", "anna ", "an&na"] {
            let created = create(&house, name).await;
            assert!(matches!(created, Created::Refused), "{name}: {created:?}");
        }
        assert_eq!(house.standin.state().users.len(), 5);
    }
}

#[tokio::test]
async fn an_empty_password_is_refused_before_anything_is_sent() {
    for version in VERSIONS {
        let house = house(version).await;
        let anna = house.id("anna");
        for empty in ["", "  "] {
            let empty = SecretText::new(empty);
            let set = house.jellyfin.set_password(anna, &empty).await;
            let made = house.jellyfin.create_user("lea", &empty).await;
            assert!(matches!(set, Err(JellyfinError::EmptyPassword)));
            assert!(matches!(made, Err(JellyfinError::EmptyPassword)));
        }
        let faults = house.standin.faults();
        assert_eq!(faults.asked("POST /Users/Password"), 0);
        assert_eq!(faults.asked("POST /Users/New"), 0);
    }
}

#[tokio::test]
async fn a_new_password_ends_every_token_of_the_user() {
    for version in VERSIONS {
        let house = house(version).await;
        let before = house.sign_in("anna", "anna-pass-1").await;
        let password = SecretText::new("anna \"pass\" 2");
        house
            .jellyfin
            .set_password(house.id("anna"), &password)
            .await
            .unwrap();
        assert!(house.jellyfin.me(&before.token).await.unwrap().is_none());
        let old = house.try_sign_in("anna", "anna-pass-1").await;
        assert!(matches!(old, Authenticated::Wrong));
        house.sign_in("anna", "anna \"pass\" 2").await;
    }
}

#[tokio::test]
async fn a_password_of_nobody_is_an_error() {
    for version in VERSIONS {
        let house = house(version).await;
        let password = SecretText::new("some-pass-1");
        let set = house.jellyfin.set_password(nobody(), &password).await;
        assert!(matches!(
            set,
            Err(JellyfinError::Status(StatusCode::NOT_FOUND))
        ));
    }
}

#[tokio::test]
async fn a_user_can_be_removed_twice_but_not_the_last_administrator() {
    for version in VERSIONS {
        let house = house(version).await;
        let (anna, root) = (house.id("anna"), house.id("root"));
        house.jellyfin.delete_user(anna).await.unwrap();
        house.jellyfin.delete_user(anna).await.unwrap();
        assert_eq!(house.jellyfin.user(anna).await.unwrap(), None);
        assert!(matches!(
            house.jellyfin.delete_user(root).await,
            Err(JellyfinError::Status(StatusCode::BAD_REQUEST))
        ));
    }
}

#[tokio::test]
async fn a_policy_is_written_whole_and_read_back() {
    for version in VERSIONS {
        let house = house(version).await;
        let before = house.user("anna").await.policy;
        house.set("anna", "MaxActiveSessions", json!(2)).await;
        let schedule = json!([{ "DayOfWeek": "Weekend", "StartHour": 8.5, "EndHour": 20.0 }]);
        house.set("anna", "AccessSchedules", schedule).await;
        let after = house.user("anna").await.policy;
        assert_eq!(after.max_active_sessions, 2);
        assert_eq!(after.access_schedules[0].day_of_week, "Weekend");
        for (name, value) in &before.whole {
            let is_changed = ["MaxActiveSessions", "AccessSchedules"].contains(&name.as_str());
            assert!(
                is_changed || after.whole.get(name) == Some(value),
                "{name} was lost"
            );
        }
    }
}

#[tokio::test]
async fn disabling_ends_the_tokens_and_the_last_administrator_stays_one() {
    for version in VERSIONS {
        let house = house(version).await;
        let session = house.sign_in("anna", "anna-pass-1").await;
        house.set("anna", "IsDisabled", json!(true)).await;
        assert!(house.jellyfin.me(&session.token).await.unwrap().is_none());
        let root = house.user("root").await;
        let fallen = root.policy.with("IsAdministrator", false).unwrap();
        assert!(matches!(
            house.jellyfin.set_policy(root.id, &fallen).await,
            Err(JellyfinError::Status(StatusCode::FORBIDDEN))
        ));
    }
}

#[tokio::test]
async fn r59_without_a_key_nothing_is_asked_that_needs_one() {
    let house = house(Version::V12_0).await;
    // Nobody listens there: whatever was asked would be `Unreachable`.
    let keyless = Jellyfin::new(&"http://127.0.0.1:9".parse().unwrap()).unwrap();
    let (anna, policy) = (house.id("anna"), house.user("anna").await.policy);
    let password = SecretText::new("some-pass-1");
    let answers = [
        keyless.users().await.err(),
        keyless.user(anna).await.err(),
        keyless.create_user("lea", &password).await.err(),
        keyless.delete_user(anna).await.err(),
        keyless.set_policy(anna, &policy).await.err(),
        keyless.set_password(anna, &password).await.err(),
        keyless.mint(anna, &crate::house::television()).await.err(),
        keyless.authorize("123456", anna).await.err(),
        keyless.message("session", "text", 1_000).await.err(),
        keyless.all_sessions().await.err(),
        keyless.server_settings().await.err(),
    ];
    for (place, answer) in answers.into_iter().enumerate() {
        assert!(
            matches!(answer, Some(JellyfinError::NoKey)),
            "{place}: {answer:?}"
        );
    }
}
