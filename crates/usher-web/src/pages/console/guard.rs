//! The one guard of the console: an administrator, who proved lately who sits there. To change something the proof must be
//! fresh (R38). Whose proof ran out while a form was filled in is told, back at its page, that nothing of it was saved.
use askama::Template;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use usher_accounts::admin::{Admin, ConsoleDoor};
use usher_domain::account::Account;

use crate::pages::Services;
use crate::pages::account::prove;
use crate::pages::frame::Frame;
use crate::pages::page::{Fault, Page};
use crate::pages::signed_in::SignedIn;

/// An administrator in the console.
pub(in crate::pages) struct Console {
    pub(in crate::pages) page: Page,
    pub(in crate::pages) admin: Admin,
    /// The administrator's own account.
    pub(in crate::pages) own: Account,
}

#[derive(Template)]
#[template(path = "console/closed.html")]
pub(in crate::pages) struct ClosedPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
}

impl FromRequestParts<Services> for Console {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Response> {
        let SignedIn {
            page,
            session,
            account: own,
        } = SignedIn::from_request_parts(parts, services).await?;
        let accounts = &services.accounts;
        let door = accounts.admin(&session).await;
        match door.map_err(|error| Fault::from(error).into_response())? {
            ConsoleDoor::Open(admin) if !page.sends || accounts.is_fresh(&session) => {
                Ok(Self { page, admin, own })
            }
            ConsoleDoor::Open(_) | ConsoleDoor::StepUp => {
                let here = &page.frame.here;
                let to = if page.was_sent() {
                    prove::after_form(here)
                } else {
                    prove::for_console(here)
                };
                Err(page.go(&to))
            }
            ConsoleDoor::Closed => {
                let frame = page.frame.clone();
                Err(page.show(&ClosedPage { frame: &frame }))
            }
        }
    }
}
