//! Recovery codes: shown once, in the answer that made them, to be kept.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_domain::second_factor::recovery::RecoveryCode;
use usher_domain::sign_in::Step;

use super::cookies::Name;
use super::frame::Frame;
use super::page::{Answer, Page, Typed, redirect};
use super::step::{self, Stands};

/// What comes after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The sign-in goes on once they are kept.
    SignIn,
    /// The page of one's own second factors.
    Account,
}

/// The form of who has kept them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    /// Ticked: "yes".
    #[serde(default)]
    kept: String,
}

#[derive(Template)]
#[template(path = "page/recovery_codes.html")]
pub(super) struct RecoveryCodesPage<'a> {
    pub(super) frame: &'a Frame,
    /// In groups of four. None: they were shown before.
    pub(super) codes: Vec<String>,
    pub(super) then: Then,
    pub(super) wrong: &'static str,
}

impl RecoveryCodesPage<'_> {
    /// All of it as a file that the browser keeps: the page itself holds it, so that it works without script.
    fn file(&self) -> String {
        let mut text = self.frame.t("factor-codes-file");
        text.push_str("\r\n\r\n");
        for code in &self.codes {
            text.push_str(code);
            text.push_str("\r\n");
        }
        let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        format!(
            "data:text/plain;charset=utf-8,{}",
            encoded.replace('+', "%20")
        )
    }
}

/// Shows codes that were made just now.
pub(super) fn hand_out(page: Page, codes: &[RecoveryCode], then: Then) -> Response {
    let codes = codes.iter().map(RecoveryCode::grouped).collect();
    tell(page, codes, then, "")
}

fn tell(page: Page, codes: Vec<String>, then: Then, wrong: &'static str) -> Response {
    let frame = page.frame.clone();
    page.show(&RecoveryCodesPage {
        frame: &frame,
        codes,
        then,
        wrong,
    })
}

/// `GET /usher/recovery-codes`: in a sign-in whose codes were shown before.
pub(super) async fn show(page: Page) -> Answer {
    again(page, "").await
}

/// `POST /usher/recovery-codes`: they are kept.
pub(super) async fn submit(page: Page, Typed(typed): Typed<Form>) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(step::over(page).await);
    };
    if typed.kept != "yes" {
        return again(page, "factor-codes-tick-missing").await;
    }
    let accounts = page.services.accounts.clone();
    let moved = accounts.keep_recovery_codes(&cookie, &page.visitor).await?;
    Ok(step::go_on(page, moved).await)
}

/// `GET /usher/recovery-codes-new`: somebody came back to it.
pub(super) async fn back() -> Response {
    redirect("recovery-codes")
}

/// `POST /usher/recovery-codes-new`: those that were shown are lost.
pub(super) async fn remake(page: Page) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(step::over(page).await);
    };
    let accounts = page.services.accounts.clone();
    match accounts.remake_recovery_codes(&cookie).await? {
        Some(codes) => Ok(hand_out(page, &codes, Then::SignIn)),
        None => again(page, "").await,
    }
}

async fn again(page: Page, wrong: &'static str) -> Answer {
    Ok(match step::stands(&page, Step::KeepRecoveryCodes).await? {
        Stands::Here(_) => tell(page, Vec::new(), Then::SignIn, wrong),
        Stands::Elsewhere(there) => page.go(&there),
    })
}
