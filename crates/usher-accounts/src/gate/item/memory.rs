//! What one process remembers of who sees what: a segment of a film costs a look here and no call.
//!
//! Invariant: a verdict stands for a minute and under the policy under which it was given; only verdicts are kept, never
//! faults.
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use usher_domain::id::{ItemId, UserId};
use usher_domain::time::Timestamp;
use usher_jellyfin::{Reach, ShownItem};

/// How long a verdict stands (design, section 3.1).
const STANDS: Duration = Duration::from_mins(1);

/// Entries of each kind that are kept; beyond it, those that no longer stand are dropped first.
const ENTRIES_MAX: usize = 100_000;

/// What is remembered.
#[derive(Default)]
pub(crate) struct Verdicts(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    reaches: HashMap<UserId, Reach>,
    items: HashMap<(UserId, ItemId), Verdict>,
    named: HashMap<(UserId, String), (Timestamp, Option<ItemId>)>,
    films: HashMap<ItemId, ItemId>,
}

struct Verdict {
    /// `None`: it is hidden.
    shown: Option<ShownItem>,
    asked: Timestamp,
    /// The policy under which it was asked.
    mark: u64,
}

impl Verdicts {
    /// Notes what a user's policy says now. Another one than before ends every verdict on this user.
    pub(crate) fn note(&self, user: UserId, reach: Reach) {
        let mut seen = self.lock();
        if seen.reaches.contains_key(&user) || seen.reaches.len() < ENTRIES_MAX {
            seen.reaches.insert(user, reach);
        }
    }

    /// What the user's policy said last.
    pub(super) fn reach(&self, user: UserId) -> Option<Reach> {
        self.lock().reaches.get(&user).copied()
    }

    /// Whether the user sees the item, while that stands.
    pub(super) fn verdict(
        &self,
        user: UserId,
        item: ItemId,
        (mark, now): (u64, Timestamp),
    ) -> Option<bool> {
        let seen = self.lock();
        let known = seen.items.get(&(user, item))?;
        (known.mark == mark && stands(known.asked, now)).then_some(known.shown.is_some())
    }

    /// An item that was shown to the user before. Of an extra or a further part nothing is known: those are judged by a film
    /// that is longer.
    pub(super) fn shown(&self, user: UserId, item: ItemId) -> Option<ShownItem> {
        let seen = self.lock();
        if seen.films.contains_key(&item) {
            return None;
        }
        seen.items.get(&(user, item))?.shown.clone()
    }

    /// Remembers what Jellyfin said to a question of this moment, asked under this policy.
    pub(super) fn remember(
        &self,
        user: UserId,
        item: ItemId,
        shown: Option<ShownItem>,
        (mark, asked): (u64, Timestamp),
    ) {
        let verdict = Verdict { shown, asked, mark };
        let items = &mut self.lock().items;
        keep(items, (user, item), verdict, |old| stands(old.asked, asked));
    }

    /// By which item that is judged which an answer named to this user, if one did.
    #[expect(clippy::option_option, reason = "not named, or named of no known item")]
    pub(in crate::gate) fn named(
        &self,
        user: UserId,
        name: &str,
        now: Timestamp,
    ) -> Option<Option<ItemId>> {
        let seen = self.lock();
        let (asked, item) = seen.named.get(&(user, name.to_owned()))?;
        stands(*asked, now).then_some(*item)
    }

    /// Remembers that one did.
    pub(in crate::gate) fn remember_name(
        &self,
        user: UserId,
        name: &str,
        item: Option<ItemId>,
        now: Timestamp,
    ) {
        let named = &mut self.lock().named;
        let value = (now, item);
        keep(named, (user, name.to_owned()), value, |old| {
            stands(old.0, now)
        });
    }

    /// The film by which an extra or a further part is judged; the item itself where it is nobody's.
    pub(super) fn film_of(&self, item: ItemId) -> ItemId {
        self.lock().films.get(&item).copied().unwrap_or(item)
    }

    /// Notes that a film's own answer named these as its extras or parts. Where there is no room, all are forgotten, as by a
    /// restart: films name them again.
    pub(super) fn note_extras(&self, film: ItemId, extras: &[ItemId]) {
        let films = &mut self.lock().films;
        for extra in extras.iter().filter(|extra| **extra != film) {
            if films.len() >= ENTRIES_MAX && !films.contains_key(extra) {
                films.clear();
            }
            films.insert(*extra, film);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stands(asked: Timestamp, now: Timestamp) -> bool {
    now.since(asked) < STANDS
}

/// Keeps one more, as long as there is room for it once what no longer stands is dropped.
fn keep<Key: Eq + Hash, Value>(
    map: &mut HashMap<Key, Value>,
    key: Key,
    value: Value,
    stands: impl Fn(&Value) -> bool,
) {
    if map.len() >= ENTRIES_MAX {
        map.retain(|_, old| stands(old));
    }
    if map.len() < ENTRIES_MAX {
        map.insert(key, value);
    }
}
