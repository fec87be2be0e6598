//! The few forms in which a Jellyfin server answers.
use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

/// Why a request about the library is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such thing for this user.
    NotFound,
    /// Another user's data.
    Forbidden,
    /// A library that is not this user's; the token stays good.
    Unauthorized,
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound => not_found(),
            Refusal::Forbidden => failed(StatusCode::FORBIDDEN),
            Refusal::Unauthorized => failed(StatusCode::UNAUTHORIZED),
        }
    }
}

/// 200 with JSON, in the form of ASP.NET.
pub(crate) fn json_answer(value: &Value) -> Response {
    typed(
        StatusCode::OK,
        "application/json; charset=utf-8",
        value.to_string(),
    )
}

/// A list as every query answers it.
pub(crate) fn page(items: &[Value], total: usize, start: usize) -> Response {
    json_answer(&json!({ "Items": items, "TotalRecordCount": total, "StartIndex": start }))
}

/// A body of this type.
pub(crate) fn typed(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Body>,
) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A status without a body.
pub(crate) fn bare(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    if status != StatusCode::NO_CONTENT {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    response
}

/// 404 as the framework writes it.
pub(crate) fn not_found() -> Response {
    let body = json!({
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.5",
        "title": "Not Found",
        "status": 404,
        "traceId": "00-00000000000000000000000000000000-0000000000000000-00",
    });
    typed(
        StatusCode::NOT_FOUND,
        "application/json; charset=utf-8",
        body.to_string(),
    )
}

/// What the exception handler writes, with any status.
pub(crate) fn failed(status: StatusCode) -> Response {
    typed(status, "text/plain", "Error processing request.")
}
