//! What administrators change at run time, read from the database at each use.
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use usher_domain::activity::SettingChanged;
use usher_domain::second_factor::SecondFactorPolicy;
use usher_domain::settings::{
    EmailPolicy, MailHealth, ProfilePolicy, QuickConnectPolicy, RecoveryPolicy, Requirement,
    Settings, SmtpSettings,
};
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::{Store, StoreError, Tx};

use crate::admin::Admin;
use crate::{AccountError, Accounts};

const EMAIL: &str = "email";
const RECOVERY: &str = "recovery";
const SECOND_FACTOR: &str = "second_factor";
const SMTP: &str = "smtp";
const MAIL_HEALTH: &str = "mail_health";
const QUICK_CONNECT: &str = "quick_connect";
const PROFILES: &str = "profiles";
const INSTALLED: &str = "installed";
const CANARY: &str = "canary";

/// Place of the value that only the right master key opens.
const CANARY_PLACE: &str = "usher:setting:value:canary";

/// Place of the sealed SMTP settings (R67).
const SMTP_PLACE: &str = "usher:setting:value:smtp";

/// A code that waits for longer says that mail does not leave.
const CODE_WAITS: Duration = Duration::from_mins(1);

/// Why a policy was not switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyChange {
    /// Done.
    Done,
    /// It needs mail, and no test mail was confirmed yet (principle 5).
    MailUnproven,
}

/// The policies that the console changes together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policies {
    /// Whether an address is asked for at sign-in.
    pub requirement: Requirement,
    /// Recovery by mail.
    pub recovery: RecoveryPolicy,
    /// Quick Connect through Usher.
    pub quick_connect: QuickConnectPolicy,
}

impl Policies {
    fn changed_to(&self, new: &Self) -> Vec<SettingChanged> {
        let (recovery, quick_connect) = (&new.recovery, new.quick_connect);
        let requirement = SettingChanged::Address {
            to: new.requirement,
        };
        let by_mail = SettingChanged::Recovery {
            on: recovery.by_mail,
        };
        let codes = SettingChanged::QuickConnect {
            on: quick_connect.enabled,
        };
        let elsewhere = SettingChanged::Elsewhere;
        let changed = [
            (self.requirement != new.requirement, requirement),
            (self.recovery.by_mail != recovery.by_mail, by_mail),
            (self.recovery.elsewhere != recovery.elsewhere, elsewhere),
            (self.quick_connect != quick_connect, codes),
        ];
        let changed = changed.into_iter();
        changed
            .filter_map(|(is, what)| is.then_some(what))
            .collect()
    }
}

impl Accounts {
    /// Everything that administrators have set.
    pub async fn settings(&self) -> Result<Settings, AccountError> {
        let store = &self.inner.store;
        Ok(Settings {
            email: read(store, EMAIL).await?,
            recovery: read(store, RECOVERY).await?,
            second_factor: read(store, SECOND_FACTOR).await?,
            smtp: self.smtp_settings().await?,
            mail_health: read(store, MAIL_HEALTH).await?,
            quick_connect: read(store, QUICK_CONNECT).await?,
            profiles: read(store, PROFILES).await?,
        })
    }

    /// What administrators tell people whose password lives elsewhere (LDAP, SSO); blank where they tell nothing.
    pub async fn told_elsewhere(&self) -> Result<String, AccountError> {
        let policy: RecoveryPolicy = read(&self.inner.store, RECOVERY).await?;
        Ok(policy.elsewhere)
    }

    /// Whether addresses are asked for; read alone, as every sign-in does.
    pub(crate) async fn email_policy(&self) -> Result<EmailPolicy, AccountError> {
        read(&self.inner.store, EMAIL).await
    }

    /// Of whom a second factor is demanded; read alone, as every sign-in does.
    pub(crate) async fn second_factor_policy(&self) -> Result<SecondFactorPolicy, AccountError> {
        read(&self.inner.store, SECOND_FACTOR).await
    }

    /// To be called at each start: notes when Usher was installed, and refuses a database that was written with another
    /// master key before anything is sealed with this one (R67).
    pub async fn begin(&self) -> Result<(), AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        if let Some(sealed) = tx.setting(CANARY).await? {
            self.inner.key.open(CANARY_PLACE, &sealed)?;
        } else {
            let sealed = self
                .inner
                .key
                .seal(CANARY_PLACE, CANARY.as_bytes(), &*self.inner.entropy);
            tx.put_setting(CANARY, sealed).await?;
        }
        if tx.setting(INSTALLED).await?.is_none() {
            write(&tx, INSTALLED, &now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Whether tokens that Usher did not issue are still adopted (design, section 3: for 30 days after installation).
    pub(crate) async fn adopts_now(&self) -> Result<bool, AccountError> {
        let installed: Option<Timestamp> = read(&self.inner.store, INSTALLED).await?;
        let lasts = self.inner.options.adopt_tokens;
        Ok(installed.is_some_and(|since| self.now().since(since) < lasts))
    }

    /// Whether mail is known to arrive at present: confirmed once, and no code waits for long. While it is not, nobody is
    /// asked for what needs a mail (principle 5).
    pub(crate) async fn mail_works(&self) -> Result<bool, AccountError> {
        let health: MailHealth = read(&self.inner.store, MAIL_HEALTH).await?;
        if health.confirmed_at.is_none() && !self.inner.options.mail_proven {
            return Ok(false);
        }
        let waiting = self.inner.store.oldest_waiting_code().await?;
        let now = self.now();
        Ok(waiting.is_none_or(|queued| now.since(queued) < CODE_WAITS))
    }

    /// The SMTP settings of the console, opened.
    pub async fn smtp_settings(&self) -> Result<Option<SmtpSettings>, AccountError> {
        let Some(sealed) = self.inner.store.setting(SMTP).await? else {
            return Ok(None);
        };
        let plain = self.inner.key.open(SMTP_PLACE, &sealed)?;
        serde_json::from_slice(&plain).map_err(|_unreadable| AccountError::Unreadable {
            what: "SMTP settings",
        })
    }

    /// Switches the e-mail policy. `required` and `optional` need mail that is known to arrive.
    pub async fn set_email_policy(
        &self,
        requirement: Requirement,
    ) -> Result<PolicyChange, AccountError> {
        let tx = self.inner.store.begin().await?;
        let change = self.put_requirement(&tx, requirement).await?;
        tx.commit().await?;
        Ok(change)
    }

    /// Changes every policy of the console at once, with its line in the activity log (R72). The same policies again
    /// change nothing. Refused as by [`set_email_policy`](Self::set_email_policy), and then none is changed.
    pub async fn change_policies(
        &self,
        by: &Admin,
        new: &Policies,
        visitor: &Visitor,
    ) -> Result<PolicyChange, AccountError> {
        let tx = self.inner.store.begin().await?;
        let email: EmailPolicy = read_in(&tx, EMAIL).await?;
        let before = Policies {
            requirement: email.requirement,
            recovery: read_in(&tx, RECOVERY).await?,
            quick_connect: read_in(&tx, QUICK_CONNECT).await?,
        };
        match self.put_requirement(&tx, new.requirement).await? {
            PolicyChange::MailUnproven => return Ok(PolicyChange::MailUnproven),
            PolicyChange::Done => {}
        }
        if before == *new {
            return Ok(PolicyChange::Done);
        }
        write(&tx, RECOVERY, &new.recovery).await?;
        write(&tx, QUICK_CONNECT, &new.quick_connect).await?;
        let changed = before.changed_to(new);
        self.note_policy(&tx, by.actor(), changed, visitor).await?;
        tx.commit().await?;
        Ok(PolicyChange::Done)
    }

    async fn put_requirement(
        &self,
        tx: &Tx,
        requirement: Requirement,
    ) -> Result<PolicyChange, AccountError> {
        let health: MailHealth = read_in(tx, MAIL_HEALTH).await?;
        let is_proven = health.confirmed_at.is_some() || self.inner.options.mail_proven;
        if requirement != Requirement::Off && !is_proven {
            return Ok(PolicyChange::MailUnproven);
        }
        let before: EmailPolicy = read_in(tx, EMAIL).await?;
        if before.requirement != requirement {
            let policy = EmailPolicy {
                requirement,
                since: Some(self.now()),
            };
            write(tx, EMAIL, &policy).await?;
        }
        Ok(PolicyChange::Done)
    }

    /// Stores the second-factor policy in the caller's transaction. Answers what it was; `None`: it is the same.
    pub(crate) async fn put_second_factor_policy(
        &self,
        tx: &Tx,
        policy: &SecondFactorPolicy,
    ) -> Result<Option<SecondFactorPolicy>, AccountError> {
        let before: SecondFactorPolicy = read_in(tx, SECOND_FACTOR).await?;
        if before == *policy {
            return Ok(None);
        }
        write(tx, SECOND_FACTOR, policy).await?;
        Ok(Some(before))
    }

    /// Switches Quick Connect through Usher on or off.
    pub async fn set_quick_connect(&self, policy: QuickConnectPolicy) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        write(&tx, QUICK_CONNECT, &policy).await?;
        Ok(tx.commit().await?)
    }

    /// Stores how mail leaves, sealed, in the caller's transaction. What was known of mail's health is forgotten: it belongs to
    /// the old settings.
    pub(crate) async fn put_smtp(&self, tx: &Tx, smtp: &SmtpSettings) -> Result<(), AccountError> {
        let plain = serde_json::to_vec(&smtp).map_err(|_unwritable| AccountError::Unreadable {
            what: "SMTP settings",
        })?;
        let sealed = self
            .inner
            .key
            .seal(SMTP_PLACE, &plain, &*self.inner.entropy);
        tx.put_setting(SMTP, sealed).await?;
        write(tx, MAIL_HEALTH, &MailHealth::default()).await
    }

    /// Notes in the caller's transaction that a test mail arrived.
    pub(crate) async fn put_mail_confirmed(&self, tx: &Tx) -> Result<(), AccountError> {
        let health = MailHealth {
            confirmed_at: Some(self.now()),
        };
        write(tx, MAIL_HEALTH, &health).await
    }

    /// Whether a way for mail is set up: here, in the configuration file, or by the mailbox of a demo.
    pub async fn has_mail(&self) -> Result<bool, AccountError> {
        let options = &self.inner.options;
        Ok(options.mail_fixed || options.mail_proven || self.smtp_settings().await?.is_some())
    }
}

/// Whether accounts may have profiles, and how many.
pub(crate) async fn profile_policy_in(tx: &Tx) -> Result<ProfilePolicy, AccountError> {
    read_in(tx, PROFILES).await
}

/// Stores it in the caller's transaction.
pub(crate) async fn put_profile_policy(
    tx: &Tx,
    policy: &ProfilePolicy,
) -> Result<(), AccountError> {
    write(tx, PROFILES, policy).await
}

async fn read<Part: Default + DeserializeOwned>(
    store: &Store,
    name: &'static str,
) -> Result<Part, AccountError> {
    parse(name, store.setting(name).await?)
}

async fn read_in<Part: Default + DeserializeOwned>(
    tx: &Tx,
    name: &'static str,
) -> Result<Part, AccountError> {
    parse(name, tx.setting(name).await?)
}

fn parse<Part: Default + DeserializeOwned>(
    what: &'static str,
    value: Option<Vec<u8>>,
) -> Result<Part, AccountError> {
    let Some(value) = value else {
        return Ok(Part::default());
    };
    serde_json::from_slice(&value).map_err(|_unreadable| AccountError::Unreadable { what })
}

async fn write(tx: &Tx, name: &'static str, part: &impl Serialize) -> Result<(), AccountError> {
    let value = serde_json::to_vec(part).map_err(|error| StoreError::Unreadable {
        table: "setting",
        reason: error.to_string(),
    })?;
    Ok(tx.put_setting(name, value).await?)
}
