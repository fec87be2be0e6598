//! The dangerous routes of administrators: who has a second factor shows it a moment before, in the same browser (design,
//! section 4).
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use usher_proxy::body::{self, Body};
use usher_proxy::routes::Route;
use usher_proxy::rules::{Caller, CallerKind, Visit};

use super::{Door, password, unavailable, users};
use crate::pages;

/// Told to the script in Jellyfin's web client, which leads to the page of the proof.
const STEP_UP: HeaderName = HeaderName::from_static("x-usher-step-up");

/// What a request to a dangerous route gets in Jellyfin's place; `None`: it goes on.
pub(super) async fn refuse(
    door: &Door,
    visit: &Visit,
    caller: &Caller,
    headers: &HeaderMap,
) -> Option<Response<Body>> {
    let is_person = matches!(caller.kind, CallerKind::User { .. });
    let is_concerned = is_person && caller.is_administrator() && !is_own(visit, caller);
    let token = visit.token.as_ref()?;
    if !is_concerned || !door.options.guards_dashboard {
        return None;
    }
    let cookie = pages::session_cookie(headers, visit);
    match door.accounts.may_do_dangerous(token, cookie.as_ref()).await {
        Ok(true) => None,
        Ok(false) => Some(step_up()),
        Err(error) => Some(unavailable(visit, &error)),
    }
}

/// One's own record and password, as everybody has them: other rules guard those.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "only these two are about a user who may be oneself"
)]
fn is_own(visit: &Visit, caller: &Caller) -> bool {
    let target = match visit.route {
        Route::SetPassword => password::target(visit, caller),
        Route::UpdateUser => users::user_of(visit),
        _about_others => return false,
    };
    target.is_some() && target == caller.user()
}

fn step_up() -> Response<Body> {
    let mut refused = body::text(
        StatusCode::FORBIDDEN,
        "Prove first, on the page of your account, that it is you.",
    );
    let required = HeaderValue::from_static("required");
    refused.headers_mut().insert(STEP_UP, required);
    refused
}
