//! Wrong passwords are counted before the next one is asked of Jellyfin (R19, R24), and only so many are asked at once (R26).
//!
//! Counted in memory, so for one process and until it ends; the table that replicas share comes with the accounts (R25).
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use usher_domain::secret::Hash;
use usher_domain::throttle::{Outcome, Scope, Tally};
use usher_domain::time::Clock;

/// Passwords that Jellyfin judges at the same time.
const AT_ONCE: usize = 16;

/// Tallies that are kept.
const TALLIES_MAX: usize = 100_000;

type Key = (Scope, Hash);

/// Who tried wrongly lately.
pub(super) struct Limits {
    clock: Arc<dyn Clock>,
    tallies: Mutex<HashMap<Key, Tally>>,
    seats: Arc<Semaphore>,
}

/// Why a try is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Too many wrong ones; one may come again after this time.
    Wait(Duration),
    /// Too many at this moment.
    Busy,
}

/// A try on its way. Dropped without [`settle`](Self::settle) it counts as wrong: hanging up early hides nothing.
pub struct Try {
    limits: Arc<Limits>,
    keys: Vec<Key>,
    outcome: Outcome,
    _seat: OwnedSemaphorePermit,
}

impl Try {
    /// Says what became of it.
    pub fn settle(mut self, outcome: Outcome) {
        self.outcome = outcome;
    }
}

impl Drop for Try {
    fn drop(&mut self) {
        self.limits.settle(&self.keys, self.outcome);
    }
}

impl Limits {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            tallies: Mutex::default(),
            seats: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Lets a try of this name through. Without an exact address only the name is counted: a whole household, or the
    /// whole world behind an unlisted proxy, would share the block.
    pub(super) fn admit(
        self: &Arc<Self>,
        name: &str,
        exact_address: Option<IpAddr>,
    ) -> Result<Try, Refused> {
        let seat = Arc::clone(&self.seats)
            .try_acquire_owned()
            .map_err(|_taken| Refused::Busy)?;
        let mut keys = vec![(Scope::Name, Hash::of(&name.trim().to_uppercase()))];
        keys.extend(exact_address.into_iter().flat_map(|address| {
            [Scope::Address, Scope::Network]
                .map(|scope| (scope, Hash::of(&scope.base(address).to_string())))
        }));
        self.admit_all(&keys)?;
        Ok(Try {
            limits: Arc::clone(self),
            keys,
            outcome: Outcome::Wrong,
            _seat: seat,
        })
    }

    fn admit_all(&self, keys: &[Key]) -> Result<(), Refused> {
        let now = self.clock.now();
        let mut tallies = self.lock();
        self.make_room(&mut tallies);
        for (place, key) in keys.iter().enumerate() {
            if let Err(wait) = tallies.entry(*key).or_default().admit(key.0, now) {
                for earlier in keys.iter().take(place) {
                    tallies
                        .entry(*earlier)
                        .or_default()
                        .settle(earlier.0, Outcome::Undecided, now);
                }
                return Err(Refused::Wait(wait));
            }
        }
        Ok(())
    }

    fn settle(&self, keys: &[Key], outcome: Outcome) {
        let now = self.clock.now();
        let mut tallies = self.lock();
        for key in keys {
            tallies.entry(*key).or_default().settle(key.0, outcome, now);
        }
    }

    /// Drops what is over; if that is not enough, the tally that was wrong longest ago.
    fn make_room(&self, tallies: &mut HashMap<Key, Tally>) {
        if tallies.len() < TALLIES_MAX {
            return;
        }
        let now = self.clock.now();
        tallies.retain(|_, tally| !tally.is_over(now));
        while tallies.len() >= TALLIES_MAX {
            let oldest = tallies
                .iter()
                .min_by_key(|(_, tally)| tally.last())
                .map(|(key, _)| *key);
            let Some(oldest) = oldest else { return };
            tallies.remove(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Tally>> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
