//! "Forgot password?": asked for by name or address, and proven by the code of the mail.
//!
//! Invariant: what is shown is the same whatever was typed, and whether or not a mail left (R27, R29).
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::reset::{ResetAsked, ResetCode};

use super::code::wrong_code;
use super::cookies::Name;
use super::frame::Frame;
use super::page::{Answer, Asked, Page, Typed, with_query};
use super::spans::mail_waiting;
use super::{return_path, sign_in};

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    said: Option<Said>,
    /// The page of the web client that was asked for: whoever goes back signs in from there.
    next: String,
}

/// What the later pages of a reset are asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Towards {
    next: String,
}

impl Towards {
    /// A page on the way, which keeps the page that was asked for.
    pub(super) fn by(&self, page: &str) -> String {
        format!("{page}{}", return_path::query(&self.next))
    }

    /// The question for a name, where it is told that the way through was over.
    pub(super) fn anew(&self) -> String {
        let next = return_path::parse(&self.next);
        with_query("forgot", &[("said", "dead"), ("next", &next)])
    }

    /// The form of sign-in, where it is told that there is a new password.
    pub(super) fn end(&self) -> String {
        sign_in::reset_at(&self.next)
    }
}

/// The ways on from here.
pub(super) struct Ways {
    /// The query that keeps the page that was asked for.
    pub(super) query: String,
    /// The form of sign-in.
    pub(super) back: String,
}

impl Ways {
    pub(super) fn towards(next: &str) -> Self {
        Self {
            query: return_path::query(next),
            back: sign_in::form_at(next),
        }
    }
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// The link or code is used, or too old.
    Dead,
}

/// The form of the question.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    name: String,
}

/// The form of the code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Code {
    code: String,
}

#[derive(Template)]
#[template(path = "page/forgot.html")]
pub(super) struct ForgotPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) ways: Ways,
    /// Whether a mail resets passwords here; else the person who runs the server is asked.
    pub(super) by_mail: bool,
    pub(super) name: &'a str,
    pub(super) notice: String,
    pub(super) wrong: String,
}

#[derive(Template)]
#[template(path = "page/reset_code.html")]
pub(super) struct ResetCodePage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) ways: Ways,
    pub(super) wrong: String,
}

/// A page without a question: what is so, and a way back.
#[derive(Template)]
#[template(path = "page/told.html")]
pub(super) struct ToldPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) title: &'static str,
    pub(super) body: String,
}

/// `GET /usher/forgot`.
pub(super) async fn show(page: Page, Asked(query): Asked<Query>) -> Answer {
    let notice = query
        .said
        .map(|Said::Dead| page.frame.t("web-said-reset-dead"));
    let notice = notice.unwrap_or_default();
    let ways = Ways::towards(&query.next);
    ask(page, ways, "", (notice, String::new())).await
}

/// `POST /usher/forgot`.
pub(super) async fn submit(
    mut page: Page,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<Question>,
) -> Answer {
    let ways = Ways::towards(&query.next);
    let flow = page.cookies.token(Name::Reset);
    let accounts = page.services.accounts.clone();
    let language = page.frame.tongue.code();
    let asked = accounts
        .ask_reset(&typed.name, flow.as_ref(), language, &page.visitor)
        .await?;
    Ok(match asked {
        ResetAsked::Noted(flow) => {
            page.keep(Name::Reset, &flow);
            page.go(&format!("reset-code{}", ways.query))
        }
        ResetAsked::Wait(span) => {
            let wrong = mail_waiting(&page.frame, span);
            return ask(page, ways, &typed.name, (String::new(), wrong)).await;
        }
        ResetAsked::Off => {
            let frame = page.frame.clone();
            page.show(&ToldPage {
                frame: &frame,
                title: "web-forgot-off-title",
                body: frame.t("web-forgot-off-body"),
            })
        }
    })
}

/// `GET /usher/reset-code`.
pub(super) async fn show_code(page: Page, Asked(towards): Asked<Towards>) -> Response {
    let ways = Ways::towards(&towards.next);
    if page.cookies.token(Name::Reset).is_none() {
        return page.go(&format!("forgot{}", ways.query));
    }
    ask_code(page, ways, String::new())
}

/// `POST /usher/reset-code`.
pub(super) async fn submit_code(
    mut page: Page,
    Asked(towards): Asked<Towards>,
    Typed(typed): Typed<Code>,
) -> Answer {
    let Some(flow) = page.cookies.token(Name::Reset) else {
        return Ok(page.go(&towards.anew()));
    };
    let accounts = page.services.accounts.clone();
    let answered = accounts
        .answer_reset_code(&flow, &typed.code, &page.visitor)
        .await?;
    let wrong = match answered {
        ResetCode::Right(proof) => {
            page.clear(Name::Reset);
            page.keep(Name::ResetProof, &proof);
            return Ok(page.go(&towards.by("new-password")));
        }
        ResetCode::Wrong { tries_left } => wrong_code(&page.frame, tries_left),
        ResetCode::NotACode => page.frame.t("web-code-not-a-code"),
        ResetCode::Dead => page.frame.t("web-code-dead"),
        ResetCode::OnlyLinks => page.frame.t("web-reset-code-only-links"),
        ResetCode::Wait(_same_for_all) => page.frame.t("web-too-many"),
    };
    Ok(ask_code(page, Ways::towards(&towards.next), wrong))
}

/// Where to go with a password that lives elsewhere, in the administrator's own words; a general sentence stands in for them.
pub(super) fn elsewhere(frame: &Frame, words: String) -> String {
    if words.trim().is_empty() {
        frame.t("web-elsewhere-body")
    } else {
        words
    }
}

async fn ask(page: Page, ways: Ways, name: &str, (notice, wrong): (String, String)) -> Answer {
    let frame = page.frame.clone();
    let by_mail = page.services.accounts.settings().await?.recovery.by_mail;
    Ok(page.show(&ForgotPage {
        frame: &frame,
        ways,
        by_mail,
        name,
        notice,
        wrong,
    }))
}

fn ask_code(page: Page, ways: Ways, wrong: String) -> Response {
    let frame = page.frame.clone();
    page.show(&ResetCodePage {
        frame: &frame,
        ways,
        wrong,
    })
}
