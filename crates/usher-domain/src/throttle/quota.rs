//! How often something may be done: mails to one address, questions from one address, wrong reset codes in all.
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{BUSY, LOST, Outcome};
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
        if let Some(wait) = waits.max() {
            return Err(wait);
        }
        self.times.push_back(now);
        Ok(())
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

    /// Takes the last time back: it does not count after all.
    pub fn give_back(&mut self) {
        self.times.pop_back();
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
///
/// Invariant: a name counts from the moment its try is let through, so that many names at once are not more than one
/// after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Crowd {
    /// A short hash of each name, and when it failed last.
    names: Vec<(u64, Timestamp)>,
    /// Tries on their way: for which name, and when each was let through.
    open: VecDeque<(u64, Timestamp)>,
    blocked_until: Option<Timestamp>,
}

impl Crowd {
    /// Different names within [`SPAN`](Self::SPAN) after which the address is blocked for as long.
    const MOST: usize = 10;

    /// How long names are remembered, and an address is blocked.
    const SPAN: Duration = Duration::from_hours(1);

    /// Lets a try for this name through, or says how long to wait.
    pub fn admit(&mut self, name: u64, now: Timestamp) -> Result<(), Duration> {
        self.lose(now);
        if let Some(until) = self.blocked_until.filter(|until| *until > now) {
            return Err(until.since(now));
        }
        self.forget(now);
        let all = self.names.iter().chain(&self.open);
        let others: BTreeSet<u64> = all
            .map(|(other, _)| *other)
            .filter(|other| *other != name)
            .collect();
        if others.len() >= Self::MOST {
            return Err(BUSY);
        }
        self.open.push_back((name, now));
        Ok(())
    }

    /// Says what became of a try for this name. One that was lost meanwhile stays failed.
    pub fn settle(&mut self, name: u64, outcome: Outcome, now: Timestamp) {
        self.lose(now);
        let Some(place) = self.open.iter().position(|(open, _)| *open == name) else {
            return;
        };
        self.open.remove(place);
        match outcome {
            Outcome::Right | Outcome::Undecided => {}
            Outcome::Wrong | Outcome::NotNow => self.fail(name, now),
        }
    }

    fn lose(&mut self, now: Timestamp) {
        while let Some((name, since)) = self.open.front().copied()
            && now.since(since) >= LOST
        {
            self.open.pop_front();
            self.fail(name, since + LOST);
        }
    }

    fn fail(&mut self, name: u64, at: Timestamp) {
        self.forget(at);
        self.names.retain(|(other, _)| *other != name);
        self.names.push((name, at));
        if self.names.len() >= Self::MOST {
            self.names.clear();
            self.blocked_until = Some(at + Self::SPAN);
        }
    }

    fn forget(&mut self, now: Timestamp) {
        self.names.retain(|(_, at)| now.since(*at) < Self::SPAN);
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

    fn fail(crowd: &mut Crowd, name: u64, now: Timestamp) -> Result<(), Duration> {
        crowd.admit(name, now)?;
        crowd.settle(name, Outcome::Wrong, now);
        Ok(())
    }

    #[test]
    fn r23_ten_different_names_block_an_address_for_an_hour_and_one_name_never_does() {
        let mut crowd = Crowd::default();
        for _ in 0..50 {
            assert_eq!(fail(&mut crowd, 7, NOON), Ok(()));
        }
        for name in 0..10 {
            assert_eq!(fail(&mut crowd, name, NOON), Ok(()));
        }
        assert_eq!(fail(&mut crowd, 7, NOON), Err(HOUR));
        assert_eq!(fail(&mut crowd, 7, NOON + HOUR), Ok(()));
    }

    #[test]
    fn r23_names_that_failed_an_hour_ago_are_forgotten() {
        let mut crowd = Crowd::default();
        for name in 0..9 {
            assert_eq!(fail(&mut crowd, name, NOON), Ok(()));
        }
        for name in 10..19 {
            assert_eq!(fail(&mut crowd, name, NOON + HOUR), Ok(()));
        }
        assert!(crowd.admit(20, NOON + HOUR).is_ok());
    }

    #[test]
    fn r23_of_many_names_at_the_same_moment_ten_are_let_through() {
        let mut crowd = Crowd::default();
        let admitted = (0..64).filter(|name| crowd.admit(*name, NOON).is_ok());
        assert_eq!(admitted.count(), Crowd::MOST);
        assert_eq!(crowd.admit(99, NOON), Err(BUSY));
        for name in 0..10 {
            crowd.settle(name, Outcome::Right, NOON);
        }
        assert_eq!(crowd, Crowd::default());
    }

    #[test]
    fn r25_names_whose_tries_nobody_settles_failed_when_their_time_was_over() {
        let mut crowd = Crowd::default();
        for name in 0..10 {
            assert_eq!(crowd.admit(name, NOON), Ok(()));
        }
        assert_eq!(crowd.admit(0, NOON + LOST + MINUTE), Err(MINUTE * 59));
        assert_eq!(crowd.admit(0, NOON + LOST + HOUR), Ok(()));
    }
}
