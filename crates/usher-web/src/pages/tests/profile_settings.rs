//! The pages of a profile's limits and preferences, with everything that they can show, in every language.
use std::collections::BTreeSet;

use askama::Template;
use usher_domain::account::Account;
use usher_domain::profile::AgePreset;
use usher_domain::profile::hours::{DaySpan, Hours, Weekday};
use usher_domain::profile::limits::{DailyMinutes, Limits, RatingLimit, UnratedKind};
use usher_domain::profile::preferences::{HomeSection, Language, Preferences};
use usher_domain::profile::rating;

use super::panel::account;
use super::profiles::{KIDS, assert_whole, only_profile, signed_in};
use super::{Desk, NOON, frame};
use crate::pages::account::profiles::{
    Face, Head, HomePage, HoursPage, LanguagesPage, LibrariesPage, MinutesPage, PicturePage,
    RatingsPage, Shelf, TagsPage, TagsShown, days_of_hours, days_of_minutes,
};
use crate::pages::frame::Frame;

/// Whose page it is, and how many of its choices are ticked or selected.
fn assert_chosen(page: &impl Template, count: usize) {
    assert_whole(page);
    let html = page.render().unwrap();
    let chosen = html.matches(" checked").count() + html.matches(" selected").count();
    assert_eq!(chosen, count, "{html}");
}

fn in_every_language(check: impl Fn(&Frame, &dyn Fn(&'static str) -> Head<'static>)) {
    let account: &'static Account = Box::leak(Box::new(account()));
    let head = |title: &'static str| Head {
        account,
        id: "1".to_owned(),
        name: "<Kids>".to_owned(),
        face: Face::letter("<Kids>"),
        page: "account-profile-ratings",
        title,
        body: title,
    };
    for language in ["en", "de"] {
        check(&frame(language), &head);
    }
}

#[test]
fn the_page_of_ratings_is_sound_and_keeps_a_limit_that_is_none_of_the_choices() {
    let ratings = [("G", 0), ("<PG>", 10), ("R", 17)];
    in_every_language(|frame, head| {
        for (limit, kept) in [
            (None, false),
            (Some(RatingLimit::up_to(10)), false),
            (Some(RatingLimit::up_to(7)), true),
        ] {
            let mut limits = Limits::of_preset(AgePreset::Child);
            limits.rating = limit;
            let page = RatingsPage {
                frame,
                head: head("profile-ratings"),
                choices: rating::choices(ratings, None),
                limits: &limits,
            };
            assert_chosen(&page, UnratedKind::ALL.len() + 1);
            let html = page.render().unwrap();
            assert_eq!(html.contains("value=\"kept\" selected"), kept, "{html}");
        }
    });
}

#[test]
fn the_page_of_libraries_is_sound_with_all_some_and_none() {
    let shelf = |is_seen| Shelf {
        id: "0b5c7a1e8f7e4d239a578a3f2f1f0c11".to_owned(),
        name: "<Films>".to_owned(),
        is_seen,
    };
    in_every_language(|frame, head| {
        for (is_all, has_live) in [(true, true), (false, false)] {
            let page = LibrariesPage {
                frame,
                head: head("profile-libraries"),
                is_all,
                shelves: vec![shelf(true), shelf(false)],
                hidden: vec!["0b5c7a1e8f7e4d239a578a3f2f1f0c12".to_owned()],
                live: true,
                has_live,
                is_wrong: !is_all,
            };
            assert_chosen(&page, 2 + usize::from(has_live));
        }
    });
}

#[test]
fn the_page_of_tags_is_sound_and_shows_again_what_was_typed() {
    in_every_language(|frame, head| {
        for shown in [TagsShown::Any, TagsShown::Only] {
            let page = TagsPage {
                frame,
                head: head("profile-tags"),
                blocked: "</textarea>".to_owned(),
                shown,
                allowed: "<b>".to_owned(),
                wrong: ("profile-tags-wrong", "profile-tags-none"),
            };
            assert_chosen(&page, 1);
        }
    });
}

#[test]
fn the_page_of_hours_says_for_each_day_what_it_is_and_keeps_several_spans() {
    let span = |day, from, until| DaySpan::new(day, from, until).unwrap();
    let hours = Hours::of([
        span(Weekday::Monday, 0, 1440),
        span(Weekday::Tuesday, 15 * 60, 19 * 60 + 30),
        span(Weekday::Wednesday, 420, 480),
        span(Weekday::Wednesday, 900, 1440),
    ]);
    in_every_language(|frame, head| {
        let mut days = days_of_hours(&hours);
        days[1].wrong = "profile-hours-wrong";
        let page = HoursPage {
            frame,
            head: head("profile-hours"),
            days,
        };
        assert_chosen(&page, 7);
        let html = page.render().unwrap();
        for there in [
            "name=\"mon-open\" value=\"all\" required checked",
            "name=\"tue-open\" value=\"span\" required checked",
            "name=\"tue-from\" type=\"time\" value=\"15:00\"",
            "name=\"tue-until\" type=\"time\" value=\"19:30\"",
            "name=\"wed-open\" value=\"kept\" required checked",
            "07:00–08:00, 15:00–00:00",
            "name=\"thu-open\" value=\"never\" required checked",
        ] {
            assert!(html.contains(there), "{there}: {html}");
        }
    });
}

#[test]
fn the_page_of_screen_time_leaves_a_day_without_limit_empty() {
    let mut days = [Some(90); 7];
    days[6] = None;
    in_every_language(|frame, head| {
        let mut days = days_of_minutes(DailyMinutes::by_day(days));
        days[0].wrong = "profile-minutes-wrong";
        let page = MinutesPage {
            frame,
            head: head("profile-minutes"),
            days,
        };
        assert_whole(&page);
        let html = page.render().unwrap();
        assert_eq!(html.matches("value=\"90\"").count(), 6, "{html}");
        assert_eq!(html.matches("value=\"\"").count(), 1, "{html}");
    });
}

#[test]
fn the_pages_of_preferences_are_sound_and_offer_what_was_chosen_elsewhere() {
    let preferences = Preferences {
        audio_language: Language::parse("lat").ok(),
        subtitle_language: Language::parse("deu").ok(),
        ..Preferences::default()
    };
    in_every_language(|frame, head| {
        let page = LanguagesPage {
            frame,
            head: head("profile-languages"),
            preferences: &preferences,
        };
        assert_chosen(&page, 4);
        let html = page.render().unwrap();
        assert!(
            html.contains("<option value=\"lat\" selected>lat"),
            "{html}"
        );
        for (is_usual, theme) in [(true, ""), (false, "wmc")] {
            let page = HomePage {
                frame,
                head: head("profile-home"),
                theme: theme.to_owned(),
                is_usual,
                places: vec![HomeSection::Latest; 10],
                shown: String::new(),
                wrong: "profile-sections-twice",
            };
            assert_chosen(&page, 11 + usize::from(!is_usual));
        }
    });
}

#[test]
fn every_language_and_section_has_one_name() {
    let frame = frame("en");
    let account = account();
    let page = LanguagesPage {
        frame: &frame,
        head: Head {
            account: &account,
            id: String::new(),
            name: String::new(),
            face: Face::letter("K"),
            page: "account-profile-languages",
            title: "profile-languages",
            body: "profile-languages-body",
        },
        preferences: &Preferences::default(),
    };
    let html = page.render().unwrap();
    let audio = html.split("</select>").next().unwrap();
    let codes: Vec<&str> = audio
        .split("<option value=\"")
        .skip(2)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    let once: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!(once.len(), codes.len());
    assert!(codes.iter().all(|code| Language::parse(code).is_ok()));
}

#[test]
fn the_page_of_a_picture_is_sound_whatever_is_wrong() {
    in_every_language(|frame, head| {
        for wrong in [
            "",
            "profile-upload-none",
            "profile-upload-large",
            "profile-upload-wrong",
        ] {
            assert_whole(&PicturePage {
                frame,
                head: head("profile-upload"),
                wrong,
            });
        }
    });
}

#[tokio::test]
async fn an_owner_gives_a_profile_a_picture_of_its_own_which_every_list_shows() {
    let desk = Desk::open().await;
    let cookie = signed_in(&desk, 11, NOON).await;
    desk.post("account-profile-new", &cookie, &KIDS).await;
    let id = only_profile(&desk, &cookie).await;
    let at = format!("account-profile-picture?id={id}");
    let large = vec![0; 6 * 1024 * 1024];
    let refused: [(&[u8], &str); 3] = [
        (b"", "Choose a picture first."),
        (b"GIF89a", "that is no JPEG, PNG or WebP picture"),
        (&large, "that picture is too large"),
    ];
    for (file, told) in refused {
        let shown = desk.upload(&at, &cookie, file).await;
        assert!(shown.html.contains(told), "{told}: {}", shown.html);
    }
    let list = desk.get("account-profiles", &cookie).await.html;
    assert!(list.contains("face-owl.svg"), "{list}");

    let png = usher_accounts::profiles::drawing("fox").unwrap();
    let saved = desk.upload(&at, &cookie, png).await;
    assert!(saved.location.contains("&said=saved"), "{}", saved.location);
    let list = desk.get("account-profiles", &cookie).await.html;
    let link = list.split("src=\"picture?").nth(1).unwrap();
    let link = format!("picture?{}", link.split('"').next().unwrap());
    assert_eq!(desk.status(&link).await, 200);
    // Another change leaves the upload; a drawing takes its place.
    let name = [("name", "Lu"), ("preset", "child"), ("picture", "kept")];
    let page = format!("account-profile?id={id}");
    desk.post(&page, &cookie, &name).await;
    assert_eq!(desk.status(&link).await, 200);
    let drawing = [("name", "Lu"), ("preset", "child"), ("picture", "frog")];
    desk.post(&page, &cookie, &drawing).await;
    assert_eq!(desk.status(&link).await, 404);
    assert_eq!(desk.status("picture?key=../x").await, 404);
}
