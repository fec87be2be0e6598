//! App passwords: made for one program that can show no second factor, as long as nobody can guess (R37).
use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::code::{self, NotACode};
use crate::entropy::Entropy;

/// Characters of Crockford's base 32: 120 bits.
const LENGTH: usize = 24;

/// Longest name that a person gives one, in characters.
pub const NAME_MAX: usize = 64;

/// An app password, as it is shown, kept and typed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct AppPasswordText(String);

impl AppPasswordText {
    /// A new one.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(code::draw(LENGTH, entropy))
    }

    /// Reads one as a program keeps it: case, blanks and hyphens do not count; `O` is read as 0, `I` and `L` as 1.
    pub fn parse(typed: &str) -> Result<Self, NotACode> {
        code::read(typed, LENGTH).map(Self)
    }

    /// All of it, for the keyed hash.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// In groups of four, as it is shown.
    pub fn grouped(&self) -> String {
        code::grouped(&self.0)
    }
}

impl fmt::Debug for AppPasswordText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppPasswordText(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn r37_an_app_password_has_120_bits_and_is_read_as_it_is_shown() {
        let text = AppPasswordText::generate(&SeededEntropy::new(5));
        assert_eq!(text.reveal().len() * 5, 120);
        let shown = text.grouped();
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', ""),
            shown.replace('-', " "),
        ] {
            let read = AppPasswordText::parse(&typed).unwrap();
            assert_eq!(read.reveal(), text.reveal());
        }
        for typed in ["", "anna-pass-1", "ABCD-EFGH-JKMN-PQRS-TVW"] {
            assert!(AppPasswordText::parse(typed).is_err(), "{typed}");
        }
        assert_eq!(format!("{text:?}"), "AppPasswordText(..)");
    }
}
