//! Films, segments, subtitles and pictures, with the doors that a real server leaves open.
//!
//! Invariant: `stream` and subtitles answer anybody who knows an id, whatever the policy says: that is the hole Usher closes.
//! Playlists, segments, downloads and files want a token, but of these only downloads look at the item.
//! Absent on purpose: transcoding. One film is cut into segments and stands for all.
mod live;
mod playback;
mod playlist;
mod range;

use std::convert::Infallible;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{ACCEPT_RANGES, CACHE_CONTROL, VARY};
use http::{HeaderValue, Method, StatusCode};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde_json::json;
use uuid::Uuid;

use crate::library::{
    Call, Item, Kind, Library, Query, Viewer, bare, failed, json_answer, not_found, plain, tag_of,
    typed,
};

pub(crate) use live::OpenStreams;
pub(crate) use playback::source;

/// The pictures, films and segments under `assets/library/`.
#[derive(RustEmbed)]
#[folder = "assets/library/"]
struct Art;

impl Library {
    /// Answers a request for media; `None` for any other.
    pub(crate) fn answer_media(&self, call: &Call<'_>) -> Option<Response> {
        let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
        let reads = call.method == Method::GET || call.method == Method::HEAD;
        if let Some(answer) = self.answer_live(call, &path) {
            return Some(answer);
        }
        match path.as_slice() {
            ["videos", "activeencodings"] if call.method == Method::DELETE => {
                Some(with_token(call, || bare(StatusCode::NO_CONTENT)))
            }
            ["playback", "bitratetest"] if reads => {
                Some(with_token(call, || bitrate_test(&call.query)))
            }
            ["items", id, "playbackinfo"] => {
                Some(with_token(call, || self.playback_info(call, id)))
            }
            ["items", id, "download"] if reads => {
                Some(with_token(call, || self.download(call, id)))
            }
            ["items", id, "file"] if reads => Some(with_token(call, || {
                self.with_video(id, |item| film(call, item))
            })),
            ["items", id, "images"] if reads => Some(with_token(call, || self.image_list(id))),
            ["items", id, "images", kind, ..] if reads => Some(self.picture(id, kind)),
            ["videos" | "audio", id, rest @ ..] if reads => self.video(call, id, rest),
            _ => None,
        }
    }

    fn video(&self, call: &Call<'_>, id: &str, rest: &[&str]) -> Option<Response> {
        match rest {
            [file] if is_named(file, "stream") => {
                Some(self.with_video(id, |item| stream(call, item)))
            }
            ["master.m3u8"] => Some(with_token(call, || {
                self.with_video(id, |_| playlist::master(call))
            })),
            ["main.m3u8" | "live.m3u8"] => Some(with_token(call, || {
                self.with_video(id, |_| playlist::main(call))
            })),
            // The playlist's name may be any.
            ["hls1", _, segment] => Some(with_token(call, || {
                self.with_video(id, |_| playlist::segment(call, segment))
            })),
            [_, "subtitles", index, file] | [_, "subtitles", index, _, file] => {
                Some(self.with_video(id, |item| subtitle(item, index, file)))
            }
            _ => None,
        }
    }

    fn with_video(&self, id: &str, answer: impl FnOnce(&Item) -> Response) -> Response {
        let item = Uuid::parse_str(id)
            .ok()
            .and_then(|id| self.catalog.find(id))
            .filter(|item| item.kind.is_video());
        item.map_or_else(not_found, answer)
    }

    fn download(&self, call: &Call<'_>, id: &str) -> Response {
        let viewer = match Viewer::of(call) {
            Ok(viewer) => viewer,
            Err(refusal) => return refusal.into(),
        };
        if !viewer.limits.may_download {
            return bare(StatusCode::FORBIDDEN);
        }
        self.with_video(id, |item| {
            if viewer.limits.allow(item) {
                film(call, item)
            } else {
                not_found()
            }
        })
    }

    fn picture(&self, id: &str, kind: &str) -> Response {
        let item = Uuid::parse_str(id)
            .ok()
            .and_then(|id| self.catalog.find(id));
        let file = item.and_then(|item| Art::get(&picture_name(item, kind)?));
        let Some(file) = file else { return not_found() };
        let mut response = typed(
            StatusCode::OK,
            "image/jpeg",
            Body::from(file.data.into_owned()),
        );
        response
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static("public"));
        response
            .headers_mut()
            .insert(VARY, HeaderValue::from_static("Accept"));
        response
    }

    fn image_list(&self, id: &str) -> Response {
        let Some(item) = Uuid::parse_str(id)
            .ok()
            .and_then(|id| self.catalog.find(id))
        else {
            return not_found();
        };
        let image = |kind: &str| {
            let file = Art::get(&picture_name(item, kind)?)?;
            Some(
                json!({ "ImageType": kind, "ImageTag": tag_of(kind, item), "Path": item.path, "Size": file.data.len() }),
            )
        };
        json_answer(
            &["Primary", "Backdrop"]
                .into_iter()
                .filter_map(image)
                .collect(),
        )
    }
}

fn with_token(call: &Call<'_>, answer: impl FnOnce() -> Response) -> Response {
    if call.caller.is_some() {
        answer()
    } else {
        bare(StatusCode::UNAUTHORIZED)
    }
}

fn is_named(file: &str, name: &str) -> bool {
    file.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn picture_name(item: &Item, kind: &str) -> Option<String> {
    let wide = matches!(item.kind, Kind::CollectionFolder | Kind::Episode);
    let shape = match kind.to_ascii_lowercase().as_str() {
        "primary" if !wide => "poster",
        "primary" | "backdrop" | "thumb" => "backdrop",
        _ => return None,
    };
    Some(format!("pictures/{}.{shape}.jpg", item.art?))
}

fn film_file(item: &Item) -> Option<EmbeddedFile> {
    Art::get(&format!("films/{}.mp4", item.art?))
}

fn film(call: &Call<'_>, item: &Item) -> Response {
    let Some(file) = film_file(item) else {
        return not_found();
    };
    range::answer(call.method, call.headers, "video/mp4", file.data)
}

/// A film that is made on its way: the answer tells no length, and knows no parts.
fn made_film(item: &Item) -> Response {
    let Some(file) = film_file(item) else {
        return not_found();
    };
    let bytes = Ok::<_, Infallible>(Bytes::from(file.data.into_owned()));
    let body = Body::from_stream(futures_util::stream::iter([bytes]));
    let mut response = typed(StatusCode::OK, "video/mp4", body);
    response
        .headers_mut()
        .insert(ACCEPT_RANGES, HeaderValue::from_static("none"));
    response
}

/// The size of a film's file in bytes.
fn film_size(item: &Item) -> usize {
    film_file(item).map_or(0, |file| file.data.len())
}

/// Anybody gets the film; another film's source is refused.
fn stream(call: &Call<'_>, item: &Item) -> Response {
    match call.query.get("mediaSourceId").map(Uuid::parse_str) {
        Some(Ok(source)) if source != item.id => return bare(StatusCode::BAD_REQUEST),
        Some(Err(_)) => return bare(StatusCode::BAD_REQUEST),
        Some(Ok(_)) | None => {}
    }
    if call
        .query
        .get("static")
        .is_some_and(|word| word.eq_ignore_ascii_case("true"))
    {
        return film(call, item);
    }
    made_film(item)
}

fn subtitle(item: &Item, index: &str, file: &str) -> Response {
    if index != "0" {
        return failed(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let name = item.name;
    match file.rsplit_once('.').map(|(_, form)| form) {
        Some("vtt") => typed(
            StatusCode::OK,
            "text/vtt",
            format!("WEBVTT\n\n00:00:01.000 --> 00:00:05.000\n{name}\n\n"),
        ),
        Some("srt" | "subrip") => typed(
            StatusCode::OK,
            "application/x-subrip",
            format!("1\n00:00:01,000 --> 00:00:05,000\n{name}\n\n"),
        ),
        Some("js" | "json") => json_answer(
            &json!({ "TrackEvents": [{ "Id": "1", "Text": name, "StartPositionTicks": 10_000_000, "EndPositionTicks": 50_000_000 }] }),
        ),
        Some(_) | None => failed(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// Bytes to measure the line with; the server rounds the size up to a power of two, as its buffers are.
fn bitrate_test(query: &Query) -> Response {
    const SIZE_MAX: usize = 100_000_000;
    let size = query.number("size").unwrap_or(102_400);
    if !(1..=SIZE_MAX).contains(&size) {
        return bare(StatusCode::BAD_REQUEST);
    }
    typed(
        StatusCode::OK,
        "application/octet-stream",
        vec![0x5a; size.next_power_of_two()],
    )
}

/// The dashed form of an id, as playback addresses carry it.
fn dashed(item: &Item) -> String {
    item.id.to_string()
}

/// The id of an item's only media source: its own.
fn source_id(item: &Item) -> String {
    plain(item.id)
}

#[cfg(test)]
mod tests;
