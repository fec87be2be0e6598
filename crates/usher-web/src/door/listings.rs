//! What Jellyfin lists, plays back to others or puts into playlists though its user may not see it (design, 3.1): users with
//! limits get it neither by `parentId` nor by id.
use std::collections::HashSet;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value};
use usher_accounts::AccountError;
use usher_accounts::gate::{Standing, Viewer};
use usher_domain::id::{ItemId, UserId};
use usher_proxy::body;
use usher_proxy::query;
use usher_proxy::routes::Route;
use usher_proxy::rules::{Before, ListVerdict, Listed, Visit};

use super::record::{self, lists, texts};
use super::users::user_in_query;
use super::{Door, log, streams, television, unavailable, unread};

/// Entries of a player's queue that are judged with each of its reports; what follows is left out of the report.
const QUEUE_MAX: usize = 100;

/// What becomes of a request that names something of the library.
pub(super) async fn judge(door: &Door, visit: &Visit, listed: &Listed) -> ListVerdict {
    match narrow(door, visit, listed).await {
        Ok(verdict) => verdict,
        Err(outage) => {
            log("A list could not be judged", &outage);
            ListVerdict::Unavailable
        }
    }
}

async fn narrow(door: &Door, visit: &Visit, listed: &Listed) -> Result<ListVerdict, AccountError> {
    let Some(viewer) = limited(door, visit, listed.user).await? else {
        return Ok(ListVerdict::Open);
    };
    if is_closed(door, visit).await? {
        return Ok(ListVerdict::Closed);
    }
    // Jellyfin's guide asks for the right to watch television, its lists and items do not.
    let live = listed.live.iter().filter(|_| !viewer.watches_live_tv());
    let must_be_seen = listed.parent.iter().chain(&listed.items).chain(live);
    for name in must_be_seen {
        // What is no id for Usher could be one for Jellyfin, and is not judged by a guess.
        let Ok(item) = name.parse() else {
            return Ok(ListVerdict::Hidden);
        };
        if !door.accounts.sees(&viewer, item).await? {
            return Ok(ListVerdict::Hidden);
        }
    }
    if listed.ids.is_empty() {
        return Ok(ListVerdict::Open);
    }
    let ids: Vec<ItemId> = listed.ids.iter().flat_map(|id| id.parse()).collect();
    let seen = door.accounts.seen(&viewer, ids.clone()).await?;
    let left: Vec<ItemId> = ids.into_iter().filter(|id| seen.contains(id)).collect();
    Ok(if left.len() == listed.ids.len() {
        ListVerdict::Open
    } else {
        ListVerdict::Only(left)
    })
}

/// Jellyfin would judge nothing for them: outside their hours it says 403 to whatever they ask.
async fn is_closed(door: &Door, visit: &Visit) -> Result<bool, AccountError> {
    let Some(token) = &visit.token else {
        return Ok(false);
    };
    let standing = door
        .accounts
        .standing(token, visit.address, visit.address_is_exact)
        .await?;
    Ok(standing == Some(Standing::Closed))
}

/// Who asks, where something of the library is kept from them.
pub(super) async fn limited(
    door: &Door,
    visit: &Visit,
    user: Option<UserId>,
) -> Result<Option<Viewer>, AccountError> {
    let Some(token) = &visit.token else {
        return Ok(None);
    };
    let viewer = door.accounts.viewer(token, user).await?;
    Ok(viewer.filter(Viewer::is_limited))
}

/// What a screen says that it plays: its session would show the name of it to everybody who sees the session.
pub(super) async fn playing(door: &Door, visit: &Visit, body: &Bytes) -> Before {
    if visit.path.folded().contains("/playingitems/") {
        // The older forms name the film in their path, which was judged already, and Jellyfin reads no body of them.
        return television::before_closing(door, visit).await;
    }
    let judged = judged_record(door, visit, body, async |viewer, mut record| {
        let items: Vec<String> = texts(&record, "ItemId");
        if !sees_all(door, viewer, &items).await? {
            return Ok(None);
        }
        // Jellyfin would close it when the screen stops.
        if !television::were_named(door, viewer, &texts(&record, "LiveStreamId")).await? {
            return Ok(None);
        }
        // Channels stand in no queue, so of those who lack nothing else it stays as long as it is.
        let is_narrowed = !viewer.sees_library();
        for queue in lists(&mut record, "NowPlayingQueue").filter(|_| is_narrowed) {
            queue.truncate(QUEUE_MAX);
            let id = |entry: &Value| {
                let entry = entry.as_object()?;
                record::value(entry, "Id")?.as_str()?.parse().ok()
            };
            keep_seen(door, viewer, queue, id).await?;
        }
        Ok(Some(record))
    });
    judged.await
}

/// A playlist is made, or its contents are replaced.
pub(super) async fn write_playlist(door: &Door, visit: &Visit, body: &Bytes) -> Before {
    if body.is_empty() {
        // The older form has everything in its query, which was judged already.
        return Before::Pass;
    }
    let judged = judged_record(door, visit, body, async |viewer, mut record| {
        for ids in lists(&mut record, "Ids") {
            keep_seen(door, viewer, ids, id_of).await?;
        }
        Ok(Some(record))
    });
    judged.await
}

/// Playback is asked for, or live television opened. Jellyfin looks neither at the channel that an opened stream is for,
/// nor at whose a stream is that is open already; and the channel that it opens is the one in the token, which anybody can
/// write.
pub(super) async fn before_playback(door: &Door, visit: &Visit, body: &Bytes) -> Before {
    let query = visit.query.as_deref();
    let mut items = query::list(query, "itemId");
    if query::value(query, "openToken").is_err() {
        return unread();
    }
    // Jellyfin asks for the rating of what stands in the path, and not for the right to watch television.
    let own = visit.path.segments().nth(1);
    items.extend(
        own.filter(|_| visit.route == Route::PlaybackInfo)
            .map(str::to_owned),
    );
    let open = streams::opened(visit, &Map::new());
    if body.is_empty() && items.is_empty() && open.is_empty() {
        return Before::Pass;
    }
    let sent = if body.is_empty() {
        Bytes::from_static(b"{}")
    } else {
        body.clone()
    };
    let judged = judged_record(door, visit, &sent, async |viewer, record| {
        items.extend(texts(&record, "ItemId"));
        for name in &streams::opened(visit, &record) {
            let name = streams::canonical(name);
            if !door.accounts.may_have_named(viewer, &name).await? {
                return Ok(None);
            }
        }
        let is_seen = sees_all(door, viewer, &items).await?;
        Ok(is_seen.then_some(record))
    });
    match judged.await {
        Before::PassBody(_) => Before::Pass,
        other @ (Before::Pass | Before::Answer(_)) => other,
    }
}

/// What a playlist holds, as its reader sees it.
pub(super) async fn read_playlist(
    door: &Door,
    visit: &Visit,
    answer: Response<Bytes>,
) -> Response<Bytes> {
    let Ok(Value::Object(mut playlist)) = serde_json::from_slice(answer.body()) else {
        return answer;
    };
    match without_hidden(door, visit, &mut playlist).await {
        Ok(()) => answer.map(|_| Value::Object(playlist).to_string().into()),
        Err(outage) => {
            log("A playlist could not be judged", &outage);
            let mut answer = answer.map(|_| Bytes::new());
            *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            answer
        }
    }
}

async fn without_hidden(
    door: &Door,
    visit: &Visit,
    playlist: &mut Map<String, Value>,
) -> Result<(), AccountError> {
    if let Some(viewer) = limited(door, visit, user_in_query(visit)).await? {
        for ids in lists(playlist, "ItemIds") {
            keep_seen(door, &viewer, ids, id_of).await?;
        }
    }
    Ok(())
}

/// Notes the extras and further parts that a film's own answer names. Theme songs say themselves whose they are: a season
/// hands on those of its series.
pub(super) fn note_extras(door: &Door, visit: &Visit, answer: &Bytes) {
    let words: Vec<&str> = visit.path.segments().collect();
    let film = match words.as_slice() {
        [users, _, _, film, ..] if users.eq_ignore_ascii_case("users") => film,
        [_, film, ..] => film,
        _none => return,
    };
    if let (Ok(film), Ok(answer)) = (film.parse(), serde_json::from_slice::<Value>(answer)) {
        note_lists(door, film, &answer);
    }
}

fn note_lists(door: &Door, film: ItemId, answer: &Value) {
    let list = match answer {
        Value::Array(list) => list,
        Value::Object(record) => {
            let owner = record.get("OwnerId").and_then(id_of);
            let film = owner
                .filter(|_| record.contains_key("Items"))
                .unwrap_or(film);
            for part in record.values() {
                note_lists(door, film, part);
            }
            return;
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return,
    };
    let extras = list.iter().filter_map(|extra| id_of(extra.get("Id")?));
    let extras: Vec<ItemId> = extras.collect();
    door.accounts.note_extras(film, &extras);
}

/// Has the body of a viewer with limits judged; everybody else's passes unread. Without a record, what it names is hidden.
pub(super) async fn judged_record(
    door: &Door,
    visit: &Visit,
    body: &Bytes,
    judge: impl AsyncFnOnce(
        &Viewer,
        Map<String, Value>,
    ) -> Result<Option<Map<String, Value>>, AccountError>,
) -> Before {
    let viewer = match limited(door, visit, user_in_query(visit)).await {
        Ok(Some(viewer)) => viewer,
        Ok(None) => return Before::Pass,
        Err(error) => return Before::Answer(unavailable(visit, &error)),
    };
    let Ok(Value::Object(record)) = serde_json::from_slice(body) else {
        return unread();
    };
    match judge(&viewer, record).await {
        Ok(Some(record)) => Before::PassBody(Value::Object(record).to_string().into()),
        Ok(None) => Before::Answer(body::text(StatusCode::NOT_FOUND, "")),
        Err(error) => Before::Answer(unavailable(visit, &error)),
    }
}

/// Whether the viewer sees all of these.
pub(super) async fn sees_all(
    door: &Door,
    viewer: &Viewer,
    names: &[String],
) -> Result<bool, AccountError> {
    for name in names {
        let Ok(item) = name.parse() else {
            return Ok(false);
        };
        if !door.accounts.sees(viewer, item).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Leaves in a list what the viewer sees; what names no item goes too.
async fn keep_seen(
    door: &Door,
    viewer: &Viewer,
    list: &mut Vec<Value>,
    id: impl Fn(&Value) -> Option<ItemId>,
) -> Result<(), AccountError> {
    let ids: HashSet<ItemId> = list.iter().filter_map(&id).collect();
    let seen = door
        .accounts
        .seen(viewer, ids.into_iter().collect())
        .await?;
    list.retain(|entry| id(entry).is_some_and(|id| seen.contains(&id)));
    Ok(())
}

fn id_of(value: &Value) -> Option<ItemId> {
    value.as_str()?.parse().ok()
}
