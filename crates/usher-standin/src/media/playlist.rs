//! Playlists for HLS and the segments that they name.
//!
//! Invariant: a playlist repeats the query it was asked with, token included, in every address below it.
use std::fmt::Write as _;

use axum::response::Response;
use http::StatusCode;

use super::{Art, range};
use crate::library::{Call, RUN_TIME_TICKS, not_found, typed};

const SEGMENT_TICKS: i64 = 30_000_000;
const TICKS_PER_SECOND: i64 = 10_000_000;
const TYPE: &str = "application/vnd.apple.mpegurl";

/// The list of qualities: there is one.
pub(super) fn master(call: &Call<'_>) -> Response {
    let text = format!(
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=736000,AVERAGE-BANDWIDTH=736000,VIDEO-RANGE=SDR,CODECS=\"avc1.42401E,mp4a.40.2\",RESOLUTION=640x360,FRAME-RATE=12\nmain.m3u8?{}\n\n",
        call.query.raw()
    );
    typed(StatusCode::OK, TYPE, text)
}

/// The list of segments.
pub(super) fn main(call: &Call<'_>) -> Response {
    let mut text = format!(
        "#EXTM3U\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:{}\n#EXT-X-MEDIA-SEQUENCE:0\n",
        SEGMENT_TICKS / TICKS_PER_SECOND
    );
    let mut start = 0;
    for place in 0_u32.. {
        let length = SEGMENT_TICKS.min(RUN_TIME_TICKS - start);
        if length <= 0 {
            break;
        }
        let (whole, rest) = (length / TICKS_PER_SECOND, length % TICKS_PER_SECOND / 10);
        let query = call.query.raw();
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "#EXTINF:{whole}.{rest:06}, nodesc\nhls1/main/{place}.ts?{query}&runtimeTicks={start}&actualSegmentLengthTicks={length}"
        );
        start += length;
    }
    text.push_str("#EXT-X-ENDLIST\n");
    typed(StatusCode::OK, TYPE, text)
}

/// One segment.
pub(super) fn segment(call: &Call<'_>, file: &str) -> Response {
    let number = file.split('.').next().unwrap_or_default();
    match Art::get(&format!("hls/{number}.ts")) {
        Some(file) => range::answer(call.method, call.headers, "video/mp2t", file.data),
        None => not_found(),
    }
}
