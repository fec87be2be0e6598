//! What a profile may not see, or not now, comes to it through Usher by no way: neither streamed nor downloaded nor listed.
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use usher_domain::profile::limits::{Libraries, Limits, RatingLimit};
use usher_domain::time::{TestClock, Timestamp};
use usher_standin::{Scene, Version};

use crate::client::{API_KEY, House, VERSIONS, json_of};
use crate::media::{media_routes, spellings, stream};
use crate::profile_policy::{id_of, signed_in};
use crate::time::child;

/// Anna's house, and her child: films up to score 13 from one library, on Thursdays from midnight to one.
struct Home {
    house: House,
    clock: Arc<TestClock>,
    token: String,
    shown: String,
    above: String,
    outside: String,
    /// The library that the child may not open.
    closed: String,
}

impl Home {
    async fn open(version: Version) -> Self {
        // A Thursday, just after midnight: for Jellyfin, too, which judges the hours by itself.
        let clock = Arc::new(TestClock::at(Timestamp::from_millis(0)));
        let standin = usher_standin::start(Scene {
            api_keys: vec![(API_KEY.to_owned(), "Usher".to_owned())],
            clock: Arc::<TestClock>::clone(&clock),
            ..Scene::living_room(version)
        });
        let house = House::before(standin.await.unwrap(), Arc::<TestClock>::clone(&clock)).await;
        let anna = house.token("anna").await;
        let carrier = [("x-emby-token", &*anna)];
        let list = async |target: &str| {
            let answer = json_of(&house.get(target, &carrier).await);
            answer["Items"].as_array().unwrap().clone()
        };
        let (all, views) = (
            list("/Items?recursive=true").await,
            list("/UserViews").await,
        );
        let id = |list: &[Value], name: &str, kind: &str| {
            let is_it = |item: &&Value| item["Name"] == name && item["Type"] == kind;
            let found = list.iter().find(is_it).unwrap();
            found["Id"].as_str().unwrap().to_owned()
        };
        let library = |name: &str| id(&views, name, "CollectionFolder");
        let limits = Limits {
            rating: Some(RatingLimit::up_to(13)),
            libraries: Libraries::Only(BTreeSet::from([library("Movies").parse().unwrap()])),
            hours: serde_json::from_value(json!([[3, 0, 60]])).unwrap(),
            live_television: false,
            ..Limits::default()
        };
        child(&house, limits).await;
        let answer = house.sign_in("anna/Kids", "anna-pass-1").await;
        let token = json_of(&answer)["AccessToken"].as_str().unwrap().to_owned();
        Self {
            token,
            shown: id(&all, "The Paper Boat", "Movie"),
            above: id(&all, "The Long Wire", "Movie"),
            outside: id(&all, "First Crossing", "Episode"),
            closed: library("Shows"),
            house,
            clock,
        }
    }

    async fn status(&self, target: &str) -> StatusCode {
        let carrier = [("x-emby-token", &*self.token)];
        self.house.get(target, &carrier).await.status()
    }

    /// By every media route in every spelling, with the token in either place, and without any.
    async fn try_all(&self, item: &str, expected: StatusCode) {
        let mut tried = 0;
        for path in media_routes(item) {
            for target in spellings(&path, item) {
                let by_query = format!("{target}?api_key={}&static=true", self.token);
                let in_query = self.house.get(&by_query, &[]).await.status();
                // A recording is no item: it is for those who have live television.
                let expected = if target.to_lowercase().contains("/liverecordings/") {
                    StatusCode::FORBIDDEN
                } else {
                    expected
                };
                for status in [self.status(&target).await, in_query] {
                    assert_eq!(status, expected, "{target}");
                }
                let bare = self.house.get(&target, &[]).await.status();
                let is_refused = bare == StatusCode::UNAUTHORIZED || bare == expected;
                assert!(is_refused, "{target}: {bare}");
                tried += 1;
            }
        }
        assert!(tried > 100, "{tried}");
    }
}

#[tokio::test]
async fn what_is_above_a_profiles_rating_or_outside_its_libraries_is_neither_streamed_nor_listed() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        assert_eq!(home.status(&stream(&home.shown)).await, StatusCode::OK);
        for hidden in [&home.above, &home.outside] {
            home.try_all(hidden, StatusCode::NOT_FOUND).await;
            for target in [
                format!("/Items/{hidden}"),
                format!("/Items/{hidden}/PlaybackInfo"),
                format!("/emby/items/{hidden}/playbackinfo/"),
            ] {
                assert_eq!(
                    home.status(&target).await,
                    StatusCode::NOT_FOUND,
                    "{target}"
                );
            }
        }
        for target in [
            "/Items?recursive=true".to_owned(),
            "/Items/Latest".to_owned(),
            "/UserItems/Resume".to_owned(),
            "/Shows/NextUp".to_owned(),
            "/Search/Hints?searchTerm=i".to_owned(),
            format!("/Items?ids={},{},{}", home.above, home.outside, home.shown),
            format!("/emby/items?IDS={}", home.above),
        ] {
            let carrier = [("x-emby-token", &*home.token)];
            let answer = home.house.get(&target, &carrier).await;
            assert_eq!(answer.status(), StatusCode::OK, "{target}");
            let listed = String::from_utf8(answer.body().to_vec()).unwrap();
            for hidden in [&home.above, &home.outside] {
                assert!(!listed.contains(&**hidden), "{version:?}: {target}");
            }
        }
        for target in ["/Items", "/Items/Latest", "/search/hints"] {
            let target = format!("{target}?searchTerm=i&parentId={}", home.closed);
            assert_eq!(
                home.status(&target).await,
                StatusCode::NOT_FOUND,
                "{target}"
            );
        }
    }
}

#[tokio::test]
async fn outside_its_hours_a_profile_is_neither_streamed_nor_listed_anything() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let info = format!("/Items/{}/PlaybackInfo", home.shown);
        let carrier = [("x-emby-token", &*home.token)];
        let asked = home.house.post(&info, &carrier, &json!({})).await;
        assert_eq!(asked.status(), StatusCode::OK, "{version:?}");
        let by_ticket = home.house.get(&stream(&home.shown), &[]).await;
        assert_eq!(by_ticket.status(), StatusCode::OK, "{version:?}");
        home.clock.advance(Duration::from_mins(61));
        home.try_all(&home.shown, StatusCode::FORBIDDEN).await;
        for target in [
            "/Items?recursive=true",
            "/Items/Latest",
            "/UserViews",
            "/Search/Hints?searchTerm=i",
            &format!("/Items/{}", home.shown),
            &format!("/Items?ids={}", home.shown),
        ] {
            assert_eq!(home.status(target).await, StatusCode::FORBIDDEN, "{target}");
        }
        let asked = home.house.post(&info, &carrier, &json!({})).await;
        assert_eq!(asked.status(), StatusCode::FORBIDDEN, "{version:?}");
        // A week later they are open again.
        home.clock.advance(Duration::from_hours(7 * 24 - 1));
        assert_eq!(home.status(&stream(&home.shown)).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_browser_whose_hours_have_ended_is_told_so_and_another_may_go_on_in_it() {
    let home = Home::open(VERSIONS[1]).await;
    let mut browser = signed_in(&home.house, "anna").await;
    let kids = id_of(&mut browser, 0).await;
    let seat = browser.send("switch", &[("who", &kids)]).await;
    assert!(seat.html.contains("hand-over"), "{}", seat.html);
    let open = browser.open("switch").await.html;
    assert!(open.contains("Stay as it is"), "{open}");
    let came = browser.open("switch?came=sign_in").await.html;
    assert!(came.contains("This browser is still signed in"), "{came}");
    home.clock.advance(Duration::from_mins(61));
    // Where the web client is refused, its script leads here.
    let to = browser.open("sign-in?next=%2Fhome").await.location;
    assert_eq!(to, "switch?next=%2Fhome&came=sign_in");
    let asked = browser.open(&to).await.html;
    assert!(asked.contains("may not watch at this hour"), "{asked}");
    assert!(!asked.contains("Stay as it is"), "{asked}");
    let pressed = [("who", &*kids)];
    let refused = browser.send(&to, &pressed).await.location;
    let again = "switch?said=outside_hours&next=%2Fhome&came=sign_in";
    assert_eq!(refused, again);
    let asked = browser.open(again).await.html;
    assert!(!asked.contains("Stay as it is"), "{asked}");
    let owner = browser.send(&to, &[("who", "owner")]);
    let owner = owner.await.html;
    assert!(owner.contains("/home"), "{owner}");
}
