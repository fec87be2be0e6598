//! A profile that is to become an account of its own: the owner's page, and the console's list.
use std::time::Duration;

use askama::Template;

use super::html::assert_sound;
use super::profiles::{KIDS, only_profile, signed_in};
use super::{Desk, NOON, frame};
use crate::pages::account::profiles::{Face, LeavePage, LeaveSaid};

#[test]
fn the_page_is_sound_before_and_after_it_was_asked_for() {
    for language in ["en", "de"] {
        let frame = frame(language);
        for (waits, declined, wrong, said) in [
            ("", "", "", None),
            ("", "", "", Some(LeaveSaid::Withdrawn)),
            ("<waits>", "", "", None),
            ("", "<declined>", "", None),
            ("", "", "leave-name-wrong", None),
        ] {
            let page = LeavePage {
                frame: &frame,
                id: "1".to_owned(),
                name: "<Kids>",
                face: Face::letter("Kids"),
                said,
                waits: waits.to_owned(),
                declined: declined.to_owned(),
                typed_name: "\"<x>".to_owned(),
                typed_email: "<".to_owned(),
                wrong_name: wrong,
                wrong_email: if wrong.is_empty() {
                    ""
                } else {
                    "leave-email-wrong"
                },
            };
            assert_sound(&page);
            let html = page.render().unwrap();
            let asks = html.contains("name=\"leave_name\"");
            assert_eq!(asks, waits.is_empty(), "{html}");
            for raw in [">leave-", "\"leave-", "> leave-"] {
                assert!(!html.contains(raw), "{html}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_name_or_no_address_is_told_at_its_field_and_a_profile_in_the_making_must_wait()
{
    let desk = Desk::open().await;
    let cookie = signed_in(&desk, 11, NOON).await;
    desk.post("account-profile-new", &cookie, &KIDS).await;
    let id = only_profile(&desk, &cookie).await;
    let page = format!("account-profile-leave?id={id}");
    assert_eq!(desk.get(&page, &cookie).await.status, 200);
    let form = [("leave_name", "a/b"), ("leave_email", "nowhere")];
    let wrong = desk.post(&page, &cookie, &form).await.html;
    assert!(wrong.contains("That is no e-mail address."), "{wrong}");
    assert_eq!(wrong.matches("aria-invalid").count(), 2, "{wrong}");
    assert!(wrong.contains("value=\"a/b\""), "{wrong}");
    let form = [("leave_name", "toni"), ("leave_email", "toni@example.org")];
    let asked = desk.post(&page, &cookie, &form).await.location;
    assert_eq!(asked, "account-profiles?said=impossible");
}

#[tokio::test]
async fn r38_r71_only_who_proved_lately_asks_and_only_for_an_own_profile() {
    let desk = Desk::open().await;
    let cookie = signed_in(&desk, 11, NOON).await;
    desk.post("account-profile-new", &cookie, &KIDS).await;
    let id = only_profile(&desk, &cookie).await;
    let other = signed_in(&desk, 12, NOON).await;
    let stale = signed_in(&desk, 13, NOON - Duration::from_mins(11)).await;
    let form = [("leave_name", "toni"), ("leave_email", "toni@example.org")];
    for page in ["account-profile-leave", "account-profile-leave-withdraw"] {
        let page = format!("{page}?id={id}");
        let form: &[(&str, &str)] = if page.contains("withdraw") {
            &[]
        } else {
            &form
        };
        let gone = desk.post(&page, &other, form).await.location;
        assert_eq!(gone, "account-profiles?said=no_profile", "{page}");
        let proof = desk.post(&page, &stale, form).await.location;
        let to = "prove?to=security&page=account-profile-leave";
        assert!(proof.starts_with(to), "{proof}");
    }
}
