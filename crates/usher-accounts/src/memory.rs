//! What one process remembers for a moment. Nothing here is needed by another process, and nothing is lost with it.
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use usher_domain::time::Timestamp;
use usher_jellyfin::Server;

use crate::gate::{Known, Tickets, Verdicts};
use crate::limits::AT_ONCE;
use crate::profiles::{HiddenUsers, RememberedProfiles, WAITING};
use crate::screen_time::Screens;
use crate::sign_in::HELD_AT_ONCE;

/// The memory of one [`Accounts`](crate::Accounts).
pub(crate) struct Memory {
    /// Tokens.
    pub(crate) known: Known,
    /// Tickets.
    pub(crate) tickets: Tickets,
    /// Who sees which items.
    pub(crate) verdicts: Verdicts,
    /// Whose Jellyfin's users are.
    pub(crate) profiles: RememberedProfiles,
    /// Who is hidden.
    pub(crate) hidden: HiddenUsers,
    /// Who watches, and for how long.
    pub(crate) screens: Screens,
    seats: Arc<Semaphore>,
    held: Arc<Semaphore>,
    pictures: Arc<Semaphore>,
    pictures_waiting: Arc<Semaphore>,
    pressed: Notify,
    server: Mutex<Option<(Timestamp, Server)>>,
    looked: Mutex<Option<Timestamp>>,
    look_wanted: Notify,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            known: Known::default(),
            tickets: Tickets::default(),
            verdicts: Verdicts::default(),
            profiles: RememberedProfiles::default(),
            hidden: HiddenUsers::default(),
            screens: Screens::default(),
            seats: Arc::new(Semaphore::new(AT_ONCE)),
            held: Arc::new(Semaphore::new(HELD_AT_ONCE)),
            pictures: Arc::new(Semaphore::new(1)),
            pictures_waiting: Arc::new(Semaphore::new(1 + WAITING)),
            pressed: Notify::new(),
            server: Mutex::default(),
            looked: Mutex::default(),
            look_wanted: Notify::new(),
        }
    }
}

impl Memory {
    /// Seats for passwords that are being judged.
    pub(crate) const fn seats(&self) -> &Arc<Semaphore> {
        &self.seats
    }

    /// Seats for answers that are held until somebody approves.
    pub(crate) const fn held(&self) -> &Arc<Semaphore> {
        &self.held
    }

    /// The one seat for an uploaded picture that is being decoded: it may take much memory.
    pub(crate) const fn pictures(&self) -> &Arc<Semaphore> {
        &self.pictures
    }

    /// Places for pictures that are being decoded or wait for it.
    pub(crate) const fn pictures_waiting(&self) -> &Arc<Semaphore> {
        &self.pictures_waiting
    }

    /// Told whenever this process let a sign-in in an app through, or refused one: held answers look at once.
    pub(crate) const fn pressed(&self) -> &Notify {
        &self.pressed
    }

    /// Jellyfin's own name, and when it was asked for.
    pub(crate) fn server(&self) -> Option<(Timestamp, Server)> {
        self.server
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Remembers Jellyfin's own name.
    pub(crate) fn set_server(&self, now: Timestamp, server: Server) {
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, server));
    }

    /// Told when Jellyfin's users are to be looked at before it is time.
    pub(crate) const fn look_wanted(&self) -> &Notify {
        &self.look_wanted
    }

    /// Whether Jellyfin's users may be looked at again for the sake of an unknown name, be it that the last look failed.
    pub(crate) fn may_look(&self, now: Timestamp, apart: Duration) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let may = looked.is_none_or(|before| now.since(before) >= apart);
        if may {
            *looked = Some(now);
        }
        may
    }
}
