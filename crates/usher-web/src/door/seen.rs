//! Requests that pass while Usher looks: some are refused, some answers leave a trace.
use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Deserialize;
use usher_accounts::gatekeeper::Gatekeeper;
use usher_domain::id::ItemId;
use usher_domain::secret::SecretText;
use usher_proxy::body;
use usher_proxy::routes::Route;
use usher_proxy::rules::{Before, Caller, Visit};

#[derive(Deserialize)]
struct Secret {
    #[serde(alias = "Secret")]
    secret: SecretText,
}

/// The names of what `PlaybackInfo` allows to play.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Playable {
    #[serde(default)]
    media_sources: Vec<Source>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Source {
    id: Option<String>,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the table of routes decides what comes here"
)]
pub(super) async fn before(
    keeper: &Gatekeeper,
    visit: &Visit,
    caller: Option<&Caller>,
    body: &Bytes,
) -> Before {
    let refused = match visit.route {
        Route::AuthenticateWithQuickConnect => match secret_of(body) {
            Some(secret) => !keeper.use_secret(&secret),
            None => false,
        },
        Route::UpdateUser => renames_itself(keeper, visit, caller, body).await,
        _looked_at_afterwards => false,
    };
    if refused {
        Before::Answer(body::text(StatusCode::FORBIDDEN, ""))
    } else {
        Before::Pass
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the table of routes decides what comes here"
)]
pub(super) fn after(
    keeper: &Gatekeeper,
    visit: &Visit,
    sent: &Bytes,
    answer: Response<Bytes>,
) -> Response<Bytes> {
    match visit.route {
        Route::AuthenticateWithQuickConnect if answer.status() != StatusCode::OK => {
            if let Some(secret) = secret_of(sent) {
                keeper.give_secret_back(&secret);
            }
        }
        Route::Logout => {
            if let Some(token) = &visit.token {
                keeper.doubt(token);
            }
        }
        Route::PlaybackInfo if answer.status() == StatusCode::OK => {
            leave_tickets(keeper, visit, answer.body());
        }
        _no_trace => {}
    }
    answer
}

fn secret_of(body: &Bytes) -> Option<SecretText> {
    serde_json::from_slice::<Secret>(body)
        .ok()
        .map(|body| body.secret)
}

/// A plain user may not take another name: somebody else's address, or another's name and a suffix (contract, "Holes").
async fn renames_itself(
    keeper: &Gatekeeper,
    visit: &Visit,
    caller: Option<&Caller>,
    body: &Bytes,
) -> bool {
    if caller.is_some_and(Caller::is_administrator) {
        return false;
    }
    let Ok(serde_json::Value::Object(record)) = serde_json::from_slice(body) else {
        return false;
    };
    let names: Vec<_> = record
        .iter()
        .filter(|(key, _)| key.eq_ignore_ascii_case("Name"))
        .map(|(_, name)| name)
        .collect();
    if names.is_empty() {
        return false;
    }
    let Some(token) = &visit.token else {
        return true;
    };
    match keeper.jellyfin().me(token).await {
        Ok(Some(me)) => names
            .iter()
            .any(|name| name.as_str() != Some(me.name.as_str())),
        Ok(None) | Err(_) => true,
    }
}

/// A ticket for the item and each of its media sources.
fn leave_tickets(keeper: &Gatekeeper, visit: &Visit, answer: &Bytes) {
    let Some(token) = &visit.token else { return };
    let sources = serde_json::from_slice::<Playable>(answer)
        .map(|playable| playable.media_sources)
        .unwrap_or_default();
    let named = sources
        .into_iter()
        .filter_map(|source| source.id?.parse::<ItemId>().ok());
    let own = visit
        .path
        .segments()
        .nth(1)
        .and_then(|segment| segment.parse().ok());
    for item in named.chain(own) {
        keeper.leave_ticket(visit.address, item, token);
    }
}
