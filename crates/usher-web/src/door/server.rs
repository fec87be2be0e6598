//! The server's configuration, as far as it decides about signing in.
//!
//! Jellyfin's Quick Connect stays on, because Usher signs people in by it; the tick box in the dashboard drives Usher's own
//! switch (design, "Minting").
use bytes::Bytes;
use http::Response;
use serde_json::Value;
use usher_domain::settings::QuickConnectPolicy;
use usher_proxy::rules::{Before, Caller, Visit};

use super::{Door, log, unavailable, unread};

const TICK_BOX: &str = "QuickConnectAvailable";

/// `POST /System/Configuration`.
pub(super) async fn configure(
    door: &Door,
    visit: &Visit,
    caller: Option<&Caller>,
    body: &Bytes,
) -> Before {
    // Jellyfin refuses everybody else, after this.
    if !caller.is_some_and(Caller::is_administrator) {
        return Before::Pass;
    }
    let Ok(Value::Object(mut configuration)) = serde_json::from_slice(body) else {
        return unread();
    };
    let keys: Vec<String> = configuration
        .keys()
        .filter(|key| key.eq_ignore_ascii_case(TICK_BOX))
        .cloned()
        .collect();
    let Some(last) = keys.last() else {
        return Before::Pass;
    };
    let enabled = configuration[last] == Value::Bool(true);
    if let Err(error) = door
        .accounts
        .set_quick_connect(QuickConnectPolicy { enabled })
        .await
    {
        return Before::Answer(unavailable(visit, &error));
    }
    for key in &keys {
        configuration.insert(key.clone(), Value::Bool(true));
    }
    Before::PassBody(Value::Object(configuration).to_string().into())
}

/// `GET /System/Configuration`: the tick box shows Usher's own switch.
pub(super) async fn show(door: &Door, answer: Response<Bytes>) -> Response<Bytes> {
    let enabled = match door.accounts.settings().await {
        Ok(settings) => settings.quick_connect.enabled,
        Err(error) => {
            log("The Quick Connect switch could not be read", &error);
            return answer;
        }
    };
    answer.map(|body| match serde_json::from_slice(&body) {
        Ok(Value::Object(mut configuration)) if configuration.contains_key(TICK_BOX) => {
            configuration[TICK_BOX] = Value::Bool(enabled);
            Value::Object(configuration).to_string().into()
        }
        _unreadable => body,
    })
}
