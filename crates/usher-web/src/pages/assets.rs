//! Static files, under an address that changes with their contents, so that browsers may keep them for ever.
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

const FOR_EVER: &str = "public, max-age=31536000, immutable";

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// The address of a file, as a link from a page directly below `/usher/`.
pub(super) fn link(name: &str) -> String {
    let print = Files::get(name)
        .map(|file| print(&file))
        .unwrap_or_default();
    format!("static/{print}/{name}")
}

/// `GET /usher/static/{print}/{name}`. Another print belongs to another version of Usher.
pub(super) async fn show(Path((asked, name)): Path<(String, String)>) -> Response {
    match Files::get(&name) {
        Some(file) if print(&file) == asked => answer(&name, file, FOR_EVER),
        Some(_) | None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /usher/inject.js`: its address is written into Jellyfin's page and cannot change, so browsers ask each time.
pub(super) async fn script() -> Response {
    let name = "inject.js";
    Files::get(name).map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |file| answer(name, file, "no-cache"),
    )
}

fn answer(name: &str, file: EmbeddedFile, cache: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type(name)),
        (header::CACHE_CONTROL, cache),
    ];
    (headers, file.data.into_owned()).into_response()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _unknown => "application/octet-stream",
    }
}

fn print(file: &EmbeddedFile) -> String {
    let digest = file.metadata.sha256_hash();
    let begin = digest.first_chunk().copied().unwrap_or_default();
    format!("{:016x}", u64::from_be_bytes(begin))
}
