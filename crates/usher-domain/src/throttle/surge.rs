//! Wrong passwords of everybody together: somebody tries many names from many addresses (R23).
use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Wrong passwords of everybody within [`MINUTES`] that are borne.
const MOST: u32 = 500;

/// Minutes that are counted together, beside the present one.
const MINUTES: i64 = 5;

const MINUTE_MS: i64 = 60_000;

/// How long a surge lasts after the last wrong password that was one too many.
const LASTS: Duration = Duration::from_mins(10);

/// How long administrators are told of it.
const TOLD: Duration = Duration::from_hours(24);

/// How many passwords were wrong lately, by the minute: of one size however many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surge {
    /// Minutes since the epoch, and how many in each, oldest first.
    minutes: VecDeque<(i64, u32)>,
    /// When there was one too many.
    exceeded: Option<Timestamp>,
}

impl Surge {
    /// Counts one more.
    pub fn count(&mut self, now: Timestamp) {
        let minute = now.as_millis().div_euclid(MINUTE_MS);
        while let Some((first, _)) = self.minutes.front()
            && *first < minute - MINUTES
        {
            self.minutes.pop_front();
        }
        match self.minutes.back_mut() {
            // The clocks of two processes differ: a little earlier counts as now.
            Some((last, count)) if *last >= minute => *count = count.saturating_add(1),
            _ => self.minutes.push_back((minute, 1)),
        }
        let counts = self.minutes.iter().map(|(_, count)| *count);
        if counts.fold(0, u32::saturating_add) > MOST {
            self.exceeded = Some(now);
        }
    }

    /// Whether there are too many at present.
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.within(LASTS, now)
    }

    /// Whether there were too many within the last day.
    pub fn is_told(&self, now: Timestamp) -> bool {
        self.within(TOLD, now)
    }

    fn within(&self, span: Duration, now: Timestamp) -> bool {
        self.exceeded.is_some_and(|at| now.since(at) < span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);
    const MINUTE: Duration = Duration::from_mins(1);

    fn count(surge: &mut Surge, wrong: u32, now: Timestamp) {
        for _ in 0..wrong {
            surge.count(now);
        }
    }

    #[test]
    fn r23_more_than_500_in_five_minutes_are_a_surge_for_ten_minutes_and_told_for_a_day() {
        let mut surge = Surge::default();
        count(&mut surge, 250, NOON);
        count(&mut surge, 250, NOON + MINUTE * 4);
        assert!(!surge.lasts(NOON + MINUTE * 4));
        surge.count(NOON + MINUTE * 4);
        for (later, lasts, is_told) in [(4, true, true), (13, true, true), (14, false, true)] {
            let now = NOON + MINUTE * later;
            assert_eq!((surge.lasts(now), surge.is_told(now)), (lasts, is_told));
        }
        assert!(!surge.is_told(NOON + Duration::from_hours(25)));
    }

    #[test]
    fn r23_what_is_more_than_six_minutes_old_counts_no_longer() {
        let mut surge = Surge::default();
        for minute in 0..100 {
            count(&mut surge, 80, NOON + MINUTE * minute);
        }
        assert!(!surge.is_told(NOON + MINUTE * 99));
        assert_eq!(surge.minutes.len(), 6);
    }

    #[test]
    fn r25_a_clock_that_is_behind_loses_no_count() {
        let mut surge = Surge::default();
        count(&mut surge, 300, NOON + MINUTE);
        count(&mut surge, 201, NOON);
        assert!(surge.lasts(NOON));
    }
}
