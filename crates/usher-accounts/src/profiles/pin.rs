//! The PIN before a profile, asked in a browser that is signed in to the account (R43).
//!
//! Invariant: a PIN is written down as wrong before it is compared; its line in the activity log comes after, and may be
//! missing where the process ended in between. What is counted belongs to the profile, not to the browser: neither switching
//! nor signing in anew begins it again.
use std::time::Duration;

use usher_domain::activity::ProfileDeed;
use usher_domain::id::AccountId;
use usher_domain::profile::pin::{Pin, PinSpent, PinTally, Watcher};
use usher_domain::visitor::Visitor;
use usher_store::{StoredPin, Tx};

use super::{is_ending, own_profile};
use crate::web_session::ProvenOwner;
use crate::{AccountError, Accounts};

/// The PIN before the owner's own profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerPin {
    /// None, and the owner was not asked: the first profile with limits asks.
    Unset,
    /// None; the owner wants none.
    Declined,
    /// There is one.
    Set,
}

/// What became of a change of a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinChange {
    /// Done.
    Done,
    /// The account has no such profile.
    Unknown,
}

/// What became of a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinChecked {
    /// Right, or none is asked.
    Right,
    /// Wrong.
    Wrong,
    /// What was typed cannot be one; nothing was counted.
    NotAPin,
    /// Too many were wrong; one may come again after this time.
    Wait(Duration),
    /// Ten were wrong: the account's password helps ([`Key::Password`](super::Key::Password), [`Key::Proof`](super::Key::Proof)).
    PasswordNeeded,
    /// The account has no such profile.
    Unknown,
}

impl Accounts {
    /// Sets the PIN before a profile, in the place of one that is there.
    pub async fn set_pin(
        &self,
        by: ProvenOwner,
        watcher: Watcher,
        pin: &Pin,
        visitor: &Visitor,
    ) -> Result<PinChange, AccountError> {
        let account = by.account;
        let hash = self.stretch(&whose(account, watcher), pin.reveal()).await?;
        self.change_pin(by, watcher, Some(hash), visitor).await
    }

    /// Removes the PIN before a profile; before the owner's it is declined by that.
    pub async fn clear_pin(
        &self,
        by: ProvenOwner,
        watcher: Watcher,
        visitor: &Visitor,
    ) -> Result<PinChange, AccountError> {
        self.change_pin(by, watcher, None, visitor).await
    }

    /// Compares what was typed with the PIN before a profile, for whoever has done every other step of a sign-in.
    pub(super) async fn judge_pin(
        &self,
        account: AccountId,
        watcher: Watcher,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<PinChecked, AccountError> {
        let Ok(pin) = Pin::parse(typed) else {
            return Ok(PinChecked::NotAPin);
        };
        let tx = self.inner.store.begin().await?;
        if !is_seat(&tx, account, watcher).await? {
            return Ok(PinChecked::Unknown);
        }
        let Some((hash, mut tally)) = tx.pin(account, watcher).await?.and_then(set) else {
            return Ok(PinChecked::Right);
        };
        match tally.take(self.now()) {
            Ok(()) => {}
            Err(PinSpent::Wait(wait)) => return Ok(PinChecked::Wait(wait)),
            Err(PinSpent::Closed) => return Ok(PinChecked::PasswordNeeded),
        }
        tx.put_pin_tally(account, watcher, &tally).await?;
        tx.commit().await?;
        let seat = whose(account, watcher);
        let compared = self.is_stretched(&seat, pin.reveal(), &hash).await;
        let tx = self.inner.store.begin().await?;
        if matches!(compared, Ok(false)) {
            self.note_wrong_pin(&tx, account, watcher, visitor).await?;
            tx.commit().await?;
            return Ok(PinChecked::Wrong);
        }
        // Another PIN may stand there by now, with tries of its own.
        let now_there = tx.pin(account, watcher).await?.and_then(set);
        if let Some((there, mut tally)) = now_there
            && there == hash
        {
            match compared {
                Ok(_right) => tally.was_right(),
                Err(_) => tally.give_back(),
            }
            tx.put_pin_tally(account, watcher, &tally).await?;
            tx.commit().await?;
        }
        compared.map(|_right| PinChecked::Right)
    }

    /// A wrong PIN is written down for the owner. Each seat has so many such lines in a day at most: who knows its PIN could
    /// otherwise drive everything else out of the log.
    async fn note_wrong_pin(
        &self,
        tx: &Tx,
        account: AccountId,
        watcher: Watcher,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let kind = match watcher {
            Watcher::Owner => "pin".to_owned(),
            Watcher::Profile(id) => format!("pin {id}"),
        };
        if self.admit_notice(tx, account, &kind).await? {
            let did = ProfileDeed::PinRefused;
            self.note_deed(tx, account, did, watcher, visitor).await?;
        }
        Ok(())
    }

    /// Nothing was wrong before: whoever is there forgot the PIN, and proved to be the owner.
    pub(super) async fn forget_wrong_pins(
        &self,
        account: AccountId,
        watcher: Watcher,
    ) -> Result<PinChange, AccountError> {
        let tx = self.inner.store.begin().await?;
        if !is_seat(&tx, account, watcher).await? {
            return Ok(PinChange::Unknown);
        }
        tx.put_pin_tally(account, watcher, &PinTally::default())
            .await?;
        tx.commit().await?;
        Ok(PinChange::Done)
    }

    /// Whether a PIN stands before the owner's own profile.
    pub async fn owner_pin(&self, account: AccountId) -> Result<OwnerPin, AccountError> {
        let pin = self.inner.store.pin(account, Watcher::Owner).await?;
        Ok(match pin {
            None => OwnerPin::Unset,
            Some(StoredPin { hash: None, .. }) => OwnerPin::Declined,
            Some(StoredPin { hash: Some(_), .. }) => OwnerPin::Set,
        })
    }

    async fn change_pin(
        &self,
        by: ProvenOwner,
        watcher: Watcher,
        hash: Option<String>,
        visitor: &Visitor,
    ) -> Result<PinChange, AccountError> {
        let account = by.account;
        let tx = self.inner.store.begin().await?;
        if !is_seat(&tx, account, watcher).await? {
            return Ok(PinChange::Unknown);
        }
        let before = tx.pin(account, watcher).await?.and_then(set);
        let is_change = before.is_some() || hash.is_some();
        let did = if hash.is_some() {
            ProfileDeed::PinChanged
        } else {
            ProfileDeed::PinRemoved
        };
        if hash.is_some() || watcher == Watcher::Owner {
            tx.set_pin(account, watcher, hash).await?;
        } else {
            tx.clear_pin(account, watcher).await?;
        }
        if is_change {
            self.note_deed(&tx, account, did, watcher, visitor).await?;
        }
        tx.commit().await?;
        if let Watcher::Profile(id) = watcher
            && let Some(stored) = self.inner.store.profile(id).await?
        {
            self.forget_profile(&stored);
        }
        Ok(PinChange::Done)
    }
}

/// Whether the account has this seat. A profile's row is locked before its PIN's.
async fn is_seat(tx: &Tx, account: AccountId, watcher: Watcher) -> Result<bool, AccountError> {
    match watcher {
        Watcher::Owner => Ok(tx.account(account).await?.is_some()),
        Watcher::Profile(id) => {
            let stored = own_profile(tx, account, id).await?;
            Ok(stored.is_some_and(|stored| !is_ending(stored.profile.state)))
        }
    }
}

fn set(pin: StoredPin) -> Option<(String, PinTally)> {
    Some((pin.hash?, pin.tally))
}

/// What a slow hash belongs to: a PIN is no good for another seat, nor as anything else.
fn whose(account: AccountId, watcher: Watcher) -> Vec<u8> {
    let seat = match watcher {
        Watcher::Owner => account.as_uuid(),
        Watcher::Profile(id) => id.as_uuid(),
    };
    [b"pin", seat.as_bytes().as_slice()].concat()
}
