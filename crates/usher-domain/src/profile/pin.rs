//! The PIN before a profile: a door between the people of one household (R43).
//!
//! Invariant: a PIN counts as wrong from the moment it is taken, so that many at once are not more than one after the other.
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::ProfileId;
use crate::secret::SecretText;
use crate::time::Timestamp;

/// The fewest and the most digits.
const DIGITS: std::ops::RangeInclusive<usize> = 4..=8;

/// Wrong ones that cost no waiting, but for the last of them.
const FREE: u32 = 5;

/// The wait after the last free one; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_mins(1);

/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

/// Wrong ones after which only the account's password helps.
const TOO_MANY: u32 = 10;

/// Who watches: a seat of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watcher {
    /// The owner: the first profile, which has no row.
    Owner,
    /// A further profile.
    Profile(ProfileId),
}

/// 4 to 8 digits.
#[derive(Clone, Debug)]
pub struct Pin(SecretText);

/// A text is no PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a PIN has 4 to 8 digits")]
pub struct PinError;

impl Pin {
    /// Reads a PIN; blanks are a slip of the hand and are dropped.
    ///
    /// # Errors
    ///
    /// [`PinError`] for anything but 4 to 8 ASCII digits.
    pub fn parse(text: &str) -> Result<Self, PinError> {
        let digits: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        let is_pin =
            DIGITS.contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        if is_pin {
            Ok(Self(SecretText::new(digits)))
        } else {
            Err(PinError)
        }
    }

    /// The digits.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// Why a PIN is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinSpent {
    /// Too many were wrong; one may come again after this time.
    Wait(Duration),
    /// Ten were wrong: the account's password helps.
    Closed,
}

/// The wrong PINs before one profile since the last right one: whoever typed them, in whatever session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinTally {
    wrong: u32,
    until: Option<Timestamp>,
}

impl PinTally {
    /// Takes one more PIN, as a wrong one for now.
    ///
    /// # Errors
    ///
    /// [`PinSpent`] where none is taken at present; nothing is counted then.
    pub fn take(&mut self, now: Timestamp) -> Result<(), PinSpent> {
        if self.wrong >= TOO_MANY {
            return Err(PinSpent::Closed);
        }
        if let Some(until) = self.until
            && until > now
        {
            return Err(PinSpent::Wait(until.since(now)));
        }
        self.wrong += 1;
        self.until = self
            .wrong
            .checked_sub(FREE)
            .map(|doublings| now + (FIRST_WAIT * (1 << doublings.min(8))).min(LONGEST_WAIT));
        Ok(())
    }

    /// The last PIN was right, or the account's password was: all is forgotten.
    pub fn was_right(&mut self) {
        *self = Self::default();
    }

    /// The last PIN could not be judged (R7): the wait that it began ends.
    pub fn give_back(&mut self) {
        self.wrong = self.wrong.saturating_sub(1);
        self.until = None;
    }

    /// Whether only the account's password helps.
    pub const fn is_closed(&self) -> bool {
        self.wrong >= TOO_MANY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);

    #[test]
    fn a_pin_has_4_to_8_digits() {
        for text in ["0000", "1234", "12345678", " 12 34 "] {
            assert!(Pin::parse(text).is_ok(), "{text}");
        }
        for text in ["", "123", "123456789", "12a4", "１２３４"] {
            assert_eq!(Pin::parse(text).err(), Some(PinError), "{text}");
        }
        assert!(!format!("{:?}", Pin::parse("1234")).contains("1234"));
    }

    #[test]
    fn r43_five_wrong_pins_wait_a_minute_doubling_to_fifteen_and_ten_ask_for_the_password() {
        let (mut tally, mut now, mut waits) = (PinTally::default(), NOON, Vec::new());
        while !tally.is_closed() {
            match tally.take(now) {
                Err(PinSpent::Wait(wait)) => {
                    waits.push(wait.as_secs() / 60);
                    now = now + wait;
                }
                taken => assert_eq!(taken, Ok(())),
            }
        }
        assert_eq!(waits, [1, 2, 4, 8, 15]);
        let later = now + Duration::from_hours(9999);
        assert_eq!(tally.take(later), Err(PinSpent::Closed), "time alone");
        tally.was_right();
        assert_eq!(tally.take(later), Ok(()));
    }

    #[test]
    fn r43_a_right_pin_forgets_the_wrong_ones_and_a_fault_costs_nothing() {
        let mut tally = PinTally::default();
        for _ in 0..100 {
            assert_eq!(tally.take(NOON), Ok(()));
            tally.give_back();
        }
        assert_eq!(tally, PinTally::default());
        for _ in 1..FREE {
            assert_eq!(tally.take(NOON), Ok(()));
        }
        tally.was_right();
        for _ in 0..FREE {
            assert_eq!(tally.take(NOON), Ok(()));
        }
        let wait = Err(PinSpent::Wait(FIRST_WAIT));
        assert_eq!(tally.take(NOON), wait);
    }
}
