//! What is told above a page of a panel.
use askama::Template;

use super::frame;
use super::html::assert_sound;
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
