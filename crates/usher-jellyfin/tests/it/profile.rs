//! The policy of a profile, as the domain builds it, on its way to a server and back.
use std::collections::BTreeSet;

use jiff::civil::Weekday;
use serde_json::{Map, Value, json};
use usher_domain::id::UserId;
use usher_domain::profile::AgePreset;
use usher_domain::profile::hours::{DaySpan, Hours, Shift};
use usher_domain::profile::limits::{DailyMinutes, Libraries, Limits, Tag};
use usher_domain::profile::policy::{Seat, Standing, UserPolicy};
use usher_jellyfin::Policy;

use crate::house::{VERSIONS, house};

fn read(policy: &Policy) -> UserPolicy {
    serde_json::from_value(Value::Object(policy.whole.clone())).unwrap()
}

fn written(policy: &UserPolicy) -> Policy {
    let whole: Map<String, Value> =
        serde_json::from_value(serde_json::to_value(policy).unwrap()).unwrap();
    Policy::try_from(whole).unwrap()
}

fn of_a_child() -> Limits {
    Limits {
        hours: Hours::of([
            DaySpan::new(Weekday::Monday, 15 * 60 + 20, 18 * 60).unwrap(),
            DaySpan::new(Weekday::Saturday, 22 * 60, 10 * 60).unwrap(),
        ]),
        libraries: Libraries::Only(BTreeSet::from(["f137a2dd21bbc1b99aa5c0f6bf02a805"
            .parse()
            .unwrap()])),
        blocked_tags: BTreeSet::from([Tag::parse("scary").unwrap()]),
        screen_time: DailyMinutes::every_day(90),
        ..Limits::of_preset(AgePreset::Child)
    }
}

fn of_profile(owner: &UserPolicy, user: UserId, limits: &Limits) -> UserPolicy {
    let seat = Seat {
        user,
        limits,
        standing: Standing::Open,
        shift: Shift::NONE,
    };
    UserPolicy::of_profile(owner, &seat)
}

#[tokio::test]
async fn a_profiles_policy_is_taken_whole_and_read_back_as_it_was_built() {
    for version in VERSIONS {
        let house = house(version).await;
        let owner = house.user("root").await.policy;
        let kim = house.id("kim");
        let built = of_profile(&read(&owner), kim, &of_a_child());
        assert!(!built.is_held(&read(&house.user("kim").await.policy)));
        let policy = written(&built);
        house.jellyfin.set_policy(kim, &policy).await.unwrap();
        let held = house.user("kim").await.policy;
        assert!(built.is_held(&read(&held)), "{:?}", held.whole);
        assert!(!held.is_administrator && held.is_hidden);
        assert_eq!(held.max_parental_rating, Some(7));
        assert!(held.hours_allow(Weekday::Sunday, 9.5));
        assert!(!held.hours_allow(Weekday::Monday, 15.3));
    }
}

#[tokio::test]
async fn a_built_policy_has_every_field_that_a_server_tells() {
    for version in VERSIONS {
        let house = house(version).await;
        let owner = house.user("anna").await.policy;
        let built = written(&of_profile(&read(&owner), house.id("kim"), &of_a_child()));
        for name in owner.whole.keys() {
            assert!(built.whole.contains_key(name), "{name} is missing");
        }
        let odd = owner.with("MaxParentalRating", 13).unwrap();
        assert_eq!(read(&odd).max_parental_rating, Some(13));
    }
}

#[tokio::test]
async fn an_owners_policy_that_does_not_say_what_is_allowed_is_not_guessed() {
    let house = house(VERSIONS[0]).await;
    let owner = house.user("anna").await.policy;
    for needed in [
        "BlockedTags",
        "AllowedTags",
        "BlockUnratedItems",
        "AccessSchedules",
        "EnabledFolders",
        "BlockedMediaFolders",
        "EnableMediaPlayback",
        "MaxActiveSessions",
        "SyncPlayAccess",
    ] {
        let mut whole = owner.whole.clone();
        whole.remove(needed);
        let read = serde_json::from_value::<UserPolicy>(Value::Object(whole));
        assert!(read.is_err(), "{needed}");
    }
    let mut whole = owner.whole.clone();
    whole.insert("BlockUnratedItems".to_owned(), json!(["Hologram"]));
    assert!(serde_json::from_value::<UserPolicy>(Value::Object(whole)).is_err());
}

#[test]
fn limits_and_screen_time_survive_storage() {
    use usher_domain::profile::screen_time::ScreenTime;
    use usher_domain::time::Timestamp;

    let limits = of_a_child();
    let stored = serde_json::to_string(&limits).unwrap();
    assert_eq!(serde_json::from_str::<Limits>(&stored).unwrap(), limits);
    let mut time = ScreenTime::default();
    time.watched(Timestamp::from_millis(1_000), Timestamp::from_millis(9_000));
    let stored = serde_json::to_string(&time).unwrap();
    assert_eq!(stored, r#"{"watched":[[1000,9000]],"more":{}}"#);
    assert_eq!(serde_json::from_str::<ScreenTime>(&stored).unwrap(), time);
    // Rows that overlap, or run backwards, are put right.
    let odd = r#"{"watched":[[5000,9000],[1000,6000],[7000,2000]],"more":{}}"#;
    assert_eq!(serde_json::from_str::<ScreenTime>(odd).unwrap(), time);
}
