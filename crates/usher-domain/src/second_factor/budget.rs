//! Wrong second factors of one account, over every kind, door and flow (R20).
//!
//! Invariant: an answer counts as wrong from the moment it is let through, so that many at once are not more than one after
//! the other.
use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Wrong answers within [`SHORT`] after which nothing is taken for as long.
const FEW: usize = 10;
const SHORT: Duration = Duration::from_mins(15);

/// Wrong answers within [`LONG`] after which nothing is taken until the first of them is so old.
const MANY: usize = 20;
const LONG: Duration = Duration::from_hours(24);

/// Wrong answers one after the other after which only a recovery code or an administrator helps.
const TOO_MANY: u32 = 100;

/// How long those in a row are remembered: whoever waits between them gets no hundred more.
const KEPT: Duration = Duration::from_hours(3650 * 24);

/// Why an answer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// Too many were wrong; one may come again after this time.
    Wait(Duration),
    /// A hundred in a row were wrong: a recovery code or an administrator helps.
    Closed,
}

/// The wrong second factors of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorBudget {
    wrong: VecDeque<Timestamp>,
    in_a_row: u32,
}

impl FactorBudget {
    /// Takes one more answer, as a wrong one for now.
    pub fn take(&mut self, now: Timestamp) -> Result<(), Spent> {
        while self
            .wrong
            .front()
            .is_some_and(|first| now.since(*first) >= LONG)
        {
            self.wrong.pop_front();
        }
        if self.in_a_row >= TOO_MANY {
            return Err(Spent::Closed);
        }
        let waits = [(FEW, SHORT), (MANY, LONG)]
            .into_iter()
            .filter_map(|(most, span)| {
                let nth_last = self.wrong.len().checked_sub(most)?;
                let free = *self.wrong.get(nth_last)? + span;
                (free > now).then(|| free.since(now))
            });
        if let Some(wait) = waits.max() {
            return Err(Spent::Wait(wait));
        }
        self.wrong.push_back(now);
        self.in_a_row += 1;
        Ok(())
    }

    /// The last answer was right. Those before it stay: a stranger's must not be washed away by the owner's.
    pub fn was_right(&mut self) {
        self.wrong.pop_back();
        self.in_a_row = 0;
    }

    /// Until when this must be remembered, if longer than other counts.
    pub fn kept_until(&self, now: Timestamp) -> Option<Timestamp> {
        (self.in_a_row > 0).then(|| now + KEPT)
    }

    /// The last answer could not be judged (R7).
    pub fn give_back(&mut self) {
        self.wrong.pop_back();
        self.in_a_row = self.in_a_row.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);

    #[test]
    fn r20_ten_wrong_ones_wait_a_quarter_of_an_hour_and_twenty_a_day() {
        let mut budget = FactorBudget::default();
        for _ in 0..FEW {
            assert_eq!(budget.take(NOON), Ok(()));
        }
        assert_eq!(budget.take(NOON), Err(Spent::Wait(SHORT)));
        let later = NOON + SHORT;
        for _ in FEW..MANY {
            assert_eq!(budget.take(later), Ok(()));
        }
        let rest = (NOON + LONG).since(later);
        assert_eq!(budget.take(later), Err(Spent::Wait(rest)));
        assert_eq!(budget.take(NOON + LONG), Ok(()));
    }

    #[test]
    fn r20_a_hundred_in_a_row_close_it_until_one_was_right() {
        let (mut budget, mut now) = (FactorBudget::default(), NOON);
        for _ in 0..TOO_MANY {
            while let Err(Spent::Wait(wait)) = budget.take(now) {
                now = now + wait;
            }
        }
        assert_eq!(budget.take(now + LONG), Err(Spent::Closed));
        budget.was_right();
        assert_eq!(budget.take(now + LONG), Ok(()));
    }

    #[test]
    fn a_right_answer_does_not_wash_a_strangers_wrong_ones_away() {
        let mut budget = FactorBudget::default();
        for _ in 1..FEW {
            assert_eq!(budget.take(NOON), Ok(()));
        }
        assert_eq!(budget.take(NOON), Ok(()));
        budget.was_right();
        assert_eq!(budget.take(NOON), Ok(()));
        assert_eq!(budget.take(NOON), Err(Spent::Wait(SHORT)));
    }

    #[test]
    fn r7_an_answer_that_could_not_be_judged_costs_nothing() {
        let mut budget = FactorBudget::default();
        for _ in 0..500 {
            assert_eq!(budget.take(NOON), Ok(()));
            budget.give_back();
        }
        assert_eq!(budget, FactorBudget::default());
    }
}
