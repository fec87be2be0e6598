//! Live television beside its streams: the guide that Jellyfin gives to anybody, what is recorded, and whose streams are closed.
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value};
use usher_accounts::AccountError;
use usher_accounts::gate::Viewer;
use usher_proxy::body;
use usher_proxy::query;
use usher_proxy::rules::{Before, Visit};

use super::listings::{judged_record, limited, sees_all};
use super::users::user_in_query;
use super::{Door, log, record, streams, unavailable};

/// The posted form of the guide. Jellyfin gives it as whomever its body names, and without one everything, above every rating.
pub(super) async fn before_guide(door: &Door, visit: &Visit, body: &Bytes) -> Before {
    judged_record(door, visit, body, async |viewer, mut record| {
        record.retain(|key, _| !key.eq_ignore_ascii_case("UserId"));
        let user = viewer.user().to_string();
        record.insert("UserId".to_owned(), Value::String(user));
        Ok(Some(record))
    })
    .await
}

/// A stream is closed, or told to be what a screen shows, which closes it when the screen stops. A channel's stream is one for
/// all who watch it, and its id the same each time: who was never told it would end it for others.
pub(super) async fn before_closing(door: &Door, visit: &Visit) -> Before {
    let streams = query::list(visit.query.as_deref(), "liveStreamId");
    if streams.is_empty() {
        return Before::Pass;
    }
    let judged = async {
        match limited(door, visit, user_in_query(visit)).await? {
            Some(viewer) => were_named(door, &viewer, &streams).await,
            None => Ok(true),
        }
    };
    match judged.await {
        Ok(true) => Before::Pass,
        Ok(false) => Before::Answer(body::text(StatusCode::NOT_FOUND, "")),
        Err(error) => Before::Answer(unavailable(visit, &error)),
    }
}

/// Whether all of these were named to the viewer, whatever the viewer may have of them now.
pub(super) async fn were_named(
    door: &Door,
    viewer: &Viewer,
    names: &[String],
) -> Result<bool, AccountError> {
    for name in names {
        let name = streams::canonical(name);
        if !door.accounts.was_named(viewer, &name).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What is to be recorded: Jellyfin tells it to whoever watches television, above every rating.
pub(super) async fn timers(door: &Door, visit: &Visit, answer: Response<Bytes>) -> Response<Bytes> {
    let Ok(Value::Object(mut told)) = serde_json::from_slice(answer.body()) else {
        return answer;
    };
    let empty = |status| {
        let mut answer = Response::new(Bytes::new());
        *answer.status_mut() = status;
        answer
    };
    match without_hidden(door, visit, &mut told).await {
        Ok(true) => answer.map(|_| Value::Object(told).to_string().into()),
        Ok(false) => empty(StatusCode::NOT_FOUND),
        Err(outage) => {
            log("What is recorded could not be judged", &outage);
            empty(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// Leaves in a list what its reader sees. `false`: it is no list but one timer, which the reader does not see.
async fn without_hidden(
    door: &Door,
    visit: &Visit,
    told: &mut Map<String, Value>,
) -> Result<bool, AccountError> {
    let Some(viewer) = limited(door, visit, user_in_query(visit)).await? else {
        return Ok(true);
    };
    if record::lists(told, "Items").next().is_none() {
        return sees_timer(door, &viewer, told).await;
    }
    for list in record::lists(told, "Items") {
        let mut seen = Vec::new();
        for timer in std::mem::take(list) {
            if let Value::Object(timer) = timer
                && sees_timer(door, &viewer, &timer).await?
            {
                seen.push(Value::Object(timer));
            }
        }
        *list = seen;
    }
    Ok(true)
}

async fn sees_timer(
    door: &Door,
    viewer: &Viewer,
    timer: &Map<String, Value>,
) -> Result<bool, AccountError> {
    let mut items = record::texts(timer, "ChannelId");
    items.extend(record::texts(timer, "ProgramId"));
    sees_all(door, viewer, &items).await
}
