//! Whose tokens are known: asked of Jellyfin, remembered for a few seconds.
//!
//! Only Jellyfin's 401 says that a token is nobody's. An outage is never remembered (R74).
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use usher_domain::id::UserId;
use usher_domain::secret::{Hash, SecretText};
use usher_domain::time::{Clock, Timestamp};
use usher_jellyfin::{Jellyfin, JellyfinError};

/// How long an answer of Jellyfin's stands: what it does by itself (a user disabled, a password changed) counts here
/// within this time.
const STANDS: Duration = Duration::from_secs(5);

/// How long a 401 stands.
const REFUSAL_STANDS: Duration = Duration::from_mins(1);

/// Entries that are kept; beyond it, those that no longer stand are dropped first.
const ENTRIES_MAX: usize = 100_000;

/// Who holds a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person.
    User {
        /// The Jellyfin user.
        user: UserId,
        /// Administers the server.
        administrator: bool,
        /// May drive other people's sessions.
        controls_others: bool,
    },
    /// An API key of the server.
    ApiKey,
}

/// The tokens that were asked for lately.
pub(crate) struct Known {
    jellyfin: Jellyfin,
    clock: Arc<dyn Clock>,
    entries: Mutex<HashMap<Hash, Entry>>,
}

#[derive(Clone, Copy)]
struct Entry {
    holder: Option<Holder>,
    asked: Timestamp,
}

impl Entry {
    fn stands(&self, now: Timestamp) -> bool {
        let life = if self.holder.is_some() {
            STANDS
        } else {
            REFUSAL_STANDS
        };
        now.since(self.asked) < life
    }
}

impl Known {
    pub(crate) fn new(jellyfin: Jellyfin, clock: Arc<dyn Clock>) -> Self {
        Self {
            jellyfin,
            clock,
            entries: Mutex::new(HashMap::new()),
        }
    }

    /// Who holds a token. `None`: nobody. An error is an outage: nothing is known then.
    pub(crate) async fn holder(&self, token: &SecretText) -> Result<Option<Holder>, JellyfinError> {
        let hash = token.hash();
        let now = self.clock.now();
        let remembered = self
            .lock()
            .get(&hash)
            .filter(|entry| entry.stands(now))
            .copied();
        if let Some(entry) = remembered {
            return Ok(entry.holder);
        }
        let holder = self.ask(token).await?;
        self.remember(hash, Entry { holder, asked: now });
        Ok(holder)
    }

    /// A token has ended, or a new one was issued under the same text: the next request asks again.
    pub(crate) fn forget(&self, token: &SecretText) {
        self.lock().remove(&token.hash());
    }

    async fn ask(&self, token: &SecretText) -> Result<Option<Holder>, JellyfinError> {
        Ok(match self.jellyfin.me(token).await? {
            Some(me) => Some(Holder::User {
                user: me.id,
                administrator: me.policy.is_administrator,
                controls_others: me.policy.enable_remote_control_of_other_users,
            }),
            None => self
                .jellyfin
                .is_api_key(token)
                .await?
                .then_some(Holder::ApiKey),
        })
    }

    fn remember(&self, hash: Hash, entry: Entry) {
        let mut entries = self.lock();
        if entries.len() >= ENTRIES_MAX {
            let now = entry.asked;
            entries.retain(|_, old| old.stands(now));
        }
        entries.insert(hash, entry);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Hash, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
