//! What a seat watches, for its owner: each seat its own, and counted as it says.
use std::time::Duration;

use serde_json::json;
use usher_accounts::profiles::{Counted, Removed, Shelves, Titles, WatchedPage};
use usher_domain::id::{ItemId, UserId};
use usher_domain::profile::Profile;
use usher_domain::profile::limits::DailyMinutes;
use usher_domain::profile::pin::Watcher;
use usher_domain::profile::screen_time::{Day, ScreenTime};
use usher_domain::secret::SecretText;
use usher_domain::time::Timestamp;
use usher_jellyfin::Credential;
use usher_standin::Fault;
use usher_store::WebSession;

use super::{anna, child, make};
use crate::desk::{Desk, KEY, NOON};

pub(super) const HOUR: Duration = Duration::from_hours(1);
pub(super) const DAY: Duration = Duration::from_hours(24);

pub(super) fn seat(profile: &Profile) -> Watcher {
    Watcher::Profile(profile.id)
}

/// A film or series that everybody may see, by name.
pub(super) async fn title(desk: &Desk, name: &str) -> ItemId {
    let owner = desk.id("anna").owner();
    let all = desk.jellyfin.suggestions(owner, 99).await.unwrap();
    all.into_iter().find(|title| title.name == name).unwrap().id
}

/// What a client says of an item.
pub(super) async fn tell(desk: &Desk, user: UserId, item: ItemId, data: serde_json::Value) {
    let token = SecretText::new(KEY);
    let credential = Credential {
        identity: None,
        token: Some(&token),
    };
    let path = format!("/UserItems/{item}/UserData?userId={user}");
    let body = data.to_string().into();
    let answer = desk.jellyfin.post(&path, &credential, body).await.unwrap();
    assert_eq!(answer.status, 200);
}

pub(super) async fn watch(desk: &Desk, user: UserId, item: ItemId, at: Timestamp) {
    let marked = desk.jellyfin.mark_watched(user, item, Some(at)).await;
    marked.unwrap();
}

async fn page(desk: &Desk, owner: &WebSession, watcher: Watcher) -> WatchedPage {
    let found = desk.accounts.watched_page(owner, watcher).await.unwrap();
    found.unwrap()
}

pub(super) async fn titles(desk: &Desk, owner: &WebSession, watcher: Watcher) -> Titles {
    match page(desk, owner, watcher).await.shelves {
        Shelves::Here(titles) => *titles,
        other @ (Shelves::Away | Shelves::NoUser) => panic!("{other:?}"),
    }
}

fn names(titles: &[usher_accounts::profiles::Title]) -> Vec<&str> {
    titles.iter().map(|title| title.name.as_str()).collect()
}

#[tokio::test]
async fn nothing_that_one_seat_watched_stands_in_the_lists_of_another() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let boat = title(&desk, "The Paper Boat").await;
        let north = title(&desk, "Northbound").await;
        let (own, child) = (desk.id("anna").owner(), kids.user.unwrap());
        watch(&desk, own, north, NOON - HOUR).await;
        watch(&desk, child, boat, NOON - DAY).await;
        tell(
            &desk,
            own,
            boat,
            json!({ "PlaybackPositionTicks": 40_000_000 }),
        )
        .await;
        tell(&desk, child, boat, json!({ "IsFavorite": true })).await;
        let anna = titles(&desk, &owner, Watcher::Owner).await;
        assert_eq!(names(&anna.history), ["Northbound"]);
        assert_eq!(names(&anna.begun), ["The Paper Boat"]);
        assert_eq!(names(&anna.favorites), [""; 0]);
        assert!(!names(&anna.recommended).contains(&"Northbound"));
        let kids_lists = titles(&desk, &owner, seat(&kids)).await;
        assert_eq!(names(&kids_lists.history), ["The Paper Boat"]);
        assert_eq!(names(&kids_lists.begun), [""; 0]);
        assert_eq!(names(&kids_lists.favorites), ["The Paper Boat"]);
        // Above its rating: not even suggested.
        assert!(!names(&kids_lists.recommended).contains(&"Northbound"));
    }
}

#[tokio::test]
async fn an_entry_leaves_one_history_alone() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let boat = title(&desk, "The Paper Boat").await;
        let north = title(&desk, "Northbound").await;
        for user in [desk.id("anna").owner(), kids.user.unwrap()] {
            watch(&desk, user, boat, NOON - HOUR).await;
        }
        let remove = async |item| {
            let removed = desk
                .accounts
                .remove_from_history(desk.by(&owner), seat(&kids), item);
            removed.await.unwrap()
        };
        assert_eq!(remove(boat).await, Removed::Done);
        assert_eq!(remove(north).await, Removed::NotThere, "above its rating");
        let lists = titles(&desk, &owner, seat(&kids)).await;
        assert_eq!(names(&lists.history), [""; 0]);
        let lists = titles(&desk, &owner, Watcher::Owner).await;
        assert_eq!(names(&lists.history), ["The Paper Boat"]);
    }
}

#[tokio::test]
async fn r71_what_another_accounts_profiles_watch_is_nobodys_business() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let other = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let other = desk.session(&other.cookie).await;
        let found = desk.accounts.watched_page(&other, seat(&kids)).await;
        assert_eq!(found.unwrap(), None);
        let boat = title(&desk, "The Paper Boat").await;
        let removed = desk
            .accounts
            .remove_from_history(desk.by(&other), seat(&kids), boat);
        assert_eq!(removed.await.unwrap(), Removed::Unknown);
    }
}

#[tokio::test]
async fn r7_while_jellyfin_is_away_the_page_says_so_and_nothing_is_changed() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let boat = title(&desk, "The Paper Boat").await;
        watch(&desk, desk.id("anna").owner(), boat, NOON).await;
        desk.standin.faults().set("", Fault::Refuse);
        let found = page(&desk, &owner, Watcher::Owner).await;
        assert_eq!((found.shelves, found.chart), (Shelves::Away, None));
        let accounts = &desk.accounts;
        let removed = accounts.remove_from_history(desk.by(&owner), Watcher::Owner, boat);
        assert_eq!(removed.await.unwrap(), Removed::Away);
        desk.standin.faults().lift_all();
        let lists = titles(&desk, &owner, Watcher::Owner).await;
        assert_eq!(names(&lists.history), ["The Paper Boat"]);
    }
}

#[tokio::test]
async fn a_chart_counts_each_title_once_on_its_last_day() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let own = desk.id("anna").owner();
        for (name, seconds, at) in [
            ("The Paper Boat", 119, NOON - HOUR),
            ("Northbound", 120, NOON - DAY),
            ("The Long Wire", 60, NOON - 13 * DAY),
            ("Quiet Harbour", 60, NOON - 14 * DAY),
        ] {
            let item = title(&desk, name).await;
            watch(&desk, own, item, at).await;
            let data = json!({ "PlaybackPositionTicks": i64::from(seconds) * 10_000_000 });
            tell(&desk, own, item, data).await;
        }
        let chart = page(&desk, &owner, Watcher::Owner).await.chart.unwrap();
        assert_eq!(chart.counted, Counted::ByJellyfin);
        let minutes: Vec<u64> = chart.days.iter().map(|(_, minutes)| *minutes).collect();
        assert_eq!(minutes, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1]);
        assert_eq!(chart.days[13].0, Day::of(NOON, &desk.accounts.zone()));
    }
}

#[tokio::test]
async fn a_profile_is_counted_as_its_daily_time_is_with_a_limit_and_without() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        for (name, screen_time) in [
            ("Kids", DailyMinutes::every_day(60)),
            ("Free", DailyMinutes::UNLIMITED),
        ] {
            let mut new = child(name);
            new.limits.screen_time = screen_time;
            let kids = make(&desk, &owner, &new).await;
            let boat = title(&desk, "The Paper Boat").await;
            watch(&desk, kids.user.unwrap(), boat, NOON - HOUR).await;
            let counted = page(&desk, &owner, seat(&kids)).await.chart.unwrap();
            assert_eq!(counted.counted, Counted::ByJellyfin, "no row yet");
            let (yesterday, today) = (day(&desk, NOON - DAY), day(&desk, NOON));
            let tx = desk.store.begin().await.unwrap();
            for (day, at, seconds) in [
                (yesterday, NOON - DAY, 40 * 60 + 59),
                (today, NOON - HOUR, 100),
            ] {
                let mut time = ScreenTime::default();
                time.watched(at, at + Duration::from_secs(seconds));
                let added = tx.add_screen_time(kids.id, day.date, "here", &time);
                added.await.unwrap();
            }
            tx.commit().await.unwrap();
            let chart = page(&desk, &owner, seat(&kids)).await.chart.unwrap();
            let since = yesterday.date;
            assert_eq!(chart.counted, Counted::ByUsher { since });
            assert_eq!(chart.days[12..], [(yesterday, 40), (today, 1)]);
            // The list of profiles says the same of today.
            desk.clock.advance(Duration::from_mins(1));
            let listed = desk.accounts.watched_today(&kids).await.unwrap();
            assert_eq!(listed.used_minutes(), 1, "{name}");
        }
    }
}

fn day(desk: &Desk, at: Timestamp) -> Day {
    Day::of(at, &desk.accounts.zone())
}
