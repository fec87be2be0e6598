//! The code that was sent to the address which was given at sign-in.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::address::{AddressCode, AddressGiven};
use usher_domain::sign_in::Step;

use super::cookies::Name;
use super::frame::Frame;
use super::page::{Answer, Asked, Page, Typed, redirect};
use super::spans::{mail_waiting, seconds_until};
use super::step::{self, Stands};

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    said: Option<Said>,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// Another code is on its way.
    Sent,
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    code: String,
}

#[derive(Template)]
#[template(path = "page/code.html")]
pub(super) struct CodePage<'a> {
    pub(super) frame: &'a Frame,
    /// Where the code was sent.
    pub(super) address: &'a str,
    /// Seconds until another one can be sent.
    pub(super) wait: u64,
    pub(super) notice: String,
    pub(super) wrong: String,
}

/// `GET /usher/code`.
pub(super) async fn show(page: Page, Asked(query): Asked<Query>) -> Answer {
    let notice = query
        .said
        .map(|Said::Sent| page.frame.t("web-code-sent-again"));
    ask(page, notice.unwrap_or_default(), String::new()).await
}

/// `POST /usher/code`.
pub(super) async fn submit(page: Page, Typed(typed): Typed<Form>) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(step::over(page).await);
    };
    let accounts = page.services.accounts.clone();
    let answered = accounts
        .prove_address(&cookie, &typed.code, &page.visitor)
        .await?;
    let wrong = match answered {
        AddressCode::Proven(moved) => return Ok(step::go_on(page, moved).await),
        AddressCode::Gone => return Ok(step::over(page).await),
        AddressCode::Wrong { tries_left } => wrong_code(&page.frame, tries_left),
        AddressCode::NotACode => page.frame.t("web-code-not-a-code"),
        AddressCode::Dead => page.frame.t("web-code-dead"),
        // Back at the question for an address: this one belongs to somebody else.
        AddressCode::Taken => return Ok(page.go("email?said=taken")),
    };
    ask(page, String::new(), wrong).await
}

/// `GET /usher/code-again` and `/usher/code-mistaken`: somebody came back to them.
pub(super) async fn back() -> Response {
    redirect("code")
}

/// `POST /usher/code-again`: sends another code.
pub(super) async fn again(page: Page) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(step::over(page).await);
    };
    let accounts = page.services.accounts.clone();
    let sent = accounts.resend_address_code(&cookie, &page.visitor).await?;
    let wrong = match sent {
        AddressGiven::Sent => return Ok(page.go("code?said=sent")),
        AddressGiven::Gone => return Ok(step::over(page).await),
        AddressGiven::Wait(span) => mail_waiting(&page.frame, span),
        // It was usable when it was given: somebody has that name since then.
        AddressGiven::NotAnAddress | AddressGiven::Unusable => page.frame.t("web-email-unusable"),
    };
    ask(page, String::new(), wrong).await
}

/// `POST /usher/code-mistaken`: back to the question for an address.
pub(super) async fn mistaken(page: Page) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(step::over(page).await);
    };
    let accounts = page.services.accounts.clone();
    let moved = accounts.mistake_address(&cookie).await?;
    Ok(step::go_on(page, moved).await)
}

async fn ask(page: Page, notice: String, wrong: String) -> Answer {
    let view = match step::stands(&page, Step::VerifyEmail).await? {
        Stands::Here(view) => view,
        Stands::Elsewhere(there) => return Ok(page.go(&there)),
    };
    let now = page.services.accounts.now();
    let frame = page.frame.clone();
    Ok(page.show(&CodePage {
        frame: &frame,
        address: view.address.as_deref().unwrap_or_default(),
        wait: seconds_until(view.resend_from, now),
        notice,
        wrong,
    }))
}

/// "That is not the code. 4 tries are left."
pub(super) fn wrong_code(frame: &Frame, tries_left: i64) -> String {
    if tries_left > 0 {
        frame.count("web-code-wrong", "left", tries_left)
    } else {
        frame.t("web-code-dead")
    }
}
