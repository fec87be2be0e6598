//! The pages on which more screen time is asked for and given, with everything that they can show, in every language.
use askama::Template;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, ProfileId, RequestId};
use usher_domain::profile::limits::{DailyMinutes, Limits};
use usher_domain::profile::name::ProfileName;
use usher_domain::profile::preferences::Preferences;
use usher_domain::profile::screen_time::GIFTS;
use usher_domain::profile::{AgePreset, Profile, ProfileState};
use usher_store::TimeRequest;

use super::html::assert_sound;
use super::watching::at_profile;
use super::{Desk, NOON, frame};
use crate::pages::give_time::{GivePage, LinkPage, Said as Given};
use crate::pages::more_time::{AskPage, CodePage, Said, ToldPage};

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
            assert_whole(&CodePage {
                frame,
                code: "\"K7QM",
                wrong,
            });
        }
        for wrong in ["", "time-give-spent"] {
            assert_whole(&LinkPage {
                frame,
                link: "\"<secret>",
                wrong,
            });
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
            (Some("<left>".to_owned()), "time-ask-closed"),
            (Some("<left>".to_owned()), "time-asked-enough"),
            (Some("<left>".to_owned()), "time-asked-later"),
            (Some("<left>".to_owned()), "time-asked-body"),
            (Some("<left>".to_owned()), ""),
        ] {
            let page = AskPage {
                frame,
                body: "<Kids>".to_owned(),
                owner: "<Anna>",
                answer: left.clone().unwrap_or_default(),
                left,
                waits: needless == "time-asked-body",
                needless,
                code: "\"",
                who: "<1>".to_owned(),
            };
            assert_whole(&page);
            let html = page.render().unwrap();
            let asks = html.contains("more-time-ask");
            assert_eq!(asks, needless.is_empty(), "{needless}");
            let looks = html.contains(&frame.t("time-asked-look"));
            assert_eq!(looks, needless == "time-asked-body", "{needless}");
        }
        let asked = Said::ALL.map(Said::words).into_iter();
        for (name, title, body) in asked.chain(Given::ALL.map(Given::words)) {
            let body = frame.t(body);
            let page = ToldPage {
                frame,
                title,
                body,
                waits: name == "waits",
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
            let kept = shown.html.contains(&format!("value=\"{code}\""));
            assert_eq!(kept, !code.is_empty(), "{page}: {}", shown.html);
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
            let kept = answer.html.contains(&format!("value=\"{link}\""));
            assert!(kept, "{}", answer.html);
        }
    }
    let much = [("link", ""), ("give", "600")];
    let refused = desk.post("give-time-yes", "", &much).await;
    assert!(!refused.html.contains("too old"), "no page offers that");
}

/// A browser at the seat of a profile in this state, with an hour a day, that asked so often today and was refused.
async fn at_seat(desk: &Desk, state: ProfileState, wishes: u64) -> String {
    let cookie = at_profile(desk).await;
    let entropy = SeededEntropy::new(3);
    let account = AccountId::generate(NOON, &SeededEntropy::new(99));
    let profile = Profile {
        id: ProfileId::generate(NOON, &entropy),
        account,
        user: Some("0b5c7a1e8f7e4d239a578a3f2f1f0c11".parse().unwrap()),
        name: ProfileName::parse("Kids").unwrap(),
        picture: None,
        preset: AgePreset::Child,
        has_pin: false,
        order: 0,
        limits: Limits {
            screen_time: DailyMinutes::every_day(60),
            ..Limits::default()
        },
        preferences: Preferences::default(),
        state,
    };
    let tx = desk.store.begin().await.unwrap();
    tx.add_profile(&profile, NOON).await.unwrap();
    for _ in 0..wishes {
        let wish = TimeRequest {
            id: RequestId::generate(NOON, &entropy),
            account,
            profile: profile.id,
            asked: NOON,
            decided: None,
            granted: None,
        };
        assert!(tx.add_time_request(&wish).await.unwrap());
        let refused = tx.decide_time_request(account, wish.id, None, NOON);
        assert!(refused.await.unwrap());
    }
    tx.commit().await.unwrap();
    cookie
}

#[tokio::test]
async fn where_more_time_is_not_to_be_had_the_page_says_so_and_offers_no_form() {
    for (state, wishes, key, said) in [
        (ProfileState::Ready, 2, "", "asked"),
        (ProfileState::Ready, 3, "time-asked-enough", "enough"),
        (ProfileState::Off(NOON), 0, "time-ask-closed", "closed"),
    ] {
        let desk = Desk::open().await;
        let kids = at_seat(&desk, state, wishes).await;
        let shown = desk.get("more-time", &kids).await.html;
        let offers = shown.contains("action=\"more-time-ask\"");
        assert_eq!(offers, key.is_empty(), "{shown}");
        assert!(shown.contains(&frame("en").told(key)), "{key}: {shown}");
        // A page that was open before is told the same.
        let asked = desk.post("more-time-ask", &kids, &[("code", "")]).await;
        let told = format!("more-time-told?said={said}");
        assert_eq!(asked.location, told);
        let told = desk.get(&told, &kids).await.html;
        assert!(told.contains(&frame("en").told(key)), "{key}: {told}");
    }
}
