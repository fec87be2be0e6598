//! The one guard of the console: an administrator, who proved lately who sits there. To change something the proof must be
//! fresh (R38). Whose proof ran out while a form was filled in is told, back at its page, that nothing of it was saved.
use askama::Template;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::Method;
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
        let was_refused = take_unsaved(parts);
        let SignedIn {
            mut page,
            session,
            account: own,
        } = SignedIn::from_request_parts(parts, services).await?;
        if was_refused {
            page.frame.notice = "console-unsaved";
        }
        let accounts = &services.accounts;
        let door = accounts.admin(&session).await;
        let changes = !matches!(parts.method, Method::GET | Method::HEAD);
        match door.map_err(|error| Fault::from(error).into_response())? {
            ConsoleDoor::Open(admin) if !changes || accounts.is_fresh(&session) => {
                Ok(Self { page, admin, own })
            }
            ConsoleDoor::Open(_) | ConsoleDoor::StepUp => {
                let here = &page.frame.here;
                let to = if changes {
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

/// Whether a form was refused before the proof that led here. It stands in the address of every page alike, and is taken
/// out of it: a page knows only what it is asked for itself.
fn take_unsaved(parts: &mut Parts) -> bool {
    let Some((page, query)) = parts.uri.path_and_query().and_then(|asked| {
        let query = asked.query()?.to_owned();
        Some((asked.path().to_owned(), query))
    }) else {
        return false;
    };
    let Some(rest) = query.strip_suffix(prove::UNSAVED) else {
        return false;
    };
    let rest = rest.strip_suffix('&').unwrap_or(rest);
    let asked = if rest.is_empty() {
        page
    } else {
        format!("{page}?{rest}")
    };
    match asked.parse() {
        Ok(uri) => parts.uri = uri,
        Err(_not_an_address) => return false,
    }
    true
}
