//! The list of an account's profiles: those that can be used, and those that can be brought back.
use askama::Template;
use usher_domain::profile::screen_time::GIFTS;

use super::html::in_every_language;
use super::panel::account;
use super::profiles::{KIDS, assert_whole, drawn, only_profile, signed_in};
use super::{Desk, NOON};
use crate::pages::account::profiles::{Gone, Line, ProfilesPage, Said, Wish};

fn lines() -> Vec<Line> {
    let states = [
        ("", ""),
        ("warn", "profile-state-creating"),
        ("quiet", "profile-state-off"),
        ("bad", "profile-state-broken"),
    ];
    let line = |state: (&'static str, &'static str)| Line {
        id: format!("{}1", state.0),
        name: "<Kids>".to_owned(),
        face: drawn(if state.0.is_empty() {
            "face-fox.svg"
        } else {
            ""
        }),
        age: "profile-age-child",
        has_pin: state.0.is_empty(),
        states: if state.0.is_empty() {
            vec![("quiet", "leave-asked")]
        } else {
            vec![state]
        },
        is_broken: state.0 == "bad",
        today: "<today>".to_owned(),
        has_limit: state.0.is_empty(),
        pressed: if state.0 == "warn" { "down" } else { "" },
    };
    states.map(line).into()
}

fn wish() -> Wish {
    Wish {
        id: "8".to_owned(),
        name: "<Kids>".to_owned(),
        face: drawn("face-fox.svg"),
    }
}

#[test]
fn the_list_of_profiles_is_sound_full_and_empty_switched_on_and_off() {
    in_every_language(|frame| {
        for said in Said::ALL.map(Some).into_iter().chain([None]) {
            for is_full in [true, false] {
                let gone = Gone {
                    id: "9".to_owned(),
                    name: "<gone>".to_owned(),
                    face: drawn(""),
                    about: "<until>".to_owned(),
                };
                assert_whole(&ProfilesPage {
                    frame,
                    account: &account(),
                    said,
                    is_on: is_full,
                    has_room: !is_full,
                    most: 5,
                    owner_has_pin: is_full,
                    asks_pin: is_full,
                    lines: if is_full { lines() } else { Vec::new() },
                    gone: if is_full { vec![gone] } else { Vec::new() },
                    wishes: if is_full { vec![wish()] } else { Vec::new() },
                    gifts: GIFTS,
                });
            }
        }
    });
}

#[test]
fn what_cannot_be_brought_back_has_no_button_and_that_is_said_once() {
    in_every_language(|frame| {
        let page = |has_room: bool, said| {
            ProfilesPage {
                frame,
                account: &account(),
                said,
                is_on: true,
                has_room,
                most: 5,
                owner_has_pin: true,
                asks_pin: false,
                lines: lines(),
                gone: vec![Gone {
                    id: "9".to_owned(),
                    name: "<gone>".to_owned(),
                    face: drawn(""),
                    about: "<until>".to_owned(),
                }],
                wishes: Vec::new(),
                gifts: GIFTS,
            }
            .render()
            .unwrap()
        };
        let full = page(false, Some(Said::Full));
        assert!(!full.contains("account-profile-restore"), "{full}");
        assert!(full.contains(&frame.t("profile-gone-no-room")), "{full}");
        assert!(
            !full.contains("class=\"notice"),
            "said under the list: {full}"
        );
        let room = page(true, None);
        assert!(room.contains("account-profile-restore"), "{room}");
        assert!(!room.contains(&frame.t("profile-gone-no-room")), "{room}");
    });
}

#[tokio::test]
async fn deleted_profiles_of_one_name_are_told_apart_whenever_they_were_deleted() {
    let desk = Desk::open().await;
    let cookie = signed_in(&desk, 11, NOON).await;
    for _twice in 0..2 {
        desk.post("account-profile-new", &cookie, &KIDS).await;
        let id = only_profile(&desk, &cookie).await;
        let page = format!("account-profile-delete?id={id}");
        desk.post(&page, &cookie, &[("delete_sure", "yes")]).await;
    }
    let list = desk.get("account-profiles", &cookie).await.html;
    let gone = list.split("id=\"gone-title\"").nth(1).unwrap();
    let mut said: Vec<&str> = gone
        .split("class=\"hidden-text\">")
        .skip(1)
        .map(|rest| rest.split("</span>").next().unwrap())
        .collect();
    assert_eq!(said.len(), 2, "{gone}");
    said.dedup();
    assert_eq!(said.len(), 2, "{gone}");
}

#[tokio::test]
async fn an_owner_puts_profiles_into_another_order() {
    let desk = Desk::open().await;
    let cookie = signed_in(&desk, 11, NOON).await;
    for name in ["Ada", "Ben"] {
        let form = [("name", name), ("preset", "adult"), ("picture", "fox")];
        desk.post("account-profile-new", &cookie, &form).await;
    }
    let places = |html: &str| [html.find("<b>Ada"), html.find("<b>Ben")].map(Option::unwrap);
    let before = desk.get("account-profiles", &cookie).await.html;
    let [ada, ben] = places(&before);
    assert!(ada < ben, "{before}");
    let id = before.split("account-profile?id=").nth(1).unwrap();
    let form = [("id", id.split('"').next().unwrap()), ("to", "down")];
    let moved = desk.post("account-profile-order", &cookie, &form).await;
    let after = desk.get(&moved.location, &cookie).await.html;
    let [ada, ben] = places(&after);
    assert!(ben < ada);
    // Whoever uses the keyboard stays at the profile, at the button that it has left.
    let focus = after.find(" autofocus").unwrap();
    let button = &after[..focus];
    assert_eq!(after.matches(" autofocus").count(), 1, "{after}");
    assert!(focus > ada && button.ends_with("value=\"up\""), "{after}");
}
