//! What administrators change at run time: kept in the database, read at each use, every part with a safe default.
use serde::{Deserialize, Serialize};

use crate::second_factor::SecondFactorPolicy;
use crate::secret::SecretText;
use crate::time::Timestamp;

/// All of it. Each part is one row under its own name, so that two administrators do not overwrite each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether addresses are asked for.
    pub email: EmailPolicy,
    /// Whether passwords can be reset by mail.
    pub recovery: RecoveryPolicy,
    /// Of whom a second factor is demanded, and of which kinds.
    pub second_factor: SecondFactorPolicy,
    /// How mail leaves, where the administrator set it in the console rather than in the configuration file.
    pub smtp: Option<SmtpSettings>,
    /// Whether mail is known to arrive.
    pub mail_health: MailHealth,
    /// Whether screens may sign in by Quick Connect through Usher (Jellyfin's own tick box drives it).
    pub quick_connect: QuickConnectPolicy,
    /// Whether accounts may have profiles, and how many.
    pub profiles: ProfilePolicy,
}

/// Whether accounts need a proven address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// Not asked for.
    #[default]
    Off,
    /// Asked for; may be skipped, asked again after 30 days.
    Optional,
    /// Nobody gets in on the web without; apps have 14 days.
    Required,
}

/// The e-mail policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EmailPolicy {
    /// Off, optional or required.
    pub requirement: Requirement,
    /// When the requirement began to hold: apps keep working for 14 days from here.
    pub since: Option<Timestamp>,
}

/// The recovery policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecoveryPolicy {
    /// Whether a password can be reset by mail.
    pub by_mail: bool,
    /// What people are told whose password lives elsewhere (LDAP, SSO).
    pub elsewhere: String,
}

impl Default for RecoveryPolicy {
    fn default() -> Self {
        Self {
            by_mail: true,
            elsewhere: String::new(),
        }
    }
}

/// How mail leaves by SMTP.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// Name of the server; its certificate must carry it.
    pub host: String,
    /// Port: 587 for STARTTLS, 465 for implicit TLS.
    pub port: u16,
    /// How the connection is protected.
    pub security: SmtpSecurity,
    /// User name, where the server wants a login.
    pub user: Option<String>,
    /// Its password. Sealed in the database.
    pub password: Option<SecretText>,
    /// The address that mails come from.
    pub from: String,
}

impl PartialEq for SmtpSettings {
    fn eq(&self, other: &Self) -> bool {
        let secret = |settings: &Self| settings.password.as_ref().map(SecretText::hash);
        (&self.host, self.port, self.security, &self.user, &self.from)
            == (
                &other.host,
                other.port,
                other.security,
                &other.user,
                &other.from,
            )
            && secret(self) == secret(other)
    }
}

impl Eq for SmtpSettings {}

/// How an SMTP connection is protected (R60): there is no "if the server offers it".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpSecurity {
    /// STARTTLS, required.
    StartTls,
    /// TLS from the first byte.
    Implicit,
    /// No protection: for a server on this machine only.
    LoopbackPlain,
}

/// Whether mail is known to arrive (principle 5: nothing that needs mail is switched on before).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailHealth {
    /// When an administrator confirmed the code of a test mail. Cleared when the SMTP settings change.
    pub confirmed_at: Option<Timestamp>,
}

/// The most profiles that an administrator can allow an account: each is a user of Jellyfin's.
pub const MOST_PROFILES: u16 = 100;

/// Whether accounts may have profiles, and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProfilePolicy {
    /// `false`: their users are disabled; nothing is lost.
    pub enabled: bool,
    /// How many an account may have, its owner's among them. Above it none is added; those that are there stay.
    pub most: u16,
}

impl Default for ProfilePolicy {
    fn default() -> Self {
        Self {
            enabled: true,
            most: 5,
        }
    }
}

/// What is different for one account; `None`: as the [`ProfilePolicy`] says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileRule {
    /// Whether it may have profiles.
    pub enabled: Option<bool>,
    /// How many, its owner's among them.
    pub most: Option<u16>,
}

impl ProfilePolicy {
    /// What holds for an account with this rule.
    #[must_use]
    pub fn under(self, rule: ProfileRule) -> Self {
        Self {
            enabled: rule.enabled.unwrap_or(self.enabled),
            most: rule.most.unwrap_or(self.most),
        }
    }

    /// Whether an account that has so many profiles besides its owner's may have one more.
    pub fn has_room(self, further: usize) -> bool {
        self.enabled && further + 1 < usize::from(self.most)
    }
}

/// Whether Quick Connect may be used through Usher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuickConnectPolicy {
    /// `true`: clients may ask for a code.
    pub enabled: bool,
}

impl Default for QuickConnectPolicy {
    fn default() -> Self {
        Self { enabled: true }
    }
}
