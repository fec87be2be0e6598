//! API keys of the server: Usher's own is neither shown nor deleted (R59).
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;
use usher_proxy::body;
use usher_proxy::rules::{Before, Visit};

use super::Door;
use super::eyes::{part, part_mut};

/// `DELETE /Auth/Keys/{key}`.
pub(super) fn delete(door: &Door, visit: &Visit) -> Before {
    let key = visit.path.segments().nth(2).unwrap_or_default();
    if door.accounts.is_own_key(key) {
        Before::Answer(body::text(
            StatusCode::FORBIDDEN,
            "This key is Usher's own. `usher connect` makes a new one.",
        ))
    } else {
        Before::Pass
    }
}

/// `GET /Auth/Keys`, without Usher's own.
pub(super) fn list(door: &Door, answer: Response<Bytes>) -> Response<Bytes> {
    answer.map(|body| without_own(door, &body).unwrap_or(body))
}

fn without_own(door: &Door, body: &Bytes) -> Option<Bytes> {
    let mut list: Value = serde_json::from_slice(body).ok()?;
    let items = part_mut(&mut list, "Items")?.as_array_mut()?;
    let before = items.len();
    items.retain(|key| {
        let text = part(key, "AccessToken").and_then(Value::as_str);
        !text.is_some_and(|text| door.accounts.is_own_key(text))
    });
    let removed = before - items.len();
    if let Some(total) = part_mut(&mut list, "TotalRecordCount")
        && let Some(before) = total.as_u64()
    {
        *total = before.saturating_sub(removed as u64).into();
    }
    Some(list.to_string().into())
}
