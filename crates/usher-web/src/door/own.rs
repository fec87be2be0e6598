//! Routes that Usher answers itself: Jellyfin is asked by Usher, and only what may be told is told.
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use usher_accounts::gatekeeper::{Answer, Credential, Gatekeeper, Outcome, Refused};
use usher_domain::id::UserId;
use usher_domain::secret::SecretText;
use usher_proxy::body::{self, Body};
use usher_proxy::query;
use usher_proxy::routes::Route;
use usher_proxy::rules::{Caller, CallerKind, Visit};

use crate::fault;
use crate::tried::outcome;

/// A sign-in's body. Keys come in any letter case (Kodi sends `username`); Kodi sends a null password.
#[derive(Deserialize)]
struct SignIn {
    #[serde(alias = "username", alias = "Username", default)]
    username: Option<String>,
    #[serde(alias = "Pw", default)]
    pw: Option<SecretText>,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the table of routes decides what comes here"
)]
pub(super) async fn answer(
    keeper: &Gatekeeper,
    visit: &Visit,
    caller: Option<&Caller>,
    body: &Bytes,
) -> Response<Body> {
    match visit.route {
        Route::AuthenticateByName => sign_in(keeper, visit, body).await,
        Route::QuickConnectEnabled => pass(keeper, visit, None).await,
        Route::QuickConnectAuthorize => approve(keeper, visit, caller).await,
        Route::SetPassword => set_password(keeper, visit, caller, body).await,
        // Nobody is told whether there is such a user, and Jellyfin's own PIN, which becomes the password, stays off.
        Route::ForgotPassword => json_answer(&json!({ "Action": "ContactAdmin" })),
        Route::ForgotPasswordPin => json_answer(&json!({ "Success": false, "UsersReset": [] })),
        _not_ours => body::text(StatusCode::NOT_FOUND, "Not found."),
    }
}

/// Sign-in by name and password. Whatever is wrong with it is one and the same 401 (R30); an empty password is refused
/// before Jellyfin is asked, because Roku tries one on every tile and users without a password would be open to anybody.
async fn sign_in(keeper: &Gatekeeper, visit: &Visit, body: &Bytes) -> Response<Body> {
    let Some(identity) = visit
        .client
        .as_ref()
        .filter(|identity| identity.is_complete())
    else {
        return body::text(StatusCode::BAD_REQUEST, "Error processing request.");
    };
    let Ok(typed) = serde_json::from_slice::<SignIn>(body) else {
        return body::text(StatusCode::BAD_REQUEST, "Error processing request.");
    };
    let (Some(name), Some(password)) = (typed.username, typed.pw) else {
        return refused();
    };
    if name.trim().is_empty() || password.reveal().trim().is_empty() {
        return refused();
    }
    let exact_address = visit.address_is_exact.then_some(visit.address);
    let tried = match keeper.admit(&name, exact_address) {
        Ok(tried) => tried,
        Err(why) => return come_again(why),
    };
    let sent = json!({ "Username": name, "Pw": password.reveal() }).to_string();
    let credential = Credential {
        identity: Some(identity),
        token: None,
    };
    let answered = keeper
        .jellyfin()
        .post("/Users/AuthenticateByName", &credential, sent.into())
        .await;
    tried.settle(outcome(&answered));
    match answered {
        Ok(answer) if answer.status == StatusCode::OK => hand_on(answer),
        Ok(answer) if answer.status.is_server_error() => {
            fault::answer(visit, StatusCode::BAD_GATEWAY)
        }
        Ok(_refused) => refused(),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "Jellyfin could not be asked for a sign-in"
            );
            fault::answer(visit, StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// Too many tries: the same for every name and every password, whether there is such a user or not (R24).
fn come_again(why: Refused) -> Response<Body> {
    let (status, seconds) = match why {
        Refused::Wait(span) => (
            StatusCode::TOO_MANY_REQUESTS,
            span.as_millis().div_ceil(1000).max(1),
        ),
        Refused::Busy => (StatusCode::SERVICE_UNAVAILABLE, 1),
    };
    let mut response = body::text(status, "Too many attempts. Try again later.");
    if let Ok(seconds) = HeaderValue::from_str(&seconds.to_string()) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

/// A client approves a Quick Connect code: for its own user only. With an API key this would be a sign-in as anybody.
async fn approve(keeper: &Gatekeeper, visit: &Visit, caller: Option<&Caller>) -> Response<Body> {
    let Some(caller) = caller else {
        return body::text(StatusCode::UNAUTHORIZED, "");
    };
    let CallerKind::User { user, .. } = caller.kind else {
        return body::text(StatusCode::FORBIDDEN, "");
    };
    let named = query::value(visit.query.as_deref(), "userId");
    let for_itself = match named {
        Ok(None) => true,
        Ok(Some(id)) => id.parse::<UserId>() == Ok(user),
        Err(_named_twice) => false,
    };
    if !for_itself {
        return body::text(StatusCode::FORBIDDEN, "");
    }
    post(keeper, visit, Bytes::new()).await
}

/// A password is set. To empty one is refused: such a user would stand open. The present one cannot be guessed here
/// either: tries are counted by whom they come from (R26).
async fn set_password(
    keeper: &Gatekeeper,
    visit: &Visit,
    caller: Option<&Caller>,
    body: &Bytes,
) -> Response<Body> {
    let Some(caller) = caller else {
        return body::text(StatusCode::UNAUTHORIZED, "");
    };
    let Ok(serde_json::Value::Object(typed)) = serde_json::from_slice(body) else {
        return body::text(StatusCode::BAD_REQUEST, "Error processing request.");
    };
    let value = |key: &str| {
        typed
            .iter()
            .rfind(|(name, _)| name.eq_ignore_ascii_case(key))
            .map(|(_, value)| value)
    };
    let resets = value("ResetPassword").is_some_and(|reset| *reset != json!(false));
    let empties =
        value("NewPw").is_none_or(|new| new.as_str().is_none_or(|new| new.trim().is_empty()));
    if resets || empties {
        return body::text(StatusCode::FORBIDDEN, "A password cannot be emptied.");
    }
    let (current, new) = (value("CurrentPw"), value("NewPw"));
    let sent = json!({ "CurrentPw": current, "NewPw": new }).to_string();
    let Some(user) = caller.user() else {
        return post(keeper, visit, sent.into()).await;
    };
    let exact_address = visit.address_is_exact.then_some(visit.address);
    let tried = match keeper.admit(&user.to_string(), exact_address) {
        Ok(tried) => tried,
        Err(why) => return come_again(why),
    };
    let answer = post(keeper, visit, sent.into()).await;
    tried.settle(match answer.status() {
        status if status.is_success() => Outcome::Right,
        StatusCode::FORBIDDEN => Outcome::Wrong,
        _no_verdict => Outcome::Undecided,
    });
    answer
}

async fn post(keeper: &Gatekeeper, visit: &Visit, body: Bytes) -> Response<Body> {
    pass(keeper, visit, Some(body)).await
}

/// Asks Jellyfin for the same route on the client's behalf.
async fn pass(keeper: &Gatekeeper, visit: &Visit, body: Option<Bytes>) -> Response<Body> {
    let credential = Credential {
        identity: visit.client.as_ref(),
        token: visit.token.as_ref(),
    };
    let path = match &visit.query {
        Some(query) => format!("{}?{query}", visit.path.upstream()),
        None => visit.path.upstream(),
    };
    let answered = match body {
        Some(body) => keeper.jellyfin().post(&path, &credential, body).await,
        None => keeper.jellyfin().get(&path, &credential).await,
    };
    match answered {
        Ok(answer) => hand_on(answer),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "Jellyfin could not be asked"
            );
            fault::answer(visit, StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// An answer of Jellyfin's: its status, type and body, nothing of its connection.
fn hand_on(answer: Answer) -> Response<Body> {
    let mut response = Response::new(body::full(answer.body));
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    if let Some(kind) = answer.headers.get(header::CONTENT_TYPE) {
        headers.insert(header::CONTENT_TYPE, kind.clone());
    }
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    response
}

fn json_answer(value: &serde_json::Value) -> Response<Body> {
    let mut response = Response::new(body::full(value.to_string()));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    response
}

fn refused() -> Response<Body> {
    body::text(StatusCode::UNAUTHORIZED, "Error processing request.")
}
