//! Whose tokens are known: asked of Jellyfin, remembered for a few seconds.
//!
//! Only Jellyfin's 401 says that a token is nobody's. An outage is never remembered (R74).
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use usher_domain::id::UserId;
use usher_domain::secret::{Hash, SecretText};
use usher_domain::time::{Clock, Timestamp};
use usher_domain::visitor::Visitor;
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
        /// May come from other networks than private ones.
        remote_access: bool,
    },
    /// An API key of the server.
    ApiKey,
}

/// Whether the holder of a token may be here now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Yes.
    Welcome,
    /// Outside the hours, or from a network that the holder may not come from.
    Closed,
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
    standing: Standing,
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
        Ok(self.entry(token).await?.holder)
    }

    /// Whether the holder may be here now, coming from this address. `None`: nobody holds the token.
    pub(crate) async fn standing(
        &self,
        token: &SecretText,
        address: IpAddr,
    ) -> Result<Option<Standing>, JellyfinError> {
        let entry = self.entry(token).await?;
        Ok(entry.holder.map(|holder| match holder {
            Holder::User {
                remote_access: false,
                ..
            } if !Visitor::new(address, true, "").is_private() => Standing::Closed,
            Holder::User { .. } | Holder::ApiKey => entry.standing,
        }))
    }

    async fn entry(&self, token: &SecretText) -> Result<Entry, JellyfinError> {
        let hash = token.hash();
        let now = self.clock.now();
        let remembered = self.lock().get(&hash).copied();
        if let Some(entry) = remembered.filter(|entry| entry.stands(now)) {
            return Ok(entry);
        }
        let (holder, standing) = match self.ask(token).await {
            Ok(holder) => (holder, Standing::Welcome),
            // The token is good, but not at this hour: who holds it is known only from before.
            Err(JellyfinError::Status(StatusCode::FORBIDDEN))
                if remembered.is_some_and(|entry| entry.holder.is_some()) =>
            {
                (remembered.and_then(|entry| entry.holder), Standing::Closed)
            }
            Err(fault) => return Err(fault),
        };
        let entry = Entry {
            holder,
            standing,
            asked: now,
        };
        self.remember(hash, entry);
        Ok(entry)
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
                remote_access: me.policy.enable_remote_access,
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
