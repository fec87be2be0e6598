//! What each user has watched, started and marked.
//!
//! Invariant: the thresholds are a real server's: under 5 % is not kept, over 90 % counts as watched.
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use usher_domain::time::Timestamp;
use uuid::Uuid;

use super::catalog::RUN_TIME_TICKS;

/// What one user did with one item.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watched {
    /// Where to go on, in ticks of 100 ns; 0 for the beginning.
    pub(crate) position_ticks: i64,
    /// How often it was started or marked.
    pub(crate) play_count: i64,
    /// Whether it has a heart.
    pub(crate) is_favorite: bool,
    /// Whether it was watched to the end.
    pub(crate) played: bool,
    /// When it was last watched.
    pub(crate) last_played: Option<Timestamp>,
    /// Thumb up or down.
    pub(crate) likes: Option<bool>,
}

/// The user data of everybody.
#[derive(Debug, Default)]
pub(crate) struct History(Mutex<HashMap<(Uuid, Uuid), Watched>>);

impl History {
    fn rows(&self) -> MutexGuard<'_, HashMap<(Uuid, Uuid), Watched>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What `user` did with `item`; nothing so far is a row of zeros.
    pub(crate) fn of(&self, user: Uuid, item: Uuid) -> Watched {
        self.rows().get(&(user, item)).cloned().unwrap_or_default()
    }

    /// Changes one row and returns it as it is now.
    pub(crate) fn change(
        &self,
        user: Uuid,
        item: Uuid,
        change: impl FnOnce(&mut Watched),
    ) -> Watched {
        let mut rows = self.rows();
        let row = rows.entry((user, item)).or_default();
        change(row);
        row.clone()
    }

    /// Playback began.
    pub(crate) fn start(&self, user: Uuid, item: Uuid, now: Timestamp) {
        self.change(user, item, |row| {
            row.play_count += 1;
            row.last_played = Some(now);
            row.played = false;
        });
    }

    /// Playback stands at `position_ticks`.
    pub(crate) fn reach(&self, user: Uuid, item: Uuid, position_ticks: i64) {
        self.change(user, item, |row| {
            let share = position_ticks.saturating_mul(100) / RUN_TIME_TICKS;
            row.played = row.played || share >= 90;
            row.position_ticks = if (5..90).contains(&share) {
                position_ticks
            } else {
                0
            };
        });
    }
}
