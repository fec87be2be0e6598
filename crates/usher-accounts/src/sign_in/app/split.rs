//! A password with six digits behind it: how people show a second factor at a form that has no field for one.
use usher_domain::code::Code;
use usher_domain::secret::SecretText;

/// Digits of a code.
const DIGITS: usize = 6;

/// A password, and the code that was typed behind it after a blank.
pub(super) struct Split {
    pub(super) password: SecretText,
    pub(super) code: Code,
}

/// Reads what was typed as a password, a blank and six digits. `None`: it has not that form, or nothing stands before the
/// blank. Whether it is meant so, only trying tells: old passwords may end like this (R42).
pub(super) fn split(typed: &SecretText) -> Option<Split> {
    let (password, digits) = typed.reveal().trim_end().rsplit_once(' ')?;
    let is_code = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_code || password.trim().is_empty() {
        return None;
    }
    Some(Split {
        password: SecretText::new(password),
        code: Code::parse_digits(digits).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_behind_the_password_is_six_ascii_digits_after_a_blank() {
        for (typed, password, code) in [
            ("two words 012345", "two words", "012345"),
            ("secret 123456 ", "secret", "123456"),
            ("a 111111 222222", "a 111111", "222222"),
        ] {
            let parts = split(&SecretText::new(typed)).unwrap();
            assert_eq!(parts.password.reveal(), password);
            assert_eq!(parts.code.reveal(), code);
        }
        for typed in [
            "",
            "123456",
            " 123456",
            "secret123456",
            "secret 12345",
            "secret 1234567",
            "secret ١٢٣٤٥٦",
            "secret 12-3456",
        ] {
            assert!(split(&SecretText::new(typed)).is_none(), "{typed}");
        }
    }
}
