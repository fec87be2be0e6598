//! The factor that a reset asks for, where a stronger one than mail is enrolled (R16).
use askama::Template;
use serde::Deserialize;
use usher_accounts::reset::{ResetAsks, ResetFactor};

use super::cookies::Name;
use super::forgot::Towards;
use super::frame::Frame;
use super::page::{Answer, Asked, Page, Typed};
use super::reset::dead;

/// The form of what is typed: the code of an authenticator app, or a recovery code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    code: String,
}

#[derive(Template)]
#[template(path = "page/reset_factor.html")]
pub(super) struct ResetFactorPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) name: &'a str,
    pub(super) asks: ResetAsks,
    /// The query that keeps the page that was asked for.
    pub(super) query: String,
    pub(super) wrong: &'static str,
}

impl ResetFactorPage<'_> {
    /// The key of what can be typed; empty where nothing can.
    const fn typed(&self) -> &'static str {
        match (self.asks.totp, self.asks.recovery) {
            (true, true) => "web-reset-factor",
            (true, false) => "factor-totp-code",
            (false, true) => "factor-recovery-code",
            (false, false) => "",
        }
    }
}

/// `GET /usher/reset-factor`.
pub(super) async fn show(page: Page, Asked(towards): Asked<Towards>) -> Answer {
    ask(page, &towards, "").await
}

/// `POST /usher/reset-factor`.
pub(super) async fn submit(
    page: Page,
    Asked(towards): Asked<Towards>,
    Typed(typed): Typed<Form>,
) -> Answer {
    let Some(proof) = page.cookies.token(Name::ResetProof) else {
        return Ok(dead(page, &towards));
    };
    let accounts = page.services.accounts.clone();
    let shown = accounts
        .show_reset_factor(&proof, &typed.code, &page.visitor)
        .await?;
    let wrong = match shown {
        ResetFactor::Right => return Ok(page.go(&towards.by("new-password"))),
        ResetFactor::Dead => return Ok(dead(page, &towards)),
        ResetFactor::Wrong => "web-factor-wrong",
        ResetFactor::NotACode | ResetFactor::Late => "web-reset-factor-not-a-code",
        ResetFactor::Wait(_same_for_all) => "web-too-many",
        ResetFactor::Closed => "account-prove-closed",
    };
    ask(page, &towards, wrong).await
}

async fn ask(page: Page, towards: &Towards, wrong: &'static str) -> Answer {
    let Some(proof) = page.cookies.token(Name::ResetProof) else {
        return Ok(page.go(&towards.by("forgot")));
    };
    let accounts = page.services.accounts.clone();
    let Some(view) = accounts.look_at_reset(&proof).await? else {
        return Ok(dead(page, towards));
    };
    let Some(asks) = view.asks else {
        return Ok(page.go(&towards.by("new-password")));
    };
    let frame = page.frame.clone();
    Ok(page.show(&ResetFactorPage {
        frame: &frame,
        name: &view.name,
        asks,
        query: towards.by(""),
        wrong,
    }))
}
