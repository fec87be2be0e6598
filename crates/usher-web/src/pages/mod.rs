//! Usher's own pages, below `/usher/`.
//!
//! So far: signing in with a password, and handing the session over to the web client. Jellyfin judges the password; the
//! steps that Usher adds come with the accounts.
//! Invariant: links are relative, so that pages work below any base URL; so every page stands directly below `/usher/`.
//! Invariant: pages answer 200, whatever they have to say: the apps that show them throw people out at anything else.
mod assets;
mod frame;
mod guard;
mod return_path;
mod sign_in;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::get;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;
use usher_accounts::gatekeeper::Gatekeeper;
use usher_proxy::body::{self, Body};
use usher_proxy::rules::Visit;

/// Largest form, in bytes (R76).
const FORM_MAX: usize = 64 * 1024;

/// What the pages work with.
#[derive(Clone)]
pub(crate) struct Services {
    /// Asks Jellyfin.
    pub(crate) keeper: Arc<Gatekeeper>,
}

/// Every page, script and style sheet. Requests carry their [`Visit`] as an extension.
pub(crate) fn router(services: Services) -> Router {
    Router::new()
        .route("/usher/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/usher/inject.js", get(assets::script))
        .route("/usher/static/{print}/{name}", get(assets::show))
        .layer(from_fn(guard::own_forms_only))
        .layer(from_fn(guard::tell_browsers))
        .layer(DefaultBodyLimit::max(FORM_MAX))
        .with_state(services)
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
        Ok(response) if response.status() == StatusCode::NOT_FOUND => {
            body::text(StatusCode::NOT_FOUND, "Not found.")
        }
        Ok(response) => response.map(|body| body.map_err(Into::into).boxed_unsync()),
        Err(never) => match never {},
    }
}
