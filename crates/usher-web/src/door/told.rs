//! What Jellyfin says over a person's socket: people are named there as in its answers, and are seen no better (design,
//! section 3). Administrators and programs with an API key hear everything.
use std::sync::Arc;

use serde_json::Value;
use usher_accounts::AccountError;
use usher_domain::id::{AccountId, UserId};
use usher_domain::secret::Hash;
use usher_proxy::routes::Route;
use usher_proxy::rules::{Caller, CallerKind, Identified, Rules, Told, Visit};

use super::eyes::{Eyes, Left};
use super::groups::{Seen, Viewer};
use super::{Door, log};

/// The kinds of messages that name somebody. All others are not looked at.
const NAMING: [&str; 5] = [
    "SyncPlayGroupUpdate",
    "UserUpdated",
    "UserDeleted",
    "Sessions",
    "ActivityLogEntry",
];

/// Who listens.
struct Listener {
    user: UserId,
    account: AccountId,
    token: Hash,
}

/// What becomes of a message.
pub(super) async fn judge(door: &Door, visit: &Visit, caller: &Arc<Caller>, message: &str) -> Told {
    if !NAMING.iter().any(|kind| message.contains(kind)) {
        return Told::AsItIs;
    }
    let Ok(mut told) = serde_json::from_str::<Value>(message) else {
        return Told::AsItIs;
    };
    let Some(listener) = listener(door, visit, caller).await else {
        return Told::AsItIs;
    };
    match narrow(door, &listener, &mut told).await {
        Ok(Left::Something) => Told::Instead(told.to_string()),
        Ok(Left::Nothing) => Told::Nothing,
        Err(outage) => {
            log("Who may be named could not be found out", &outage);
            Told::Nothing
        }
    }
}

/// Whoever holds the socket now; `None` for those who hear everything. Sockets are open for hours, and nobody stays an
/// administrator by keeping one.
async fn listener(door: &Door, visit: &Visit, caller: &Arc<Caller>) -> Option<Listener> {
    let now = match &visit.token {
        Some(token) => door.identify(token, visit).await,
        None => Identified::Unavailable,
    };
    let is_administrator = match &now {
        Identified::Known(now) => now.is_administrator(),
        Identified::Unknown | Identified::Unavailable => false,
    };
    let CallerKind::User { account, user, .. } = caller.kind else {
        return None;
    };
    (!is_administrator).then_some(Listener {
        user,
        account,
        token: caller.token,
    })
}

async fn narrow(door: &Door, listener: &Listener, told: &mut Value) -> Result<Left, AccountError> {
    let kind = told.get("MessageType").and_then(Value::as_str);
    let kind = kind.unwrap_or_default().to_owned();
    let Some(data) = told.get_mut("Data") else {
        return Ok(Left::Something);
    };
    if kind == "SyncPlayGroupUpdate" {
        let viewer = Viewer::new(door, listener.account, listener.user).await?;
        return Ok(group(data, &viewer));
    }
    let accounts = &door.accounts;
    let eyes = Eyes {
        user: listener.user,
        own: accounts.name_for(listener.user, &listener.token).await?,
        hidden: accounts.profile_users().await?,
    };
    Ok(match kind.as_str() {
        "UserUpdated" => eyes.read(Route::User, data),
        "Sessions" => eyes.read(Route::Sessions, data),
        "UserDeleted" => {
            let user = data.as_str().and_then(|user| user.parse().ok());
            if user.is_some_and(|user| eyes.hides(user)) {
                Left::Nothing
            } else {
                Left::Something
            }
        }
        // Its lines are sentences with names in them. Jellyfin tells them to administrators alone.
        "ActivityLogEntry" => Left::Nothing,
        _names_nobody => Left::Something,
    })
}

/// What a group is told of itself: `{GroupId, Type, Data}`, where the data are a name, or the group.
fn group(update: &mut Value, viewer: &Viewer) -> Left {
    let kind = update.get("Type").and_then(Value::as_str);
    let kind = kind.unwrap_or_default().to_owned();
    let Some(data) = update.get_mut("Data") else {
        return Left::Something;
    };
    match kind.as_str() {
        "UserJoined" | "UserLeft" => {
            let name = data.as_str().unwrap_or_default();
            match viewer.sees(name) {
                Seen::AsItIs => {}
                Seen::Profile(name) => *data = Value::String(name),
                Seen::Nobody => return Left::Nothing,
            }
            Left::Something
        }
        _group => viewer.narrow(data),
    }
}
