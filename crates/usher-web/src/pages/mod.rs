//! Usher's own pages, below `/usher/`.
//!
//! The way in (signing in, the first password, an address, a reset) stands here; `account` and `console` are what people
//! and administrators do afterwards.
//! Invariant: links are relative, so that pages work below any base URL; so every page stands directly below `/usher/`.
//! Invariant: pages answer 200, whatever they have to say: the apps that show them throw people out at anything else. Only
//! what no page of ours sends is refused with 400, and where no page stands is 404.
//! Invariant: GET shows and changes nothing (R13); POST acts, and ends at another page.
mod account;
mod approve;
mod assets;
mod carried;
mod code;
mod colors;
mod console;
mod cookies;
mod email;
mod enroll;
mod first_time;
mod forgot;
mod frame;
mod give_time;
mod guard;
mod hand_over;
mod link;
mod lost;
mod mailbox;
mod more_time;
mod not_me;
mod owner;
mod page;
mod panel;
mod passkey;
mod qr;
mod quick_connect;
mod recovery_codes;
mod reset;
mod reset_factor;
mod return_path;
mod second_factor;
mod set_up;
mod sign_in;
mod signed_in;
mod spans;
mod step;
mod undo;
mod watching;

#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use http::{HeaderMap, Request, Response};
use http_body_util::BodyExt;
use tower::ServiceExt;
use usher_accounts::Accounts;
use usher_accounts::mailer::Mailer;
use usher_domain::secret::OpaqueToken;
use usher_proxy::body::Body;
use usher_proxy::rules::Visit;
use usher_text::Tongue;

/// Largest form, in bytes (R76).
const FORM_MAX: usize = 64 * 1024;

/// What the pages work with.
#[derive(Clone)]
pub(crate) struct Services {
    /// The use cases.
    pub(crate) accounts: Accounts,
    /// How mail leaves.
    pub(crate) mailer: Arc<Mailer>,
    /// The address that people know, for what they are to pass on (R12).
    pub(crate) public_url: String,
    /// Shows the mailbox of the demo.
    pub(crate) show_mailbox: bool,
}

/// Every page, script and style sheet. Requests carry their [`Visit`] as an extension.
pub(crate) fn router(services: Services) -> Router {
    Router::new()
        .merge(way_in())
        .merge(recovery())
        .merge(second_step())
        .merge(passkeys())
        .merge(account::routes())
        .merge(approve::routes())
        .merge(more_time::routes())
        .merge(give_time::routes())
        .merge(quick_connect::routes())
        .merge(watching::routes())
        .merge(owner::routes())
        .merge(console::routes())
        .merge(letters(services.show_mailbox))
        .route("/usher/inject.js", get(assets::script))
        .route("/usher/colors", post(colors::show))
        .route("/usher/static/{print}/{name}", get(assets::show))
        .fallback(lost::find)
        .layer(from_fn(frame::choose_language))
        .layer(from_fn_with_state(services.clone(), page::show_faults))
        .layer(from_fn(carried::take))
        .layer(from_fn(guard::own_forms_only))
        .layer(from_fn(guard::tell_browsers))
        .layer(DefaultBodyLimit::max(FORM_MAX))
        .with_state(services)
}

fn way_in() -> Router<Services> {
    Router::new()
        .route("/usher/sign-in", get(sign_in::show).post(sign_in::submit))
        .route(
            "/usher/first-time",
            get(first_time::show).post(first_time::submit),
        )
        .route("/usher/set-up", get(set_up::arrive).post(set_up::open))
        .route(
            "/usher/set-password",
            get(set_up::show).post(set_up::submit),
        )
        .route("/usher/email", get(email::show).post(email::submit))
        .route("/usher/email-skip", get(email::back).post(email::skip))
        .route("/usher/code", get(code::show).post(code::submit))
        .route("/usher/code-again", get(code::back).post(code::again))
        .route("/usher/code-mistaken", get(code::back).post(code::mistaken))
}

/// The second step of a sign-in: shown, or set up.
fn second_step() -> Router<Services> {
    Router::new()
        .route(
            "/usher/second-factor",
            get(second_factor::show).post(second_factor::submit),
        )
        .route(
            "/usher/second-factor-send",
            get(second_factor::back).post(second_factor::send),
        )
        .route("/usher/enroll", get(enroll::show).post(enroll::submit))
        .route(
            "/usher/enroll-code",
            get(enroll::back).post(enroll::submit_code),
        )
        .route("/usher/enroll-skip", get(enroll::back).post(enroll::skip))
        .route(
            "/usher/recovery-codes",
            get(recovery_codes::show).post(recovery_codes::submit),
        )
        .route(
            "/usher/recovery-codes-new",
            get(recovery_codes::back).post(recovery_codes::remake),
        )
}

/// What the script of passkeys asks for, and the forms that it sends.
fn passkeys() -> Router<Services> {
    use passkey::{add, back, begin, enroll, prove, reset, show, sign_in};
    // Each form stands on another page.
    let back_to = |page: &'static str| get(move || async move { page::redirect(page) });
    Router::new()
        .route("/usher/passkey-begin", post(begin))
        .route("/usher/passkey-sign-in", get(back).post(sign_in))
        .route("/usher/passkey-show", back_to("second-factor").post(show))
        .route("/usher/passkey-enroll", back_to("enroll").post(enroll))
        .route("/usher/passkey-add", back_to("account-security").post(add))
        .route(
            "/usher/passkey-prove",
            get(account::prove::back).post(prove),
        )
        .route("/usher/passkey-reset", back_to("reset-factor").post(reset))
}

fn recovery() -> Router<Services> {
    Router::new()
        .route("/usher/forgot", get(forgot::show).post(forgot::submit))
        .route(
            "/usher/reset-code",
            get(forgot::show_code).post(forgot::submit_code),
        )
        .route("/usher/reset", get(reset::arrive).post(reset::open))
        .route("/usher/new-password", get(reset::show).post(reset::submit))
        .route(
            "/usher/reset-factor",
            get(reset_factor::show).post(reset_factor::submit),
        )
        .route("/usher/undo", get(undo::arrive).post(undo::look))
        .route("/usher/undo-yes", get(undo::back).post(undo::submit))
        .route("/usher/revoke", get(link::show_revoke).post(link::revoke))
        .route("/usher/not-me", get(not_me::show).post(not_me::submit))
}

/// The mailbox of a demo; nowhere else is there such a page.
fn letters(are_kept: bool) -> Router<Services> {
    if are_kept {
        Router::new()
            .route("/usher/mailbox", get(mailbox::show))
            .route("/usher/mailbox.json", get(mailbox::list))
    } else {
        Router::new()
    }
}

/// The language of a browser, on whatever request.
pub(crate) fn tongue(headers: &HeaderMap, visit: &Visit) -> Tongue {
    frame::tongue_of(&cookies::Cookies::new(headers, visit), headers)
}

/// The cookie of a browser that is signed in at Usher, on whatever request it came.
pub(crate) fn session_cookie(headers: &HeaderMap, visit: &Visit) -> Option<OpaqueToken> {
    cookies::Cookies::new(headers, visit).token(cookies::Name::Session)
}

/// Answers one request of the gateway's.
pub(crate) async fn answer(
    pages: &Router,
    visit: &Visit,
    mut request: Request<Body>,
) -> Response<Body> {
    request.extensions_mut().insert(visit.clone());
    let request = request.map(axum::body::Body::new);
    let answered: Result<_, Infallible> = pages.clone().oneshot(request).await;
    match answered {
        Ok(response) => response.map(|body| body.map_err(Into::into).boxed_unsync()),
        Err(never) => match never {},
    }
}
