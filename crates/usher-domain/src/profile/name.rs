//! Names of profiles, and of the hidden users who hold them.
use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::{NameError, NameKey, UserName};

/// The longest name of a profile, in characters.
pub const PROFILE_NAME_MAX: usize = 32;

/// The longest name that a hidden user is given, in characters. Jellyfin took 250.
const USER_NAME_MAX: usize = 200;

/// The name of a profile: such as Jellyfin allows for users, so that it can be a part of one. It has neither `/` nor `:`,
/// so `account/profile` is unambiguous.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProfileName(UserName);

/// Why a text is no name of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileNameError {
    /// Nothing but blanks or dots.
    #[error("a profile needs a name")]
    Empty,
    /// Over [`PROFILE_NAME_MAX`] characters.
    #[error("the name is too long")]
    TooLong,
    /// A character that Jellyfin refuses.
    #[error("a name holds letters, digits, blanks and - ' . _ @ + only")]
    Forbidden,
}

impl ProfileName {
    /// Reads a name; blanks at its ends are a slip of the hand and are dropped.
    ///
    /// # Errors
    ///
    /// [`ProfileNameError`] when it is empty, too long, or no name for Jellyfin.
    pub fn parse(text: &str) -> Result<Self, ProfileNameError> {
        let text = text.trim();
        if text.chars().count() > PROFILE_NAME_MAX {
            return Err(ProfileNameError::TooLong);
        }
        UserName::parse(text)
            .map(Self)
            .map_err(|error| match error {
                NameError::Empty => ProfileNameError::Empty,
                NameError::Forbidden => ProfileNameError::Forbidden,
            })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// What two profiles of one account may not share: names that differ in letter case alone are one name.
    pub fn key(&self) -> NameKey {
        self.0.key()
    }

    /// The name of the hidden user: `account+name`, with a number where that name is `taken`. What of the account's name
    /// Jellyfin would no longer allow becomes `_`.
    pub fn hidden_user(&self, account: &str, taken: &BTreeSet<NameKey>) -> UserName {
        let profile = self.as_str();
        let room = USER_NAME_MAX.saturating_sub(profile.chars().count() + 12);
        let account: String = account.trim().chars().take(room).map(safe).collect();
        let plain = format!("{account}+{profile}");
        let numbered = (2_u32..).map(|number| format!("{plain}-{number}"));
        std::iter::once(plain.clone())
            .chain(numbered)
            .filter_map(|name| UserName::parse(&name).ok())
            .find(|name| !taken.contains(&name.key()))
            .unwrap_or_else(|| self.0.clone())
    }
}

fn safe(letter: char) -> char {
    let alone = letter.to_string();
    if letter == ' ' || UserName::parse(&alone).is_ok() || letter == '.' {
        letter
    } else {
        '_'
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for ProfileName {
    type Error = ProfileNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ProfileName> for String {
    fn from(name: ProfileName) -> Self {
        name.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> ProfileName {
        ProfileName::parse(text).unwrap()
    }

    fn taken(names: &[&str]) -> BTreeSet<NameKey> {
        names.iter().map(|name| NameKey::of(name)).collect()
    }

    #[test]
    fn a_name_has_1_to_32_characters_that_jellyfin_allows() {
        assert_eq!(name("  Kids ").as_str(), "Kids");
        assert_eq!(name(&"ä".repeat(32)).as_str().chars().count(), 32);
        for (text, error) in [
            ("", ProfileNameError::Empty),
            ("   ", ProfileNameError::Empty),
            ("..", ProfileNameError::Empty),
            ("a/b", ProfileNameError::Forbidden),
            ("a:b", ProfileNameError::Forbidden),
            ("a\nb", ProfileNameError::Forbidden),
        ] {
            assert_eq!(ProfileName::parse(text), Err(error), "{text:?}");
        }
        assert_eq!(
            ProfileName::parse(&"a".repeat(33)),
            Err(ProfileNameError::TooLong)
        );
    }

    #[test]
    fn names_that_differ_in_case_alone_are_one() {
        assert_eq!(name("Käthe").key(), name("KÄTHE").key());
    }

    #[test]
    fn the_hidden_user_is_named_after_account_and_profile_and_gets_a_number_where_that_is_taken() {
        let kids = name("Kids");
        for (names, expected) in [
            (vec![], "anna+Kids"),
            (vec!["ANNA+KIDS"], "anna+Kids-2"),
            (vec!["anna+kids", "Anna+Kids-2"], "anna+Kids-3"),
        ] {
            assert_eq!(kids.hidden_user("anna", &taken(&names)).as_str(), expected);
        }
        assert_eq!(
            kids.hidden_user("a/b&c", &taken(&[])).as_str(),
            "a_b_c+Kids"
        );
    }

    proptest! {
        #[test]
        fn the_hidden_users_name_is_always_free_and_allowed(
            account in ".{0,260}", text in "[a-zA-Z0-9 .'_@+-]{1,32}", twice in 0_usize..4,
        ) {
            let Ok(profile) = ProfileName::parse(&text) else { return Ok(()) };
            let mut names = BTreeSet::new();
            for _ in 0..=twice {
                let user = profile.hidden_user(&account, &names);
                prop_assert!(UserName::parse(user.as_str()).is_ok());
                prop_assert!(user.as_str().chars().count() <= USER_NAME_MAX);
                prop_assert!(user.as_str().contains('+'));
                prop_assert!(names.insert(user.key()), "{user} is taken");
            }
        }
    }
}
