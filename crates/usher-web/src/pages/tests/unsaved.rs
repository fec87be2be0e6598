//! What is told above a page of a panel.
use askama::Template;

use super::html::assert_sound;
use super::profiles::signed_in;
use super::{Desk, NOON, frame};
use crate::pages::console::RequestsPage;
use crate::pages::frame::Frame;

#[test]
fn that_nothing_was_saved_stands_above_the_page_and_only_then() {
    for language in ["en", "de"] {
        for notice in ["", "account-unsaved"] {
            let frame = Frame {
                notice,
                ..frame(language)
            };
            let page = RequestsPage {
                frame: &frame,
                said: None,
                rows: Vec::new(),
            };
            assert_sound(&page);
            let html = page.render().unwrap();
            assert_eq!(html.contains("notice warn"), !notice.is_empty(), "{html}");
        }
    }
}

#[test]
fn every_form_of_a_page_for_somebody_says_for_whom_it_was_made() {
    let mut forms = 0;
    for folder in ["account", "console"] {
        let folder = format!("{}/templates/{folder}", env!("CARGO_MANIFEST_DIR"));
        for file in std::fs::read_dir(folder).unwrap() {
            let template = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for form in template.split("method=\"post\" action=\"").skip(1) {
                let action = form.split("\">").next().unwrap();
                let says = action.contains("frame.whose(") || action.contains("frame.to(");
                assert!(says, "{action}");
                forms += 1;
            }
        }
    }
    assert!(forms > 50, "{forms} forms");
}

#[tokio::test]
async fn where_only_a_form_stands_the_page_that_it_leads_to_is_told_that_nothing_was_saved() {
    let desk = Desk::open().await;
    let owner = signed_in(&desk, 11, NOON).await;
    for (form, page) in [
        (
            "account-place-end?unsaved=yes",
            "account-devices?unsaved=yes",
        ),
        (
            "account-profile-order?unsaved=yes",
            "account-profiles?unsaved=yes",
        ),
        (
            "account-profile-watched-remove?id=1&unsaved=yes",
            "account-profile-watched?id=1&unsaved=yes",
        ),
        (
            "account-profile-leave-withdraw?id=1&unsaved=yes",
            "account-profile-leave?id=1&unsaved=yes",
        ),
        (
            "account-factor-name?id=1&unsaved=yes&whose=7",
            "account-security?unsaved=yes",
        ),
        (
            "console-account-switch?id=0b5c7a1e8f7e4d239a578a3f2f1f0c11&unsaved=yes",
            "console-account?id=0b5c7a1e8f7e4d239a578a3f2f1f0c11&unsaved=yes",
        ),
    ] {
        assert_eq!(desk.get(form, &owner).await.location, page);
    }
    let proof = "prove-send?to=console&page=console-mail&whose=7";
    let back = desk.get(proof, &owner).await.location;
    assert_eq!(back, "prove?to=console&page=console-mail");
    // A link from elsewhere tells nobody of another account.
    assert_eq!(
        desk.get("account-devices?whose=7", &owner).await.status,
        200
    );
}
