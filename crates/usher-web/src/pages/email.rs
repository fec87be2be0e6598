//! Asking for an e-mail address at sign-in.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::address::AddressGiven;
use usher_domain::sign_in::{AddressOwed, Step};

use super::cookies::Name;
use super::frame::Frame;
use super::page::{Answer, Asked, Page, Typed, redirect};
use super::spans::mail_waiting;
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
    /// The address is another account's: its mail was read here, so this may be told (R27).
    Taken,
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    email: String,
}

#[derive(Template)]
#[template(path = "page/email.html")]
pub(super) struct EmailPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) email: &'a str,
    pub(super) may_skip: bool,
    pub(super) wrong: String,
}

/// `GET /usher/email`.
pub(super) async fn show(page: Page, Asked(query): Asked<Query>) -> Answer {
    let wrong = query
        .said
        .map(|Said::Taken| page.frame.t("web-email-taken"));
    ask(page, "", wrong.unwrap_or_default()).await
}

/// `POST /usher/email`.
pub(super) async fn submit(page: Page, Typed(typed): Typed<Form>) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(step::over(page).await);
    };
    let accounts = page.services.accounts.clone();
    let given = accounts
        .give_address(&cookie, &typed.email, &page.visitor)
        .await?;
    let wrong = match given {
        AddressGiven::Sent => return Ok(page.go("code")),
        AddressGiven::Gone => return Ok(step::over(page).await),
        AddressGiven::NotAnAddress => page.frame.t("web-email-not-an-address"),
        AddressGiven::Unusable => page.frame.t("web-email-unusable"),
        AddressGiven::Wait(span) => mail_waiting(&page.frame, span),
    };
    ask(page, &typed.email, wrong).await
}

/// `GET /usher/email-skip`: somebody came back to it.
pub(super) async fn back() -> Response {
    redirect("email")
}

/// `POST /usher/email-skip`.
pub(super) async fn skip(page: Page) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(step::over(page).await);
    };
    let accounts = page.services.accounts.clone();
    let moved = accounts.skip_address(&cookie, &page.visitor).await?;
    Ok(step::go_on(page, moved).await)
}

async fn ask(page: Page, email: &str, wrong: String) -> Answer {
    let view = match step::stands(&page, Step::Email).await? {
        Stands::Here(view) => view,
        Stands::Elsewhere(there) => return Ok(page.go(&there)),
    };
    let frame = page.frame.clone();
    Ok(page.show(&EmailPage {
        frame: &frame,
        email,
        may_skip: view.owed.address == AddressOwed::MaySkip,
        wrong,
    }))
}
