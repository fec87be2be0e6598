//! Users as Jellyfin's dashboard and its clients write and list them.
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;
use usher_accounts::AccountError;
use usher_accounts::dashboard::Tile;
use usher_domain::id::{AccountId, UserId};
use usher_domain::name::UserName;
use usher_proxy::body;
use usher_proxy::query;
use usher_proxy::rules::{Before, Caller, Visit};

use super::eyes::{id_at, part_mut};
use super::record::value;
use super::{Door, log, profiles, unavailable, unread, visitor};

/// The user that a request is about: named in the path, else in the query. `None` also where the path names one in a form
/// that Jellyfin reads and Usher does not: what the query says there counts for neither.
pub(super) fn user_of(visit: &Visit) -> Option<UserId> {
    if let Some(in_path) = visit.path.segments().nth(1) {
        return in_path.parse().ok();
    }
    user_in_query(visit)
}

/// The user whom the query names.
pub(super) fn user_in_query(visit: &Visit) -> Option<UserId> {
    let named = query::value(visit.query.as_deref(), "userId").ok()?;
    named?.parse().ok()
}

/// A plain user may not take another name: somebody else's address, or another's name and a suffix (contract, "Holes"). A
/// profile is named by its owner alone, on Usher's pages.
pub(super) async fn update(
    door: &Door,
    visit: &Visit,
    caller: Option<&Caller>,
    body: &Bytes,
) -> Before {
    if let Some(user) = user_of(visit).or_else(|| caller.and_then(Caller::user)) {
        match door.accounts.profile_of_user(user).await {
            Ok(None) => {}
            Ok(Some(_)) => return profiles::before_update(door, visit, user, body).await,
            Err(error) => return Before::Answer(unavailable(visit, &error)),
        }
    }
    let Some(user) = caller
        .filter(|caller| !caller.is_administrator())
        .and_then(Caller::user)
    else {
        return Before::Pass;
    };
    let Ok(Value::Object(record)) = serde_json::from_slice(body) else {
        return unread();
    };
    let names: Vec<&Value> = record
        .iter()
        .filter(|(key, _)| key.eq_ignore_ascii_case("Name"))
        .map(|(_, name)| name)
        .collect();
    if names.is_empty() {
        return Before::Pass;
    }
    match door.accounts.name_of(user).await {
        Ok(Some(present)) if names.iter().all(|name| name.as_str() == Some(&present)) => {
            Before::Pass
        }
        Ok(_) => Before::Answer(body::text(StatusCode::FORBIDDEN, "")),
        Err(error) => Before::Answer(unavailable(visit, &error)),
    }
}

/// A user that is made without a password would stand open: it gets one that nobody knows, and waits for its set-up.
pub(super) async fn create(
    door: &Door,
    visit: &Visit,
    caller: Option<&Caller>,
    body: &Bytes,
) -> Before {
    let Some(caller) = caller.filter(|caller| caller.is_administrator()) else {
        return Before::Pass;
    };
    let Ok(Value::Object(record)) = serde_json::from_slice(body) else {
        return unread();
    };
    let text = |key| {
        value(&record, key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let Ok(name) = UserName::parse(text("Name")) else {
        return unread();
    };
    if !text("Password").is_empty() {
        return Before::Pass;
    }
    if let Err(error) = door
        .accounts
        .begin_from_dashboard(&name, caller.user())
        .await
    {
        return Before::Answer(unavailable(visit, &error));
    }
    let password = door.accounts.unknown_password();
    let sent = serde_json::json!({ "Name": name.as_str(), "Password": password.reveal() });
    Before::PassBody(sent.to_string().into())
}

/// The answer to a user that was made.
pub(super) async fn created(
    door: &Door,
    visit: &Visit,
    caller: Option<&Caller>,
    sent: &Bytes,
    answer: Response<Bytes>,
) -> Response<Bytes> {
    let Ok(Value::Object(record)) = serde_json::from_slice(sent) else {
        return answer;
    };
    let name = value(&record, "Name").and_then(Value::as_str);
    let Some(Ok(name)) = name.map(UserName::parse) else {
        return answer;
    };
    let made = serde_json::from_slice::<Value>(answer.body()).ok();
    let id = made
        .as_ref()
        .and_then(|user| user.get("Id")?.as_str()?.parse::<UserId>().ok())
        .filter(|_| answer.status().is_success());
    let noted = match id {
        Some(id) => {
            let by = caller.and_then(Caller::user);
            door.accounts
                .finish_from_dashboard(&name, id, by, &visitor(visit))
                .await
        }
        None => door.accounts.end_from_dashboard(&name).await,
    };
    if let Err(error) = noted {
        // What was begun is finished by the next run of the jobs.
        log("A user made in Jellyfin could not be noted", &error);
    }
    answer
}

/// A record or policy was written, or a user deleted.
pub(super) async fn was_changed(door: &Door, visit: &Visit) -> Result<(), AccountError> {
    match user_of(visit) {
        Some(user) => door.accounts.user_was_changed(user).await,
        None => Ok(()),
    }
}

/// The tiles of a client's sign-in page: Jellyfin's, less those who wait for their set-up.
pub(super) async fn public(door: &Door, visit: &Visit, answer: Response<Bytes>) -> Response<Bytes> {
    if door.options.hides_users {
        return answer.map(|_| Bytes::from_static(b"[]"));
    }
    let Ok(Value::Array(users)) = serde_json::from_slice(answer.body()) else {
        return answer;
    };
    let mut shown = Vec::with_capacity(users.len());
    for mut user in users {
        let Some(id) = id_at(&user, "Id") else {
            continue;
        };
        let tile = door
            .accounts
            .tile(AccountId::of_owner(id), &visitor(visit))
            .await;
        let has_password = match tile {
            Ok(Tile::Hidden) => continue,
            Ok(Tile::Password) => true,
            Ok(Tile::Open) => false,
            Err(error) => {
                log("A tile could not be judged; nobody is shown", &error);
                return answer.map(|_| Bytes::from_static(b"[]"));
            }
        };
        // A tile without a password signs in at once with an empty one (web client, Kodi).
        for key in ["HasPassword", "HasConfiguredPassword"] {
            if let Some(told) = part_mut(&mut user, key) {
                *told = Value::Bool(has_password);
            }
        }
        shown.push(user);
    }
    answer.map(|_| Value::Array(shown).to_string().into())
}
