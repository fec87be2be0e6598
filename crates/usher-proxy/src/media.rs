//! What a request names that must be judged: items and playbacks of a stream, other people's screens.
use std::time::Duration;

use http::{Method, Response, StatusCode, header};
use usher_domain::id::{ItemId, UserId};

use crate::query;
use crate::refusal::Refusal;
use crate::routes::Route;
use crate::rules::{Carries, MediaPurpose, MediaRequest, SessionTarget, Visit};

/// Ticks of Jellyfin's in a millisecond.
const TICKS: u64 = 10_000;

/// The shortest segments that Jellyfin makes, but for the last one of a film. A request that says that it gets less is not
/// believed.
const SEGMENT_MIN: Duration = Duration::from_secs(3);

/// The longest that it makes where nobody asks for others: of a film that is not encoded anew. A request that says nothing
/// gets such a one.
const SEGMENT_PLAIN: Duration = Duration::from_secs(6);

/// The longest segments that may be asked for, in seconds. Played one after the other, they come often enough for the wall
/// clock to count them all.
const ASKED_MAX: u64 = 20;

/// The longest segments that are believed: where a film is not encoded anew, they follow its key frames.
const SEGMENT_MAX: Duration = Duration::from_mins(1);

/// Everything in a media request that names an item or a playback.
///
/// What could name a second one beside the route's is refused: `itemId` in the query overrides the route on subtitles,
/// and `params` is an old list of unnamed values with a media source among them.
pub(crate) fn request(visit: &Visit) -> Result<MediaRequest, Refusal> {
    let query = visit.query.as_deref();
    let segments: Vec<&str> = visit.path.segments().collect();
    let folded = visit.path.folded();
    let mut media = MediaRequest {
        media_source: query::value(query, "mediaSourceId")?,
        play_session: query::value(query, "playSessionId")?,
        live_stream: query::value(query, "liveStreamId")?,
        carries: carries(visit)?,
        rate: asked_rate(visit)?,
        segments: asked_segments(visit)?,
        ..MediaRequest::default()
    };
    let user = query::value(query, "userId")?;
    media.user = user
        .map(|user| user.parse::<UserId>())
        .transpose()
        .ok()
        .ok_or(WRONG_ID)?;
    if query::value(query, "params")?.is_some() {
        return Err(Refusal::Malformed("The parameter params is not taken."));
    }
    if folded.starts_with("/livetv/livestreamfiles/") {
        media.live_stream = segments.get(2).map(|&id| id.to_owned());
        return Ok(media);
    }
    if folded.starts_with("/livetv/liverecordings/") {
        media.recording = segments.get(2).map(|&id| id.to_owned());
        return Ok(media);
    }
    if matches!(folded.split('/').nth(3), Some("download" | "file"))
        && folded.starts_with("/items/")
    {
        media.purpose = MediaPurpose::Keep;
    }
    let item = item(segments.get(1).copied().unwrap_or_default())?;
    media.item = Some(item);
    if query::value(query, "itemId")?
        .map(|id| self::item(&id))
        .transpose()?
        .is_some_and(|other| other != item)
    {
        return Err(Refusal::Malformed("Two items are named."));
    }
    if names_source(visit) {
        let source = segments.get(2).map(|&id| id.to_owned());
        if media.media_source.is_some() && media.media_source != source {
            return Err(Refusal::Malformed("Two media sources are named."));
        }
        media.media_source = source;
    }
    Ok(media)
}

/// Whether the path names a media source: subtitles and attachments are those of a file. A playlist may be called so, too.
fn names_source(visit: &Visit) -> bool {
    let words: Vec<&str> = visit.path.folded().split('/').skip(1).collect();
    match words.as_slice() {
        [_, _, "hls" | "hls1", ..] => false,
        [_, _, _, beside, ..] => matches!(*beside, "subtitles" | "attachments"),
        _shorter => false,
    }
}

/// How much of a film the answer to a request holds, judged by the request alone: by where a word stands in the path, as
/// Jellyfin routes it. The name of a playlist, and that of a file that is sent as it is, may be any word.
fn carries(visit: &Visit) -> Result<Carries, Refusal> {
    if visit.method != Method::GET {
        return Ok(Carries::Beside);
    }
    // The path is folded: no other letter case is left.
    let words: Vec<&str> = visit.path.folded().split('/').skip(1).collect();
    Ok(match words.as_slice() {
        ["videos", _, "hls", _, "stream.m3u8"]
        | [
            "videos" | "audio",
            _,
            "master.m3u8" | "main.m3u8" | "live.m3u8",
        ]
        | ["videos", _, "trickplay", ..] => Carries::Beside,
        // What a player needs before the first segment.
        [_, _, "hls1", _, first] if is_head(first) => Carries::Beside,
        ["videos" | "audio", _, "hls" | "hls1", ..] => Carries::Segment(said_length(visit)?),
        ["videos", ..] if names_source(visit) => Carries::Beside,
        _whole => Carries::Film,
    })
}

/// `-1.mp4`, which holds no picture.
fn is_head(segment: &str) -> bool {
    let rest = segment.strip_prefix("-1.");
    rest.is_some_and(|ending| !ending.contains('.'))
}

/// How long a segment is, as its request says: Jellyfin's playlist has it so, and nobody holds a client to it.
fn said_length(visit: &Visit) -> Result<Duration, Refusal> {
    let ticks = query::value(visit.query.as_deref(), "actualSegmentLengthTicks")?;
    let ticks = ticks.and_then(|ticks| ticks.parse::<u64>().ok());
    let said = ticks
        .filter(|ticks| *ticks > 0)
        .map_or(SEGMENT_PLAIN, |ticks| Duration::from_millis(ticks / TICKS));
    Ok(said.clamp(SEGMENT_MIN, SEGMENT_MAX))
}

/// `videoBitRate` and `audioBitRate`: bits for each second that are asked for. A number that is none is no word on it: Jellyfin
/// refuses it. Of a film, that of the sound alone says nothing.
fn asked_rate(visit: &Visit) -> Result<Option<u64>, Refusal> {
    let number = |name| -> Result<Option<u64>, Refusal> {
        let text = query::value(visit.query.as_deref(), name)?;
        Ok(text.and_then(|text| text.parse().ok()))
    };
    let (video, audio) = (number("videoBitRate")?, number("audioBitRate")?);
    let is_sound = visit.path.folded().starts_with("/audio/");
    Ok(match video {
        Some(video) => Some(video.saturating_add(audio.unwrap_or(0))),
        None => audio.filter(|_| is_sound),
    })
}

/// The length of segments that a request asks for, where it may begin to make them. Jellyfin takes any number: a segment of
/// an hour would be a film that is handed out in one piece.
fn asked_segments(visit: &Visit) -> Result<Option<Duration>, Refusal> {
    let words: Vec<&str> = visit.path.folded().split('/').skip(1).collect();
    let makes_some = matches!(
        words.as_slice(),
        [_, _, "master.m3u8" | "main.m3u8" | "live.m3u8"] | [_, _, "hls" | "hls1", ..]
    );
    if !makes_some {
        return Ok(None);
    }
    let Some(seconds) = query::value(visit.query.as_deref(), "segmentLength")? else {
        return Ok(None);
    };
    // Jellyfin also reads blanks, signs and hexadecimal numbers, which no client sends.
    let is_plain = seconds.bytes().all(|digit| digit.is_ascii_digit());
    let seconds: Option<u64> = seconds.parse().ok().filter(|_| is_plain);
    let seconds = seconds.filter(|seconds| *seconds <= ASKED_MAX);
    let seconds = seconds.ok_or(Refusal::Malformed("The segments are too long."))?;
    Ok(Some(Duration::from_secs(seconds)))
}

/// Bytes of the whole file of which an answer is a part, where it says so.
///
/// `universal` may answer with a playlist, which is no part of a track; nobody but Jellyfin chooses the kind of its answer.
pub(crate) fn whole_size<B>(visit: &Visit, answer: &Response<B>) -> Option<u64> {
    let kind = answer.headers().get(header::CONTENT_TYPE);
    let is_playlist =
        kind.is_some_and(|kind| kind.as_bytes().to_ascii_lowercase().ends_with(b"mpegurl"));
    if is_playlist && visit.path.folded().ends_with("/universal") {
        return None;
    }
    let name = match answer.status() {
        StatusCode::PARTIAL_CONTENT => header::CONTENT_RANGE,
        _whole => header::CONTENT_LENGTH,
    };
    let value = answer.headers().get(name)?.to_str().ok()?;
    let size = value.rsplit('/').next()?;
    size.parse().ok().filter(|size| *size > 0)
}

/// The screen that a request would drive; `None` where it names none and so means its own.
pub(crate) fn session_target(visit: &Visit) -> Result<Option<SessionTarget>, Refusal> {
    let query = visit.query.as_deref();
    if visit.route == Route::ActiveEncodings {
        let play_session = query::value(query, "playSessionId")?;
        let device = query::value(query, "deviceId")?;
        return Ok(device.map(|device_id| SessionTarget::Device {
            device_id,
            play_session,
        }));
    }
    let session = match visit.path.folded() {
        "/sessions/capabilities" | "/sessions/capabilities/full" => query::value(query, "id")?,
        "/sessions/viewing" => query::value(query, "sessionId")?,
        _driven => visit.path.segments().nth(1).map(str::to_owned),
    };
    Ok(session.map(SessionTarget::Session))
}

/// The user whom `/Sessions/{id}/User/{userId}` would add to a screen.
pub(crate) fn added_user(visit: &Visit) -> Option<Result<UserId, Refusal>> {
    let mut words = visit.path.folded().split('/').skip(1);
    let is_adding = words.next() == Some("sessions") && words.nth(1) == Some("user");
    is_adding.then(|| {
        words
            .next()
            .unwrap_or_default()
            .parse()
            .ok()
            .ok_or(WRONG_ID)
    })
}

const WRONG_ID: Refusal = Refusal::Malformed("An id is not one.");

fn item(text: &str) -> Result<ItemId, Refusal> {
    text.parse().ok().ok_or(WRONG_ID)
}
