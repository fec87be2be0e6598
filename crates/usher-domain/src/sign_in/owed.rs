//! What a sign-in owes, found out at its beginning.
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, UserId};
use crate::second_factor::{Enroll, FactorOwed, Show};

/// Whether an address is asked for, by policy and account at the moment of the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressOwed {
    /// No: proven, put off, not wanted, or mail is not healthy.
    No,
    /// Yes, and it may be skipped.
    MaySkip,
    /// Yes.
    Required,
}

/// As which Jellyfin user the person goes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// As the owner of the account.
    #[default]
    Owner,
    /// As the profile that was named with the account (`anna/Kids`), or approved for a screen.
    Profile(UserId),
    /// Asked at the end; a door that can show no page lets the owner in.
    Asked,
}

impl Seat {
    /// The Jellyfin user of this seat in an account.
    pub const fn user_in(self, account: AccountId) -> UserId {
        match self {
            Self::Profile(user) => user,
            Self::Owner | Self::Asked => account.owner(),
        }
    }
}

/// What a sign-in owes besides the credentials, by policy and account at its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// An address.
    pub address: AddressOwed,
    /// A second factor.
    pub factor: FactorOwed,
    /// Who is watching.
    pub seat: Seat,
}

impl Owed {
    /// Nothing.
    pub const NOTHING: Self = Self {
        address: AddressOwed::No,
        factor: FactorOwed {
            show: Show::No,
            enroll: Enroll::No,
        },
        seat: Seat::Owner,
    };

    /// Whether the password alone lets somebody in.
    pub fn is_nothing(&self) -> bool {
        let is_shown = matches!(self.factor.show, Show::No | Show::Trusted);
        let is_seated = self.seat == Seat::Owner;
        is_shown && is_seated && self.address == AddressOwed::No && self.factor.enroll == Enroll::No
    }
}
