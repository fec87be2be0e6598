//! What one person sees of the others in records of Jellyfin's: profiles under their own names, and only to themselves.
//!
//! Keys are found in any letter case, as Jellyfin finds them itself.
use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;
use usher_domain::id::UserId;
use usher_proxy::routes::Route;

use super::record;

/// What is left of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    Something,
    Nothing,
}

/// What one person sees.
pub(super) struct Eyes {
    pub(super) user: UserId,
    /// What the person's own profile is called; `None` for the owner of an account.
    pub(super) own: Option<String>,
    /// Whom nobody else sees.
    pub(super) hidden: Arc<HashSet<UserId>>,
}

impl Eyes {
    /// Takes out of an answer whom the person does not see.
    pub(super) fn read(&self, route: Route, told: &mut Value) -> Left {
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
            let further = part_mut(one, "AdditionalUsers").and_then(Value::as_array_mut);
            if let Some(further) = further {
                further.retain(|one| !self.is_hidden(one, "UserId"));
                for one in further {
                    self.name(one, "UserId", "UserName");
                }
            }
        }
        Left::Something
    }

    /// Whether a record is somebody's whom the person does not see.
    fn is_hidden(&self, record: &Value, key: &str) -> bool {
        id_at(record, key).is_some_and(|id| self.hides(id))
    }

    /// Whether the person does not see somebody.
    pub(super) fn hides(&self, user: UserId) -> bool {
        user != self.user && self.hidden.contains(&user)
    }

    /// Writes the own profile's name over that of its user.
    pub(super) fn name(&self, record: &mut Value, id: &str, name: &str) {
        if let Some(own) = &self.own
            && id_at(record, id) == Some(self.user)
            && let Some(written) = part_mut(record, name)
        {
            *written = Value::String(own.clone());
        }
    }
}

/// The user whom a record names under a key.
pub(super) fn id_at(record: &Value, key: &str) -> Option<UserId> {
    part(record, key)?.as_str()?.parse().ok()
}

/// What stands under a key.
pub(super) fn part<'a>(record: &'a Value, key: &str) -> Option<&'a Value> {
    record::value(record.as_object()?, key)
}

/// What stands under a key, to change it.
pub(super) fn part_mut<'a>(record: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    let parts = record.as_object_mut()?.iter_mut();
    parts
        .rev()
        .find(|(name, _)| name.eq_ignore_ascii_case(key))
        .map(|(_, value)| value)
}
