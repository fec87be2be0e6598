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
