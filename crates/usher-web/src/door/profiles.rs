//! Profiles in Jellyfin's own answers: each sees itself under the name that people gave it, and nobody else sees it (design,
//! section 3). Administrators, and programs with an API key, see Jellyfin's users as they are: to repair what is broken.
use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;
use usher_accounts::AccountError;
use usher_domain::id::UserId;
use usher_proxy::body;
use usher_proxy::routes::Route;
use usher_proxy::rules::{Before, Caller, CallerKind, Visit};

use super::eyes::{Eyes, Left, id_at, part, part_mut};
use super::{Door, groups, log, unavailable, unread};

/// A profile's record is written: under no other name than it has. What it is told of its own name is read as that.
pub(super) async fn before_update(
    door: &Door,
    visit: &Visit,
    user: UserId,
    sent: &Bytes,
) -> Before {
    let Ok(Value::Object(mut record)) = serde_json::from_slice(sent) else {
        return unread();
    };
    let (present, own) = match names_of(door, user).await {
        Ok((Some(present), own)) => (present, own),
        Ok((None, _)) => return Before::Answer(body::text(StatusCode::NOT_FOUND, "")),
        Err(error) => return Before::Answer(unavailable(visit, &error)),
    };
    for (key, name) in &mut record {
        if !key.eq_ignore_ascii_case("Name") {
            continue;
        }
        let is_known = name
            .as_str()
            .is_some_and(|name| name == present || own.iter().any(|own| own == name));
        if !is_known {
            return Before::Answer(body::text(StatusCode::FORBIDDEN, ""));
        }
        *name = Value::String(present.clone());
    }
    Before::PassBody(Value::Object(record).to_string().into())
}

/// What a profile's user is called in Jellyfin, and what its own answers call it.
async fn names_of(
    door: &Door,
    user: UserId,
) -> Result<(Option<String>, Vec<String>), AccountError> {
    let accounts = &door.accounts;
    let present = accounts.name_of(user).await?;
    let mut own: Vec<String> = accounts.name_in_apps(user).await?.into_iter().collect();
    let profile = accounts.profile_of_user(user).await?;
    own.extend(profile.map(|(_, profile)| profile.name.as_str().to_owned()));
    Ok((present, own))
}

/// The answer of a sign-in at an app's own form, or of a screen: with the name by which it can sign in again.
pub(super) async fn signed_in(door: &Door, answer: Response<Bytes>) -> Response<Bytes> {
    let Ok(mut session) = serde_json::from_slice::<Value>(answer.body()) else {
        return answer;
    };
    let Some(user) = part(&session, "User").and_then(|user| id_at(user, "Id")) else {
        return answer;
    };
    match door.accounts.name_in_apps(user).await {
        Ok(None) => answer,
        Ok(own) => {
            let eyes = Eyes {
                user,
                own,
                hidden: Arc::default(),
            };
            for (record, id, name) in [
                ("User", "Id", "Name"),
                ("SessionInfo", "UserId", "UserName"),
            ] {
                if let Some(record) = part_mut(&mut session, record) {
                    eyes.name(record, id, name);
                }
            }
            answer.map(|_| session.to_string().into())
        }
        Err(error) => {
            // The token is given out: the person is in, under the user's own name.
            log("A profile's name could not be read", &error);
            answer
        }
    }
}

/// What a person's token is told of users, sessions and groups.
pub(super) async fn narrow(
    door: &Door,
    visit: &Visit,
    caller: Option<&Caller>,
    answer: Response<Bytes>,
) -> Response<Bytes> {
    let Some(caller) = caller.filter(|caller| !caller.is_administrator()) else {
        return answer;
    };
    let CallerKind::User { user, account, .. } = caller.kind else {
        return answer;
    };
    let Ok(mut told) = serde_json::from_slice::<Value>(answer.body()) else {
        return answer;
    };
    let narrowed = async {
        if visit.route == Route::Groups {
            let viewer = groups::Viewer::new(door, account, user).await?;
            return Ok(viewer.narrow(&mut told));
        }
        let eyes = Eyes {
            user,
            own: door.accounts.name_for(user, &caller.token).await?,
            hidden: hidden(door, &told).await?,
        };
        Ok::<_, AccountError>(eyes.read(visit.route, &mut told))
    };
    match narrowed.await {
        Ok(Left::Something) => answer.map(|_| told.to_string().into()),
        Ok(Left::Nothing) if visit.route == Route::User => missing_user(answer),
        Ok(Left::Nothing) if visit.route == Route::Groups => {
            groups::missing(door, visit, answer).await
        }
        Ok(Left::Nothing) => empty(answer, StatusCode::NOT_FOUND),
        Err(outage) => {
            log("Who may be seen could not be found out", &outage);
            empty(answer, StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// Whom nobody else sees, of those whom an answer names. By which spelling of the id somebody was asked for is Jellyfin's to
/// read: what counts is whose record came.
async fn hidden(door: &Door, told: &Value) -> Result<Arc<HashSet<UserId>>, AccountError> {
    if told.is_array() {
        return door.accounts.profile_users().await;
    }
    let Some(one) = id_at(told, "Id") else {
        return Ok(Arc::default());
    };
    let profile = door.accounts.profile_of_user(one).await?;
    Ok(Arc::new(profile.map(|_| one).into_iter().collect()))
}

/// As Jellyfin answers for a user whom it does not know.
fn missing_user(answer: Response<Bytes>) -> Response<Bytes> {
    let answer = empty(answer, StatusCode::NOT_FOUND);
    answer.map(|_| Bytes::from_static(b"\"User not found\""))
}

fn empty(answer: Response<Bytes>, status: StatusCode) -> Response<Bytes> {
    let mut answer = answer.map(|_| Bytes::new());
    *answer.status_mut() = status;
    answer
}
