//! What the gateway must know of tokens before Usher keeps accounts of its own: who holds one, which streams have a
//! ticket, which Quick Connect secrets were used.
//!
//! All of it is kept in memory and asked of Jellyfin again after a few seconds, so it holds for one process; the tables
//! that several replicas share come with the accounts.
mod known;
mod limits;
mod ticket;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use usher_domain::id::ItemId;
use usher_domain::secret::{Hash, SecretText};
use usher_domain::time::{Clock, Timestamp};
use usher_jellyfin::{Jellyfin, JellyfinError};

pub use known::{Holder, Standing};
pub use limits::{Refused, Try};
pub use usher_domain::throttle::Outcome;
pub use usher_jellyfin::{Answer, Credential};

use known::Known;
use limits::Limits;
use ticket::Tickets;

/// How long Jellyfin takes a Quick Connect secret.
const SECRET_LIFE: Duration = Duration::from_mins(10);

/// Who holds what.
pub struct Gatekeeper {
    jellyfin: Jellyfin,
    clock: Arc<dyn Clock>,
    known: Known,
    limits: Arc<Limits>,
    tickets: Tickets,
    secrets: Mutex<HashMap<Hash, Timestamp>>,
}

impl Gatekeeper {
    /// A gatekeeper that asks this Jellyfin.
    pub fn new(jellyfin: Jellyfin, clock: Arc<dyn Clock>) -> Self {
        let known = Known::new(jellyfin.clone(), Arc::clone(&clock));
        let limits = Arc::new(Limits::new(Arc::clone(&clock)));
        Self {
            jellyfin,
            clock,
            known,
            limits,
            tickets: Tickets::default(),
            secrets: Mutex::default(),
        }
    }

    /// Jellyfin, for calls on a client's behalf.
    pub const fn jellyfin(&self) -> &Jellyfin {
        &self.jellyfin
    }

    /// Who holds a token; `None`: nobody. An error is an outage and no verdict.
    pub async fn holder(&self, token: &SecretText) -> Result<Option<Holder>, JellyfinError> {
        self.known.holder(token).await
    }

    /// Whether the holder of a token may be here now, coming from this address; `None`: nobody holds it.
    pub async fn standing(
        &self,
        token: &SecretText,
        address: IpAddr,
    ) -> Result<Option<Standing>, JellyfinError> {
        self.known.standing(token, address).await
    }

    /// Lets a password be tried for a name, or says why not (R24): asked before Jellyfin is. `exact_address` is `None`
    /// where the visitor's address cannot be believed.
    pub fn admit(&self, name: &str, exact_address: Option<IpAddr>) -> Result<Try, Refused> {
        self.limits.admit(name, exact_address)
    }

    /// A token may have ended: the next request asks Jellyfin again.
    pub fn doubt(&self, token: &SecretText) {
        self.known.forget(token);
    }

    /// Lets streams of this item, asked from this address without a credential, stand on this token.
    pub fn leave_ticket(&self, address: IpAddr, item: ItemId, token: &SecretText) {
        self.tickets.leave(address, item, token, self.clock.now());
    }

    /// The token on which a stream without a credential stands.
    pub fn ticket(&self, address: IpAddr, item: ItemId) -> Option<SecretText> {
        self.tickets.holder(address, item, self.clock.now())
    }

    /// Uses a Quick Connect secret. `false` when it was used before: Jellyfin would hand out the same token again
    /// (contract, 105 to 109).
    pub fn use_secret(&self, secret: &SecretText) -> bool {
        let now = self.clock.now();
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.retain(|_, used| now.since(*used) < SECRET_LIFE);
        secrets.insert(secret.hash(), now).is_none()
    }

    /// Gives a secret back that Jellyfin did not take yet: its code is not approved.
    pub fn give_secret_back(&self, secret: &SecretText) {
        self.secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&secret.hash());
    }

    /// Whether a session belongs to the user of the token: Jellyfin lists only one's own.
    pub async fn owns_session(
        &self,
        token: &SecretText,
        session: &str,
    ) -> Result<bool, JellyfinError> {
        let own = self.jellyfin.sessions(token).await?;
        Ok(own.iter().any(|one| one.id.eq_ignore_ascii_case(session)))
    }
}
