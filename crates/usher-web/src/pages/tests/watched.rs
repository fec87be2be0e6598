//! What a seat watches, on its owner's page: with everything that it can show, in every language, and as it is used.
use std::time::Duration;

use askama::Template;

use super::html::assert_sound;
use super::panel::account;
use super::profiles::{KIDS, only_profile, signed_in};
use super::{Desk, NOON, frame};
use crate::pages::account::profiles::{
    Bar, Days, Face, Lists, Poster, Source, WatchedPage, WatchedSaid,
};
use crate::pages::frame::Frame;
use crate::pages::panel::Moment;

fn poster(id: &str, picture: &str, percent: Option<u64>) -> Poster {
    Poster {
        id: id.to_owned(),
        picture: picture.to_owned(),
        name: "<Boat> & \"Sea\"".to_owned(),
        about: "<2019>".to_owned(),
        percent,
        watched: Some(Moment {
            ago: "<ago>".to_owned(),
            exact: "<exact>".to_owned(),
        }),
    }
}

fn posters() -> Vec<Poster> {
    vec![
        poster(
            "1",
            "../Items/1/Images/Primary?maxWidth=320&tag=a",
            Some(40),
        ),
        poster("2", "", None),
    ]
}

fn lists(is_full: bool) -> Lists {
    if !is_full {
        return Lists::default();
    }
    Lists {
        begun: posters(),
        history: posters(),
        recommended: posters(),
        favorites: posters(),
        newer: "account-profile-watched?id=1&from=0".to_owned(),
        older: "account-profile-watched?id=1&from=40".to_owned(),
    }
}

fn days() -> Days {
    let bar = |at: u64| Bar {
        x: at * 28,
        y: 110 - at,
        height: at,
        day: format!("<day {at}>"),
        time: "<time>".to_owned(),
    };
    Days {
        bars: (0..14).map(bar).collect(),
        sum: "<sum>".to_owned(),
        meaning: "<meaning>".to_owned(),
    }
}

fn page(frame: &Frame, is_full: bool, missing: &'static str, said: Option<WatchedSaid>) -> String {
    let account = account();
    let page = WatchedPage {
        frame,
        account: &account,
        said,
        marks: 3,
        id: if is_full {
            "1".to_owned()
        } else {
            String::new()
        },
        name: "<Kids>",
        face: Face::letter("Kids"),
        missing,
        days: is_full.then(days),
        lists: lists(is_full && missing.is_empty()),
        copying: if is_full {
            vec!["<anna>".to_owned()]
        } else {
            Vec::new()
        },
        sources: if is_full {
            vec![Source {
                value: "owner".to_owned(),
                name: "<anna>".to_owned(),
            }]
        } else {
            Vec::new()
        },
    };
    assert_sound(&page);
    page.render().unwrap()
}

#[test]
fn the_page_of_a_seat_is_sound_full_empty_and_without_jellyfin() {
    for language in ["en", "de"] {
        let frame = frame(language);
        for said in WatchedSaid::ALL.map(Some).into_iter().chain([None]) {
            for is_full in [true, false] {
                for missing in ["", "watched-away", "watched-no-user"] {
                    let html = page(&frame, is_full, missing, said);
                    for raw in [">watched-", "\"watched-", "> watched-"] {
                        assert!(!html.contains(raw), "{html}");
                    }
                    let buttons = html.matches("name=\"item\"").count();
                    let expected = if is_full && missing.is_empty() { 4 } else { 0 };
                    assert_eq!(buttons, expected, "{html}");
                }
            }
        }
    }
}

#[test]
fn a_chart_can_be_read_without_being_seen() {
    let html = page(&frame("en"), true, "", None);
    assert!(
        html.contains("role=\"img\" aria-label=\"&#60;sum&#62;\""),
        "{html}"
    );
    let rows = html.matches("<tr><td>").count();
    assert_eq!(rows, 14, "{html}");
}

#[tokio::test]
async fn while_jellyfin_is_away_the_page_says_so_and_forms_change_nothing() {
    let desk = Desk::open().await;
    let cookie = signed_in(&desk, 11, NOON).await;
    let shown = desk.get("account-profile-watched", &cookie).await;
    assert_eq!(shown.status, 200);
    assert!(shown.html.contains("Jellyfin does not answer at present"));
    assert!(
        shown.html.contains("What owner11 watches"),
        "{}",
        shown.html
    );
    let item = [("item", "0b5c7a1e8f7e4d239a578a3f2f1f0c11")];
    let removed = desk.post("account-profile-watched-remove?from=20", &cookie, &item);
    let removed = removed.await.location;
    assert_eq!(removed, "account-profile-watched?from=20&said=away");
    desk.post("account-profile-new", &cookie, &KIDS).await;
    let id = only_profile(&desk, &cookie).await;
    let page = format!("account-profile-watched?id={id}");
    let shown = desk.get(&page, &cookie).await.html;
    assert!(shown.contains("What Kids watches"), "{shown}");
    assert!(shown.contains("This profile is being made"), "{shown}");
    let copy = format!("account-profile-watched-copy?id={id}");
    let copied = desk.post(&copy, &cookie, &[("source", "owner")]).await;
    assert_eq!(copied.location, format!("{page}&said=impossible"));
}

#[tokio::test]
async fn r38_r71_only_who_proved_lately_opens_it_and_only_for_the_accounts_own_seats() {
    let desk = Desk::open().await;
    let cookie = signed_in(&desk, 11, NOON).await;
    desk.post("account-profile-new", &cookie, &KIDS).await;
    let id = only_profile(&desk, &cookie).await;
    let other = signed_in(&desk, 12, NOON).await;
    let stale = signed_in(&desk, 13, NOON - Duration::from_mins(11)).await;
    let item = [("item", "0b5c7a1e8f7e4d239a578a3f2f1f0c11")];
    let source = [("source", "owner")];
    for (page, form) in [
        ("account-profile-watched", None),
        ("account-profile-watched-remove", Some(&item)),
        ("account-profile-watched-copy", Some(&source)),
    ] {
        let whose = format!("{page}?id={id}");
        let ask = async |page: &str, cookie: &str| match form {
            None => desk.get(page, cookie).await.location,
            Some(form) => desk.post(page, cookie, form).await.location,
        };
        let gone = "account-profiles?said=no_profile";
        assert_eq!(ask(&whose, &other).await, gone, "{page}");
        for page in [page, &whose] {
            let proof = ask(page, &stale).await;
            let to = "prove?to=security&page=account-profile-watched";
            assert!(proof.starts_with(to), "{proof}");
            assert!(ask(page, "").await.starts_with("sign-in?next="), "{page}");
        }
    }
}
