//! The pages on which more screen time is asked for and given, with everything that they can show, in every language.
use askama::Template;
use usher_domain::profile::screen_time::GIFTS;

use super::html::assert_sound;
use super::{Desk, frame};
use crate::pages::more_time::{AskPage, CodePage, GivePage, LinkPage, Said, ToldPage};

/// Sound, and no text is missing.
fn assert_whole(page: &impl Template) {
    assert_sound(page);
    let html = page.render().unwrap();
    assert!(
        !html.contains(">time-") && !html.contains("> time-"),
        "{html}"
    );
}

#[test]
fn asking_and_giving_are_sound_whatever_is_left_and_wrong() {
    for language in ["en", "de"] {
        let frame = &frame(language);
        for wrong in ["", "time-ask-code-wrong"] {
            assert_whole(&CodePage { frame, wrong });
        }
        for wrong in ["", "time-give-spent"] {
            assert_whole(&LinkPage { frame, wrong });
        }
        let page = GivePage {
            frame,
            link: "\"<secret>",
            name: "<Kids>",
            body: "<asked>".to_owned(),
            gifts: GIFTS,
        };
        assert_whole(&page);
        let html = page.render().unwrap();
        for minutes in GIFTS {
            assert!(html.contains(&format!("value=\"{minutes}\"")), "{html}");
        }
        for (left, needless) in [
            (None, "time-asked-needless"),
            (Some("<left>".to_owned()), "time-ask-outside-hours"),
            (Some("<left>".to_owned()), ""),
        ] {
            let page = AskPage {
                frame,
                body: "<Kids>".to_owned(),
                owner: "<Anna>",
                answer: left.clone().unwrap_or_default(),
                left,
                needless,
                code: "\"",
            };
            assert_whole(&page);
            let asks = page.render().unwrap().contains("more-time-ask");
            assert_eq!(asks, needless.is_empty(), "{needless}");
        }
        for said in Said::ALL {
            let (_, title, body) = said.words();
            let body = frame.t(body);
            let page = ToldPage {
                frame,
                title,
                body,
                waits: said == Said::Waits,
            };
            assert_whole(&page);
        }
        let body = frame.count("time-given-minutes", "n", 15);
        assert!(body.contains("15"), "{body}");
    }
}

#[tokio::test]
async fn without_a_session_a_screen_is_told_by_its_code_alone_and_a_guess_tells_nothing() {
    let desk = Desk::open().await;
    assert!(
        desk.get("more-time", "")
            .await
            .html
            .contains("name=\"code\"")
    );
    for page in ["more-time", "more-time-ask"] {
        for code in ["", "K7QM-3PZ2", "not a code"] {
            let shown = desk.post(page, "", &[("code", code)]).await;
            assert!(shown.html.contains("No screen shows this code"), "{page}");
        }
    }
    let told = desk.get("more-time-told?said=waits", "").await;
    assert!(told.html.contains("Wait for the answer"), "{}", told.html);
}

#[tokio::test]
async fn r13_a_link_gives_time_by_a_press_alone_and_a_wrong_one_gives_none() {
    let desk = Desk::open().await;
    let shown = desk.get("give-time", "").await.html;
    assert!(!shown.contains("name=\"give\""), "{shown}");
    for link in ["", "#too-short", &"A".repeat(43)] {
        let looked = desk.post("give-time", "", &[("link", link)]).await;
        let form = [("link", link), ("give", "15")];
        let refused = desk.post("give-time-yes", "", &form).await;
        for answer in [looked, refused] {
            assert!(answer.html.contains("not whole, or too old"), "{link}");
            assert!(!answer.html.contains("name=\"give\""), "{link}");
        }
    }
    let much = [("link", ""), ("give", "600")];
    let refused = desk.post("give-time-yes", "", &much).await;
    assert!(!refused.html.contains("too old"), "no page offers that");
}
