//! Addresses below `/usher` at which no page stands: the bare one, one with a slash too many, and what was never there.
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri};

use super::page::{Answer, Fault, redirect};

/// The nearest page, or that there is none. Deeper down, where the links of a page would lead astray, in plain words.
pub(super) async fn find(uri: Uri) -> Answer {
    let Some(name) = uri.path().strip_prefix("/usher/") else {
        return Ok(redirect("usher/account"));
    };
    Ok(match name.strip_suffix('/') {
        _root if name.is_empty() => redirect("account"),
        Some(page) if !page.contains('/') => match uri.query() {
            Some(query) => redirect(&format!("../{page}?{query}")),
            None => redirect(&format!("../{page}")),
        },
        None if !name.contains('/') => return Err(Fault::NoPage),
        Some(_) | None => nothing(),
    })
}

fn nothing() -> Response {
    (StatusCode::NOT_FOUND, "Not found.").into_response()
}
