//! Profiles in Jellyfin's own answers: each sees itself under the name that people gave it, and nobody else sees it (design,
//! section 3). Administrators, and programs with an API key, see Jellyfin's users as they are: to repair what is broken.
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value};
use usher_accounts::AccountError;
use usher_accounts::profiles::NamedProfile;
use usher_domain::id::{AccountId, UserId};
use usher_proxy::body;
use usher_proxy::routes::Route;
use usher_proxy::rules::{Before, Caller, CallerKind, Visit};

use super::{Door, log, unavailable, unread};

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
    let Some(user) = session.get("User").and_then(|user| id_at(user, "Id")) else {
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
            for (part, id, name) in [
                ("User", "Id", "Name"),
                ("SessionInfo", "UserId", "UserName"),
            ] {
                if let Some(record) = session.get_mut(part) {
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
            let profiles = door.accounts.profiles_by_user_name().await?;
            return Ok(groups(&mut told, account, &profiles));
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

/// What is left of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    Something,
    Nothing,
}

/// What one person sees of the others.
struct Eyes {
    user: UserId,
    /// What the person's own profile is called; `None` for the owner of an account.
    own: Option<String>,
    /// Whom nobody sees.
    hidden: Arc<HashSet<UserId>>,
}

impl Eyes {
    fn read(&self, route: Route, told: &mut Value) -> Left {
        let (id, name) = if route == Route::Sessions {
            ("UserId", "UserName")
        } else {
            ("Id", "Name")
        };
        let Value::Array(list) = told else {
            if self.is_hidden(told, id) {
                return Left::Nothing;
            }
            self.name(told, id, name);
            return Left::Something;
        };
        list.retain(|one| !self.is_hidden(one, id));
        for one in list {
            self.name(one, id, name);
            let further = one.get_mut("AdditionalUsers").and_then(Value::as_array_mut);
            if let Some(further) = further {
                further.retain(|one| !self.is_hidden(one, "UserId"));
                for one in further {
                    self.name(one, "UserId", "UserName");
                }
            }
        }
        Left::Something
    }

    fn is_hidden(&self, record: &Value, key: &str) -> bool {
        id_at(record, key).is_some_and(|id| id != self.user && self.hidden.contains(&id))
    }

    fn name(&self, record: &mut Value, id: &str, name: &str) {
        if let Some(own) = &self.own
            && id_at(record, id) == Some(self.user)
            && let Value::Object(record) = record
        {
            record.insert(name.to_owned(), Value::String(own.clone()));
        }
    }
}

fn id_at(record: &Value, key: &str) -> Option<UserId> {
    record.get(key)?.as_str()?.parse().ok()
}

/// Groups without other accounts' profiles; one that has nobody else is not there.
fn groups(told: &mut Value, account: AccountId, profiles: &HashMap<String, NamedProfile>) -> Left {
    let is_there = |group: &mut Value| {
        let group = group.as_object_mut();
        group.is_none_or(|group| has_anybody(group, account, profiles))
    };
    if let Value::Array(list) = told {
        list.retain_mut(is_there);
        Left::Something
    } else if is_there(told) {
        Left::Something
    } else {
        Left::Nothing
    }
}

/// Takes those out of a group who are not to be seen. `false`: nobody else is in it.
fn has_anybody(
    group: &mut Map<String, Value>,
    account: AccountId,
    profiles: &HashMap<String, NamedProfile>,
) -> bool {
    let people = group.get_mut("Participants").and_then(Value::as_array_mut);
    let Some(people) = people.filter(|people| !people.is_empty()) else {
        return true;
    };
    people.retain_mut(|person| {
        let profile = person.as_str().and_then(|name| profiles.get(name));
        match profile {
            None => true,
            Some(profile) if profile.account == account => {
                *person = Value::String(profile.name.clone());
                true
            }
            Some(_other) => false,
        }
    });
    !people.is_empty()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn account(digit: char) -> AccountId {
        AccountId::of_owner(digit.to_string().repeat(32).parse().unwrap())
    }

    #[test]
    fn a_group_shows_the_own_accounts_profiles_by_name_and_nobody_elses() {
        let anna = account('1');
        let kim = account('2');
        let profiles = [("anna+Kids", anna, "Kids"), ("kim+Teen", kim, "Teen")].map(
            |(user, account, name)| {
                let name = name.to_owned();
                (user.to_owned(), NamedProfile { account, name })
            },
        );
        let profiles = HashMap::from(profiles);
        let mut list = json!([
            { "GroupId": "1", "Participants": ["bob", "anna+Kids", "kim+Teen"] },
            { "GroupId": "2", "Participants": ["kim+Teen"] },
            { "GroupId": "3", "Participants": [] },
        ]);
        assert_eq!(groups(&mut list, anna, &profiles), Left::Something);
        let left = json!([
            { "GroupId": "1", "Participants": ["bob", "Kids"] },
            { "GroupId": "3", "Participants": [] },
        ]);
        assert_eq!(list, left);
        let mut one = json!({ "GroupId": "2", "Participants": ["kim+Teen"] });
        assert_eq!(groups(&mut one, anna, &profiles), Left::Nothing);
    }
}
