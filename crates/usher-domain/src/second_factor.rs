//! Second factors: which there are, who owes one, and how sure a sign-in was (design, section 6).
//!
//! Invariant: an enrolled factor is asked for whatever its kind; that a kind is no longer allowed only stops new ones, and
//! does not fulfil what a policy demands.
pub mod app_password;
pub mod budget;
pub mod recovery;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::account::APPS_GRACE;
use crate::time::Timestamp;

/// How long a browser is trusted that the person said to trust (R36).
pub const TRUSTED: Duration = Duration::from_hours(30 * 24);

/// Recovery codes that are handed out together (R35).
pub const RECOVERY_CODES: usize = 10;

/// So few recovery codes left are worth a word (R35).
pub const FEW_CODES: u32 = 3;

/// Passkeys that one account may have (R33).
pub const PASSKEYS: usize = 20;

/// App passwords that one account may have (R37).
pub const APP_PASSWORDS: usize = 25;

/// The kinds of second factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// A code by mail to the proven address.
    Email,
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// A passkey or security key (`WebAuthn`).
    Passkey,
}

impl FactorKind {
    /// Every kind, weakest first.
    pub const ALL: [Self; 3] = [Self::Email, Self::Totp, Self::Passkey];

    /// Its name in the database and in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Totp => "totp",
            Self::Passkey => "passkey",
        }
    }

    /// How sure a sign-in is that was completed with it.
    pub const fn level(self) -> FactorLevel {
        match self {
            Self::Email => FactorLevel::Mail,
            Self::Totp | Self::Passkey => FactorLevel::Strong,
        }
    }
}

/// How sure it was who signed in, beside the password.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum FactorLevel {
    /// Nothing but the password.
    #[default]
    None,
    /// A browser that showed a factor within the last 30 days.
    Trusted,
    /// A code or link by mail.
    Mail,
    /// A recovery code.
    Recovery,
    /// An authenticator app or a passkey.
    Strong,
}

impl FactorLevel {
    /// Every level, weakest first.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Trusted,
        Self::Mail,
        Self::Recovery,
        Self::Strong,
    ];

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Trusted => "trusted",
            Self::Mail => "mail",
            Self::Recovery => "recovery",
            Self::Strong => "strong",
        }
    }

    /// Whether a factor was shown at this very sign-in.
    pub const fn was_shown(self) -> bool {
        match self {
            Self::None | Self::Trusted => false,
            Self::Mail | Self::Recovery | Self::Strong => true,
        }
    }
}

/// Of whom a second factor is demanded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// There are none: nobody can enroll one, and those that are there rest.
    Off,
    /// Whoever wants one has one.
    #[default]
    Optional,
    /// Administrators must have one.
    Administrators,
    /// Everybody must have one.
    Everyone,
}

/// Which kinds may be enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Methods {
    /// Codes by mail.
    pub email: bool,
    /// Authenticator apps.
    pub totp: bool,
    /// Passkeys.
    pub passkey: bool,
}

impl Default for Methods {
    fn default() -> Self {
        Self {
            email: true,
            totp: true,
            passkey: true,
        }
    }
}

impl Methods {
    /// Whether this kind may be enrolled.
    pub const fn allow(self, kind: FactorKind) -> bool {
        match kind {
            FactorKind::Email => self.email,
            FactorKind::Totp => self.totp,
            FactorKind::Passkey => self.passkey,
        }
    }
}

/// The policy of the instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecondFactorPolicy {
    /// Of whom one is demanded.
    pub demand: Demand,
    /// From when it must be there: until then people are told and may go on without.
    pub from: Option<Timestamp>,
    /// Which kinds may be enrolled.
    pub methods: Methods,
}

/// What an administrator decided for one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorRule {
    /// As the policy says.
    #[default]
    Inherit,
    /// Must have one, since then.
    Required(Timestamp),
    /// Need not have one. One that is enrolled is asked for all the same.
    Exempt,
}

/// What an account has enrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Enrolled {
    /// Codes by mail are on.
    pub email: bool,
    /// An authenticator app is set up.
    pub totp: bool,
    /// Passkeys.
    pub passkeys: u32,
    /// Recovery codes that were not used yet.
    pub recovery_codes: u32,
}

impl Enrolled {
    /// Whether this kind is enrolled.
    pub const fn has(self, kind: FactorKind) -> bool {
        match kind {
            FactorKind::Email => self.email,
            FactorKind::Totp => self.totp,
            FactorKind::Passkey => self.passkeys > 0,
        }
    }

    /// Whether there is any. Recovery codes alone are none: they stand in for one.
    pub const fn any(self) -> bool {
        self.email || self.totp || self.passkeys > 0
    }

    /// Whether one is there that mail cannot stand in for.
    pub const fn strong(self) -> bool {
        self.totp || self.passkeys > 0
    }
}

/// Whether a factor that is enrolled must be shown at this sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// None is enrolled.
    #[default]
    No,
    /// This browser showed one within the last 30 days.
    Trusted,
    /// Yes.
    Yes,
}

/// Whether one must be enrolled at this sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enroll {
    /// No.
    #[default]
    No,
    /// It will have to be, from a date on: it may be put off until then.
    MaySkip,
    /// Yes.
    Required,
}

/// What a sign-in owes in second factors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorOwed {
    /// Of what is enrolled.
    pub show: Show,
    /// Of what is not.
    pub enroll: Enroll,
}

/// What decides about second factors of one account at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The policy of the instance.
    pub policy: SecondFactorPolicy,
    /// What was decided for this account.
    pub rule: FactorRule,
    /// It administers the server.
    pub administrator: bool,
    /// What it has.
    pub enrolled: Enrolled,
    /// Mail is known to arrive at present (principle 5), and the account has a proven address or will be asked for one.
    pub can_mail: bool,
}

impl Case {
    /// Whether enrolled factors count: with the policy off they rest, but for accounts that must have one.
    pub const fn is_active(&self) -> bool {
        !matches!(self.policy.demand, Demand::Off) || matches!(self.rule, FactorRule::Required(_))
    }

    /// From when this account must have a factor; `None`: it need not.
    pub fn demanded_from(&self) -> Option<Timestamp> {
        let by_policy = self.policy.from.unwrap_or(Timestamp::from_millis(0));
        match (self.rule, self.policy.demand) {
            (FactorRule::Required(since), _) => Some(since),
            (FactorRule::Exempt, _) | (FactorRule::Inherit, Demand::Off | Demand::Optional) => None,
            (FactorRule::Inherit, Demand::Everyone) => Some(by_policy),
            (FactorRule::Inherit, Demand::Administrators) => {
                self.administrator.then_some(by_policy)
            }
        }
    }

    /// What a sign-in on the web owes.
    pub fn owed(&self, trusted: bool, now: Timestamp) -> FactorOwed {
        FactorOwed {
            show: match (self.is_active() && self.enrolled.any(), trusted) {
                (false, _) => Show::No,
                (true, true) => Show::Trusted,
                (true, false) => Show::Yes,
            },
            enroll: match self.demanded_from() {
                Some(from) if self.is_lacking() && now >= from => Enroll::Required,
                Some(_) if self.is_lacking() => Enroll::MaySkip,
                Some(_) | None => Enroll::No,
            },
        }
    }

    /// What a sign-in in an app owes, which can show no page: enrollment only after 14 days of grace (design, section 4).
    pub fn owed_by_app(&self, now: Timestamp) -> FactorOwed {
        let owed = self.owed(false, now);
        let is_over = self
            .demanded_from()
            .is_some_and(|from| now.since(from) >= APPS_GRACE);
        FactorOwed {
            enroll: if is_over { owed.enroll } else { Enroll::No },
            ..owed
        }
    }

    /// Whether a factor is demanded that the account does not have.
    pub fn is_short(&self) -> bool {
        self.demanded_from().is_some() && !self.is_fulfilled()
    }

    /// Whether the account has a factor of an allowed kind.
    pub fn is_fulfilled(&self) -> bool {
        let fulfils = |kind| self.policy.methods.allow(kind) && self.enrolled.has(kind);
        FactorKind::ALL.into_iter().any(fulfils)
    }

    /// Whether the account has no factor of an allowed kind, although one could be enrolled now.
    fn is_lacking(&self) -> bool {
        let methods = self.policy.methods;
        let can_enroll = methods.totp || methods.passkey || (methods.email && self.can_mail);
        can_enroll && !self.is_fulfilled()
    }
}

#[cfg(test)]
mod tests;
