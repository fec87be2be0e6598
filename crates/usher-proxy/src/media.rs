//! What a request names that must be judged: items and playbacks of a stream, other people's screens.
use usher_domain::id::{ItemId, UserId};

use crate::query;
use crate::refusal::Refusal;
use crate::routes::Route;
use crate::rules::{MediaPurpose, MediaRequest, SessionTarget, Visit};

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
