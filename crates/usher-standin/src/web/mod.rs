//! The small web client that the stand-in serves at `/web/`, so that the demo has something behind the door.
//!
//! Invariant: what Usher relies on is as in Jellyfin's own client: the files' names and headers, and the keys in local storage.
//! It is not Jellyfin's client and says so on every page.
use axum::body::Body;
use axum::response::Response;
use http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use rust_embed::RustEmbed;

use crate::library::{bare, typed};

/// The client's files.
#[derive(RustEmbed)]
#[folder = "assets/web/"]
struct Client;

/// Answers `/web/{file}`; an empty name is the page itself.
pub(crate) fn answer(method: &Method, headers: &HeaderMap, file: &str) -> Response {
    let name = if file.is_empty() { "index.html" } else { file };
    let Some(found) = Client::get(name) else {
        return bare(StatusCode::NOT_FOUND);
    };
    if method != Method::GET && method != Method::HEAD {
        return bare(StatusCode::METHOD_NOT_ALLOWED);
    }
    let digest = uuid::Uuid::from_slice(&found.metadata.sha256_hash()[..16]).unwrap_or_default();
    let tag = format!("\"{}\"", digest.simple());
    let is_known = headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let length = found.data.len();
    let body = if method == Method::HEAD || is_known {
        Body::empty()
    } else {
        Body::from(found.data.into_owned())
    };
    let mut response = typed(
        if is_known {
            StatusCode::NOT_MODIFIED
        } else {
            StatusCode::OK
        },
        content_type(name),
        body,
    );
    let headers = response.headers_mut();
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if !is_known {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if name == "index.html" {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, form)| form) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some(_) | None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(file: &str, known: Option<&HeaderValue>) -> Response {
        let headers: HeaderMap = known
            .into_iter()
            .map(|tag| (IF_NONE_MATCH, tag.clone()))
            .collect();
        answer(&Method::GET, &headers, file)
    }

    #[test]
    fn the_page_is_asked_for_again_each_time_and_not_sent_twice() {
        let first = get("", None);
        assert_eq!(first.headers()[CACHE_CONTROL], "no-cache");
        assert_eq!(
            get("index.html", Some(&first.headers()[ETAG])).status(),
            StatusCode::NOT_MODIFIED
        );
    }

    #[test]
    fn what_wrappers_wait_for_is_there() {
        assert!(
            Client::iter().any(|name| name.starts_with("main.") && name.ends_with(".bundle.js"))
        );
        assert_eq!(get("manifest.json", None).status(), StatusCode::OK);
        assert_eq!(get("config.json", None).status(), StatusCode::OK);
        assert_eq!(get("nothing.js", None).status(), StatusCode::NOT_FOUND);
    }
}
