//! Streams: which may flow, and the tickets that an answer to `PlaybackInfo` leaves for them (design, 3.1).
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value};
use usher_accounts::AccountError;
use usher_accounts::gate::{Play, Purpose, Seat, Watch};
use usher_domain::id::ItemId;
use usher_domain::secret::SecretText;
use usher_proxy::query;
use usher_proxy::rules::{Caller, MediaPurpose, MediaRequest, MediaVerdict, Visit};

use super::users::user_in_query;
use super::{Door, log, record};

/// The names of what `PlaybackInfo` and `LiveStreams/Open` allow to play.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Playable {
    #[serde(default)]
    media_sources: Vec<Source>,
    media_source: Option<Source>,
    play_session_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Source {
    id: Option<String>,
    live_stream_id: Option<String>,
    open_token: Option<String>,
    path: Option<String>,
}

impl Source {
    /// Everything by which its streams can be asked for, or opened.
    fn names(self) -> impl Iterator<Item = String> {
        let file = self.path.as_deref().and_then(file).map(str::to_owned);
        let names = [self.id, self.live_stream_id, self.open_token, file];
        names.into_iter().flatten()
    }
}

/// The id of an open stream of live television, or of a recording that is being made, from the address of its file.
fn file(path: &str) -> Option<&str> {
    let mut places = ["/LiveStreamFiles/", "/LiveRecordings/"].into_iter();
    let (_server, rest) = places.find_map(|place| path.split_once(place))?;
    rest.split('/').next()
}

/// The token on which a stream stands: its own, or that of a ticket.
pub(super) async fn holder(
    door: &Door,
    visit: &Visit,
    caller: Option<&Arc<Caller>>,
    media: &MediaRequest,
) -> Result<Option<SecretText>, AccountError> {
    if let Some(token) = &visit.token {
        return Ok(caller.map(|_known| token.clone()));
    }
    let names = names(media);
    if names.is_empty() {
        return Ok(None);
    }
    let session = play_session(media);
    let seat = seat(visit, session.as_deref());
    door.accounts.ticket(&seat, &names).await
}

/// Whether a stream may flow on this token.
pub(super) async fn judge(
    door: &Door,
    token: &SecretText,
    visit: &Visit,
    media: &MediaRequest,
) -> MediaVerdict {
    let source = media.media_source.as_deref().map(canonical);
    let stream = media.live_stream.as_deref().map(canonical);
    let recording = media.recording.as_deref().map(canonical);
    let play = Play {
        item: media.item,
        media_source: source.as_deref(),
        live_stream: stream.as_deref(),
        recording: recording.as_deref(),
        user: media.user,
        purpose: match media.purpose {
            MediaPurpose::Keep => Purpose::Keep,
            MediaPurpose::Play => Purpose::Watch,
        },
    };
    let seat = (visit.address, visit.address_is_exact);
    match door.accounts.may_watch(token, seat, &play).await {
        Ok(Watch::Open) => MediaVerdict::Open,
        Ok(Watch::Nobody) => MediaVerdict::NoHolder,
        Ok(Watch::Hidden) => MediaVerdict::Hidden,
        Ok(Watch::Closed) => MediaVerdict::Closed,
        Err(outage) => {
            log("A stream could not be judged", &outage);
            MediaVerdict::Unavailable
        }
    }
}

/// A ticket for the item, each of its media sources, and the play session; and to whom all that was named.
pub(super) async fn leave_tickets(door: &Door, visit: &Visit, asked: &Bytes, answer: &Bytes) {
    let Some(token) = &visit.token else { return };
    let Some((mut names, session)) = named(answer) else {
        return;
    };
    let item = visit.path.segments().nth(1).and_then(|id| id.parse().ok());
    if let Err(error) = note_named(door, visit, asked, (&names, item)).await {
        log("What an answer named could not be noted", &error);
    }
    names.extend(item.map(|item: ItemId| item.to_string()));
    let seat = seat(visit, session.as_deref());
    if let Err(error) = door.accounts.leave_tickets(&seat, &names, token).await {
        log("A ticket could not be left", &error);
    }
}

/// Notes what an answer named, and by which item that is judged: that of the path, or where something was opened or is open
/// already, the one that was told together with that. What a client says beside it counts for nothing.
async fn note_named(
    door: &Door,
    visit: &Visit,
    asked: &Bytes,
    (names, item): (&[String], Option<ItemId>),
) -> Result<(), AccountError> {
    let Some(token) = &visit.token else {
        return Ok(());
    };
    let accounts = &door.accounts;
    let Some(viewer) = accounts.viewer(token, user_in_query(visit)).await? else {
        return Ok(());
    };
    let opened = opened(visit, &record::read(asked));
    let mut item = item;
    for (place, name) in opened.iter().enumerate() {
        let told = accounts.named_item(&viewer, &canonical(name)).await?;
        item = told.filter(|_| place == 0 || told == item);
    }
    accounts.note_named(&viewer, names, item).await
}

/// What a request is to open, or says is open.
pub(super) fn opened(visit: &Visit, asked: &Map<String, Value>) -> Vec<String> {
    let query = visit.query.as_deref();
    let mut opened = query::list(query, "liveStreamId");
    opened.extend(query::list(query, "openToken"));
    opened.extend(record::texts(asked, "LiveStreamId"));
    opened.extend(record::texts(asked, "OpenToken"));
    opened
}

/// What an answer names to be played, and its play session, which is one of the names.
fn named(answer: &Bytes) -> Option<(Vec<String>, Option<String>)> {
    let playable: Playable = serde_json::from_slice(answer).ok()?;
    let sources = playable
        .media_sources
        .into_iter()
        .chain(playable.media_source);
    let session = playable.play_session_id.map(|session| canonical(&session));
    let names = sources
        .flat_map(Source::names)
        .map(|name| canonical(&name))
        .chain(session.clone());
    Some((names.collect(), session))
}

/// From where a visit plays.
fn seat<'a>(visit: &Visit, play_session: Option<&'a str>) -> Seat<'a> {
    Seat {
        address: visit.address,
        address_is_exact: visit.address_is_exact,
        play_session,
    }
}

/// The play session that a stream's URL names.
fn play_session(media: &MediaRequest) -> Option<String> {
    media.play_session.as_deref().map(canonical)
}

/// Everything that a stream without a token names: each needs a ticket.
fn names(media: &MediaRequest) -> Vec<String> {
    let item = media.item.map(|item| item.to_string());
    let written = [
        &media.media_source,
        &media.play_session,
        &media.live_stream,
        &media.recording,
    ];
    let written = written.into_iter().flatten().map(|name| canonical(name));
    item.into_iter().chain(written).collect()
}

/// Ids are compared as Jellyfin compares them: with or without dashes, in any case.
pub(super) fn canonical(name: &str) -> String {
    name.parse::<ItemId>()
        .map_or_else(|_not_an_id| name.to_owned(), |id| id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_is_named_by_the_token_that_opens_it_and_by_its_stream() {
        let channel = "0123456789abcdef0123456789abcdef";
        let token = format!("fedcba9876543210fedcba9876543210_LiveTvChannel_{channel}_tuner-1");
        let path = "http://localhost:8096/LiveTv/LiveStreamFiles/stream-1/stream.ts";
        let info = serde_json::json!({
            "MediaSources": [{ "Id": "tuner-1", "RequiresOpening": true, "OpenToken": token }],
            "PlaySessionId": "session-1",
        });
        let opened = serde_json::json!({
            "MediaSource": { "Id": "tuner-1", "LiveStreamId": "open-1", "Path": path },
        });
        let (names, session) = named(&info.to_string().into()).unwrap();
        assert_eq!(names, ["tuner-1", &token, "session-1"]);
        assert_eq!(session.as_deref(), Some("session-1"));
        let (names, _) = named(&opened.to_string().into()).unwrap();
        assert_eq!(names, ["tuner-1", "open-1", "stream-1"]);
        let recorded = "http://localhost:8096/LiveTv/LiveRecordings/timer-1/stream";
        assert_eq!(file(recorded), Some("timer-1"));
        assert_eq!(file("/media/film.mkv"), None);
    }
}
