//! What people and programs are told while Jellyfin is away.
use askama::Template;
use http::{HeaderValue, Response, StatusCode, header};
use usher_proxy::body::{self, Body};
use usher_proxy::rules::Visit;

/// A page for people. It loads nothing and runs nothing.
#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage {
    title: &'static str,
    advice: &'static str,
}

/// A page for a person who opens the web client, plain text for programs, which parse whatever they get.
pub(crate) fn answer(visit: &Visit, status: StatusCode) -> Response<Body> {
    let (title, advice) = words(status);
    let opens_a_page = visit.path.folded() == "/" || visit.path.folded().starts_with("/web");
    let page = FaultPage { title, advice };
    let mut response = match page.render() {
        Ok(page) if opens_a_page => {
            let mut response = Response::new(body::full(page));
            *response.status_mut() = status;
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, html);
            response
        }
        Ok(_) | Err(_) => body::text(status, title),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::GATEWAY_TIMEOUT => (
            "The media server takes too long.",
            "It is busy or starting. Try again in a minute.",
        ),
        StatusCode::BAD_GATEWAY => (
            "The media server gave an answer that cannot be used.",
            "Try again; if it stays, tell your administrator.",
        ),
        StatusCode::BAD_REQUEST => (
            "The request cannot be sent on.",
            "Check the address and try again.",
        ),
        _unreachable => (
            "The media server cannot be reached.",
            "It may be restarting. Try again in a moment.",
        ),
    }
}
