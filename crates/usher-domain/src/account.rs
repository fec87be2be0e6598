//! An account: one Jellyfin user, and what Usher knows of it beside Jellyfin.
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::address::EmailAddress;
use crate::id::AccountId;
use crate::settings::{EmailPolicy, Requirement};
use crate::sign_in::AddressOwed;
use crate::time::Timestamp;

/// Who skipped the address is asked again after so long.
pub const ASKED_AGAIN: Duration = Duration::from_hours(30 * 24);

/// How long apps go on after an address became required (design, section 4).
pub const APPS_GRACE: Duration = Duration::from_hours(14 * 24);

/// One Jellyfin user and what Usher knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its identifier: the Jellyfin user's.
    pub id: AccountId,
    /// What Jellyfin said of the user at the last look.
    pub seen: SeenUser,
    /// The e-mail address, proven or not.
    pub address: Option<Address>,
    /// When the person last chose to give no address.
    pub address_skipped: Option<Timestamp>,
    /// The account waits for its first password.
    pub set_up: Option<SetUp>,
    /// An administrator switched recovery by mail off for this account.
    pub recovery_off: bool,
    /// Code of the language that the person last used Usher in; mails are written in it.
    pub language: Option<String>,
    /// When Usher saw the user first.
    pub first_seen: Timestamp,
    /// The last sign-in through Usher.
    pub signed_in: Option<Timestamp>,
    /// When Jellyfin no longer knew the user. Never attached to a new user of the same name.
    pub gone: Option<Timestamp>,
    /// How often everything that lets somebody in was ended.
    pub epoch: Epoch,
}

/// How often everything that lets somebody in to an account was ended: a reset, a changed password, set-up begun again,
/// switched off, gone, "sign out everywhere". A number and no time, so that clocks of two machines decide nothing.
///
/// What was proven in one epoch lets nobody in during the next (R47): whoever judges a password reads the epoch before
/// Jellyfin is asked, and the registration of what came of it compares it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(i64);

impl Epoch {
    /// Nothing was ever ended; also of an account that nobody has seen yet.
    pub const FIRST: Self = Self(0);

    /// As stored.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// For the database.
    pub const fn as_number(self) -> i64 {
        self.0
    }
}

/// What Jellyfin says of a user, as far as Usher keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenUser {
    /// The account of this user.
    pub id: AccountId,
    /// The name, as Jellyfin writes it.
    pub name: String,
    /// Administers the server.
    pub administrator: bool,
    /// Is switched off.
    pub disabled: bool,
    /// The password lives elsewhere (LDAP, SSO): no set-up and no reset here.
    pub elsewhere: bool,
    /// Stands open in Jellyfin: an empty password signs in. `None` where it was not looked at yet.
    pub passwordless: Option<bool>,
}

/// An address and how sure it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Where mail goes.
    pub email: EmailAddress,
    /// How sure it is that the person reads it.
    pub proof: AddressProof,
}

/// How sure it is that an address is the person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressProof {
    /// An administrator wrote it down: good for an invitation, not for a reset.
    Entered,
    /// By a code or link that was sent to it.
    Proven,
    /// An administrator vouches for it.
    Vouched,
}

impl AddressProof {
    /// Whether codes and resets may go there.
    pub const fn is_proven(self) -> bool {
        matches!(self, Self::Proven | Self::Vouched)
    }

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Proven => "proven",
            Self::Vouched => "vouched",
        }
    }
}

/// The first password is still to be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetUp {
    /// How the person gets in.
    pub way: SetUpWay,
    /// Until when an open account can be claimed, or its code or link is good. Later the account still waits, but only
    /// an administrator can renew the way.
    pub until: Timestamp,
    /// An open account can be claimed from any network, not only from private ones.
    pub anywhere: bool,
}

/// The three ways to the first password (design, section 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetUpWay {
    /// A code that the administrator hands over.
    #[default]
    Code,
    /// An invitation by mail.
    Mail,
    /// The first sign-in as this user chooses the password.
    Open,
}

impl SetUpWay {
    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Mail => "mail",
            Self::Open => "open",
        }
    }
}

/// How long an open account waits for its first comer, and a set-up code is good.
pub const SET_UP_LIFE: Duration = Duration::from_hours(72);

impl Account {
    /// The account of a user whom Usher sees for the first time.
    pub const fn new(seen: SeenUser, at: Timestamp) -> Self {
        Self {
            id: seen.id,
            seen,
            address: None,
            address_skipped: None,
            set_up: None,
            recovery_off: false,
            language: None,
            first_seen: at,
            signed_in: None,
            gone: None,
            epoch: Epoch::FIRST,
        }
    }

    /// The address, where codes and resets may go to it.
    pub fn proven_address(&self) -> Option<&EmailAddress> {
        self.address
            .as_ref()
            .filter(|address| address.proof.is_proven())
            .map(|address| &address.email)
    }

    /// Code of the language in which the account is written to: that in which the person last used Usher.
    pub fn language(&self) -> &str {
        self.language.as_deref().unwrap_or("en")
    }

    /// Whether the first comer may claim the account now. `private`: the visitor comes from a private network.
    pub fn is_open_to(&self, private: bool, now: Timestamp) -> bool {
        self.set_up.is_some_and(|set_up| {
            set_up.way == SetUpWay::Open && now < set_up.until && (private || set_up.anywhere)
        }) && self.can_set_up()
    }

    /// Whether the account waits for its first password and may choose it here.
    pub const fn can_set_up(&self) -> bool {
        self.set_up.is_some() && !self.seen.disabled && !self.seen.elsewhere && self.gone.is_none()
    }

    /// Whether no token of the account is good: it waits for its set-up, or Jellyfin no longer knows its user.
    pub const fn is_kept_out(&self) -> bool {
        self.set_up.is_some() || self.gone.is_some()
    }

    /// Whether a page asks for an address at this sign-in. While mail is not healthy nothing is asked (principle 5).
    pub fn address_owed(
        &self,
        policy: &EmailPolicy,
        mail_works: bool,
        now: Timestamp,
    ) -> AddressOwed {
        if self.proven_address().is_some() || !mail_works {
            return AddressOwed::No;
        }
        match policy.requirement {
            Requirement::Off => AddressOwed::No,
            Requirement::Required => AddressOwed::Required,
            Requirement::Optional => {
                let skipped = self.address_skipped;
                if skipped.is_some_and(|at| now.since(at) < ASKED_AGAIN) {
                    AddressOwed::No
                } else {
                    AddressOwed::MaySkip
                }
            }
        }
    }

    /// What an app is owed, which can show no page: a required address only after 14 days of grace.
    pub fn address_owed_by_app(
        &self,
        policy: &EmailPolicy,
        mail_works: bool,
        now: Timestamp,
    ) -> AddressOwed {
        let in_grace = policy
            .since
            .is_none_or(|since| now.since(since) < APPS_GRACE);
        match self.address_owed(policy, mail_works, now) {
            AddressOwed::Required if !in_grace => AddressOwed::Required,
            AddressOwed::Required | AddressOwed::MaySkip | AddressOwed::No => AddressOwed::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);

    fn anna() -> Account {
        let seen = SeenUser {
            id: AccountId::new(Uuid::from_u128(1)),
            name: "anna".to_owned(),
            administrator: false,
            disabled: false,
            elsewhere: false,
            passwordless: Some(false),
        };
        Account::new(seen, NOON)
    }

    #[test]
    fn an_open_account_is_claimed_in_time_and_from_home_only() {
        let mut bo = anna();
        assert!(!bo.is_open_to(true, NOON));
        let mut open = SetUp {
            way: SetUpWay::Open,
            until: NOON + SET_UP_LIFE,
            anywhere: false,
        };
        bo.set_up = Some(open);
        assert!(bo.is_open_to(true, NOON) && !bo.is_open_to(false, NOON));
        assert!(!bo.is_open_to(true, NOON + SET_UP_LIFE));
        open.anywhere = true;
        bo.set_up = Some(open);
        assert!(bo.is_open_to(false, NOON));
        bo.seen.disabled = true;
        assert!(!bo.is_open_to(true, NOON));
    }

    #[test]
    fn an_address_is_asked_for_as_the_policy_says_and_never_while_mail_is_dead() {
        let policy = |requirement| EmailPolicy {
            requirement,
            since: Some(NOON),
        };
        let mut anna = anna();
        let owed = |anna: &Account, requirement, works, at| {
            anna.address_owed(&policy(requirement), works, at)
        };
        assert_eq!(owed(&anna, Requirement::Off, true, NOON), AddressOwed::No);
        let required = Requirement::Required;
        assert_eq!(owed(&anna, required, true, NOON), AddressOwed::Required);
        assert_eq!(owed(&anna, required, false, NOON), AddressOwed::No);
        let app = |at| anna.address_owed_by_app(&policy(required), true, at);
        assert_eq!(app(NOON), AddressOwed::No);
        assert_eq!(app(NOON + APPS_GRACE), AddressOwed::Required);
        anna.address_skipped = Some(NOON);
        let optional = Requirement::Optional;
        assert_eq!(owed(&anna, optional, true, NOON), AddressOwed::No);
        let later = owed(&anna, optional, true, NOON + ASKED_AGAIN);
        assert_eq!(later, AddressOwed::MaySkip);
        anna.address = Some(Address {
            email: EmailAddress::parse("anna@example.org").unwrap(),
            proof: AddressProof::Entered,
        });
        assert_eq!(owed(&anna, required, true, NOON), AddressOwed::Required);
    }
}
