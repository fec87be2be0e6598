//! "This was not me", by the link in the mail of a new sign-in (R39). Opening the page changes nothing (R13); its one button
//! ends everything of the account and starts a reset.
use axum::response::Response;
use usher_accounts::Disowned;

use super::link::{self, Form, Landing};
use super::page::{Answer, Page, Typed};

/// `GET /usher/not-me`.
pub(super) async fn show(page: Page) -> Response {
    link::landing(page, Landing::NotMe, "")
}

/// `POST /usher/not-me`.
pub(super) async fn submit(page: Page, Typed(typed): Typed<Form>) -> Answer {
    let accounts = page.services.accounts.clone();
    let became = match link::secret(&typed.link) {
        Some(link) => accounts.disown_sign_in(&link, &page.visitor).await?,
        None => Disowned::Spent,
    };
    Ok(match became {
        Disowned::Mailed => page.go("sign-in?said=disowned"),
        Disowned::Ended => page.go("sign-in?said=disowned_unmailed"),
        Disowned::Spent => link::spent(page, Landing::NotMe),
    })
}
