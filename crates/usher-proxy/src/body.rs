//! One body type for what comes in and what goes out.
use bytes::Bytes;
use http::{Response, StatusCode, header};
use http_body_util::{BodyExt, Empty, Full};

/// Whatever a body fails with.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// A body that is passed on as it comes, or one that we made.
pub type Body = http_body_util::combinators::UnsyncBoxBody<Bytes, BodyError>;

/// No body.
pub fn empty() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

/// A body that is there as a whole.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// A short plain answer for programs: never HTML, never JSON (Roku parses any body as JSON whatever its status).
pub fn text(status: StatusCode, words: &'static str) -> Response<Body> {
    let mut response = Response::new(full(words));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("text/plain"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        header::HeaderValue::from_static("*"),
    );
    response
}
