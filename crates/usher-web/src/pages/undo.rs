//! Taking a change of address back, by the link in the mail that told of it (R40). Opening the page and looking at the link
//! change nothing (R13); the one button under what was found does.
use askama::Template;
use axum::response::Response;

use super::frame::Frame;
use super::link::{self, Form, Landing, secret};
use super::page::{Answer, Page, Typed, redirect};
use super::panel::Times;

/// What comes back, and instead of what.
#[derive(Template)]
#[template(path = "page/undo_show.html")]
pub(super) struct UndoPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) link: &'a str,
    pub(super) name: &'a str,
    /// The address that comes back, masked.
    pub(super) address: &'a str,
    /// The present one, masked.
    pub(super) instead_of: Option<String>,
    /// Until when it can be done.
    pub(super) until: String,
}

/// `GET /usher/undo`: where the link of a mail leads.
pub(super) async fn arrive(page: Page) -> Response {
    link::landing(page, Landing::Undo, "")
}

/// `POST /usher/undo`: shows what the link would do.
pub(super) async fn look(page: Page, Typed(typed): Typed<Form>) -> Answer {
    let Some(link) = secret(&typed.link) else {
        return Ok(link::spent(page, Landing::Undo));
    };
    let accounts = page.services.accounts.clone();
    let Some(view) = accounts.look_at_undo(&link).await? else {
        return Ok(link::spent(page, Landing::Undo));
    };
    let frame = page.frame.clone();
    let until = Times::of(&page).exact(&frame, view.until);
    Ok(page.show(&UndoPage {
        frame: &frame,
        link: link.reveal(),
        name: &view.name,
        address: &view.address,
        instead_of: view.instead_of,
        until,
    }))
}

/// `GET` of the form's address: somebody came back to it.
pub(super) async fn back() -> Response {
    redirect("undo")
}

/// `POST /usher/undo-yes`.
pub(super) async fn submit(page: Page, Typed(typed): Typed<Form>) -> Answer {
    let accounts = page.services.accounts.clone();
    let is_undone = match secret(&typed.link) {
        Some(link) => accounts.undo_address(&link, &page.visitor).await?,
        None => false,
    };
    Ok(if is_undone {
        page.go("sign-in?said=undone")
    } else {
        link::spent(page, Landing::Undo)
    })
}
