//! How often something may be done: mails to one address, questions from one address, wrong reset codes in all.
use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// When something was done lately, as far back as the longest span of its limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    times: VecDeque<Timestamp>,
}

impl Quota {
    /// Does it once more, or says how long to wait. Each limit is how often in which span.
    pub fn take(&mut self, limits: &[(usize, Duration)], now: Timestamp) -> Result<(), Duration> {
        self.forget(limits, now);
        let waits = limits.iter().filter_map(|(most, span)| {
            let nth_last = self.times.len().checked_sub(*most)?;
            let free = *self.times.get(nth_last)? + *span;
            (free > now).then(|| free.since(now))
        });
        match waits.max() {
            Some(wait) => Err(wait),
            None => {
                self.times.push_back(now);
                Ok(())
            }
        }
    }

    /// Notes that it was done, whether or not it may; keeps no more than the limits need.
    pub fn note(&mut self, limits: &[(usize, Duration)], now: Timestamp) {
        self.forget(limits, now);
        self.times.push_back(now);
        let most = limits.iter().map(|(most, _)| *most).max().unwrap_or(0);
        while self.times.len() > most {
            self.times.pop_front();
        }
    }

    /// How often it was done within a span.
    pub fn within(&self, span: Duration, now: Timestamp) -> usize {
        let recent = |at: &&Timestamp| now.since(**at) < span;
        self.times.iter().filter(recent).count()
    }

    fn forget(&mut self, limits: &[(usize, Duration)], now: Timestamp) {
        let longest = limits.iter().map(|(_, span)| *span).max();
        let longest = longest.unwrap_or_default();
        while self
            .times
            .front()
            .is_some_and(|first| now.since(*first) >= longest)
        {
            self.times.pop_front();
        }
    }
}

/// For how many different names one address failed lately (credential stuffing, R23).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crowd {
    /// A short hash of each name, and when it failed last.
    names: Vec<(u64, Timestamp)>,
    blocked_until: Option<Timestamp>,
}

impl Crowd {
    /// Different names within [`SPAN`](Self::SPAN) after which the address is blocked for as long.
    const MOST: usize = 10;

    /// How long names are remembered, and an address is blocked.
    const SPAN: Duration = Duration::from_hours(1);

    /// How long the address is blocked still.
    pub fn wait(&self, now: Timestamp) -> Option<Duration> {
        let until = self.blocked_until.filter(|until| *until > now)?;
        Some(until.since(now))
    }

    /// Notes that a try for this name failed.
    pub fn fail(&mut self, name: u64, now: Timestamp) {
        self.names
            .retain(|(other, at)| *other != name && now.since(*at) < Self::SPAN);
        self.names.push((name, now));
        if self.names.len() >= Self::MOST {
            self.names.clear();
            self.blocked_until = Some(now + Self::SPAN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);
    const MINUTE: Duration = Duration::from_mins(1);
    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn a_quota_holds_every_limit_and_says_how_long_to_wait() {
        let limits = [(1, MINUTE), (3, HOUR)];
        let mut quota = Quota::default();
        assert_eq!(quota.take(&limits, NOON), Ok(()));
        assert_eq!(quota.take(&limits, NOON), Err(MINUTE));
        assert_eq!(quota.take(&limits, NOON + MINUTE), Ok(()));
        assert_eq!(quota.take(&limits, NOON + MINUTE * 2), Ok(()));
        assert_eq!(quota.take(&limits, NOON + MINUTE * 3), Err(MINUTE * 57));
        assert_eq!(quota.take(&limits, NOON + HOUR), Ok(()));
    }

    #[test]
    fn r23_ten_different_names_block_an_address_for_an_hour_and_one_name_never_does() {
        let mut crowd = Crowd::default();
        for _ in 0..50 {
            crowd.fail(7, NOON);
        }
        assert_eq!(crowd.wait(NOON), None);
        for name in 0..9 {
            crowd.fail(name, NOON);
        }
        assert_eq!(crowd.wait(NOON), None);
        crowd.fail(9, NOON);
        assert_eq!(crowd.wait(NOON), Some(HOUR));
        assert_eq!(crowd.wait(NOON + HOUR), None);
    }
}
