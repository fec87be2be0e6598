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
use usher_domain::throttle::{Crowd, Outcome, Quota, Scope, Surge, Tally};
use usher_domain::time::Timestamp;
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

/// Quick Connect codes, and challenges for passkeys, that are asked for from one address: Android TV asks on every sign-in
/// screen (design, 14).
const CODES_FROM_ONE: &[(usize, Duration)] = &[(60, HOUR)];

/// Mails, and Quick Connect codes, that are asked for by everybody behind a proxy that is not listed: nobody waits longer
/// than a moment there.
const FROM_PROXY: &[(usize, Duration)] = &[(10, Duration::from_secs(10))];

/// Passwords from one address while many are wrong everywhere (R23).
const IN_SURGE: &[(usize, Duration)] = &[(1, Duration::from_mins(1))];

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

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tried {
    Password,
    /// A code of an administrator's: good for whom no password is taken of any more.
    Code,
}

/// A try on its way. One that is never [settled](Accounts::settle) was wrong.
#[derive(Debug)]
#[must_use]
pub struct Try {
    keys: Vec<(Scope, Key)>,
    /// The address, and what it tried, for those who try many names.
    crowd: Option<(Key, u64)>,
    /// The name that a right password of a known browser speaks for.
    pardons: Option<Key>,
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
    /// Lets one more password through, or says why not. Behind a proxy that is not listed, where a whole household or the
    /// world shares an address, it delays and never blocks.
    pub async fn admit(
        &self,
        whose: Whose<'_>,
        visitor: &Visitor,
    ) -> Result<Admitted, AccountError> {
        self.admit_one(whose, visitor, Tried::Password).await
    }

    /// As [`admit`](Self::admit), for a code of an administrator's: it is taken even of whom no password is taken.
    pub(crate) async fn admit_code(
        &self,
        whose: Whose<'_>,
        visitor: &Visitor,
    ) -> Result<Admitted, AccountError> {
        self.admit_one(whose, visitor, Tried::Code).await
    }

    async fn admit_one(
        &self,
        whose: Whose<'_>,
        visitor: &Visitor,
        what: Tried,
    ) -> Result<Admitted, AccountError> {
        let Ok(seat) = Arc::clone(self.memory.seats()).try_acquire_owned() else {
            return Ok(Admitted::Busy);
        };
        let now = self.now();
        let keys = self.keys_of(whose, visitor);
        let crowd = self.crowd_of(whose, visitor);
        let in_surge = self.in_surge(whose, visitor).await?;
        let tx = self.inner.store.begin().await?;
        if let Some((key, name)) = &crowd {
            let mut names: Crowd = read(&tx, key, self).await?;
            if let Err(wait) = names.admit(*name, now) {
                return Ok(Admitted::Wait(wait));
            }
            write(&tx, key, &names, self).await?;
        }
        if let Some(key) = &in_surge {
            let mut lately: Quota = read(&tx, key, self).await?;
            if let Err(wait) = lately.take(IN_SURGE, now) {
                return Ok(Admitted::Wait(wait));
            }
            write(&tx, key, &lately, self).await?;
        }
        for (scope, key) in &keys {
            let mut tally: Tally = read(&tx, key, self).await?;
            let is_used_up = tally.is_used_up(now).filter(|_| what == Tried::Password);
            let admitted = is_used_up.map_or_else(|| tally.admit(*scope, now), Err);
            if let Err(wait) = admitted {
                return Ok(Admitted::Wait(wait));
            }
            write_tally(&tx, key, &tally, self).await?;
        }
        tx.commit().await?;
        Ok(Admitted::Go(Try {
            keys,
            crowd,
            pardons: match whose {
                Whose::KnownBrowser(id) => Some(self.name_key(id)),
                Whose::Account(_) | Whose::Typed(_) => None,
            },
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
            write_tally(&tx, key, &tally, self).await?;
        }
        if let Some(key) = tried.pardons.filter(|_| outcome == Outcome::Right) {
            let mut tally: Tally = read(&tx, &key, self).await?;
            tally.pardon();
            write_tally(&tx, &key, &tally, self).await?;
        }
        if outcome == Outcome::Wrong {
            let key = self.surge_key();
            let mut surge: Surge = read(&tx, &key, self).await?;
            surge.count(now);
            write(&tx, &key, &surge, self).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Writes a row that nobody reads, where another branch writes one that somebody does (R28).
    pub(crate) async fn note_nothing(
        &self,
        tx: &Tx,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let key = self.limit_key("nothing", base_of(visitor).as_bytes());
        write(tx, &key, &(), self).await
    }

    /// A new password was chosen: wrong tries with the former one no longer stand in anybody's way.
    pub(crate) async fn forgive_name(&self, tx: &Tx, id: AccountId) -> Result<(), AccountError> {
        write(tx, &self.name_key(id), &Tally::default(), self).await
    }

    /// Whether somebody guesses at many names, now or within the last day: for administrators (R23).
    pub(crate) async fn is_guessed_at(&self) -> Result<bool, AccountError> {
        Ok(self.surge().await?.is_told(self.now()) || !self.reset_codes_work().await?)
    }

    /// Lets a mail to this target be asked for.
    pub async fn admit_mail(
        &self,
        target: &str,
        visitor: &Visitor,
    ) -> Result<MailAdmitted, AccountError> {
        let from = self.limit_key("mail_from", base_of(visitor).as_bytes());
        let limits = if visitor.address_is_exact {
            FROM_ONE
        } else {
            FROM_PROXY
        };
        let to = self.limit_key("mail_to", target.as_bytes());
        self.take(vec![(to, TO_ONE), (from, limits)]).await
    }

    /// As [`admit_mail`](Self::admit_mail), where the visitor was counted already.
    pub(crate) async fn admit_mail_to(&self, target: &str) -> Result<MailAdmitted, AccountError> {
        let to = self.limit_key("mail_to", target.as_bytes());
        self.take(vec![(to, TO_ONE)]).await
    }

    /// Lets a screen ask for a Quick Connect code.
    pub(crate) async fn admit_screen(&self, visitor: &Visitor) -> Result<bool, AccountError> {
        let from = self.limit_key("screens", base_of(visitor).as_bytes());
        let limits = if visitor.address_is_exact {
            CODES_FROM_ONE
        } else {
            FROM_PROXY
        };
        Ok(self.take(vec![(from, limits)]).await? == MailAdmitted::Go)
    }

    /// Lets somebody ask for the challenge of a passkey, whoever it will be.
    pub(crate) async fn admit_passkey(
        &self,
        visitor: &Visitor,
    ) -> Result<MailAdmitted, AccountError> {
        let from = self.limit_key("passkeys", base_of(visitor).as_bytes());
        let limits = if visitor.address_is_exact {
            CODES_FROM_ONE
        } else {
            FROM_PROXY
        };
        self.take(vec![(from, limits)]).await
    }

    /// Counts a code that a session looks up, as one that is none. `Some`: too many; wait so long.
    pub(crate) async fn note_wrong_screen(
        &self,
        account: AccountId,
    ) -> Result<Option<Duration>, AccountError> {
        let key = self.limit_key("wrong_screen", account.as_uuid().as_bytes());
        Ok(match self.take(vec![(key, SCREENS)]).await? {
            MailAdmitted::Go => None,
            MailAdmitted::Wait(span) => Some(span),
        })
    }

    /// Takes the last count of [`note_wrong_screen`](Self::note_wrong_screen) back: the code was right.
    pub(crate) async fn forgive_screen(&self, account: AccountId) -> Result<(), AccountError> {
        let key = self.limit_key("wrong_screen", account.as_uuid().as_bytes());
        let tx = self.inner.store.begin().await?;
        let mut wrong: Quota = read(&tx, &key, self).await?;
        wrong.give_back();
        write(&tx, &key, &wrong, self).await?;
        Ok(tx.commit().await?)
    }

    /// Counts a wrong reset code, for everybody together.
    pub async fn note_wrong_reset_code(&self) -> Result<(), AccountError> {
        let key = self.limit_key("reset_codes", &[]);
        let tx = self.inner.store.begin().await?;
        let mut wrong: Quota = read(&tx, &key, self).await?;
        wrong.note(&[(RESET_CODES + 1, RESET_SPAN)], self.now());
        write(&tx, &key, &wrong, self).await?;
        Ok(tx.commit().await?)
    }

    /// Whether reset codes are taken at present: not while too many of them, or too many passwords, were wrong (R23).
    /// Links always work.
    pub async fn reset_codes_work(&self) -> Result<bool, AccountError> {
        let (now, key) = (self.now(), self.limit_key("reset_codes", &[]));
        let wrong: Quota = self.look(&key).await?;
        Ok(wrong.within(RESET_SPAN, now) <= RESET_CODES && !self.surge().await?.lasts(now))
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
        let by_name = |scope: Scope, bytes: &[u8]| (scope, self.limit_key(scope.name(), bytes));
        let mut keys = vec![match whose {
            Whose::Account(id) => (Scope::Name, self.name_key(id)),
            Whose::KnownBrowser(id) => by_name(Scope::Browser, id.as_uuid().as_bytes()),
            Whose::Typed(name) => by_name(Scope::Name, name.trim().to_uppercase().as_bytes()),
        }];
        if !matches!(whose, Whose::KnownBrowser(_)) {
            let scopes: &[Scope] = if visitor.address_is_exact {
                &[Scope::Address, Scope::Network]
            } else {
                &[Scope::Proxy]
            };
            for scope in scopes.iter().copied() {
                let base = scope.base(visitor.address).to_string();
                keys.push(by_name(scope, base.as_bytes()));
            }
        }
        keys.sort_unstable_by_key(|(_, key)| *key);
        keys
    }

    /// While many passwords are wrong everywhere: by what this one is one among few. The first of an address is let
    /// through at once, so that people still come in; where an address is everybody's, the name stands for it.
    async fn in_surge(
        &self,
        whose: Whose<'_>,
        visitor: &Visitor,
    ) -> Result<Option<Key>, AccountError> {
        let by = match whose {
            Whose::KnownBrowser(_) => return Ok(None),
            _ if visitor.address_is_exact => base_of(visitor),
            Whose::Account(id) => id.to_string(),
            Whose::Typed(name) => name.trim().to_uppercase(),
        };
        let lasts = self.surge().await?.lasts(self.now());
        Ok(lasts.then(|| self.limit_key("in_surge", by.as_bytes())))
    }

    /// The wrong passwords of everybody.
    async fn surge(&self) -> Result<Surge, AccountError> {
        self.look(&self.surge_key()).await
    }

    fn crowd_of(&self, whose: Whose<'_>, visitor: &Visitor) -> Option<(Key, u64)> {
        let name = match whose {
            Whose::Account(id) => self.limit_key("crowd_name", id.as_uuid().as_bytes()),
            Whose::Typed(name) => {
                self.limit_key("crowd_name", name.trim().to_uppercase().as_bytes())
            }
            Whose::KnownBrowser(_) => return None,
        };
        let base = base_of(visitor);
        visitor.address_is_exact.then(|| {
            let short = name
                .first_chunk()
                .map_or(0, |first| u64::from_be_bytes(*first));
            (self.limit_key("crowd", base.as_bytes()), short)
        })
    }

    fn name_key(&self, id: AccountId) -> Key {
        self.limit_key(Scope::Name.name(), id.as_uuid().as_bytes())
    }

    fn surge_key(&self) -> Key {
        self.limit_key("surge", &[])
    }

    /// Counts that are only looked at, so that nobody waits for them.
    async fn look<Counts: Default + DeserializeOwned>(
        &self,
        key: &Key,
    ) -> Result<Counts, AccountError> {
        parsed(self.inner.store.tally(key).await?)
    }

    /// Keyed, so that the table tells nobody which names were tried.
    pub(crate) fn limit_key(&self, kind: &str, bytes: &[u8]) -> Key {
        self.inner.key.mac("limit", &[kind.as_bytes(), bytes])
    }
}

/// What counts as one with the visitor's address.
fn base_of(visitor: &Visitor) -> String {
    Scope::Address.base(visitor.address).to_string()
}

pub(crate) async fn read<Counts: Default + DeserializeOwned>(
    tx: &Tx,
    key: &Key,
    accounts: &Accounts,
) -> Result<Counts, AccountError> {
    parsed(tx.tally(key, accounts.now()).await?)
}

fn parsed<Counts: Default + DeserializeOwned>(
    text: Option<String>,
) -> Result<Counts, AccountError> {
    text.map_or_else(
        || Ok(Counts::default()),
        |text| {
            serde_json::from_str(&text)
                .map_err(|_unreadable| AccountError::Unreadable { what: "limit" })
        },
    )
}

pub(crate) async fn write(
    tx: &Tx,
    key: &Key,
    counts: &impl Serialize,
    accounts: &Accounts,
) -> Result<(), AccountError> {
    write_until(tx, key, counts, accounts.now()).await
}

/// One of which more must be remembered than what happened lately is kept as if it were from that day.
async fn write_tally(
    tx: &Tx,
    key: &Key,
    tally: &Tally,
    accounts: &Accounts,
) -> Result<(), AccountError> {
    let now = accounts.now();
    let touched = tally.kept_until().map_or(now, |until| until.max(now));
    write_until(tx, key, tally, touched).await
}

async fn write_until(
    tx: &Tx,
    key: &Key,
    counts: &impl Serialize,
    touched: Timestamp,
) -> Result<(), AccountError> {
    let text = serde_json::to_string(counts)
        .map_err(|_unwritable| AccountError::Unreadable { what: "limit" })?;
    Ok(tx.put_tally(key, text, touched).await?)
}
