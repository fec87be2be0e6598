//! One's own address, changed or removed while one is signed in (R40). Until the code is typed the old address rules.
use usher_domain::address::EmailAddress;
use usher_domain::code::{Code, Purpose};
use usher_domain::second_factor::Case;
use usher_domain::secret::Hash;
use usher_domain::settings::Requirement;
use usher_domain::visitor::Visitor;
use usher_store::WebSession;

use super::code::Took;
use super::{AddressChange, AddressGiven, AddressMoved, AddressRemoval};
use crate::challenge::{Answer, Proof};
use crate::{AccountError, Accounts};

/// The flow of a change: a session has one on its way.
fn flow_of(session: &WebSession) -> Hash {
    Hash::of(&format!("change:{}", session.id))
}

impl Accounts {
    /// Asks for a change of one's own address (after a step-up); sends a code to the new one. The flow is the session's.
    /// [`AddressGiven::Gone`] where the step-up is too old, or the account is gone.
    pub async fn ask_address_change(
        &self,
        session: &WebSession,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<AddressGiven, AccountError> {
        let account = self.account(session.account).await?;
        let Some(account) = account.filter(|account| !account.is_kept_out()) else {
            return Ok(AddressGiven::Gone);
        };
        if !self.is_fresh(session) {
            return Ok(AddressGiven::Gone);
        }
        let email = match self.usable_address(typed, visitor).await? {
            Ok(email) => email,
            Err(refused) => return Ok(refused),
        };
        let tx = self.inner.store.begin().await?;
        let sent = self
            .send_address_code(&tx, &flow_of(session), &account, &email, visitor)
            .await?;
        if !sent {
            return Ok(AddressGiven::Gone);
        }
        tx.commit().await?;
        self.wake_mailer();
        Ok(AddressGiven::Sent)
    }

    /// The new address that waits for its code, as typed. `None`: no change is on its way.
    pub async fn address_change(
        &self,
        session: &WebSession,
    ) -> Result<Option<String>, AccountError> {
        let tx = self.inner.store.begin().await?;
        let live = tx
            .live_code(&flow_of(session), Purpose::ConfirmAddress, self.now())
            .await?;
        Ok(live.map(|live| live.target))
    }

    /// Types the code of the change. The old address gets a notice; its undo link, good for 7 days, belongs to the
    /// oldest address that can still take a change back.
    pub async fn change_address(
        &self,
        session: &WebSession,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<AddressChange, AccountError> {
        let Ok(code) = Code::parse_digits(typed) else {
            return Ok(AddressChange::NotACode);
        };
        let purpose = Purpose::ConfirmAddress;
        let proof = match self.answer_code(&flow_of(session), purpose, &code).await? {
            Answer::Right(proof) => proof,
            Answer::Wrong { tries_left } => return Ok(AddressChange::Wrong { tries_left }),
            Answer::Dead => return Ok(AddressChange::Dead),
        };
        let changed = self.change(session, &proof, visitor).await;
        let mut changed = self.unless_fault(&proof, changed).await?;
        if changed.is_none() {
            // Whoever was first has the address now, so that this finds it taken.
            let again = self.change(session, &proof, visitor).await;
            changed = self.unless_fault(&proof, again).await?;
        }
        self.wake_mailer();
        Ok(changed.unwrap_or(AddressChange::Taken))
    }

    /// Removes one's own address, where no policy is against it, and codes by mail with it.
    pub async fn remove_address(
        &self,
        session: &WebSession,
        visitor: &Visitor,
    ) -> Result<AddressRemoval, AccountError> {
        if self.email_policy().await?.requirement == Requirement::Required {
            return Ok(AddressRemoval::Required);
        }
        let Some(account) = self.account(session.account).await? else {
            return Ok(AddressRemoval::Done);
        };
        let (case, now) = (self.factor_case(&account).await?, self.now());
        let tx = self.inner.store.begin().await?;
        let Some(account) = tx.account(session.account).await? else {
            return Ok(AddressRemoval::Done);
        };
        if account.address.is_none() {
            return Ok(AddressRemoval::Done);
        }
        tx.set_address(account.id, None, self.claim()).await?;
        for purpose in [Purpose::Reset, Purpose::ConfirmAddress] {
            tx.kill_challenges(account.id, purpose, now).await?;
        }
        let left = self.end_mail_factor(&tx, &account, visitor).await?;
        if left.is_some_and(|enrolled| Case { enrolled, ..case }.is_short()) {
            return Ok(AddressRemoval::FactorDemanded);
        }
        let moved = AddressMoved {
            before: &account,
            new: None,
            by: None,
            visitor,
        };
        self.tell_address_changed(&tx, &moved).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(AddressRemoval::Done)
    }

    /// Uses a right code up and changes the address: one transaction. `None`: another account took the address at this
    /// moment, and nothing was changed.
    async fn change(
        &self,
        session: &WebSession,
        proof: &Proof,
        visitor: &Visitor,
    ) -> Result<Option<AddressChange>, AccountError> {
        let email = EmailAddress::parse(&proof.target)
            .map_err(|_unreadable| AccountError::Unreadable { what: "address" })?;
        let is_name = self.is_a_name(email.as_str()).await?;
        let tx = self.inner.store.begin().await?;
        let account = tx.account(session.account).await?;
        let account = account.filter(|account| account.id == proof.account);
        let Some(account) = account else {
            return Ok(Some(AddressChange::Dead));
        };
        if !self.use_up(&tx, proof).await? {
            return Ok(Some(AddressChange::Dead));
        }
        let took = if is_name {
            Took::No
        } else {
            self.take_address(&tx, account.id, &email).await?
        };
        let change = match took {
            Took::Yes => AddressChange::Changed,
            Took::No => AddressChange::Taken,
            Took::Raced => return Ok(None),
            Took::AccountGone => return Ok(Some(AddressChange::Dead)),
        };
        if took == Took::Yes {
            let moved = AddressMoved {
                before: &account,
                new: Some(&email),
                by: None,
                visitor,
            };
            self.tell_address_changed(&tx, &moved).await?;
        }
        tx.commit().await?;
        Ok(Some(change))
    }
}
