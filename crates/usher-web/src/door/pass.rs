//! Answers for clients: Jellyfin's own, handed on, and Usher's in Jellyfin's form.
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use std::time::Duration;
use usher_accounts::AccountError;
use usher_accounts::gate::{Answer, Call};
use usher_proxy::body::{self, Body};
use usher_proxy::rules::Visit;

use super::Door;

/// Asks Jellyfin for the same route on the client's behalf, with this body for a POST.
pub(super) async fn ask(
    door: &Door,
    visit: &Visit,
    body: Option<Bytes>,
) -> Result<Answer, AccountError> {
    let path = match &visit.query {
        Some(query) => format!("{}?{query}", visit.path.upstream()),
        None => visit.path.upstream(),
    };
    let call = Call {
        path: &path,
        identity: visit.client.as_ref(),
        token: visit.token.as_ref(),
        body,
    };
    door.accounts.ask_jellyfin(call).await
}

/// An answer of Jellyfin's: its status, type and body, nothing of its connection.
pub(super) fn hand_on(answer: Answer) -> Response<Body> {
    let mut response = Response::new(body::full(answer.body));
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    if let Some(kind) = answer.headers.get(header::CONTENT_TYPE) {
        headers.insert(header::CONTENT_TYPE, kind.clone());
    }
    open_to_all(&mut response);
    response
}

/// JSON in Jellyfin's form.
pub(super) fn json(text: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(body::full(text));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    open_to_all(&mut response);
    response
}

/// A sentence for programs and for whoever reads their logs.
pub(super) fn text(status: StatusCode, sentence: String) -> Response<Body> {
    let mut response = Response::new(body::full(sentence));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    open_to_all(&mut response);
    response
}

/// Too many tries: the same for every name and every password, whether there is such a user or not (R24).
pub(super) fn come_again(span: Duration) -> Response<Body> {
    later(StatusCode::TOO_MANY_REQUESTS, span)
}

/// Too many people at this moment (R26).
pub(super) fn busy() -> Response<Body> {
    later(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(1))
}

fn later(status: StatusCode, span: Duration) -> Response<Body> {
    let mut response = body::text(status, "Too many attempts. Try again later.");
    let seconds = span.as_millis().div_ceil(1000).max(1);
    if let Ok(seconds) = HeaderValue::from_str(&seconds.to_string()) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    open_to_all(&mut response);
    response
}

/// Clients of other origins (Tizen, Vue) read Jellyfin's answers, as Jellyfin lets them.
fn open_to_all(response: &mut Response<Body>) {
    response.headers_mut().insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
}
