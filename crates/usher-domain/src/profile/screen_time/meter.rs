//! One device: the wall clock or the minutes delivered, whichever is more.
use std::time::Duration;

use crate::profile::screen_time::ScreenTime;
use crate::time::Timestamp;

/// What a device was delivered and has not played yet. Playing that counts nothing: it was counted when it was delivered.
///
/// One for each device, since a device plays one thing at a time: what it is delivered twice at once counts one after the
/// other. It may be lost (another replica, a restart): then what was delivered ahead and is played after a pause counts
/// again, and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meter {
    ahead: Duration,
    claimed_until: Option<Timestamp>,
}

impl Meter {
    /// Notes that so many minutes of a film (not minutes of waiting) were delivered: they count from now on, or from where
    /// what was delivered before ends.
    pub fn delivered(&mut self, time: &mut ScreenTime, now: Timestamp, length: Duration) {
        let from = self.claimed_until.map_or(now, |until| until.max(now));
        let until = from + length;
        time.watched(from, until);
        self.claimed_until = Some(until);
        self.ahead += length;
    }

    /// Notes that the device played, or its stream was open, from one moment to another: what was not delivered before
    /// counts. Pauses are not told.
    pub fn played(&mut self, time: &mut ScreenTime, from: Timestamp, until: Timestamp) {
        let covered = self.ahead.min(until.since(from));
        self.ahead -= covered;
        time.watched(from + covered, until);
    }
}
