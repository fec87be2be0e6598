//! Limits on tries and mails: in the database, so that they hold over all doors, processes and restarts (R19 to R26).
//!
//! Invariant: a try is let through and written down before Jellyfin is asked (R24). Whoever is not let through learns the
//! same whether or not there is such a name.
mod asked;
mod code;

pub(crate) use asked::MAILS_APART;
pub use asked::MailAdmitted;

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;
use usher_domain::id::{AccountId, SessionId};
use usher_domain::throttle::{Crowd, Outcome, Quota, Scope, Surge, Tally};
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::Tx;

use crate::{AccountError, Accounts};

/// Passwords that one process has judged at the same time (R26).
pub(crate) const AT_ONCE: usize = 16;

const DAY: Duration = Duration::from_hours(24);

/// Passwords from one address while many are wrong everywhere (R23).
const IN_SURGE: &[(usize, Duration)] = &[(1, Duration::from_mins(1))];

/// Rows that are kept (R25).
const ROWS_MAX: u64 = 1_000_000;

/// By whom tries are counted.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// The account, by whatever name it was called.
    Account(AccountId),
    /// A browser that is signed in to the account: strangers' failures do not lock it out (R21).
    KnownBrowser(AccountId),
    /// One browser of the account at a profile's seat: who sits there may be somebody else, and locks out nobody else.
    Seat(AccountId, SessionId),
    /// A name that nobody has.
    Typed(&'a str),
}

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tried {
    Password,
    /// A text that has the form of an app password.
    AppPassword,
}

impl Tried {
    /// As what a name's tries of it are counted.
    const fn name(self) -> &'static str {
        match self {
            Self::Password => Scope::Name.name(),
            Self::AppPassword => "app_password",
        }
    }
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
    is_used_up: bool,
    _seat: OwnedSemaphorePermit,
}

impl Try {
    /// Whether so many were wrong in a row that the password alone is not taken, be it right (`docs/decisions/0008`).
    pub(crate) const fn is_used_up(&self) -> bool {
        self.is_used_up
    }
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

    /// As [`admit`](Self::admit), for a text that has the form of an app password but is none of the account: it is counted
    /// apart from the passwords of the name, so that a program whose app password was ended locks nobody out. Nobody guesses a
    /// password of 24 letters.
    pub(crate) async fn admit_app_password(
        &self,
        whose: Whose<'_>,
        visitor: &Visitor,
    ) -> Result<Admitted, AccountError> {
        self.admit_one(whose, visitor, Tried::AppPassword).await
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
        let keys = self.keys_of(whose, what, visitor);
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
        let is_used_up = match self.admit_by(&tx, &keys).await? {
            Ok(is_used_up) => is_used_up && what == Tried::Password,
            Err(wait) => return Ok(Admitted::Wait(wait)),
        };
        tx.commit().await?;
        Ok(Admitted::Go(Try {
            keys,
            crowd,
            pardons: match whose {
                Whose::KnownBrowser(id) | Whose::Seat(id, _) => Some(self.name_key(id)),
                Whose::Account(_) | Whose::Typed(_) => None,
            },
            is_used_up,
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
        self.settle_by(&tx, &tried.keys, outcome).await?;
        if let Some(key) = tried.pardons.filter(|_| outcome == Outcome::Right) {
            self.pardon(&tx, &key).await?;
        }
        if matches!(outcome, Outcome::Wrong | Outcome::NotNow) {
            let key = self.surge_key();
            let mut surge: Surge = read(&tx, &key, self).await?;
            surge.count(now);
            write(&tx, &key, &surge, self).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Lets one more try through by all of these counts, or says how long to wait. Answers whether a name among them is used
    /// up.
    async fn admit_by(
        &self,
        tx: &Tx,
        keys: &[(Scope, Key)],
    ) -> Result<Result<bool, Duration>, AccountError> {
        let (now, mut is_used_up) = (self.now(), false);
        for (scope, key) in keys {
            let mut tally: Tally = read(tx, key, self).await?;
            if let Err(wait) = tally.admit(*scope, now) {
                return Ok(Err(wait));
            }
            is_used_up |= tally.is_used_up(now);
            write_kept(tx, key, &tally, tally.kept_until(), self).await?;
        }
        Ok(Ok(is_used_up))
    }

    /// Says by all of these counts what became of a try.
    async fn settle_by(
        &self,
        tx: &Tx,
        keys: &[(Scope, Key)],
        outcome: Outcome,
    ) -> Result<(), AccountError> {
        for (scope, key) in keys {
            let mut tally: Tally = read(tx, key, self).await?;
            tally.settle(*scope, outcome, self.now());
            write_kept(tx, key, &tally, tally.kept_until(), self).await?;
        }
        Ok(())
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

    /// The account is in the hands of who showed its second factor: the wrong passwords in a row are forgotten. Waits of the
    /// last quarter of an hour stay, as they are strangers'.
    pub(crate) async fn pardon_name(&self, tx: &Tx, id: AccountId) -> Result<(), AccountError> {
        self.pardon(tx, &self.name_key(id)).await
    }

    async fn pardon(&self, tx: &Tx, key: &Key) -> Result<(), AccountError> {
        let mut tally: Tally = read(tx, key, self).await?;
        tally.pardon();
        write_kept(tx, key, &tally, None, self).await
    }

    /// A new password was chosen: wrong tries with the former one no longer stand in anybody's way.
    pub(crate) async fn forgive_name(&self, tx: &Tx, id: AccountId) -> Result<(), AccountError> {
        write(tx, &self.name_key(id), &Tally::default(), self).await
    }

    /// Whether somebody guesses at many names, now or within the last day: for administrators (R23).
    pub(crate) async fn is_guessed_at(&self) -> Result<bool, AccountError> {
        Ok(self.surge().await?.is_told(self.now()) || !self.reset_codes_work().await?)
    }

    /// Forgets counts that nothing depends on any more. The longest block lasts a day, and is remembered for two more; what
    /// must be known for longer was [written so](write_kept).
    pub(crate) async fn forget_limits(&self, tx: &Tx) -> Result<(), AccountError> {
        Ok(tx.forget_tallies(self.now() - DAY * 3, ROWS_MAX).await?)
    }

    /// In the order of their keys, in which every transaction locks them.
    fn keys_of(&self, whose: Whose<'_>, what: Tried, visitor: &Visitor) -> Vec<(Scope, Key)> {
        let of_name = |bytes: &[u8]| (Scope::Name, self.limit_key(what.name(), bytes));
        let of_browser = |bytes: &[u8]| {
            let scope = Scope::Browser;
            (scope, self.limit_key(scope.name(), bytes))
        };
        let mut keys = vec![match whose {
            Whose::Account(id) => of_name(id.as_uuid().as_bytes()),
            Whose::KnownBrowser(id) => of_browser(id.as_uuid().as_bytes()),
            Whose::Seat(_, session) => of_browser(session.as_uuid().as_bytes()),
            Whose::Typed(name) => of_name(name.trim().to_uppercase().as_bytes()),
        }];
        if !matches!(whose, Whose::KnownBrowser(_) | Whose::Seat(..)) {
            keys.extend(self.keys_of_place(visitor));
        }
        keys.sort_unstable_by_key(|(_, key)| *key);
        keys
    }

    /// By where the visitor is, in the order of the keys.
    fn keys_of_place(&self, visitor: &Visitor) -> Vec<(Scope, Key)> {
        let scopes: &[Scope] = if visitor.address_is_exact {
            &[Scope::Address, Scope::Network]
        } else {
            &[Scope::Proxy]
        };
        let key = |scope: Scope| {
            let base = scope.base(visitor.address).to_string();
            self.limit_key(scope.name(), base.as_bytes())
        };
        let scopes = scopes.iter().copied();
        let mut keys: Vec<_> = scopes.map(|scope| (scope, key(scope))).collect();
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
            Whose::KnownBrowser(_) | Whose::Seat(..) => return Ok(None),
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
            Whose::KnownBrowser(_) | Whose::Seat(..) => return None,
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

/// Counts that must be remembered longer than others are kept as if they were from that day.
pub(crate) async fn write_kept(
    tx: &Tx,
    key: &Key,
    counts: &impl Serialize,
    until: Option<Timestamp>,
    accounts: &Accounts,
) -> Result<(), AccountError> {
    let now = accounts.now();
    let touched = until.map_or(now, |until| until.max(now));
    write_until(tx, key, counts, touched).await
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
