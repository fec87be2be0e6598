//! Passwords that people choose: which ones are taken (R42 as the design changes it).
//!
//! There are no rules of composition. What is taken is passed to Jellyfin byte for byte. The list of common passwords
//! (MIT, see the licence beside it) has 197,127 entries, each of 8 characters and more: what is shorter is refused anyway.
use std::fmt;

use crate::secret::SecretText;

/// Code points that a password needs.
pub const SHORTEST: usize = 8;

/// Bytes that a password may have.
pub const LONGEST_BYTES: usize = 1024;

/// Lower case, sorted by bytes, one on each line.
const COMMON: &str = include_str!("password/common.txt");

/// A password that keeps every rule.
#[derive(Clone)]
pub struct Password(SecretText);

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`SHORTEST`] code points.
    #[error("a password needs at least 8 characters")]
    TooShort,
    /// More than [`LONGEST_BYTES`].
    #[error("a password has at most 1024 bytes")]
    TooLong,
    /// Clients trim blanks at the ends.
    #[error("a password neither begins nor ends with a blank")]
    BlankEnd,
    /// A space and six digits at the end are read as password and code at an app's form.
    #[error("a password does not end in a space and six digits")]
    LooksLikeCode,
    /// It is on the list, or is a word that everybody would try here.
    #[error("this password is too easy to guess")]
    Common,
}

impl Password {
    /// Takes a chosen password. `context` are words that everybody would try here: the site's name, the user's, the
    /// local part of the address; "jellyfin" and "usher" are always among them.
    ///
    /// # Errors
    ///
    /// [`PasswordError`]: the first rule that is broken.
    pub fn choose(typed: &SecretText, context: &[&str]) -> Result<Self, PasswordError> {
        let text = typed.reveal();
        if text.chars().count() < SHORTEST {
            Err(PasswordError::TooShort)
        } else if text.len() > LONGEST_BYTES {
            Err(PasswordError::TooLong)
        } else if text.trim() != text {
            Err(PasswordError::BlankEnd)
        } else if looks_like_code(text) {
            Err(PasswordError::LooksLikeCode)
        } else if is_common(text) || is_of_context(text, context) {
            Err(PasswordError::Common)
        } else {
            Ok(Self(typed.clone()))
        }
    }

    /// For Jellyfin, byte for byte.
    pub const fn secret(&self) -> &SecretText {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// Whether it is on the list of common passwords, in any case.
pub fn is_common(text: &str) -> bool {
    let wanted = text.to_lowercase();
    let mut rest = COMMON;
    while !rest.is_empty() {
        let half = rest.floor_char_boundary(rest.len() / 2);
        let start = rest[..half].rfind('\n').map_or(0, |at| at + 1);
        let end = rest[start..]
            .find('\n')
            .map_or(rest.len(), |length| start + length);
        match rest[start..end].cmp(wanted.as_str()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => rest = rest.get(end + 1..).unwrap_or(""),
            std::cmp::Ordering::Greater => rest = &rest[..start],
        }
    }
    false
}

fn looks_like_code(text: &str) -> bool {
    text.rsplit_once(' ')
        .is_some_and(|(_, end)| end.len() == 6 && end.bytes().all(|b| b.is_ascii_digit()))
}

/// A context word alone, or with nothing but digits and signs around it.
fn is_of_context(text: &str, context: &[&str]) -> bool {
    let bare = |word: &str| {
        word.to_lowercase()
            .trim_matches(|letter: char| !letter.is_alphabetic())
            .to_owned()
    };
    let typed = bare(text);
    context
        .iter()
        .chain(&["jellyfin", "usher"])
        .any(|word| !bare(word).is_empty() && bare(word) == typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(text: &str) -> Result<(), PasswordError> {
        Password::choose(&SecretText::new(text), &["anna", "Home Cinema"]).map(drop)
    }

    #[test]
    fn r42_length_counts_code_points_and_bytes_have_a_limit() {
        assert_eq!(choose("ümläüts"), Err(PasswordError::TooShort));
        assert_eq!(choose("ümläütsß"), Ok(()));
        assert_eq!(choose(&"qx".repeat(513)), Err(PasswordError::TooLong));
    }

    #[test]
    fn r42_what_clients_trim_or_read_as_a_code_is_refused() {
        assert_eq!(choose(" correct horse"), Err(PasswordError::BlankEnd));
        assert_eq!(
            choose("correct horse 123456"),
            Err(PasswordError::LooksLikeCode)
        );
        assert_eq!(choose("correct horse 12345"), Ok(()));
    }

    #[test]
    fn r42_words_that_everybody_would_try_are_refused() {
        for text in ["Password1", "Jellyfin2026!", "anna12345", "home cinema 1"] {
            assert_eq!(choose(text), Err(PasswordError::Common), "{text}");
        }
    }

    #[test]
    fn r42_the_list_is_long_enough_and_every_line_of_it_is_found() {
        assert!(COMMON.lines().is_sorted());
        assert!(COMMON.lines().count() >= 100_000, "R42");
        assert!(COMMON.lines().all(|line| line.chars().count() >= SHORTEST));
        assert!(COMMON.lines().all(is_common));
        assert!(!is_common("") && !is_common("no such entry"));
    }
}
