//! A new password after a reset: the page that the mail's link leads to, and the choice itself. It signs nobody in (R16).
use axum::response::Response;
use usher_accounts::reset::NewPassword;
use usher_domain::secret::OpaqueToken;

use super::cookies::Name;
use super::forgot::{ToldPage, Towards, elsewhere};
use super::link::{self, Form, Landing};
use super::page::{Answer, Asked, Page, Typed};
use super::set_up::{ChoosePage, Chosen, broken};

/// `GET /usher/reset`.
pub(super) async fn arrive(page: Page) -> Response {
    link::landing(page, Landing::Reset, "")
}

/// `POST /usher/reset`: from here on the link's secret is in a cookie, out of sight. Nothing is used up yet.
pub(super) async fn open(mut page: Page, Typed(typed): Typed<Form>) -> Answer {
    let Some(proof) = link::secret(&typed.link) else {
        return Ok(link::spent(page, Landing::Reset));
    };
    let accounts = page.services.accounts.clone();
    Ok(match accounts.look_at_reset(&proof).await? {
        Some(_view) => {
            page.keep(Name::ResetProof, &proof);
            page.go("new-password")
        }
        None => link::spent(page, Landing::Reset),
    })
}

/// `GET /usher/new-password`.
pub(super) async fn show(page: Page, Asked(towards): Asked<Towards>) -> Answer {
    match page.cookies.token(Name::ResetProof) {
        Some(proof) => choose(page, &proof, &towards, "").await,
        None => Ok(page.go(&towards.by("forgot"))),
    }
}

/// `POST /usher/new-password`.
pub(super) async fn submit(
    mut page: Page,
    Asked(towards): Asked<Towards>,
    Typed(typed): Typed<Chosen>,
) -> Answer {
    let Some(proof) = page.cookies.token(Name::ResetProof) else {
        return Ok(dead(page, &towards));
    };
    let accounts = page.services.accounts.clone();
    let view = accounts.look_at_reset(&proof).await?;
    if view.is_some_and(|view| typed.is_meant_for_other(&view.name)) {
        return choose(page, &proof, &towards, "web-password-other").await;
    }
    let set = accounts
        .choose_new_password(&proof, &typed.password, &page.visitor)
        .await?;
    match set {
        NewPassword::Set => {
            for over in [Name::Reset, Name::ResetProof, Name::Attempt] {
                page.clear(over);
            }
            Ok(page.go(&towards.end()))
        }
        NewPassword::Refused(rule) => choose(page, &proof, &towards, broken(rule)).await,
        NewPassword::Busy => choose(page, &proof, &towards, "web-password-busy").await,
        NewPassword::FactorFirst => Ok(page.go(&towards.by("reset-factor"))),
        NewPassword::Dead => Ok(dead(page, &towards)),
        NewPassword::Elsewhere(text) => {
            page.clear(Name::ResetProof);
            let frame = page.frame.clone();
            Ok(page.show(&ToldPage {
                frame: &frame,
                title: "web-elsewhere-title",
                body: elsewhere(&frame, text),
            }))
        }
    }
}

async fn choose(page: Page, proof: &OpaqueToken, towards: &Towards, wrong: &'static str) -> Answer {
    let accounts = page.services.accounts.clone();
    let Some(view) = accounts.look_at_reset(proof).await? else {
        return Ok(dead(page, towards));
    };
    if view.asks.is_some() {
        return Ok(page.go(&towards.by("reset-factor")));
    }
    let frame = page.frame.clone();
    Ok(page.show(&ChoosePage {
        frame: &frame,
        name: &view.name,
        action: &towards.by("new-password"),
        title: "web-new-password-title",
        body: "web-new-password-body",
        steps: 0,
        wrong,
    }))
}

/// The proof is used or too old: it is asked for anew.
pub(super) fn dead(mut page: Page, towards: &Towards) -> Response {
    page.clear(Name::ResetProof);
    page.go(&towards.anew())
}
