//! Who watches, and for how long: what streams and screens tell of it, and who may not begin (design, section 7).
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use serde_json::Value;
use usher_accounts::AccountError;
use usher_accounts::screen_time::{Passed, Playing, Segments};
use usher_proxy::body::{self, Body};
use usher_proxy::query;
use usher_proxy::rules::{Before, Caller, Carries, Flow, MediaRequest, Visit};

use super::users::user_in_query;
use super::{Door, log, record, streams, unavailable};

/// Told to the script in Jellyfin's web client, which leads to the page where more time is asked for.
const WATCHING: HeaderName = HeaderName::from_static("x-usher-watching");

/// A film flows to somebody, or is about to.
pub(super) async fn flowed(
    door: &Door,
    visit: &Visit,
    caller: Option<&Arc<Caller>>,
    (media, flow): (&MediaRequest, Flow),
) -> Result<(), AccountError> {
    let segments = |passed| {
        Playing::Segments(Segments {
            passed,
            asked: media.segments,
            play_session: media.play_session.as_deref(),
        })
    };
    let source = media.media_source.as_deref().map(streams::canonical);
    let playing = match media.carries {
        Carries::Beside => segments(None),
        Carries::Segment(length) => segments(Some(length)),
        Carries::Film => Playing::Film(Passed {
            item: media.item,
            source: source.as_deref(),
            bytes: flow.bytes,
            before: flow.before,
            of: flow.of,
            rate: media.rate,
        }),
    };
    let Some(token) = streams::holder(door, visit, caller, media).await? else {
        return Ok(());
    };
    let accounts = &door.accounts;
    accounts.note_playing(&token, media.user, playing).await
}

/// A screen told what it does. Its word counts beside what flows to it: a pause ends no count of that.
pub(super) async fn reported(door: &Door, visit: &Visit, sent: &Bytes) {
    let Some(token) = &visit.token else { return };
    let rests = is_end(visit) || says_paused(visit, sent);
    let playing = if rests {
        Playing::Rests
    } else {
        Playing::Screen
    };
    if let Err(error) = door.accounts.note_playing(token, None, playing).await {
        log("What a screen plays could not be noted", &error);
    }
}

/// Refuses to begin what may not be watched now. What is under way may still be told, so that it can be gone on with.
pub(super) async fn refuse_start(door: &Door, visit: &Visit) -> Option<Before> {
    if !is_start(visit) {
        return None;
    }
    refuse_playback(door, visit).await
}

/// Refuses playback outside the hours, or when the time is used up: 403, as Jellyfin answers outside the hours.
pub(super) async fn refuse_playback(door: &Door, visit: &Visit) -> Option<Before> {
    match may_watch(door, visit).await {
        Ok(true) => None,
        Ok(false) => Some(Before::Answer(over())),
        Err(error) => Some(Before::Answer(unavailable(visit, &error))),
    }
}

fn over() -> Response<Body> {
    let mut refused = body::text(StatusCode::FORBIDDEN, "");
    let over = HeaderValue::from_static("over");
    refused.headers_mut().insert(WATCHING, over);
    refused
}

async fn may_watch(door: &Door, visit: &Visit) -> Result<bool, AccountError> {
    let Some(token) = &visit.token else {
        return Ok(true);
    };
    let Some(viewer) = door.accounts.viewer(token, user_in_query(visit)).await? else {
        return Ok(true);
    };
    let may = door.accounts.may_watch_now(viewer.user()).await?;
    if !may {
        door.accounts.note_turned_away(token).await?;
    }
    Ok(may)
}

/// Whether a screen says that it begins, in the newer form or in one of the older two.
fn is_start(visit: &Visit) -> bool {
    let words: Vec<&str> = visit.path.folded().split('/').skip(1).collect();
    let begins = matches!(
        words.as_slice(),
        ["sessions", "playing"] | ["playingitems", _] | ["users", _, "playingitems", _]
    );
    begins && visit.method == Method::POST
}

fn is_end(visit: &Visit) -> bool {
    visit.method == Method::DELETE || visit.path.folded() == "/sessions/playing/stopped"
}

fn says_paused(visit: &Visit, sent: &Bytes) -> bool {
    // The older forms have everything in the query.
    let asked = query::value(visit.query.as_deref(), "isPaused");
    if matches!(asked, Ok(Some(text)) if text.eq_ignore_ascii_case("true")) {
        return true;
    }
    let Ok(Value::Object(report)) = serde_json::from_slice(sent) else {
        return false;
    };
    let found = record::value(&report, "IsPaused");
    found.and_then(Value::as_bool) == Some(true)
}
