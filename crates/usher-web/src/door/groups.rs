//! Groups that watch together: they hold names alone, among them those of hidden users (design, section 3).
use std::collections::HashMap;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use usher_accounts::AccountError;
use usher_accounts::gate::Call;
use usher_accounts::profiles::NamedProfile;
use usher_domain::id::{AccountId, ItemId};
use usher_proxy::rules::{Before, Caller, CallerKind, Visit};

use super::eyes::{Left, part, part_mut};
use super::{Door, record, unavailable, unread};

/// Names a group that there never is.
const NO_GROUP: &str = "00000000000000000000000000000000";

/// Somebody joins a group. Where only profiles of others are in it, it is not there: whoever joins would drive their
/// screens. The request goes on with the name of no group at all, so that the answer, and the word over the socket, are
/// those for a group that has ended.
pub(super) async fn before_joining(
    door: &Door,
    visit: &Visit,
    caller: Option<&Caller>,
    body: &Bytes,
) -> Before {
    let Some(caller) = caller.filter(|caller| !caller.is_administrator()) else {
        return Before::Pass;
    };
    let CallerKind::User { account, .. } = caller.kind else {
        return Before::Pass;
    };
    let Ok(Value::Object(sent)) = serde_json::from_slice(body) else {
        return unread();
    };
    // A name that Jellyfin reads and Usher does not could be that of any group.
    let group = record::value(&sent, "GroupId").and_then(Value::as_str);
    let Some(Ok(group)) = group.map(str::parse::<ItemId>) else {
        return unread();
    };
    match is_there(door, visit, account, group).await {
        Ok(true) => Before::PassBody(json!({ "GroupId": group.to_string() }).to_string().into()),
        Ok(false) => Before::PassBody(json!({ "GroupId": NO_GROUP }).to_string().into()),
        Err(error) => Before::Answer(unavailable(visit, &error)),
    }
}

/// Whether the visitor sees a group.
async fn is_there(
    door: &Door,
    visit: &Visit,
    account: AccountId,
    group: ItemId,
) -> Result<bool, AccountError> {
    let profiles = door.accounts.profiles_by_user_name().await?;
    if profiles.is_empty() {
        return Ok(true);
    }
    let call = Call {
        path: "/SyncPlay/List",
        identity: visit.client.as_ref(),
        token: visit.token.as_ref(),
        body: None,
    };
    let answer = door.accounts.ask_jellyfin(call).await?;
    if answer.status != StatusCode::OK {
        // Whoever may not have the list may not join either: Jellyfin says so itself.
        return Ok(true);
    }
    let mut list: Value =
        serde_json::from_slice(&answer.body).map_err(|_unreadable| AccountError::Unreadable {
            what: "list of groups",
        })?;
    narrow(&mut list, account, &profiles);
    let mut groups = list.as_array().into_iter().flatten();
    Ok(groups.any(|one| {
        let id = part(one, "GroupId").and_then(Value::as_str);
        id.is_some_and(|id| id.parse() == Ok(group))
    }))
}

/// Groups without other accounts' profiles; one that has nobody else is not there.
pub(super) fn narrow(
    told: &mut Value,
    account: AccountId,
    profiles: &HashMap<String, NamedProfile>,
) -> Left {
    if let Value::Array(list) = told {
        list.retain_mut(|group| has_anybody(group, account, profiles));
        Left::Something
    } else if has_anybody(told, account, profiles) {
        Left::Something
    } else {
        Left::Nothing
    }
}

/// Takes those out of a group who are not to be seen. `false`: nobody else is in it.
fn has_anybody(
    group: &mut Value,
    account: AccountId,
    profiles: &HashMap<String, NamedProfile>,
) -> bool {
    let people = part_mut(group, "Participants").and_then(Value::as_array_mut);
    let Some(people) = people.filter(|people| !people.is_empty()) else {
        return true;
    };
    people.retain_mut(|person| {
        let Some(shown) = person.as_str().map(|name| as_seen(name, account, profiles)) else {
            return true;
        };
        match shown {
            Seen::AsItIs => true,
            Seen::Profile(name) => {
                *person = Value::String(name);
                true
            }
            Seen::Nobody => false,
        }
    });
    !people.is_empty()
}

/// How somebody is shown who is named by Jellyfin.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// By that name.
    AsItIs,
    /// As a profile of the own account.
    Profile(String),
    /// Not at all.
    Nobody,
}

/// How the owner and the profiles of an account see whoever has this name in Jellyfin.
pub(super) fn as_seen(
    name: &str,
    account: AccountId,
    profiles: &HashMap<String, NamedProfile>,
) -> Seen {
    match profiles.get(name) {
        None => Seen::AsItIs,
        Some(profile) if profile.account == account => Seen::Profile(profile.name.clone()),
        Some(_other) => Seen::Nobody,
    }
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
            { "groupId": "4", "participants": ["kim+Teen"] },
        ]);
        assert_eq!(narrow(&mut list, anna, &profiles), Left::Something);
        let left = json!([
            { "GroupId": "1", "Participants": ["bob", "Kids"] },
            { "GroupId": "3", "Participants": [] },
        ]);
        assert_eq!(list, left);
        let mut one = json!({ "GroupId": "2", "Participants": ["kim+Teen"] });
        assert_eq!(narrow(&mut one, anna, &profiles), Left::Nothing);
    }
}
