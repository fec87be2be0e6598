//! Recovery codes: ten, shown once, each good for one sign-in (R35).
use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::code::{self, NotACode};
use crate::entropy::Entropy;

/// Characters by which the row of a code is found.
const SELECTOR: usize = 4;

/// Characters of Crockford's base 32 in all: the selector, and 80 bits that nobody stores.
const LENGTH: usize = SELECTOR + 16;

/// A recovery code, as it is shown, kept and typed.
#[derive(Clone, Zeroize, ZeroizeOnDrop, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// A new one.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(code::draw(LENGTH, entropy))
    }

    /// Reads one as a person types it: case, blanks and hyphens do not count; `O` is read as 0, `I` and `L` as 1.
    pub fn parse(typed: &str) -> Result<Self, NotACode> {
        code::read(typed, LENGTH).map(Self)
    }

    /// What its row is found by; tells nothing about the rest.
    pub fn selector(&self) -> &str {
        self.0.get(..SELECTOR).unwrap_or_default()
    }

    /// All of it, for the slow hash.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// In groups of four, as it is shown.
    pub fn grouped(&self) -> String {
        code::grouped(&self.0)
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn r35_a_code_is_read_as_people_write_it_down() {
        let code = RecoveryCode::generate(&SeededEntropy::new(1));
        let shown = code.grouped();
        assert_eq!(shown.len(), LENGTH + 4);
        for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', " ")] {
            assert_eq!(RecoveryCode::parse(&typed).unwrap().reveal(), code.reveal());
        }
        assert_eq!(code.selector(), &code.reveal()[..4]);
        for typed in [
            "",
            "123456",
            "ABCD-EFGH-JKMN-PQRS-TVW",
            "ABCD-EFGH-JKMN-PQRS-TVWU",
        ] {
            assert!(RecoveryCode::parse(typed).is_err(), "{typed}");
        }
        let other = RecoveryCode::generate(&SeededEntropy::new(2));
        assert_ne!(other.reveal(), code.reveal());
    }
}
