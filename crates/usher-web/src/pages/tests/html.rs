//! Each page of the way in with one value of everything that it can show, in every language.
use askama::Template;
use usher_domain::password::PasswordError;
use usher_domain::secret::SecretText;

use super::frame;
use crate::pages::code::{CodePage, wrong_code};
use crate::pages::email::EmailPage;
use crate::pages::first_time::FirstTimePage;
use crate::pages::forgot::{ForgotPage, ResetCodePage, ToldPage, Ways};
use crate::pages::frame::Frame;
use crate::pages::hand_over::HandOverPage;
use crate::pages::link::{Landing, LinkPage};
use crate::pages::set_up::{ChoosePage, broken};
use crate::pages::sign_in::{Said, SignInPage};
use crate::pages::undo::UndoPage;

/// A page keeps what holds for all of them: one heading, a name for every field, nothing inline, no unknown text.
pub(in crate::pages) fn assert_sound(template: &impl Template) {
    let html = template.render().unwrap();
    assert_eq!(html.matches("<h1").count(), 1, "{html}");
    for inline in [
        "<style",
        " style=",
        " onclick=",
        " onsubmit=",
        "javascript:",
    ] {
        assert!(!html.contains(inline), "{inline}: {html}");
    }
    for script in html.split("<script").skip(1) {
        assert!(
            script.starts_with(" type=\"module\" src=\"static/"),
            "{html}"
        );
    }
    for raw in [
        "<Cinema>",
        ">web-",
        "\"web-",
        ">account-",
        ">console-",
        ">factor-",
        "=\"factor-",
        "{ $",
    ] {
        assert!(!html.contains(raw), "{raw}: {html}");
    }
    for kind in ["<input", "<select", "<textarea"] {
        for field in html.split(kind).skip(1) {
            assert_named(field.split('>').next().unwrap(), &html);
        }
    }
    let ids: Vec<&str> = values(&html, " id=\"").collect();
    for (at, id) in ids.iter().enumerate() {
        assert!(!ids[at + 1..].contains(id), "{id} stands twice: {html}");
    }
    for told in values(&html, " aria-describedby=\"").flat_map(str::split_whitespace) {
        assert!(ids.contains(&told), "{told} is not there: {html}");
    }
}

/// A field has a label, or stands inside of one, or is not seen at all.
fn assert_named(field: &str, html: &str) {
    if field.contains("type=\"hidden\"") || field.contains("aria-label=\"") {
        return;
    }
    let id = values(field, " id=\"").next();
    let labelled = id.is_some_and(|id| html.contains(&format!("<label for=\"{id}\"")));
    let inside = html.split("<label").skip(1).any(|label| {
        label
            .split("</label>")
            .next()
            .is_some_and(|label| label.contains(field))
    });
    assert!(labelled || inside, "{field} has no label: {html}");
}

fn values<'a>(html: &'a str, name: &'static str) -> impl Iterator<Item = &'a str> {
    html.split(name)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
}

/// Looks at pages in every language that there is.
pub(super) fn in_every_language(check: impl Fn(&Frame)) {
    for language in ["en", "de"] {
        check(&frame(language));
    }
}

#[test]
fn the_sign_in_page_is_sound_whatever_was_said_before() {
    in_every_language(|frame| {
        for said in Said::ALL.map(Some).into_iter().chain([None]) {
            for wrong in [
                "",
                "web-sign-in-wrong",
                "web-sign-in-unavailable",
                "web-too-many",
                "web-busy",
            ] {
                assert_sound(&SignInPage {
                    frame,
                    name: "m\"ia",
                    action: "sign-in?other=yes&next=%2Fdetails".to_owned(),
                    query: "?next=%2Fdetails".to_owned(),
                    said,
                    wrong,
                    has_passkeys: wrong.is_empty(),
                });
            }
        }
    });
}

#[test]
fn the_page_for_a_set_up_code_is_sound() {
    in_every_language(|frame| {
        for wrong in ["", "web-first-time-wrong"] {
            assert_sound(&FirstTimePage {
                frame,
                name: "",
                query: String::new(),
                back: "sign-in?other=yes".to_owned(),
                wrong,
            });
        }
    });
}

#[test]
fn r13_the_pages_of_mailed_links_have_a_form_to_press_and_a_field_to_paste_into() {
    in_every_language(|frame| {
        for landing in Landing::ALL {
            let page = LinkPage {
                frame,
                landing,
                wrong: "web-undo-spent",
            };
            assert_sound(&page);
            let html = page.render().unwrap();
            assert!(html.contains("<form class=\"card-form\" method=\"post\""));
            assert!(html.contains("name=\"link\""));
            assert_eq!(html.contains("name=\"device\""), landing.needs_device());
        }
    });
}

#[test]
fn what_an_undo_link_brings_back_is_shown_above_its_button() {
    in_every_language(|frame| {
        for instead_of in [Some("t…@example.net".to_owned()), None] {
            let page = UndoPage {
                frame,
                link: "l\"ink",
                name: "m\"ia <b>",
                address: "m…@example.org",
                instead_of: instead_of.clone(),
                until: "2 December".to_owned(),
            };
            assert_sound(&page);
            let html = page.render().unwrap();
            let instead_of = instead_of.unwrap_or_else(|| frame.t("web-undo-instead-none"));
            for shown in ["m…@example.org", instead_of.as_str(), "action=\"undo-yes\""] {
                assert!(html.contains(shown), "{shown}: {html}");
            }
        }
    });
}

#[test]
fn a_password_is_chosen_with_the_rules_said_before_and_each_broken_rule_named() {
    let rules = [
        PasswordError::TooShort,
        PasswordError::TooLong,
        PasswordError::BlankEnd,
        PasswordError::LooksLikeCode,
        PasswordError::Common,
    ];
    in_every_language(|frame| {
        for wrong in rules
            .map(broken)
            .into_iter()
            .chain(["", "web-password-busy"])
        {
            for (action, steps) in [
                ("set-password", 3),
                ("set-password", 0),
                ("new-password", 0),
            ] {
                let page = ChoosePage {
                    frame,
                    name: "mia",
                    action,
                    title: "web-set-password-title",
                    body: "web-set-password-body",
                    steps,
                    wrong,
                };
                assert_sound(&page);
                let html = page.render().unwrap();
                assert!(html.contains(&frame.t("web-password-rules")), "{html}");
                assert_eq!(html.contains("class=\"steps\""), steps > 0, "{html}");
            }
        }
    });
}

#[test]
fn an_address_is_asked_for_and_can_be_skipped_only_where_it_may_be() {
    in_every_language(|frame| {
        for may_skip in [true, false] {
            let page = EmailPage {
                frame,
                email: "mia@\"example",
                may_skip,
                wrong: frame.t("web-email-not-an-address"),
            };
            assert_sound(&page);
            let html = page.render().unwrap();
            assert_eq!(html.contains("email-skip"), may_skip, "{html}");
        }
    });
}

#[test]
fn the_page_of_a_mailed_code_says_how_many_tries_are_left_and_when_another_can_be_sent() {
    in_every_language(|frame| {
        for (wait, left) in [(0, 4), (42, 1), (60, 0)] {
            let page = CodePage {
                frame,
                address: "mia@example.org",
                wait,
                notice: frame.t("web-code-sent-again"),
                wrong: wrong_code(frame, left),
            };
            assert_sound(&page);
            let html = page.render().unwrap();
            assert_eq!(html.contains("data-wait"), wait > 0, "{html}");
            assert_eq!(html.contains("{n}"), wait > 0, "{html}");
        }
    });
    let english = frame("en");
    let told = [4, 1].map(|left| wrong_code(&english, left));
    assert_eq!(told[0], "That is not the code. 4 tries are left.");
    assert_eq!(told[1], "That is not the code. One try is left.");
}

#[test]
fn the_pages_of_a_forgotten_password_are_sound() {
    in_every_language(|frame| {
        for by_mail in [true, false] {
            assert_sound(&ForgotPage {
                frame,
                ways: Ways::towards("/details?id=1&x=2"),
                by_mail,
                name: "<mia>",
                notice: frame.t("web-said-reset-dead"),
                wrong: frame.with("web-mail-wait", "span", "1 minute"),
            });
        }
        assert_sound(&ResetCodePage {
            frame,
            ways: Ways::towards(""),
            wrong: frame.t("web-reset-code-only-links"),
        });
        for title in ["web-forgot-off-title", "web-elsewhere-title"] {
            assert_sound(&ToldPage {
                frame,
                title,
                body: "Ask <b>Tom</b>.".to_owned(),
            });
        }
    });
}

#[test]
fn the_hand_over_carries_what_the_web_client_keeps_and_escapes_all_of_it() {
    in_every_language(|frame| {
        let page = HandOverPage {
            frame,
            token: &SecretText::new("t0\"ken"),
            user_id: "0b5c7a1e8f7e4d239a578a3f2f1f0c11".to_owned(),
            server_id: "s",
            device_id: "d\"><script>",
            next: "/details?id=1&x=\"",
            page: "",
            theme: "\"<wmc>",
        };
        assert_sound(&page);
        let html = page.render().unwrap();
        assert!(
            !html.contains("t0\"ken") && !html.contains("x=\"\""),
            "{html}"
        );
    });
}
