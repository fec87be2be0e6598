//! An address that an administrator writes down, vouches for or clears (R40).
use usher_domain::account::{Account, Address, AddressProof, SetUpWay};
use usher_domain::address::EmailAddress;
use usher_domain::code::Purpose;
use usher_domain::id::AccountId;
use usher_domain::visitor::Visitor;
use usher_store::{StoreError, Tx};

use super::{Admin, Edited};
use crate::address::AddressMoved;
use crate::{AccountError, Accounts};

impl Accounts {
    /// Writes an address down; `vouched`: as if it were proven. `None` clears it. The old proven address gets a notice.
    /// No undo link is good any more, neither of this change nor of an older one. The same address again keeps what is
    /// proven of it.
    pub async fn enter_address(
        &self,
        by: &Admin,
        id: AccountId,
        address: Option<&EmailAddress>,
        vouched: bool,
        visitor: &Visitor,
    ) -> Result<Edited, AccountError> {
        if let Some(email) = address
            && self.is_a_name(email.as_str()).await?
        {
            return Ok(Edited::AddressIsAName);
        }
        let tx = self.inner.store.begin().await?;
        let account = tx.account(id).await?;
        let Some(account) = account.filter(|account| account.gone.is_none()) else {
            return Ok(Edited::NoAccount);
        };
        if is_kept(&account, address, vouched) {
            if vouched {
                // Their word stands above the right of an older address to come back.
                tx.kill_challenges(id, Purpose::UndoAddress, self.now())
                    .await?;
                tx.commit().await?;
            }
            return Ok(Edited::Done);
        }
        let new = address.map(|email| Address {
            email: email.clone(),
            proof: if vouched {
                AddressProof::Vouched
            } else {
                AddressProof::Entered
            },
        });
        if let Some(new) = &new
            && !self.is_free(&tx, id, &new.email).await?
        {
            return Ok(Edited::AddressTaken);
        }
        match tx.set_address(id, new.as_ref(), self.claim()).await {
            Ok(_is_there) => {}
            Err(StoreError::Taken) => return Ok(Edited::AddressTaken),
            Err(fault) => return Err(fault.into()),
        }
        self.end_what_was_mailed(&tx, &account).await?;
        if !vouched {
            // An administrator's word stands above what is demanded: another factor is enrolled at the next sign-in.
            self.end_mail_factor(&tx, &account, visitor).await?;
        }
        let moved = AddressMoved {
            before: &account,
            new: address,
            by: Some(by),
            visitor,
        };
        self.tell_address_changed(&tx, &moved).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(Edited::Done)
    }

    /// Codes and links that went to another address are dead (R14): an invitation among them, should the address have
    /// been a stranger's.
    async fn end_what_was_mailed(&self, tx: &Tx, account: &Account) -> Result<(), AccountError> {
        let now = self.now();
        for purpose in [Purpose::Reset, Purpose::ConfirmAddress] {
            tx.kill_challenges(account.id, purpose, now).await?;
        }
        if account.set_up.is_some_and(|it| it.way == SetUpWay::Mail) {
            tx.kill_challenges(account.id, Purpose::SetUp, now).await?;
        }
        Ok(())
    }
}

/// Whether nothing changes: the address is there as it is, proven already or not vouched for.
fn is_kept(account: &Account, new: Option<&EmailAddress>, vouched: bool) -> bool {
    match (&account.address, new) {
        (None, None) => true,
        (Some(old), Some(new)) => {
            old.email.as_str() == new.as_str() && (old.proof.is_proven() || !vouched)
        }
        (Some(_), None) | (None, Some(_)) => false,
    }
}
