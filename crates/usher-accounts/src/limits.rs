//! Limits on tries and mails: in the database, so that they hold over all doors, processes and restarts (R19 to R26).
//!
//! Invariant: a try is let through and written down before Jellyfin is asked (R24). Whoever is not let through learns the
//! same whether or not there is such a name.
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;
use usher_domain::id::AccountId;
use usher_domain::throttle::{Crowd, Outcome, Quota, Scope, Tally};
use usher_domain::visitor::Visitor;
use usher_store::Tx;

use crate::{AccountError, Accounts};

/// Passwords that one process has judged at the same time (R26).
pub(crate) const AT_ONCE: usize = 16;

/// Between two mails to one address.
pub(crate) const MAILS_APART: Duration = Duration::from_mins(1);

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// Mails to one address.
const TO_ONE: &[(usize, Duration)] = &[(1, MAILS_APART), (5, HOUR), (10, DAY)];

/// Mails that are asked for from one address of the network.
const FROM_ONE: &[(usize, Duration)] = &[(20, HOUR)];

/// Quick Connect codes that are asked for from one address: Android TV asks on every sign-in screen (design, 14).
const CODES_FROM_ONE: &[(usize, Duration)] = &[(60, HOUR)];

/// Wrong Quick Connect codes of one session (R58).
const SCREENS: &[(usize, Duration)] = &[(5, Duration::from_mins(10))];

/// Wrong reset codes of everybody together; beyond it only links work (R23).
const RESET_CODES: usize = 50;
const RESET_SPAN: Duration = Duration::from_mins(10);

/// Rows that are kept (R25).
const ROWS_MAX: u64 = 1_000_000;

/// By whom tries are counted.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// The account, by whatever name it was called.
    Account(AccountId),
    /// A browser that is signed in to the account: strangers' failures do not lock it out (R21).
    KnownBrowser(AccountId),
    /// A name that nobody has.
    Typed(&'a str),
}

/// A try on its way. One that is never [settled](Accounts::settle) was wrong.
#[derive(Debug)]
#[must_use]
pub struct Try {
    keys: Vec<(Scope, Key)>,
    /// The address, and what it tried, for those who try many names.
    crowd: Option<(Key, u64)>,
    _seat: OwnedSemaphorePermit,
}

/// Whether a try is let through.
#[derive(Debug)]
pub enum Admitted {
    /// Yes.
    Go(Try),
    /// Too many wrong ones; one may come again after this time.
    Wait(Duration),
    /// Too many people at this moment.
    Busy,
}

/// Whether a mail may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailAdmitted {
    /// Yes.
    Go,
    /// After this time.
    Wait(Duration),
}

type Key = [u8; 32];

impl Accounts {
    /// Lets one more try through, or says why not. Where the visitor's address cannot be believed, only the name counts: a
    /// whole household, or the world behind an unlisted proxy, would share the block.
    pub async fn admit(
        &self,
        whose: Whose<'_>,
        visitor: &Visitor,
    ) -> Result<Admitted, AccountError> {
        let Ok(seat) = Arc::clone(self.memory.seats()).try_acquire_owned() else {
            return Ok(Admitted::Busy);
        };
        let now = self.now();
        let keys = self.keys_of(whose, visitor);
        let crowd = self.crowd_of(whose, visitor);
        let tx = self.inner.store.begin().await?;
        if let Some((key, name)) = &crowd {
            let mut names: Crowd = read(&tx, key, self).await?;
            if let Err(wait) = names.admit(*name, now) {
                return Ok(Admitted::Wait(wait));
            }
            write(&tx, key, &names, self).await?;
        }
        for (scope, key) in &keys {
            let mut tally: Tally = read(&tx, key, self).await?;
            if let Err(wait) = tally.admit(*scope, now) {
                return Ok(Admitted::Wait(wait));
            }
            write(&tx, key, &tally, self).await?;
        }
        tx.commit().await?;
        Ok(Admitted::Go(Try {
            keys,
            crowd,
            _seat: seat,
        }))
    }

    /// Says what became of a try.
    pub async fn settle(&self, tried: Try, outcome: Outcome) -> Result<(), AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        if let Some((key, name)) = &tried.crowd {
            let mut names: Crowd = read(&tx, key, self).await?;
            names.settle(*name, outcome, now);
            write(&tx, key, &names, self).await?;
        }
        for (scope, key) in &tried.keys {
            let mut tally: Tally = read(&tx, key, self).await?;
            tally.settle(*scope, outcome, now);
            write(&tx, key, &tally, self).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Lets a mail to this target be asked for. Only the target counts where the visitor's address cannot be believed.
    pub async fn admit_mail(
        &self,
        target: &str,
        visitor: &Visitor,
    ) -> Result<MailAdmitted, AccountError> {
        let mut quotas = vec![(self.key("mail_to", target.as_bytes()), TO_ONE)];
        if visitor.address_is_exact {
            let base = Scope::Address.base(visitor.address).to_string();
            quotas.push((self.key("mail_from", base.as_bytes()), FROM_ONE));
        }
        self.take(quotas).await
    }

    /// Lets a screen ask for a Quick Connect code.
    pub(crate) async fn admit_screen(&self, visitor: &Visitor) -> Result<bool, AccountError> {
        if !visitor.address_is_exact {
            return Ok(true);
        }
        let base = Scope::Address.base(visitor.address).to_string();
        let quota = (self.key("screens", base.as_bytes()), CODES_FROM_ONE);
        Ok(self.take(vec![quota]).await? == MailAdmitted::Go)
    }

    /// Counts a code that a session looks up, as one that is none. `Some`: too many; wait so long.
    pub(crate) async fn note_wrong_screen(
        &self,
        account: AccountId,
    ) -> Result<Option<Duration>, AccountError> {
        let key = self.key("wrong_screen", account.as_uuid().as_bytes());
        Ok(match self.take(vec![(key, SCREENS)]).await? {
            MailAdmitted::Go => None,
            MailAdmitted::Wait(span) => Some(span),
        })
    }

    /// Takes the last count of [`note_wrong_screen`](Self::note_wrong_screen) back: the code was right.
    pub(crate) async fn forgive_screen(&self, account: AccountId) -> Result<(), AccountError> {
        let key = self.key("wrong_screen", account.as_uuid().as_bytes());
        let tx = self.inner.store.begin().await?;
        let mut wrong: Quota = read(&tx, &key, self).await?;
        wrong.give_back();
        write(&tx, &key, &wrong, self).await?;
        Ok(tx.commit().await?)
    }

    /// Counts a wrong reset code, for everybody together.
    pub async fn note_wrong_reset_code(&self) -> Result<(), AccountError> {
        let key = self.key("reset_codes", &[]);
        let tx = self.inner.store.begin().await?;
        let mut wrong: Quota = read(&tx, &key, self).await?;
        wrong.note(&[(RESET_CODES + 1, RESET_SPAN)], self.now());
        write(&tx, &key, &wrong, self).await?;
        Ok(tx.commit().await?)
    }

    /// Whether reset codes are taken at present: not while too many were wrong (R23). Links always work.
    pub async fn reset_codes_work(&self) -> Result<bool, AccountError> {
        let key = self.key("reset_codes", &[]);
        let tx = self.inner.store.begin().await?;
        let wrong: Quota = read(&tx, &key, self).await?;
        Ok(wrong.within(RESET_SPAN, self.now()) <= RESET_CODES)
    }

    /// Forgets counts that nothing depends on any more. The longest block lasts a day, and is remembered for two more.
    pub(crate) async fn forget_limits(&self, tx: &Tx) -> Result<(), AccountError> {
        Ok(tx.forget_tallies(self.now() - DAY * 3, ROWS_MAX).await?)
    }

    async fn take(
        &self,
        mut quotas: Vec<(Key, &'static [(usize, Duration)])>,
    ) -> Result<MailAdmitted, AccountError> {
        quotas.sort_unstable();
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        for (key, limits) in &quotas {
            let mut quota: Quota = read(&tx, key, self).await?;
            if let Err(wait) = quota.take(limits, now) {
                return Ok(MailAdmitted::Wait(wait));
            }
            write(&tx, key, &quota, self).await?;
        }
        tx.commit().await?;
        Ok(MailAdmitted::Go)
    }

    /// In the order of their keys, in which every transaction locks them.
    fn keys_of(&self, whose: Whose<'_>, visitor: &Visitor) -> Vec<(Scope, Key)> {
        let by_name = |scope: Scope, bytes: &[u8]| (scope, self.key(scope.name(), bytes));
        let mut keys = vec![match whose {
            Whose::Account(id) => by_name(Scope::Name, id.as_uuid().as_bytes()),
            Whose::KnownBrowser(id) => by_name(Scope::Browser, id.as_uuid().as_bytes()),
            Whose::Typed(name) => by_name(Scope::Name, name.trim().to_uppercase().as_bytes()),
        }];
        if visitor.address_is_exact && !matches!(whose, Whose::KnownBrowser(_)) {
            for scope in [Scope::Address, Scope::Network] {
                let base = scope.base(visitor.address).to_string();
                keys.push(by_name(scope, base.as_bytes()));
            }
        }
        keys.sort_unstable_by_key(|(_, key)| *key);
        keys
    }

    fn crowd_of(&self, whose: Whose<'_>, visitor: &Visitor) -> Option<(Key, u64)> {
        let name = match whose {
            Whose::Account(id) => self.key("crowd_name", id.as_uuid().as_bytes()),
            Whose::Typed(name) => self.key("crowd_name", name.trim().to_uppercase().as_bytes()),
            Whose::KnownBrowser(_) => return None,
        };
        let base = Scope::Address.base(visitor.address).to_string();
        visitor.address_is_exact.then(|| {
            let short = name
                .first_chunk()
                .map_or(0, |first| u64::from_be_bytes(*first));
            (self.key("crowd", base.as_bytes()), short)
        })
    }

    /// Keyed, so that the table tells nobody which names were tried.
    fn key(&self, kind: &str, bytes: &[u8]) -> Key {
        self.inner.key.mac("limit", &[kind.as_bytes(), bytes])
    }
}

async fn read<Counts: Default + DeserializeOwned>(
    tx: &Tx,
    key: &Key,
    accounts: &Accounts,
) -> Result<Counts, AccountError> {
    match tx.tally(key, accounts.now()).await? {
        None => Ok(Counts::default()),
        Some(text) => serde_json::from_str(&text)
            .map_err(|_unreadable| AccountError::Unreadable { what: "limit" }),
    }
}

async fn write(
    tx: &Tx,
    key: &Key,
    counts: &impl Serialize,
    accounts: &Accounts,
) -> Result<(), AccountError> {
    let text = serde_json::to_string(counts)
        .map_err(|_unwritable| AccountError::Unreadable { what: "limit" })?;
    Ok(tx.put_tally(key, text, accounts.now()).await?)
}
