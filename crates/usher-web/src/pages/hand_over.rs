//! The end of a way in: this browser is signed in at Usher by a cookie, and the web client takes Jellyfin's token over.
use askama::Template;
use axum::response::Response;
use usher_accounts::sign_in::SignedIn;
use usher_domain::secret::SecretText;

use super::cookies::Name;
use super::frame::Frame;
use super::page::Page;
use super::signed_in::own_end;

/// What opens after the hand-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The page that was asked for: the web client's, or one of ours.
    Client,
    /// A page of ours.
    Page(&'static str),
}

#[derive(Template)]
#[template(path = "page/hand_over.html")]
pub(super) struct HandOverPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) token: &'a SecretText,
    pub(super) user_id: String,
    pub(super) server_id: &'a str,
    pub(super) device_id: &'a str,
    pub(super) next: &'a str,
    pub(super) page: &'a str,
    /// The colors that a profile has chosen; empty for none.
    pub(super) theme: &'a str,
}

/// Signs this browser in: every cookie of a way in goes, the session's comes. Whoever was signed in here before is not any more;
/// should the database fail at that very moment, the owner of that account still finds the place in the list.
pub(super) async fn hand_over(mut page: Page, signed_in: &SignedIn, then: Then) -> Response {
    if let Some(former) = page.cookies.token(Name::Session) {
        let accounts = &page.services.accounts;
        let ended = accounts.end_former_session(&former, &signed_in.cookie, &page.visitor);
        if let Err(error) = ended.await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(
                error,
                "What a browser was signed in by before could not be ended"
            );
        }
    }
    for done in [Name::Attempt, Name::Reset, Name::ResetProof] {
        page.clear(done);
    }
    page.keep(Name::Session, &signed_in.cookie);
    if let Some(trusted) = &signed_in.trusted {
        page.keep(Name::Trust, trusted);
    }
    let frame = page.frame.clone();
    page.show(&HandOverPage {
        frame: &frame,
        token: &signed_in.token,
        user_id: signed_in.user.to_string(),
        server_id: &signed_in.server_id,
        device_id: &signed_in.device_id,
        next: &signed_in.next,
        page: match then {
            // One of ours, where the way in began at one.
            Then::Client => own_end(&signed_in.next).unwrap_or_default(),
            Then::Page(page) => page,
        },
        theme: signed_in.theme.as_deref().unwrap_or_default(),
    })
}
