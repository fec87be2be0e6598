//! What lets a stream without a credential through: a recent `PlaybackInfo` by a known token from the same address
//! (design, 3.1). Android TV, Findroid and others play that way.
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use usher_domain::id::ItemId;
use usher_domain::secret::SecretText;
use usher_domain::time::Timestamp;

/// How long a ticket stands after its last use.
const LIFE: Duration = Duration::from_hours(6);

/// Tickets that are kept.
const TICKETS_MAX: usize = 100_000;

/// Open tickets: who may have which item, or media source, from which address.
#[derive(Default)]
pub(crate) struct Tickets(Mutex<HashMap<(IpAddr, ItemId), Ticket>>);

struct Ticket {
    token: SecretText,
    used: Timestamp,
}

impl Tickets {
    /// Leaves a ticket for an item.
    pub(crate) fn leave(&self, address: IpAddr, item: ItemId, token: &SecretText, now: Timestamp) {
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tickets.len() >= TICKETS_MAX {
            tickets.retain(|_, ticket| now.since(ticket.used) < LIFE);
        }
        let ticket = Ticket {
            token: token.clone(),
            used: now,
        };
        tickets.insert((address, item), ticket);
    }

    /// The token on which the ticket stands.
    pub(crate) fn holder(
        &self,
        address: IpAddr,
        item: ItemId,
        now: Timestamp,
    ) -> Option<SecretText> {
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = tickets
            .get_mut(&(address, item))
            .filter(|ticket| now.since(ticket.used) < LIFE)?;
        ticket.used = now;
        Some(ticket.token.clone())
    }
}
