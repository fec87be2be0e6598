//! The owner's pages of profiles: with everything that they can show, in every language, and as they are used.
use std::time::Duration;

use askama::Template;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::SessionId;
use usher_domain::profile::AgePreset;
use usher_domain::profile::hours::Weekday;
use usher_domain::profile::limits::{DailyMinutes, Libraries, Limits, UnratedKind};
use usher_domain::profile::screen_time::GIFTS;
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::OpaqueToken;
use usher_domain::settings::{ProfilePolicy, ProfileRule};
use usher_domain::time::Timestamp;
use usher_store::WebSession;

use super::html::{assert_sound, in_every_language};
use super::panel::account;
use super::{Desk, NOON, frame};
use crate::pages::account::profiles::{
    DRAWINGS, DeletePage, EditPage, Face, MakePage, PinPage, Said, TimePage, Values, sees,
};
use crate::pages::console::{PolicyPage, Profiles, ProfilesSaid};
use crate::pages::frame::Frame;

/// Sound, and no text is missing.
pub(super) fn assert_whole(page: &impl Template) {
    assert_sound(page);
    let html = page.render().unwrap();
    for raw in [">profile-", "\"profile-", "> profile-", ">time-"] {
        assert!(!html.contains(raw), "{html}");
    }
}

pub(super) fn drawn(file: &'static str) -> Face {
    Face {
        file,
        upload: String::new(),
        letter: "<".to_owned(),
    }
}

#[test]
fn the_forms_of_a_profile_are_sound_for_every_age_and_picture() {
    let pictures = DRAWINGS
        .map(|drawing| drawing.key)
        .into_iter()
        .chain(["", "kept"]);
    let ages = [AgePreset::Adult, AgePreset::Teen, AgePreset::Child];
    let values = |picture: &str, preset| Values {
        name: "\"<Kids>".to_owned(),
        preset,
        picture: picture.to_owned(),
        upload: if picture == "kept" {
            "picture?key=1".to_owned()
        } else {
            String::new()
        },
        wrong: "profile-name-forbidden",
    };
    in_every_language(|frame| {
        for (picture, age) in pictures.clone().flat_map(|one| ages.map(|age| (one, age))) {
            let page = MakePage {
                frame,
                values: values(picture, age),
                drawings: DRAWINGS,
            };
            assert_whole(&page);
            let html = page.render().unwrap();
            assert_eq!(html.matches(" checked").count(), 2, "{html}");
            assert_whole(&EditPage {
                frame,
                account: &account(),
                said: Some(Said::SavedLater),
                id: "1".to_owned(),
                name: "<Kids>",
                face: drawn("face-owl.svg"),
                has_pin: picture.is_empty(),
                sees: sees(frame, &Limits::of_preset(age), None, Weekday::Monday),
                values: values(picture, age),
                drawings: DRAWINGS,
                leaves: picture.to_owned(),
            });
        }
        assert_whole(&TimePage {
            frame,
            id: "1".to_owned(),
            name: "<Kids>".to_owned(),
            face: drawn(""),
            today: "<today>".to_owned(),
            gifts: GIFTS,
        });
        for has_pin in [true, false] {
            assert_whole(&PinPage {
                frame,
                id: "1".to_owned(),
                name: "<Kids>".to_owned(),
                face: drawn(""),
                has_pin,
                wrong: "profile-pin-wrong",
            });
        }
        assert_whole(&DeletePage {
            frame,
            id: "1".to_owned(),
            name: "<Kids>",
            face: drawn(""),
            has_wish: true,
        });
    });
}

/// What the console shows of an account's profiles: switched off, or a number of its own.
pub(super) fn of_account(frame: &Frame, is_off: bool) -> Profiles {
    let rule = ProfileRule {
        enabled: Some(!is_off),
        most: (!is_off).then_some(7),
    };
    Profiles::of(frame, 3, ProfilePolicy::default(), rule)
}

#[test]
fn the_console_asks_whether_there_may_be_profiles_and_says_what_holds_for_an_account() {
    in_every_language(|frame| {
        for (said, is_on, wrong) in [
            (Some(ProfilesSaid::Saved), true, ""),
            (None, false, "profile-policy-most-wrong"),
        ] {
            let page = PolicyPage {
                frame,
                said,
                is_on,
                most: "\"<5>".to_owned(),
                wrong,
            };
            assert_whole(&page);
            assert_eq!(page.render().unwrap().matches(" checked").count(), 1);
        }
    });
    let frame = frame("en");
    let told = |is_off| of_account(&frame, is_off).told;
    assert_eq!(told(false), "Has 3 of 7, the owner's own included.");
    let off = "Has 3, the owner's own included. Further ones are switched off.";
    assert_eq!(told(true), off);
}

#[test]
fn what_a_child_may_see_is_said_in_plain_sentences() {
    let frame = frame("en");
    let all = sees(&frame, &Limits::default(), None, Weekday::Monday);
    assert_eq!(all, ["All that you may see, at any time."]);
    let mut child = Limits::of_preset(AgePreset::Child);
    child.screen_time = DailyMinutes::every_day(60);
    let told = [
        "Films and series rated up to 7.",
        "Nothing that has no rating.",
        "No live television.",
        "60 minutes a day.",
    ];
    assert_eq!(sees(&frame, &child, None, Weekday::Monday), told);
}

#[test]
fn hours_minutes_and_libraries_are_said_with_their_numbers_and_names() {
    let frame = frame("en");
    let shelf = |digit: char, name: &str| {
        let id = digit.to_string().repeat(32).parse().unwrap();
        (id, name.to_owned())
    };
    let shelves = vec![shelf('1', "Movies"), shelf('2', "Shows")];
    let mut minutes = [Some(30); 7];
    minutes[5] = None;
    minutes[6] = None;
    let mut limits = Limits {
        libraries: Libraries::Only([shelves[0].0].into()),
        screen_time: DailyMinutes::by_day(minutes),
        blocked_unrated: [UnratedKind::Movie, UnratedKind::Series].into(),
        hours: serde_json::from_value(serde_json::json!([
            [0, 420, 720],
            [0, 840, 1140],
            [1, 420, 1140],
            [2, 420, 1140],
            [6, 0, 1440]
        ]))
        .unwrap(),
        ..Limits::default()
    };
    let told = [
        "Films and series of every rating that you may see.",
        "Only where they have a rating: Films, Series.",
        "Of the libraries only: Movies.",
        "Hours: Mon 7:00–12:00, 14:00–19:00; Tue–Wed 7:00–19:00; Thu–Sat not at all; Sun all day.",
        "Screen time: Mon–Fri 30 minutes; Sat–Sun no limit.",
    ];
    assert_eq!(sees(&frame, &limits, Some(&shelves), Weekday::Monday), told);
    limits.libraries = Libraries::Only(shelves.iter().map(|shelf| shelf.0).collect());
    limits.hours = serde_json::from_value(serde_json::json!(
        (0..7).map(|day| [day, 480, 1200]).collect::<Vec<_>>()
    ))
    .unwrap();
    let told = sees(&frame, &limits, Some(&shelves), Weekday::Monday);
    let now = "Every library that you see now, and no later one.";
    assert!(told.contains(&now.to_owned()), "{told:?}");
    let every = "Hours: every day 8:00–20:00.";
    assert!(told.contains(&every.to_owned()), "{told:?}");
    // What would take too long: how many days, and today.
    limits.hours = serde_json::from_value(serde_json::json!(
        (0..6)
            .map(|day| [day, 480 + 30 * day, 1200])
            .collect::<Vec<_>>()
    ))
    .unwrap();
    limits.screen_time = DailyMinutes::by_day([0, 1, 2, 3, 4, 5, 6].map(|n| Some(30 + n)));
    let told = sees(&frame, &limits, Some(&shelves), Weekday::Tuesday);
    assert_eq!(
        told[told.len() - 2..],
        [
            "Hours: on 6 days of the week, at different times; today 8:30–20:00.",
            "Screen time: differs from day to day; today 31 minutes.",
        ]
    );
}

/// A browser that is signed in to an account, and proved then who sits there; answers its cookie.
pub(super) async fn signed_in(desk: &Desk, seed: u64, proved: Timestamp) -> String {
    let entropy = SeededEntropy::new(seed);
    let mut owner = account().seen;
    owner.id = usher_domain::id::AccountId::generate(NOON, &entropy);
    owner.name = format!("owner{seed}");
    let cookie = OpaqueToken::generate(&entropy);
    let tx = desk.store.begin().await.unwrap();
    tx.see_user(&owner, NOON).await.unwrap();
    let session = WebSession {
        id: SessionId::generate(NOON, &entropy),
        account: owner.id,
        client: "Firefox on Linux".to_owned(),
        address: "192.0.2.1".to_owned(),
        token: None,
        opened: proved,
        used: NOON,
        proved,
        level: FactorLevel::None,
        proved_level: FactorLevel::None,
        level_counts: true,
        user: owner.id.owner(),
        owner_shown: None,
    };
    tx.add_web_session(&cookie.hash(), &session).await.unwrap();
    tx.commit().await.unwrap();
    format!("__Host-usher_session={}", cookie.reveal())
}

pub(super) const KIDS: [(&str, &str); 3] =
    [("name", "Kids"), ("preset", "child"), ("picture", "owl")];

/// The id of the only profile of the list.
pub(super) async fn only_profile(desk: &Desk, cookie: &str) -> String {
    let html = desk.get("account-profiles", cookie).await.html;
    let link = html.split("account-profile?id=").nth(1).unwrap();
    link.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_owner_makes_changes_locks_deletes_and_brings_back_a_profile_while_jellyfin_is_away() {
    let desk = Desk::open().await;
    let cookie = signed_in(&desk, 11, NOON).await;
    let made = desk.post("account-profile-new", &cookie, &KIDS).await;
    assert_eq!(made.location, "account-profiles?said=underway");
    let list = desk.get(&made.location, &cookie).await.html;
    for there in ["<b>Kids</b>", "face-owl.svg", "Being made", "I want no PIN"] {
        assert!(list.contains(there), "{there}: {list}");
    }
    let again = desk.post("account-profile-new", &cookie, &KIDS).await;
    assert!(
        again
            .html
            .contains("You have another profile of this name. Choose another")
    );
    let own = [("name", "Owner11"), ("preset", "child"), ("picture", "owl")];
    let own = desk.post("account-profile-new", &cookie, &own).await;
    assert!(own.html.contains("You are called so yourself"));
    let id = only_profile(&desk, &cookie).await;
    let at = |page: &str| format!("{page}?id={id}");
    let shown = desk.get(&at("account-profile"), &cookie).await.html;
    assert!(shown.contains("Nothing that has no rating."), "{shown}");
    let older = [("name", "Lu"), ("preset", "teen"), ("picture", "")];
    let saved = desk.post(&at("account-profile"), &cookie, &older).await;
    assert_eq!(
        saved.location,
        format!("account-profile?id={id}&said=saved")
    );
    let shown = desk.get(&saved.location, &cookie).await.html;
    assert!(shown.contains("rated up to 14."), "{shown}");

    let form = [("pin", "12")];
    let short = desk.post(&at("account-profile-pin"), &cookie, &form).await;
    assert!(short.html.contains("A PIN has four to eight digits"));
    let form = [("pin", "2468")];
    let locked = desk.post(&at("account-profile-pin"), &cookie, &form).await;
    assert_eq!(locked.location, "account-profiles?said=pin_set");
    let list = desk.get("account-profiles", &cookie).await.html;
    assert_eq!(list.matches("</svg>PIN</span>").count(), 1, "{list}");
    let declined = desk.post("account-profile-pin-clear", &cookie, &[]).await;
    assert_eq!(declined.location, "account-profiles?said=pin_cleared");
    let list = desk.get("account-profiles", &cookie).await.html;
    assert!(!list.contains("I want no PIN"), "{list}");

    let unsure = desk.post(&at("account-profile-delete"), &cookie, &[]).await;
    assert_eq!(unsure.location, "account-profiles?said=tick_missing");
    let sure = [("delete_sure", "yes")];
    let deleted = desk
        .post(&at("account-profile-delete"), &cookie, &sure)
        .await;
    assert_eq!(deleted.location, "account-profiles?said=deleted");
    let list = desk.get("account-profiles", &cookie).await.html;
    assert!(list.contains("account-profile-restore"), "{list}");
    assert!(!list.contains("account-profile?id="), "{list}");
    let form = [("id", id.as_str())];
    let back = desk.post("account-profile-restore", &cookie, &form).await;
    assert_eq!(back.location, "account-profiles?said=restored");
    assert_eq!(only_profile(&desk, &cookie).await, id);
}

#[tokio::test]
async fn another_age_leaves_screen_time_and_tags_as_they_are() {
    let desk = Desk::open().await;
    let cookie = signed_in(&desk, 11, NOON).await;
    desk.post("account-profile-new", &cookie, &KIDS).await;
    let id = only_profile(&desk, &cookie).await;
    let at = |page: &str| format!("account-profile{page}?id={id}");
    let days = [
        "mon-minutes",
        "tue-minutes",
        "wed-minutes",
        "thu-minutes",
        "fri-minutes",
        "sat-minutes",
        "sun-minutes",
    ];
    desk.post(&at("-minutes"), &cookie, &days.map(|day| (day, "60")))
        .await;
    let tags = [("blocked", "scary"), ("shown", "any"), ("allowed", "")];
    desk.post(&at("-tags"), &cookie, &tags).await;
    let older = [("name", "Kids"), ("preset", "teen"), ("picture", "owl")];
    desk.post(&at(""), &cookie, &older).await;
    let shown = desk.get(&at(""), &cookie).await.html;
    assert!(shown.contains("rated up to 14."), "{shown}");
    assert!(!shown.contains("Nothing that has no rating."), "{shown}");
    let minutes = desk.get(&at("-minutes"), &cookie).await.html;
    assert_eq!(minutes.matches("value=\"60\"").count(), 7, "{minutes}");
    let tags = desk.get(&at("-tags"), &cookie).await.html;
    assert!(tags.contains("scary</textarea>"), "{tags}");
}

/// Where a form is sent and what, and the page that it stands on, as the way through a proof names it.
type Form = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

/// Forms that change something.
const FORMS: [Form; 14] = [
    (
        "account-device-keep",
        &[("place", "token-1")],
        "account-device-keep&id=token-1",
    ),
    (
        "account-device-free",
        &[("device", "tv")],
        "account-devices",
    ),
    (
        "account-profile-time?id=1",
        &[("give", "15")],
        "account-profile-time&id=1",
    ),
    (
        "account-time-wish",
        &[("wish", "1"), ("give", "15")],
        "account-profiles",
    ),
    ("account-profile-new", &KIDS, "account-profile-new"),
    ("account-profile?id=1", &KIDS, "account-profile&id=1"),
    (
        "account-profile-pin",
        &[("pin", "2468")],
        "account-profile-pin",
    ),
    ("account-profile-pin-clear", &[], "account-profiles"),
    (
        "account-profile-pin-clear?id=1",
        &[],
        "account-profile-pin&id=1",
    ),
    (
        "account-profile-delete?id=1",
        &[("delete_sure", "yes")],
        "account-profile-delete&id=1",
    ),
    (
        "account-profile-order",
        &[("id", "1"), ("to", "up")],
        "account-profiles",
    ),
    (
        "account-profile-restore",
        &[("id", "1")],
        "account-profiles",
    ),
    ("account-profile-repair", &[("id", "1")], "account-profiles"),
    (
        "account-profile-leave-withdraw?id=1",
        &[],
        "account-profile-leave&id=1",
    ),
];

#[tokio::test]
async fn r38_r52_who_proved_nothing_lately_sees_the_list_and_changes_nothing() {
    let desk = Desk::open().await;
    let stale = signed_in(&desk, 11, NOON - Duration::from_mins(11)).await;
    assert_eq!(desk.get("account-profiles", &stale).await.status, 200);
    for page in [
        "account-profile-new",
        "account-profile?id=1",
        "account-profile-pin",
        "account-profile-delete?id=1",
        "account-profile-time?id=1",
        "account-profile-picture?id=1",
        "account-profile-ratings?id=1",
        "account-profile-libraries?id=1",
        "account-profile-tags?id=1",
        "account-profile-hours?id=1",
        "account-profile-minutes?id=1",
        "account-profile-languages?id=1",
        "account-profile-home?id=1",
    ] {
        let name = page.split('?').next().unwrap();
        let shown = desk.get(page, &stale).await;
        let to = format!("prove?to=security&page={name}");
        assert!(shown.location.starts_with(&to), "{}", shown.location);
        assert!(!shown.location.contains("unsaved"), "{page}");
    }
    for (page, form, from) in FORMS {
        let shown = desk.post(page, &stale, form).await;
        let proof = format!("prove?to=security&page={from}&refused=yes");
        assert_eq!(shown.location, proof, "{page}");
        let asked = desk.get(&proof, &stale).await.html;
        assert!(asked.contains("is saved yet"), "{page}: {asked}");
        let nobody = desk.post(page, "", form).await;
        assert!(nobody.location.starts_with("sign-in?next="), "{page}");
    }
    let list = desk.get("account-profiles", &stale).await.html;
    assert!(!list.contains("Kids") && !list.contains("</svg>PIN</span>"));
}

#[tokio::test]
async fn r71_other_peoples_profiles_are_none_and_unknown_fields_are_refused() {
    let desk = Desk::open().await;
    let owner = signed_in(&desk, 11, NOON).await;
    let other = signed_in(&desk, 12, NOON).await;
    desk.post("account-profile-new", &owner, &KIDS).await;
    let id = only_profile(&desk, &owner).await;
    let gone = "account-profiles?said=no_profile";
    for page in
        ["", "-pin", "-delete", "-time"].map(|page| format!("account-profile{page}?id={id}"))
    {
        assert_eq!(desk.get(&page, &other).await.location, gone, "{page}");
    }
    let sure = [("delete_sure", "yes")];
    let delete = format!("account-profile-delete?id={id}");
    assert_eq!(desk.post(&delete, &other, &sure).await.location, gone);
    assert_eq!(only_profile(&desk, &owner).await, id);
    let forms: [&[(&str, &str)]; 3] = [
        &[("name", "Lu"), ("preset", "baby"), ("picture", "")],
        &[("name", "Lu"), ("preset", "teen"), ("picture", "../x")],
        &[
            ("name", "Lu"),
            ("preset", "teen"),
            ("picture", ""),
            ("x", ""),
        ],
    ];
    for form in forms {
        let shown = desk.post("account-profile-new", &owner, form).await;
        assert_eq!(shown.status, 400, "{form:?}");
    }
}

#[tokio::test]
async fn every_drawing_is_there_and_is_served_as_a_picture() {
    let desk = Desk::open().await;
    for drawing in DRAWINGS {
        let shown = desk.get(&frame("en").asset(drawing.file), "").await;
        assert_eq!(shown.status, 200, "{}", drawing.file);
        assert!(shown.html.starts_with("<svg "), "{}", shown.html);
        // Apps show it too.
        let png = usher_accounts::profiles::drawing(drawing.key);
        assert!(png.is_some(), "{}", drawing.key);
    }
}
