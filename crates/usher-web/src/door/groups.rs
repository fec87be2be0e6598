//! Groups that watch together: they hold names alone, among them those of hidden users (design, section 3).
//!
//! Whoever is in a group drives everybody's screen. So a group with a profile in it is its account's alone (decision 15), and
//! to all others there is no such group.
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Response, StatusCode};
use serde_json::{Value, json};
use usher_accounts::AccountError;
use usher_accounts::gate::{Answer, Call};
use usher_accounts::profiles::NamedUsers;
use usher_domain::id::{AccountId, ItemId, UserId};
use usher_proxy::rules::{Before, Caller, CallerKind, Visit};

use super::eyes::{Left, part, part_mut};
use super::{Door, log, record, unavailable, unread};

/// Names a group that there never is.
const NO_GROUP: &str = "00000000000000000000000000000000";

/// Whoever sees a group, or joins it.
pub(super) struct Viewer {
    account: AccountId,
    user: UserId,
    named: Arc<NamedUsers>,
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

impl Viewer {
    /// At whose seat somebody looks.
    pub(super) async fn new(
        door: &Door,
        account: AccountId,
        user: UserId,
    ) -> Result<Self, AccountError> {
        let named = door.accounts.users_by_name().await?;
        Ok(Self {
            account,
            user,
            named,
        })
    }

    /// How the viewer sees whoever has this name in Jellyfin.
    pub(super) fn sees(&self, name: &str) -> Seen {
        match self.named.get(name) {
            Some(one) if one.account == self.account => match &one.profile {
                Some(profile) => Seen::Profile(profile.clone()),
                None => Seen::AsItIs,
            },
            Some(one) if one.profile.is_some() => Seen::Nobody,
            Some(_) | None => Seen::AsItIs,
        }
    }

    /// Groups that are there for the viewer, with the own profiles under their names.
    pub(super) fn narrow(&self, told: &mut Value) -> Left {
        if let Value::Array(list) = told {
            list.retain(|group| self.may_be_in(group));
            for group in list {
                self.name(group);
            }
            return Left::Something;
        }
        if !self.may_be_in(told) {
            return Left::Nothing;
        }
        self.name(told);
        Left::Something
    }

    /// Whether the viewer may watch together with everybody in a group.
    fn may_be_in(&self, group: &Value) -> bool {
        if self.named.is_empty() {
            return true;
        }
        let people = part(group, "Participants").and_then(Value::as_array);
        let mut people = people.into_iter().flatten();
        people.all(|one| one.as_str().is_some_and(|name| self.may_be_with(name)))
    }

    fn may_be_with(&self, name: &str) -> bool {
        match self.named.get(name) {
            Some(one) if one.account == self.account => true,
            Some(one) => one.profile.is_none() && self.user == self.account.owner(),
            // Perhaps a profile: a group calls people as they were called when they joined.
            None => false,
        }
    }

    /// Writes the own profiles' names over those of their users.
    fn name(&self, group: &mut Value) {
        let people = part_mut(group, "Participants").and_then(Value::as_array_mut);
        for person in people.into_iter().flatten() {
            if let Some(Seen::Profile(name)) = person.as_str().map(|name| self.sees(name)) {
                *person = Value::String(name);
            }
        }
    }
}

/// The account and the user of a person for whom groups are narrowed; administrators and programs see and join all.
fn person(caller: Option<&Caller>) -> Option<(AccountId, UserId)> {
    let caller = caller.filter(|caller| !caller.is_administrator())?;
    match caller.kind {
        CallerKind::User { account, user, .. } => Some((account, user)),
        CallerKind::ApiKey => None,
    }
}

/// Somebody joins a group. Where it is not there for this seat, the request goes on with the name of no group at all, so that
/// the answer, and the word over the socket, are those for a group that has ended.
pub(super) async fn before_joining(
    door: &Door,
    visit: &Visit,
    caller: Option<&Caller>,
    body: &Bytes,
) -> Before {
    let Some(person) = person(caller) else {
        return Before::Pass;
    };
    // A name that Jellyfin reads and Usher does not could be that of any group.
    let Some(group) = named_in(body) else {
        return unread();
    };
    match is_there(door, visit, person, group).await {
        Ok(true) => Before::PassBody(json!({ "GroupId": group.to_string() }).to_string().into()),
        Ok(false) => Before::PassBody(json!({ "GroupId": NO_GROUP }).to_string().into()),
        Err(error) => Before::Answer(unavailable(visit, &error)),
    }
}

/// Somebody has joined. Two who may not watch together can join at one moment, each before the other is seen; so whoever
/// finds after it that the group is not one to be in, or cannot find out, leaves it.
pub(super) async fn after_joining(
    door: &Door,
    visit: &Visit,
    caller: Option<&Caller>,
    sent: &Bytes,
) {
    let Some(person) = person(caller) else {
        return;
    };
    let Some(group) = named_in(sent).filter(|group| group.to_string() != NO_GROUP) else {
        return;
    };
    match is_there(door, visit, person, group).await {
        Ok(true) => return,
        Ok(false) => {}
        Err(outage) => log("Who is in a group could not be found out", &outage),
    }
    let left = ask(door, visit, "/SyncPlay/Leave", Some(Bytes::new())).await;
    if let Err(outage) = left {
        log("Somebody could not be taken out of a group", &outage);
    }
}

/// The group that a body names.
fn named_in(body: &Bytes) -> Option<ItemId> {
    let Ok(Value::Object(sent)) = serde_json::from_slice(body) else {
        return None;
    };
    record::value(&sent, "GroupId")?.as_str()?.parse().ok()
}

/// Whether a group is there for a person.
async fn is_there(
    door: &Door,
    visit: &Visit,
    (account, user): (AccountId, UserId),
    group: ItemId,
) -> Result<bool, AccountError> {
    let viewer = Viewer::new(door, account, user).await?;
    if viewer.named.is_empty() {
        return Ok(true);
    }
    let answer = ask(door, visit, "/SyncPlay/List", None).await?;
    if answer.status != StatusCode::OK {
        // Whoever may not have the list may not join either: Jellyfin says so itself.
        return Ok(true);
    }
    let mut list: Value =
        serde_json::from_slice(&answer.body).map_err(|_unreadable| AccountError::Unreadable {
            what: "list of groups",
        })?;
    viewer.narrow(&mut list);
    let mut groups = list.as_array().into_iter().flatten();
    Ok(groups.any(|one| {
        let id = part(one, "GroupId").and_then(Value::as_str);
        id.is_some_and(|id| id.parse() == Ok(group))
    }))
}

/// Jellyfin's answer for a group that has ended, in place of one that is not there for whoever asks.
pub(super) async fn missing(
    door: &Door,
    visit: &Visit,
    mut answer: Response<Bytes>,
) -> Response<Bytes> {
    answer.headers_mut().remove(CONTENT_TYPE);
    match ask(door, visit, &format!("/SyncPlay/{NO_GROUP}"), None).await {
        Ok(gone) => {
            *answer.status_mut() = gone.status;
            if let Some(kind) = gone.headers.get(CONTENT_TYPE) {
                answer.headers_mut().insert(CONTENT_TYPE, kind.clone());
            }
            answer.map(|_| gone.body)
        }
        Err(outage) => {
            log("A group could not be answered for", &outage);
            *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            answer.map(|_| Bytes::new())
        }
    }
}

/// Asks Jellyfin at the visitor's seat.
async fn ask(
    door: &Door,
    visit: &Visit,
    path: &str,
    body: Option<Bytes>,
) -> Result<Answer, AccountError> {
    let call = Call {
        path,
        identity: visit.client.as_ref(),
        token: visit.token.as_ref(),
        body,
    };
    door.accounts.ask_jellyfin(call).await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use usher_accounts::profiles::NamedUser;

    use super::*;

    fn user(digit: char) -> UserId {
        digit.to_string().repeat(32).parse().unwrap()
    }

    /// The owners `anna` and `bob` with a child each, seen from the seat of `user`, of the account of `owner`.
    fn viewer(owner: char, seat: char) -> Viewer {
        let seats = [
            ("anna", '1', None),
            ("anna+Kids", '1', Some("Kids")),
            ("bob", '2', None),
            ("bob+Teen", '2', Some("Teen")),
        ];
        let named = seats.map(|(name, owner, profile)| {
            let account = AccountId::of_owner(user(owner));
            let profile = profile.map(str::to_owned);
            (name.to_owned(), NamedUser { account, profile })
        });
        Viewer {
            account: AccountId::of_owner(user(owner)),
            user: user(seat),
            named: Arc::new(named.into()),
        }
    }

    #[test]
    fn a_group_with_a_profile_in_it_is_there_for_its_account_alone() {
        let anna = viewer('1', '1');
        let kids = viewer('1', '8');
        let bob = viewer('2', '2');
        for (people, wanted) in [
            (vec![], [true, true, true]),
            (vec!["anna"], [true, true, true]),
            (vec!["anna", "anna+Kids"], [true, true, false]),
            (vec!["anna+Kids"], [true, true, false]),
            (vec!["bob"], [true, false, true]),
            (vec!["anna", "bob"], [true, false, true]),
            (vec!["bob", "bob+Teen"], [false, false, true]),
            (vec!["bob+Teen"], [false, false, true]),
            // An administrator may have joined.
            (vec!["anna+Kids", "bob"], [true, false, false]),
            // A profile under a former name.
            (vec!["anna+Tots"], [false, false, false]),
        ] {
            let group = json!({ "participants": people });
            let there = [&anna, &kids, &bob].map(|viewer| viewer.may_be_in(&group));
            assert_eq!(there, wanted, "{people:?}");
        }
        assert!(!anna.may_be_in(&json!({ "Participants": [7] })));
    }

    #[test]
    fn a_group_shows_the_own_accounts_profiles_by_name_and_no_other_group_that_has_any() {
        let anna = viewer('1', '1');
        let mut list = json!([
            { "GroupId": "1", "Participants": ["anna", "anna+Kids"] },
            { "GroupId": "2", "Participants": ["bob+Teen"] },
            { "GroupId": "3", "Participants": [] },
            { "groupId": "4", "participants": ["bob"] },
        ]);
        assert_eq!(anna.narrow(&mut list), Left::Something);
        let left = json!([
            { "GroupId": "1", "Participants": ["anna", "Kids"] },
            { "GroupId": "3", "Participants": [] },
            { "groupId": "4", "participants": ["bob"] },
        ]);
        assert_eq!(list, left);
        let mut one = json!({ "GroupId": "2", "Participants": ["bob", "bob+Teen"] });
        assert_eq!(anna.narrow(&mut one), Left::Nothing);
    }

    #[test]
    fn without_profiles_every_group_is_there() {
        let named = Arc::default();
        let anna = Viewer {
            named,
            ..viewer('1', '1')
        };
        let mut list = json!([{ "GroupId": "1", "Participants": ["anna", "somebody"] }]);
        let before = list.clone();
        assert_eq!(anna.narrow(&mut list), Left::Something);
        assert_eq!(list, before);
    }
}
