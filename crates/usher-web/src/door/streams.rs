//! Tickets: what an answer lets play (design, 3.1).
use bytes::Bytes;
use serde::Deserialize;
use usher_domain::id::ItemId;
use usher_proxy::rules::{MediaRequest, Visit};

use super::{Door, log};

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
}

/// A ticket for the item, each of its media sources, and the play session.
pub(super) async fn leave_tickets(door: &Door, visit: &Visit, answer: &Bytes) {
    let Some(token) = &visit.token else { return };
    let Ok(playable) = serde_json::from_slice::<Playable>(answer) else {
        return;
    };
    let sources = playable
        .media_sources
        .into_iter()
        .chain(playable.media_source);
    let mut names: Vec<String> = sources
        .flat_map(|source| [source.id, source.live_stream_id])
        .flatten()
        .chain(playable.play_session_id)
        .map(|name| canonical(&name))
        .collect();
    let own = visit.path.segments().nth(1).unwrap_or_default();
    if own.parse::<ItemId>().is_ok() {
        names.push(canonical(own));
    }
    if let Err(error) = door
        .accounts
        .leave_tickets(visit.address, &names, token)
        .await
    {
        log("A ticket could not be left", &error);
    }
}

/// Everything that a stream without a token names: each needs a ticket.
pub(super) fn names(media: &MediaRequest) -> Vec<String> {
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
fn canonical(name: &str) -> String {
    name.parse::<ItemId>()
        .map_or_else(|_not_an_id| name.to_owned(), |id| id.to_string())
}
