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

/// The shortest segments that Jellyfin makes. A request that names a shorter one, or none, is not believed.
const SEGMENT_MIN: Duration = Duration::from_secs(3);

/// The longest that are believed: where a film is not encoded anew, segments follow its key frames.
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
    if matches!(folded.split('/').nth(4), Some("subtitles" | "attachments")) {
        let source = segments.get(2).map(|&id| id.to_owned());
        if media.media_source.is_some() && media.media_source != source {
            return Err(Refusal::Malformed("Two media sources are named."));
        }
        media.media_source = source;
    }
    Ok(media)
}

/// How much of a film the answer to a request holds, judged by the request alone.
fn carries(visit: &Visit) -> Result<Carries, Refusal> {
    if visit.method != Method::GET {
        return Ok(Carries::Beside);
    }
    let words: Vec<&str> = visit.path.folded().split('/').skip(1).collect();
    let last = words.last().copied().unwrap_or_default();
    // The path is folded: no other letter case is left.
    let ending = last.rsplit_once('.').map(|(_, ending)| ending);
    let is_beside = ending == Some("m3u8")
        || words
            .iter()
            .any(|word| matches!(*word, "subtitles" | "attachments" | "trickplay"));
    if is_beside {
        return Ok(Carries::Beside);
    }
    match words.as_slice() {
        // What a player needs before the first segment.
        [_, _, "hls" | "hls1", .., first] if first.starts_with("-1.") => Ok(Carries::Beside),
        [_, _, "hls" | "hls1", ..] => {
            let ticks = query::value(visit.query.as_deref(), "actualSegmentLengthTicks")?;
            let ticks = ticks.and_then(|ticks| ticks.parse::<u64>().ok());
            let length = Duration::from_millis(ticks.unwrap_or(0) / TICKS);
            Ok(Carries::Segment(length.clamp(SEGMENT_MIN, SEGMENT_MAX)))
        }
        _whole => Ok(Carries::Film),
    }
}

/// Bytes of the whole file of which an answer is a part, where it says so.
pub(crate) fn whole_size<B>(answer: &Response<B>) -> Option<u64> {
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
