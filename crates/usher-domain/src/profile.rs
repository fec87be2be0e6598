//! A profile: a further seat in an account, held by a Jellyfin user of its own (design, section 7).
//!
//! Invariant: a profile never has more than its owner. Only [`policy::UserPolicy::of_profile`] builds what is written to
//! Jellyfin, and it can only narrow.
pub mod hours;
pub mod limits;
pub mod name;
pub mod pin;
pub mod policy;
pub mod preferences;
pub mod rating;
pub mod screen_time;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ProfileId, UserId};
use crate::time::Timestamp;
use limits::Limits;
use name::ProfileName;
use preferences::Preferences;

/// A deleted profile can be brought back for so long; then its Jellyfin user goes.
pub const KEPT_AFTER_DELETION: Duration = Duration::from_hours(7 * 24);

/// A further profile of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its identity. The name never is.
    pub id: ProfileId,
    /// Whose it is.
    pub account: AccountId,
    /// The hidden Jellyfin user that holds history and favorites. `None` until creation has got that far.
    pub user: Option<UserId>,
    /// What people call it: unique in the account, whatever the letter case.
    pub name: ProfileName,
    /// Its face; `None` for the first letter of the name.
    pub picture: Option<Picture>,
    /// Which limits it began with.
    pub preset: AgePreset,
    /// Whether a PIN is asked before it is chosen.
    pub has_pin: bool,
    /// Its place among the account's profiles, from 0.
    pub order: u16,
    /// What it may see, and when.
    pub limits: Limits,
    /// How it likes things.
    pub preferences: Preferences,
    /// Where it is in its life.
    pub state: ProfileState,
}

impl Profile {
    /// Whether it can be chosen and its tokens are good.
    pub const fn is_open(&self) -> bool {
        self.user.is_some() && matches!(self.state, ProfileState::Ready)
    }
}

/// Where a profile is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "since")]
pub enum ProfileState {
    /// Its Jellyfin user is being made, since then. What stays here too long is done again or undone.
    Creating(Timestamp),
    /// Can be used.
    Ready,
    /// Profiles were switched off, since then: its user is disabled, nothing is lost.
    Off(Timestamp),
    /// It becomes an account of its own, since an administrator approved that: nobody gets in as it any more.
    Leaving(Timestamp),
    /// The owner deleted it, then: disabled at once, gone after [`KEPT_AFTER_DELETION`].
    Deleting(Timestamp),
}

impl ProfileState {
    /// Whether a deleted profile's time is over, so that its Jellyfin user has to go.
    pub fn is_due_to_go(self, now: Timestamp) -> bool {
        match self {
            Self::Deleting(since) => now >= since + KEPT_AFTER_DELETION,
            Self::Creating(_) | Self::Ready | Self::Off(_) | Self::Leaving(_) => false,
        }
    }

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Creating(_) => "creating",
            Self::Ready => "ready",
            Self::Off(_) => "off",
            Self::Leaving(_) => "leaving",
            Self::Deleting(_) => "deleting",
        }
    }
}

/// For whom a profile is: only the limits that it begins with ([`Limits::of_preset`]); each can be changed afterwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgePreset {
    /// As much as the owner.
    #[default]
    Adult,
    /// Up to 14 years.
    Teen,
    /// Up to 7 years, nothing that has no rating, no live television.
    Child,
}

/// The face of a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Picture {
    /// One of Usher's own drawings.
    Drawing(PictureKey),
    /// An upload that was encoded again.
    Upload(PictureKey),
}

/// The key of a picture: safe as a file name and in an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PictureKey(String);

/// A text is no key of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a picture's key holds 1 to 64 small letters, digits and dashes")]
pub struct PictureKeyError;

impl PictureKey {
    /// Reads a key.
    ///
    /// # Errors
    ///
    /// [`PictureKeyError`] for anything but 1 to 64 small ASCII letters, digits and dashes.
    pub fn parse(text: &str) -> Result<Self, PictureKeyError> {
        let is_plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if (1..=64).contains(&text.len()) && text.chars().all(is_plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PictureKeyError)
        }
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PictureKey {
    type Error = PictureKeyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PictureKey> for String {
    fn from(key: PictureKey) -> Self {
        key.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deleted_profile_stays_for_seven_days() {
        let deleted = Timestamp::from_millis(1_000);
        let state = ProfileState::Deleting(deleted);
        let week = deleted + KEPT_AFTER_DELETION;
        assert!(!state.is_due_to_go(week - Duration::from_millis(1)));
        assert!(state.is_due_to_go(week));
        assert!(!ProfileState::Off(deleted).is_due_to_go(week));
    }

    #[test]
    fn a_picture_is_named_so_that_no_path_can_be_made_of_it() {
        for text in ["fox", "0a1b-2c"] {
            assert_eq!(
                PictureKey::parse(text).map(String::from),
                Ok(text.to_owned())
            );
        }
        for text in ["", "..", "a/b", "A", "a.png", "ä", &"a".repeat(65)] {
            assert_eq!(PictureKey::parse(text), Err(PictureKeyError), "{text}");
        }
    }
}
