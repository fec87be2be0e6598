//! Names of users, as Jellyfin allows and compares them.
//!
//! Jellyfin's rule is `^(?!\s)[\w\ \-'._@+]+(?<!\s)$`, and 12.0 forbids `.` and `..` besides. `/` and `:` never occur,
//! so `account/profile` is unambiguous. Rust's and .NET's idea of a letter differ for a few combining marks: Jellyfin
//! has the last word on those, when a user is created.
use std::fmt;

/// The name of a user: allowed by Jellyfin, kept as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserName(String);

/// What two names share when Jellyfin takes them for the same: upper case, whatever the language.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameKey(String);

/// Why a text is no user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was written, or only dots that stand for a folder.
    #[error("a user needs a name")]
    Empty,
    /// A character that Jellyfin refuses, or a blank at an end.
    #[error("a user name holds letters, digits, inner blanks and - ' . _ @ + only")]
    Forbidden,
}

impl UserName {
    /// Reads a name. Nothing is trimmed: what is typed is what Jellyfin compares.
    ///
    /// # Errors
    ///
    /// [`NameError`] when Jellyfin would refuse it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if matches!(text, "" | "." | "..") {
            return Err(NameError::Empty);
        }
        let blank_end = text.starts_with(' ') || text.ends_with(' ');
        if blank_end || !text.chars().all(is_allowed) {
            return Err(NameError::Forbidden);
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is looked up by.
    pub fn key(&self) -> NameKey {
        NameKey::of(&self.0)
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl NameKey {
    /// The key of any text: a name that Jellyfin holds though [`UserName`] would not read it, or a part of one.
    pub fn of(text: &str) -> Self {
        Self(text.chars().map(upper).collect())
    }

    /// For storage.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_allowed(letter: char) -> bool {
    letter.is_alphanumeric() || " -'._@+".contains(letter)
}

/// .NET's invariant upper case maps one character to one, and leaves the dotless i and the long s alone.
fn upper(letter: char) -> char {
    if matches!(letter, 'ı' | 'ſ') {
        return letter;
    }
    let mut mapped = letter.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_jellyfin_allows_are_kept_as_written() {
        for text in ["anna", "Anna Müller", "o'neil", "a.b-c_d@e+f", "李"] {
            assert_eq!(
                UserName::parse(text).map(|name| name.to_string()),
                Ok(text.into())
            );
        }
    }

    #[test]
    fn names_that_jellyfin_refuses_are_refused() {
        for text in [
            "", ".", "..", " anna", "anna ", "a/b", "a:b", "a\n", "a\tb", "a,b",
        ] {
            assert!(UserName::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_that_differ_in_case_alone_share_a_key_and_the_dotless_i_is_another_letter() {
        let key = |text| UserName::parse(text).map(|name| name.key());
        assert_eq!(key("Änna"), key("äNNA"));
        assert_ne!(key("mıke"), key("mike"));
        assert_ne!(key("straße"), key("strasse"));
    }
}
