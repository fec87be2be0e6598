//! Screen time and hours: what counts, what ends, and what the screen says.
use std::time::Duration;

use bytes::Bytes;
use usher_accounts::Accounts;
use usher_accounts::gate::{Play, Purpose, Watch};
use usher_accounts::profiles::ProfileChange;
use usher_accounts::screen_time::{Playing, Segments, Today};
use usher_accounts::sign_in::{AppForm, AppSignIn};
use usher_domain::device::ClientIdentity;
use usher_domain::profile::Profile;
use usher_domain::profile::limits::DailyMinutes;
use usher_domain::profile::screen_time::Day;
use usher_domain::secret::SecretText;
use usher_domain::time::Clock;
use usher_jellyfin::Credential;
use usher_text::TimeZone;

use super::{anna, child, home, make};
use crate::desk::{Desk, at_home};

pub(super) const MINUTE: Duration = Duration::from_mins(1);

/// A child of Anna's who may watch so long a day.
pub(super) async fn kids(desk: &Desk, minutes: u16) -> Profile {
    let mut new = child("Kids");
    new.limits.screen_time = DailyMinutes::every_day(minutes);
    make(desk, &anna(desk).await, &new).await
}

fn device(id: &str) -> ClientIdentity {
    ClientIdentity {
        client: "Jellyfin Android TV".to_owned(),
        device: "Living room".to_owned(),
        device_id: id.to_owned(),
        version: "0.18".to_owned(),
    }
}

/// The token of Anna's child on a device.
pub(super) async fn token(desk: &Desk, device_id: &str) -> SecretText {
    let form = AppForm {
        name: "anna/Kids",
        password: &SecretText::new("anna-pass-1"),
        identity: &device(device_id),
    };
    let answer = desk.accounts.app_password(&form, &at_home()).await;
    let AppSignIn::Answer(body) = answer.unwrap() else {
        panic!("the child is let in");
    };
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    SecretText::new(body["AccessToken"].as_str().unwrap())
}

/// A segment of this length was handed out.
fn segment(length: Duration) -> Playing<'static> {
    Playing::Segments(Segments {
        passed: Some(length),
        asked: None,
        play_session: None,
    })
}

async fn note(accounts: &Accounts, token: &SecretText, playing: Playing<'_>) {
    accounts.note_playing(token, None, playing).await.unwrap();
}

/// Plays for so long, with a sign every ten seconds at each of these doors.
async fn play(desk: &Desk, doors: &[(&Accounts, &SecretText)], length: Duration) {
    for (accounts, token) in doors {
        note(accounts, token, Playing::Screen).await;
    }
    for _ in 0..length.as_secs() / 10 {
        desk.clock.advance(Duration::from_secs(10));
        for (accounts, token) in doors {
            note(accounts, token, Playing::Screen).await;
        }
    }
}

async fn watch(accounts: &Accounts, token: &SecretText) -> Watch {
    let play = Play {
        item: None,
        media_source: None,
        live_stream: None,
        recording: None,
        user: None,
        purpose: Purpose::Watch,
    };
    let seat = (at_home().address, true);
    accounts.may_watch(token, seat, &play).await.unwrap()
}

/// How long it is until the next day begins, and a little more.
pub(super) fn end_of_day(desk: &Desk) -> Duration {
    let day = Day::of(desk.clock.now(), &TimeZone::UTC);
    day.end.since(desk.clock.now()) + MINUTE
}

pub(super) async fn today(accounts: &Accounts, profile: &Profile) -> Today {
    accounts.watched_today(profile).await.unwrap()
}

async fn used(accounts: &Accounts, profile: &Profile) -> Duration {
    today(accounts, profile).await.used
}

#[tokio::test]
async fn the_wall_clock_counts_while_something_plays_and_pauses_and_parallel_devices_do_not() {
    for desk in Desk::open_all().await {
        let (kids, accounts) = (kids(&desk, 30).await, &desk.accounts);
        let (tv, phone) = (token(&desk, "tv").await, token(&desk, "phone").await);
        play(&desk, &[(accounts, &tv)], 5 * MINUTE).await;
        assert_eq!(used(accounts, &kids).await, 5 * MINUTE);
        // A pause that is told, and one that is only silence.
        note(accounts, &tv, Playing::Rests).await;
        desk.clock.advance(Duration::from_secs(20));
        play(&desk, &[(accounts, &tv)], MINUTE).await;
        desk.clock.advance(Duration::from_hours(1));
        play(&desk, &[(accounts, &tv), (accounts, &phone)], 4 * MINUTE).await;
        assert_eq!(used(accounts, &kids).await, 10 * MINUTE);
        assert_eq!(today(accounts, &kids).await.left, Some(20 * MINUTE));
        assert_eq!(watch(accounts, &phone).await, Watch::Open);
        play(&desk, &[(accounts, &phone)], 20 * MINUTE).await;
        for used_up in [&tv, &phone] {
            assert_eq!(watch(accounts, used_up).await, Watch::Closed);
        }
        // Anna herself has no limit.
        let owner = desk.signed_in("anna", "anna-pass-1", "browser").await;
        assert_eq!(watch(accounts, &owner.token).await, Watch::Open);
        desk.clock.advance(Duration::from_hours(12));
        assert_eq!(watch(accounts, &tv).await, Watch::Open, "another day");
        assert_eq!(used(accounts, &kids).await, Duration::ZERO);
    }
}

#[tokio::test]
async fn minutes_that_were_delivered_count_where_they_are_more_than_the_wall_clock() {
    for desk in Desk::open_all().await {
        let (kids, accounts) = (kids(&desk, 30).await, &desk.accounts);
        let tv = token(&desk, "tv").await;
        for _ in 0..4 {
            note(accounts, &tv, segment(30 * Duration::from_secs(1))).await;
            desk.clock.advance(Duration::from_secs(1));
        }
        assert_eq!(used(accounts, &kids).await, 2 * MINUTE);
        // What lies ready is played without counting again.
        play(&desk, &[(accounts, &tv)], MINUTE).await;
        assert_eq!(used(accounts, &kids).await, 2 * MINUTE);
        play(&desk, &[(accounts, &tv)], 2 * MINUTE).await;
        let used = used(accounts, &kids).await;
        assert!(used >= 3 * MINUTE && used < 4 * MINUTE, "{used:?}");
        note(accounts, &tv, segment(40 * MINUTE)).await;
        assert_eq!(watch(accounts, &tv).await, Watch::Closed);
    }
}

#[tokio::test]
async fn what_was_watched_survives_a_restart_and_is_one_sum_over_replicas() {
    for desk in Desk::open_all().await {
        let kids = kids(&desk, 10).await;
        let (tv, phone) = (token(&desk, "tv").await, token(&desk, "phone").await);
        let (one, two) = (&desk.accounts, &desk.replica());
        play(&desk, &[(one, &tv), (two, &phone)], 4 * MINUTE).await;
        play(&desk, &[(two, &phone)], 4 * MINUTE).await;
        desk.clock.advance(Duration::from_secs(5));
        for accounts in [one, two, &desk.replica()] {
            let lost = (8 * MINUTE).saturating_sub(used(accounts, &kids).await);
            assert!(
                lost <= Duration::from_secs(10),
                "{}: {lost:?}",
                desk.id("anna")
            );
            assert_eq!(watch(accounts, &tv).await, Watch::Open);
        }
        play(&desk, &[(two, &phone)], 2 * MINUTE).await;
        desk.accounts.look_at_screens().await.unwrap();
        two.look_at_screens().await.unwrap();
        desk.clock.advance(Duration::from_secs(5));
        for accounts in [one, two, &desk.replica()] {
            assert_eq!(watch(accounts, &tv).await, Watch::Closed);
        }
    }
}

#[tokio::test]
async fn outside_the_hours_of_the_configured_zone_nothing_plays() {
    for desk in Desk::open_all().await {
        let mut new = child("Kids");
        // Tuesday from noon to one, as the test begins.
        let noon = serde_json::json!([[1, 12 * 60, 13 * 60]]);
        new.limits.hours = serde_json::from_value(noon).unwrap();
        new.limits.screen_time = DailyMinutes::every_day(600);
        make(&desk, &anna(&desk).await, &new).await;
        let tv = token(&desk, "tv").await;
        assert_eq!(watch(&desk.accounts, &tv).await, Watch::Open);
        desk.clock.advance(59 * MINUTE);
        assert_eq!(watch(&desk.accounts, &tv).await, Watch::Open);
        desk.clock.advance(MINUTE);
        assert_eq!(watch(&desk.accounts, &tv).await, Watch::Closed);
    }
}

/// What the screen of a device received, the oldest first.
pub(super) fn received(desk: &Desk, device_id: &str) -> Vec<String> {
    let state = desk.standin.state();
    let mut sessions = state.sessions.iter();
    let session = sessions.find(|session| session.device.id == device_id);
    let received = session.unwrap().received.iter();
    received
        .map(|message| message["Data"].to_string())
        .collect()
}

/// A screen reports to Jellyfin what it plays; the gate notes it.
async fn report(desk: &Desk, token: &SecretText, device_id: &str) {
    let films = "/Items?recursive=true&includeItemTypes=Movie";
    let identity = device(device_id);
    let credential = Credential {
        identity: Some(&identity),
        token: Some(token),
    };
    let films = desk.jellyfin.get(films, &credential).await.unwrap();
    let films: serde_json::Value = films.json().unwrap();
    let body = serde_json::json!({ "ItemId": films["Items"][0]["Id"] });
    let body = Bytes::from(body.to_string());
    let told = desk.jellyfin.post("/Sessions/Playing", &credential, body);
    assert!(told.await.unwrap().status.is_success());
    note(&desk.accounts, token, Playing::Screen).await;
}

#[tokio::test]
async fn a_screen_is_told_five_minutes_before_the_end_and_stopped_at_the_end() {
    for desk in Desk::open_all().await {
        let kids = kids(&desk, 20).await;
        let tv = token(&desk, "tv").await;
        report(&desk, &tv, "tv").await;
        let doors = [(&desk.accounts, &tv)];
        play(&desk, &doors, 14 * MINUTE).await;
        desk.accounts.look_at_screens().await.unwrap();
        assert!(received(&desk, "tv").is_empty(), "{:?}", kids.user);
        play(&desk, &doors, MINUTE).await;
        for _ in 0..2 {
            desk.accounts.look_at_screens().await.unwrap();
            let told = received(&desk, "tv");
            assert_eq!(told.len(), 1, "told once: {told:?}");
            assert!(told[0].contains("5 minutes left"), "{told:?}");
            assert!(
                told[0].contains("films.example.org/usher/more-time"),
                "{told:?}"
            );
        }
        play(&desk, &doors, 5 * MINUTE).await;
        desk.accounts.look_at_screens().await.unwrap();
        let told = received(&desk, "tv");
        assert!(told[1].contains("Stop"), "{told:?}");
        assert!(told[2].contains("Time is up"), "{told:?}");
        // It plays on: it is stopped again, and not told again.
        desk.accounts.look_at_screens().await.unwrap();
        let told = received(&desk, "tv");
        assert_eq!(told.len(), 4, "{told:?}");
        assert!(told[3].contains("Stop"), "{told:?}");
    }
}

#[tokio::test]
async fn a_second_screen_that_begins_shortly_before_the_end_is_told_as_well() {
    for desk in Desk::open_all().await {
        kids(&desk, 20).await;
        let (tv, phone) = (token(&desk, "tv").await, token(&desk, "phone").await);
        // What passes the gate begins a moment before the screen says that it plays.
        play(&desk, &[(&desk.accounts, &tv)], 15 * MINUTE).await;
        desk.accounts.look_at_screens().await.unwrap();
        report(&desk, &tv, "tv").await;
        desk.accounts.look_at_screens().await.unwrap();
        play(&desk, &[(&desk.accounts, &tv)], 2 * MINUTE).await;
        report(&desk, &phone, "phone").await;
        for (device, heard) in [("tv", "5 minutes left"), ("phone", "3 minutes left")] {
            desk.accounts.look_at_screens().await.unwrap();
            let told = received(&desk, device);
            assert_eq!(told.len(), 1, "{device}: {told:?}");
            assert!(told[0].contains(heard), "{device}: {told:?}");
        }
    }
}

#[tokio::test]
async fn of_several_processes_that_see_a_screen_one_tells_it() {
    for desk in Desk::open_all().await {
        kids(&desk, 20).await;
        let tv = token(&desk, "tv").await;
        report(&desk, &tv, "tv").await;
        let others = [desk.replica(), desk.replica()];
        let doors = [(&desk.accounts, &tv), (&others[0], &tv), (&others[1], &tv)];
        let look = async || {
            let [one, two] = &others;
            let (first, second, third) = tokio::join!(
                desk.accounts.look_at_screens(),
                one.look_at_screens(),
                two.look_at_screens()
            );
            first.and(second).and(third).unwrap();
            received(&desk, "tv").join(" ")
        };
        play(&desk, &doors, 15 * MINUTE).await;
        let told = look().await;
        assert_eq!(told.matches("5 minutes left").count(), 1, "{told}");
        play(&desk, &doors, 5 * MINUTE).await;
        let told = look().await;
        assert_eq!(told.matches("Time is up").count(), 1, "{told}");
    }
}

/// From the beginning of the last hour on: told five minutes before its end, and stopped at the end.
async fn play_past_the_end_of_the_hour(desk: &Desk, tv: &SecretText) {
    report(desk, tv, "tv").await;
    for (minutes, heard) in [(54, ""), (1, "5 minutes left"), (5, "Stop")] {
        play(desk, &[(&desk.accounts, tv)], minutes * MINUTE).await;
        desk.accounts.look_at_screens().await.unwrap();
        let told = received(desk, "tv").join(" ");
        assert!(told.contains(heard), "{heard}: {told}");
        assert_eq!(told.is_empty(), heard.is_empty(), "{told}");
    }
}

#[tokio::test]
async fn the_end_of_the_hours_ends_what_plays_with_a_message_before() {
    for desk in Desk::open_all().await {
        let mut new = child("Kids");
        let noon = serde_json::json!([[1, 12 * 60, 13 * 60]]);
        new.limits.hours = serde_json::from_value(noon).unwrap();
        make(&desk, &anna(&desk).await, &new).await;
        let tv = token(&desk, "tv").await;
        play_past_the_end_of_the_hour(&desk, &tv).await;
        // More minutes would not help: none are offered.
        let told = received(&desk, "tv").join(" ");
        assert!(told.contains("It is no hour for watching"), "{told}");
        assert!(!told.contains("more-time"), "{told}");
    }
}

#[tokio::test]
async fn where_jellyfin_sets_hours_to_the_owner_their_end_is_told_to_the_profiles_screens() {
    for desk in Desk::open_all().await {
        make(&desk, &anna(&desk).await, &child("Kids")).await;
        let tv = token(&desk, "tv").await;
        {
            let mut state = desk.standin.state();
            let anna = state.user_named("anna").unwrap().id;
            let hours = serde_json::json!([
                { "DayOfWeek": "Everyday", "StartHour": 12.0, "EndHour": 13.0 }
            ]);
            let policy = &mut state.user_mut(anna).unwrap().policy;
            policy.insert("AccessSchedules".to_owned(), hours);
        }
        desk.accounts.keep_profiles().await.unwrap();
        play_past_the_end_of_the_hour(&desk, &tv).await;
        let seats = desk.accounts.profiles_for_choice(anna(&desk).await.account);
        let seats = seats.await.unwrap();
        assert!(seats.iter().any(|seat| !seat.is_open_now), "{seats:?}");
    }
}

#[tokio::test]
async fn a_screen_that_begins_too_late_is_told_why() {
    for desk in Desk::open_all().await {
        kids(&desk, 0).await;
        let tv = token(&desk, "tv").await;
        for _ in 0..2 {
            desk.accounts.note_turned_away(&tv).await.unwrap();
            desk.accounts.look_at_screens().await.unwrap();
            let told = received(&desk, "tv");
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].contains("Time is up"), "{told:?}");
        }
    }
}

#[tokio::test]
async fn a_screen_whose_time_was_delivered_ahead_is_told_that_it_is_up_and_of_the_end_of_what_it_has()
 {
    for desk in Desk::open_all().await {
        kids(&desk, 20).await;
        let tv = token(&desk, "tv").await;
        report(&desk, &tv, "tv").await;
        note(&desk.accounts, &tv, segment(20 * MINUTE)).await;
        assert_ne!(watch(&desk.accounts, &tv).await, Watch::Open);
        desk.accounts.note_turned_away(&tv).await.unwrap();
        let told = async || {
            desk.accounts.look_at_screens().await.unwrap();
            received(&desk, "tv")
        };
        let first = told().await;
        assert_eq!(first.len(), 1, "{first:?}");
        assert!(first[0].contains("Time is up for today"), "{first:?}");
        let doors = [(&desk.accounts, &tv)];
        for (minutes, heard) in [(15, "5 minutes left"), (5, "Time is up for today")] {
            play(&desk, &doors, minutes * MINUTE).await;
            let last = told().await.pop().unwrap();
            assert!(last.contains(heard), "{last}");
        }
    }
}

#[tokio::test]
async fn a_screen_that_was_turned_away_and_may_play_by_now_is_told_nothing() {
    for desk in Desk::open_all().await {
        let kids = kids(&desk, 0).await;
        let tv = token(&desk, "tv").await;
        desk.accounts.note_turned_away(&tv).await.unwrap();
        let mut limits = kids.limits.clone();
        limits.screen_time = DailyMinutes::every_day(30);
        let change = ProfileChange {
            limits: Some(limits),
            ..ProfileChange::default()
        };
        let owner = anna(&desk).await;
        let changed = desk
            .accounts
            .edit_profile(desk.by(&owner), kids.id, &change, home());
        changed.await.unwrap();
        desk.accounts.look_at_screens().await.unwrap();
        assert_eq!(received(&desk, "tv"), [""; 0]);
    }
}
