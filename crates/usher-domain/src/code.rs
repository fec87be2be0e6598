//! One-time codes: what they look like and how people type them.
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::entropy::Entropy;

/// Crockford's base 32: no letter that is taken for a digit.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Wrong answers that one code of six digits stands (R4).
pub const TRIES_PER_CODE: i64 = 5;

/// Wrong answers that one flow stands, over all codes sent for it (R6).
pub const TRIES_PER_FLOW: i64 = 15;

/// What a code or link is good for. One that was made for one purpose never serves another (R2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Proves an address: code, 10 min.
    ConfirmAddress,
    /// Chooses a new password: code 15 min, link 30 min.
    Reset,
    /// Chooses the first password: code 72 h, link 7 days.
    SetUp,
    /// Takes a change of address back: link, 7 days.
    UndoAddress,
    /// "This was not me": link, as long as what it revokes.
    Revoke,
    /// Confirms that a test mail arrived: code, 10 min.
    MailTest,
    /// Second factor of a sign-in: code, 10 min.
    SignIn,
    /// Lets a sign-in at an app's form through: link, 10 min. A code that is sent for another sign-in leaves it alone.
    Approve,
    /// Proves again who sits in a browser: code, 10 min.
    StepUp,
    /// "This sign-in was not me": link, 7 days.
    NotMe,
    /// Tells from which screen more time is asked for: eight characters that the screen shows, good for the day. Whoever has
    /// them can ask, and nothing else.
    AskTime,
    /// Gives a profile more time: link, good for the day.
    GiveTime,
}

impl Purpose {
    /// Its name in the database and in keyed hashes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConfirmAddress => "confirm_address",
            Self::Reset => "reset",
            Self::SetUp => "set_up",
            Self::UndoAddress => "undo_address",
            Self::Revoke => "revoke",
            Self::MailTest => "mail_test",
            Self::SignIn => "sign_in",
            Self::Approve => "approve",
            Self::StepUp => "step_up",
            Self::NotMe => "not_me",
            Self::AskTime => "ask_time",
            Self::GiveTime => "give_time",
        }
    }

    /// Wrong answers that one code stands (R4). A set-up code has 40 bits, lives for days and can be tried by anybody who
    /// knows the name: five guesses of a stranger must not burn an invitation. The limits per name and address slow
    /// those down.
    pub const fn tries(self) -> i64 {
        match self {
            Self::SetUp => 100,
            Self::ConfirmAddress
            | Self::Reset
            | Self::UndoAddress
            | Self::Revoke
            | Self::MailTest
            | Self::SignIn
            | Self::Approve
            | Self::StepUp
            | Self::NotMe
            | Self::AskTime
            | Self::GiveTime => TRIES_PER_CODE,
        }
    }

    /// Wrong answers that one flow stands, over all codes sent for it (R6). `None`: it gets a new code whenever an
    /// administrator makes one.
    pub const fn tries_per_flow(self) -> Option<i64> {
        match self {
            Self::SetUp => None,
            Self::ConfirmAddress
            | Self::Reset
            | Self::UndoAddress
            | Self::Revoke
            | Self::MailTest
            | Self::SignIn
            | Self::Approve
            | Self::StepUp
            | Self::NotMe
            | Self::AskTime
            | Self::GiveTime => Some(TRIES_PER_FLOW),
        }
    }

    /// How long a code is good.
    pub const fn code_life(self) -> Duration {
        match self {
            Self::Reset => Duration::from_mins(15),
            Self::SetUp => Duration::from_hours(72),
            Self::ConfirmAddress
            | Self::UndoAddress
            | Self::Revoke
            | Self::MailTest
            | Self::SignIn
            | Self::Approve
            | Self::StepUp
            | Self::NotMe
            | Self::AskTime
            | Self::GiveTime => Duration::from_mins(10),
        }
    }

    /// How long a link is good.
    pub const fn link_life(self) -> Duration {
        match self {
            Self::Reset | Self::Revoke => Duration::from_mins(30),
            Self::SetUp | Self::UndoAddress | Self::NotMe => Duration::from_hours(7 * 24),
            Self::AskTime | Self::GiveTime => Duration::from_hours(24),
            Self::ConfirmAddress | Self::MailTest | Self::SignIn | Self::Approve | Self::StepUp => {
                Duration::from_mins(10)
            }
        }
    }
}

/// A code as it is made, sent and typed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Code(String);

/// What was typed cannot be a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this cannot be a code")]
pub struct NotACode;

impl Code {
    /// Six digits, each of the million equally likely, leading zeros kept (R1).
    pub fn digits(entropy: &dyn Entropy) -> Self {
        const RANGE: u32 = 1_000_000;
        const FAIR: u32 = u32::MAX - u32::MAX % RANGE;
        loop {
            let mut bytes = [0; 4];
            entropy.fill(&mut bytes);
            let drawn = u32::from_le_bytes(bytes);
            if drawn < FAIR {
                return Self(format!("{:06}", drawn % RANGE));
            }
        }
    }

    /// Eight characters of Crockford's base 32: 40 bits, for an administrator to hand over.
    pub fn letters(entropy: &dyn Entropy) -> Self {
        Self(draw(8, entropy))
    }

    /// Eight characters, always the same for these bytes: as good as [`letters`](Self::letters) where nobody else knows them.
    pub fn letters_of(bytes: &[u8; 32]) -> Self {
        Self(bytes.iter().copied().take(8).map(letter).collect())
    }

    /// Reads six digits as a person types them: blanks and hyphens do not count, anything else but ASCII digits is
    /// refused before the database is asked (R8).
    pub fn parse_digits(typed: &str) -> Result<Self, NotACode> {
        let digits = bare(typed)?;
        let six = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        six.then_some(Self(digits)).ok_or(NotACode)
    }

    /// Reads eight characters as a person types them; `O` is read as 0, `I` and `L` as 1.
    pub fn parse_letters(typed: &str) -> Result<Self, NotACode> {
        read(typed, 8).map(Self)
    }

    /// As a screen shows it: in groups of four.
    pub fn grouped(&self) -> String {
        grouped(&self.0)
    }

    /// The code itself, for the mail and for the keyed hash.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

/// So many characters of Crockford's base 32, each of the 32 equally likely.
pub(crate) fn draw(length: usize, entropy: &dyn Entropy) -> String {
    let mut bytes = vec![0; length];
    entropy.fill(&mut bytes);
    bytes.into_iter().map(letter).collect()
}

fn letter(byte: u8) -> char {
    char::from(CROCKFORD[usize::from(byte % 32)])
}

/// Long ones are shown in groups of four, which people copy without losing their place.
pub(crate) fn grouped(letters: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

/// Reads so many characters of Crockford's base 32 as a person types them.
pub(crate) fn read(typed: &str, length: usize) -> Result<String, NotACode> {
    let letters: String = bare(typed)?
        .chars()
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let fits = letters.len() == length && letters.bytes().all(|byte| CROCKFORD.contains(&byte));
    fits.then_some(letters).ok_or(NotACode)
}

fn bare(typed: &str) -> Result<String, NotACode> {
    if typed.len() > 64 {
        return Err(NotACode);
    }
    Ok(typed
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '-' | '\u{a0}'))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn r1_codes_are_drawn_evenly_and_keep_their_zeros() {
        let entropy = SeededEntropy::new(3);
        let mut first = [0_u32; 10];
        for _ in 0..10_000 {
            let code = Code::digits(&entropy);
            assert_eq!(code.reveal().len(), 6);
            first[usize::from(code.reveal().as_bytes()[0] - b'0')] += 1;
        }
        // Nine degrees of freedom: 27.88 is exceeded by chance once in a thousand.
        let chi_square: f64 = first
            .iter()
            .map(|&seen| (f64::from(seen) - 1000.0).powi(2) / 1000.0)
            .sum();
        assert!(chi_square < 27.88, "{first:?}");
    }

    #[test]
    fn r4_r6_digits_stand_five_tries_and_a_set_up_code_is_not_burnt_by_a_stranger() {
        assert_eq!(Purpose::Reset.tries(), 5);
        assert_eq!(Purpose::Reset.tries_per_flow(), Some(15));
        assert_eq!(Purpose::SetUp.tries(), 100);
        assert_eq!(Purpose::SetUp.tries_per_flow(), None);
    }

    #[test]
    fn r8_only_digits_are_a_code() {
        assert_eq!(Code::parse_digits(" 012-345 ").unwrap().reveal(), "012345");
        for typed in [
            "",
            "12345",
            "1234567",
            "١٢٣٤٥٦",
            "１２３４５６",
            "12345a",
            "[123456]",
            &"1".repeat(65),
        ] {
            assert_eq!(Code::parse_digits(typed), Err(NotACode), "{typed}");
        }
        assert_eq!(
            Code::parse_letters("o1il-zxcv").unwrap().reveal(),
            "0111ZXCV"
        );
        assert_eq!(Code::parse_letters("UUUUUUUU"), Err(NotACode));
    }
}
