//! What a user has watched, as the server tells it, and the mark.
use std::time::Duration;

use serde_json::json;
use usher_domain::id::{ItemId, UserId};
use usher_domain::secret::SecretText;
use usher_domain::time::Timestamp;
use usher_jellyfin::{Credential, Marked, Title};

use crate::house::{House, KEY, VERSIONS, house};

const THEN: Timestamp = Timestamp::from_millis(1_795_000_000_123);
const EARLIER: Timestamp = Timestamp::from_millis(1_794_000_000_000);

/// Every film and episode that a user may see.
async fn library(house: &House, user: UserId) -> Vec<Title> {
    let all = house.jellyfin.suggestions(user, 99).await.unwrap();
    assert!(!all.is_empty());
    all
}

async fn named(house: &House, user: UserId, name: &str) -> ItemId {
    let all = library(house, user).await;
    all.into_iter().find(|title| title.name == name).unwrap().id
}

/// Says of an item what a client would say.
async fn tell(house: &House, user: UserId, item: ItemId, data: serde_json::Value) {
    let token = SecretText::new(KEY);
    let credential = Credential {
        identity: None,
        token: Some(&token),
    };
    let path = format!("/UserItems/{item}/UserData?userId={user}");
    let body = data.to_string().into();
    let answer = house.jellyfin.post(&path, &credential, body).await.unwrap();
    assert_eq!(answer.status, 200);
}

fn names(titles: &[Title]) -> Vec<&str> {
    titles.iter().map(|title| title.name.as_str()).collect()
}

#[tokio::test]
async fn what_is_marked_stands_in_the_history_with_its_day_and_leaves_it_again() {
    for version in VERSIONS {
        let house = house(version).await;
        let (jellyfin, anna) = (&house.jellyfin, house.id("anna"));
        let boat = named(&house, anna, "The Paper Boat").await;
        let north = named(&house, anna, "Northbound").await;
        for (item, at) in [(north, EARLIER), (boat, THEN)] {
            let marked = jellyfin.mark_watched(anna, item, Some(at)).await.unwrap();
            assert_eq!(marked, Marked::Done);
        }
        let history = jellyfin.watched(anna, 0, 9).await.unwrap();
        assert_eq!(names(&history), ["The Paper Boat", "Northbound"]);
        assert_eq!(history[0].watched, Some(THEN));
        assert!(history[0].is_watched && history[0].year.is_some());
        assert_eq!(history[0].length, Duration::from_secs(10));
        assert_eq!(history[0].picture.as_ref().unwrap().0, boat);
        let older = jellyfin.watched(anna, 1, 1).await.unwrap();
        assert_eq!(names(&older), ["Northbound"]);
        // Without a day, the one of before stays.
        jellyfin.mark_watched(anna, north, None).await.unwrap();
        let again = jellyfin.title(anna, north).await.unwrap().unwrap();
        assert_eq!(again.watched, Some(EARLIER));
        let taken = jellyfin.unmark_watched(anna, boat).await.unwrap();
        assert_eq!(taken, Marked::Done);
        let history = jellyfin.watched(anna, 0, 9).await.unwrap();
        assert_eq!(names(&history), ["Northbound"]);
        let kim = house.id("kim");
        assert_eq!(jellyfin.watched(kim, 0, 9).await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_is_begun_and_what_has_a_heart_are_lists_of_their_own() {
    for version in VERSIONS {
        let house = house(version).await;
        let (jellyfin, anna) = (&house.jellyfin, house.id("anna"));
        let boat = named(&house, anna, "The Paper Boat").await;
        let ferry = named(&house, anna, "The Night Ferry").await;
        let begun = json!({ "PlaybackPositionTicks": 40_000_000 });
        tell(&house, anna, boat, begun).await;
        tell(&house, anna, ferry, json!({ "IsFavorite": true })).await;
        let begun = jellyfin.begun(anna, 9).await.unwrap();
        assert_eq!(names(&begun), ["The Paper Boat"]);
        assert_eq!(begun[0].position, Duration::from_secs(4));
        let loved = jellyfin.favorites(anna, 9).await.unwrap();
        assert_eq!(names(&loved), ["The Night Ferry"]);
        assert_eq!(loved[0].length, Duration::ZERO);
    }
}

#[tokio::test]
async fn what_a_user_may_not_see_can_be_neither_read_nor_marked() {
    for version in VERSIONS {
        let house = house(version).await;
        let (jellyfin, anna) = (&house.jellyfin, house.id("anna"));
        let wire = named(&house, anna, "The Long Wire").await;
        house.set("anna", "MaxParentalRating", json!(7)).await;
        assert_eq!(jellyfin.title(anna, wire).await.unwrap(), None);
        let marked = jellyfin.mark_watched(anna, wire, Some(THEN)).await.unwrap();
        assert_eq!(marked, Marked::NotThere);
        let taken = jellyfin.unmark_watched(anna, wire).await.unwrap();
        assert_eq!(taken, Marked::NotThere);
        house.set("anna", "MaxParentalRating", json!(null)).await;
        let title = jellyfin.title(anna, wire).await.unwrap().unwrap();
        assert!(!title.is_watched);
    }
}

#[tokio::test]
async fn an_episode_tells_its_series_season_and_number() {
    for version in VERSIONS {
        let house = house(version).await;
        let (jellyfin, anna) = (&house.jellyfin, house.id("anna"));
        let ferry = named(&house, anna, "The Night Ferry").await;
        jellyfin
            .mark_watched(anna, ferry, Some(THEN))
            .await
            .unwrap();
        let history = jellyfin.watched(anna, 0, 9).await.unwrap();
        assert_eq!(history.len(), 3);
        let first = history.iter().find(|one| one.name == "First Crossing");
        let first = first.unwrap();
        assert_eq!(first.series.as_deref(), Some("The Night Ferry"));
        assert_eq!(first.number, Some((1, 1)));
    }
}
