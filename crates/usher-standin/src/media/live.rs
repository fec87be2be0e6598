//! Live television as it is played: opened, shared, closed, and given to whoever knows the number of a stream.
//!
//! Invariant: as on a real server nobody looks at who opens what: a channel plays to whoever knows its id, a stream to whoever
//! knows its number, and the channel that opens is the one in the token. Absent on purpose: encoding; one piece of film stands
//! for every channel, and goes on until its stream is closed.
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{Method, StatusCode};
use md5::{Digest, Md5};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::playback::play_session;
use super::{Art, bare, playlist, with_token};
use crate::library::{
    Call, Item, Kind, Library, RECORDING, Viewer, failed, json_answer, not_found, plain, typed,
};

/// The streams that are open.
#[derive(Debug, Default)]
pub(crate) struct OpenStreams(Mutex<Streams>);

#[derive(Debug, Default)]
struct Streams {
    open: Vec<OpenStream>,
    opened: usize,
}

#[derive(Clone, Debug)]
struct OpenStream {
    channel: Uuid,
    /// The number of its file.
    file: String,
    viewers: usize,
    closed: CancellationToken,
}

impl OpenStreams {
    fn lock(&self) -> MutexGuard<'_, Streams> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a channel, or shares its stream.
    fn open(&self, channel: Uuid) -> OpenStream {
        let mut streams = self.lock();
        if let Some(shared) = streams.open.iter_mut().find(|one| one.channel == channel) {
            shared.viewers += 1;
            return shared.clone();
        }
        streams.opened += 1;
        let stream = OpenStream {
            channel,
            file: digest(&format!("file {channel} {}", streams.opened)),
            viewers: 1,
            closed: CancellationToken::new(),
        };
        streams.open.push(stream.clone());
        stream
    }

    fn find(&self, is_meant: impl Fn(&OpenStream) -> bool) -> Option<OpenStream> {
        self.lock().open.iter().find(|one| is_meant(one)).cloned()
    }

    /// One viewer less; the last one ends it.
    fn close(&self, id: &str) {
        let mut streams = self.lock();
        for stream in streams
            .open
            .iter_mut()
            .filter(|one| stream_id(one.channel) == id)
        {
            stream.viewers = stream.viewers.saturating_sub(1);
            if stream.viewers == 0 {
                stream.closed.cancel();
            }
        }
        streams.open.retain(|stream| stream.viewers > 0);
    }
}

impl Library {
    /// Answers a request for live television; `None` for any other.
    pub(super) fn answer_live(&self, call: &Call<'_>, path: &[&str]) -> Option<Response> {
        let reads = call.method == Method::GET || call.method == Method::HEAD;
        let channel = |id: &str| {
            let item = self.catalog.find(Uuid::parse_str(id).ok()?)?;
            (item.kind == Kind::TvChannel).then_some(item)
        };
        match path {
            ["livestreams", "open"] => Some(with_token(call, || self.open_stream(call))),
            ["livestreams", "close"] => Some(with_token(call, || {
                let id = call.query.get("liveStreamId").unwrap_or_default();
                self.open_streams.close(id);
                bare(StatusCode::NO_CONTENT)
            })),
            ["livetv", "livestreamfiles", file, _] if reads => {
                let found = self.open_streams.find(|stream| stream.file == *file);
                Some(found.map_or_else(not_found, |stream| flow(&stream)))
            }
            ["livetv", "liverecordings", id, "stream"] if reads => {
                let is_recorded = self.catalog.television(Kind::TvChannel).next().is_some();
                Some(if is_recorded && *id == RECORDING {
                    typed(StatusCode::OK, "video/mp2t", piece())
                } else {
                    not_found()
                })
            }
            ["items", id, "playbackinfo"] => {
                let channel = channel(id)?;
                Some(with_token(call, || self.channel_info(call, channel)))
            }
            ["videos", id, rest @ ..] if reads => {
                let named = call.query.get("liveStreamId");
                let stream = match (named, channel(id)) {
                    (Some(named), _) => self
                        .open_streams
                        .find(|one| stream_id(one.channel) == named),
                    (None, Some(channel)) => Some(self.open_streams.open(channel.id)),
                    (None, None) => return None,
                };
                let Some(stream) = stream else {
                    return Some(not_found());
                };
                match rest {
                    ["master.m3u8"] => Some(with_token(call, || playlist::master(call))),
                    ["main.m3u8" | "live.m3u8"] => Some(with_token(call, || playlist::main(call))),
                    ["hls1" | "hls", _, segment] => {
                        Some(with_token(call, || playlist::segment(call, segment)))
                    }
                    [file] if super::is_named(file, "stream") => Some(flow(&stream)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// How a channel is played: by opening it, at once where that is asked for.
    fn channel_info(&self, call: &Call<'_>, channel: &Item) -> Response {
        let viewer = match Viewer::of(call) {
            Ok(viewer) => viewer,
            Err(refusal) => return refusal.into(),
        };
        if !viewer.limits.allow(channel) {
            return not_found();
        }
        let body = call.json();
        let opens = call.query.is_true("autoOpenLiveStream")
            || body["AutoOpenLiveStream"].as_bool().unwrap_or(false);
        let source = if opens && call.method == Method::POST {
            opened_source(channel, &self.open_streams.open(channel.id))
        } else {
            closed_source(channel)
        };
        json_answer(
            &json!({ "MediaSources": [source], "PlaySessionId": play_session(call, channel) }),
        )
    }

    /// The channel that a token names is opened, whoever shows it.
    fn open_stream(&self, call: &Call<'_>) -> Response {
        let body = call.json();
        let token = call.query.get("openToken");
        let token = token
            .or_else(|| body["OpenToken"].as_str())
            .unwrap_or_default();
        let named = token
            .split('_')
            .nth(2)
            .and_then(|id| Uuid::parse_str(id).ok());
        let channel = named.and_then(|id| self.catalog.find(id));
        match channel.filter(|item| item.kind == Kind::TvChannel) {
            Some(channel) => {
                let stream = self.open_streams.open(channel.id);
                json_answer(&json!({ "MediaSource": opened_source(channel, &stream) }))
            }
            None => failed(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

/// A channel before it is opened.
fn closed_source(channel: &Item) -> Value {
    let (source, id) = (source_id(channel.id), plain(channel.id));
    json!({
        "Protocol": "Http", "Id": source, "Path": format!("http://tuner.invalid/{id}"), "Type": "Default", "IsRemote": true,
        "Name": channel.name, "SupportsTranscoding": true, "SupportsDirectStream": true, "SupportsDirectPlay": false,
        "IsInfiniteStream": true, "RequiresOpening": true, "RequiresClosing": true, "SupportsProbing": true, "BufferMs": 1500,
        "OpenToken": format!("{}_LiveTvChannel_{id}_{source}", digest("provider")), "MediaStreams": [], "Formats": [],
    })
}

/// The same while it is open.
fn opened_source(channel: &Item, stream: &OpenStream) -> Value {
    let mut source = closed_source(channel);
    let path = format!(
        "http://127.0.0.1:8096/LiveTv/LiveStreamFiles/{}/stream.ts",
        stream.file
    );
    source["Path"] = json!(path);
    source["LiveStreamId"] = json!(stream_id(channel.id));
    source["Container"] = json!("ts");
    source
}

/// What a channel is received by: the same each time, and no item.
fn source_id(channel: Uuid) -> String {
    digest(&format!("http://tuner.invalid/{channel}"))
}

/// The id of a channel's stream: the same each time it is opened.
fn stream_id(channel: Uuid) -> String {
    format!(
        "{}_{}_{}",
        digest("provider"),
        digest("service"),
        source_id(channel)
    )
}

fn digest(text: &str) -> String {
    plain(Uuid::from_bytes(Md5::digest(text).into()))
}

fn piece() -> Bytes {
    Art::get("hls/0.ts").map_or_else(Bytes::new, |file| Bytes::from(file.data.into_owned()))
}

/// A piece of film, and then nothing, until the stream is closed.
fn flow(open: &OpenStream) -> Response {
    let said = stream::iter([Ok::<_, std::io::Error>(piece())]);
    let never = stream::pending().take_until(open.closed.clone().cancelled_owned());
    typed(
        StatusCode::OK,
        "video/mp2t",
        Body::from_stream(said.chain(never)),
    )
}
