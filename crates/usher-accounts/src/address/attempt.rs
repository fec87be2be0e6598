//! The address in a sign-in: given, proven by a code, taken back, or skipped.
use usher_domain::account::Account;
use usher_domain::address::EmailAddress;
use usher_domain::code::{Code, Purpose};
use usher_domain::secret::OpaqueToken;
use usher_domain::sign_in::{Answer, Step};
use usher_domain::visitor::Visitor;

use super::code::Took;
use super::{AddressCode, AddressGiven, AddressMoved};
use crate::challenge::{self, Proof};
use crate::sign_in::{Advance, Moved};
use crate::{AccountError, Accounts};

/// What a right code did.
enum Effect {
    Moved(Advance),
    /// The address is somebody else's: another one can be given.
    Taken,
    /// Another account took the address at this moment. Nothing was changed.
    Raced,
    /// Somebody was faster with the same code.
    Dead,
    /// The attempt is over.
    Gone,
}

impl Accounts {
    /// Gives an address in the attempt of a cookie, or another one after a mistake; sends a code.
    pub async fn give_address(
        &self,
        cookie: &OpaqueToken,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<AddressGiven, AccountError> {
        let Some(account) = self.account_at_address(cookie).await? else {
            return Ok(AddressGiven::Gone);
        };
        match self.usable_address(typed, visitor).await? {
            Ok(email) => self.send_in_attempt(cookie, &account, email, visitor).await,
            Err(refused) => Ok(refused),
        }
    }

    /// Sends another code to the address of the attempt.
    pub async fn resend_address_code(
        &self,
        cookie: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<AddressGiven, AccountError> {
        let stored = self.stored_attempt(cookie).await?;
        match stored.and_then(|stored| stored.context.address) {
            Some(email) => self.give_address(cookie, email.as_str(), visitor).await,
            None => Ok(AddressGiven::Gone),
        }
    }

    /// The address was mistyped: back to the page that asks for it. The code that is on its way is dead.
    pub async fn mistake_address(&self, cookie: &OpaqueToken) -> Result<Moved, AccountError> {
        let (flow, now) = (cookie.hash(), self.now());
        let tx = self.inner.store.begin().await?;
        let Some(mut stored) = tx.attempt(&flow, now).await? else {
            return Ok(Moved::Gone);
        };
        let step = stored.state.step();
        stored.context.address = None;
        let advance = self.advance(&tx, stored, Answer::AddressMistaken).await?;
        let Advance::Next(next) = advance else {
            return Ok(still(step));
        };
        tx.kill_flow(&flow, now).await?;
        tx.commit().await?;
        Ok(still(next))
    }

    /// Gives no address now, where it may be skipped.
    pub async fn skip_address(
        &self,
        cookie: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<Moved, AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        let Some(stored) = tx.attempt(&cookie.hash(), now).await? else {
            return Ok(Moved::Gone);
        };
        let (step, Some(id)) = (stored.state.step(), stored.state.account()) else {
            return Ok(Moved::Gone);
        };
        let advance = self.advance(&tx, stored, Answer::AddressSkipped).await?;
        if matches!(advance, Advance::Lost) {
            return Ok(still(step));
        }
        tx.note_address_skipped(id, now).await?;
        tx.commit().await?;
        self.moved(advance, visitor).await
    }

    /// Types the code of the mail.
    pub async fn prove_address(
        &self,
        cookie: &OpaqueToken,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<AddressCode, AccountError> {
        let stored = self.stored_attempt(cookie).await?;
        if stored.is_none_or(|stored| stored.state.step() != Step::VerifyEmail) {
            return Ok(AddressCode::Gone);
        }
        let Ok(code) = Code::parse_digits(typed) else {
            return Ok(AddressCode::NotACode);
        };
        let flow = cookie.hash();
        let proof = match self
            .answer_code(&flow, Purpose::ConfirmAddress, &code)
            .await?
        {
            challenge::Answer::Right(proof) => proof,
            challenge::Answer::Wrong { tries_left } => {
                return self.count_wrong(cookie, tries_left).await;
            }
            challenge::Answer::Dead => return Ok(AddressCode::Dead),
        };
        let proven = self.prove(cookie, &proof, visitor).await;
        let mut effect = self.unless_fault(&proof, proven).await?;
        if matches!(effect, Effect::Raced) {
            // Whoever was first has the address now, so that this finds it taken.
            let again = self.prove(cookie, &proof, visitor).await;
            effect = self.unless_fault(&proof, again).await?;
        }
        Ok(match effect {
            Effect::Moved(advance) => AddressCode::Proven(self.moved(advance, visitor).await?),
            Effect::Taken | Effect::Raced => AddressCode::Taken,
            Effect::Dead => AddressCode::Dead,
            Effect::Gone => AddressCode::Gone,
        })
    }

    /// The account of an attempt that asks for an address, or waits for its code.
    async fn account_at_address(
        &self,
        cookie: &OpaqueToken,
    ) -> Result<Option<Account>, AccountError> {
        let Some(stored) = self.stored_attempt(cookie).await? else {
            return Ok(None);
        };
        match (stored.state.step(), stored.state.account()) {
            (Step::Email | Step::VerifyEmail, Some(id)) => self.account(id).await,
            (_, _) => Ok(None),
        }
    }

    async fn send_in_attempt(
        &self,
        cookie: &OpaqueToken,
        account: &Account,
        email: EmailAddress,
        visitor: &Visitor,
    ) -> Result<AddressGiven, AccountError> {
        let (flow, now) = (cookie.hash(), self.now());
        let tx = self.inner.store.begin().await?;
        let Some(mut stored) = tx.attempt(&flow, now).await? else {
            return Ok(AddressGiven::Gone);
        };
        if !self
            .send_address_code(&tx, &flow, account, &email, visitor)
            .await?
        {
            return Ok(AddressGiven::Gone);
        }
        stored.context.address = Some(email);
        stored.context.code_sent = Some(now);
        let is_kept = if stored.state.step() == Step::VerifyEmail {
            tx.update_attempt(&stored).await?
        } else {
            let advance = self.advance(&tx, stored, Answer::AddressGiven).await?;
            matches!(advance, Advance::Next(Step::VerifyEmail))
        };
        if !is_kept {
            return Ok(AddressGiven::Gone);
        }
        tx.commit().await?;
        self.wake_mailer();
        Ok(AddressGiven::Sent)
    }

    /// A wrong code counts in the attempt, too.
    async fn count_wrong(
        &self,
        cookie: &OpaqueToken,
        tries_left: i64,
    ) -> Result<AddressCode, AccountError> {
        let tx = self.inner.store.begin().await?;
        let Some(stored) = tx.attempt(&cookie.hash(), self.now()).await? else {
            return Ok(AddressCode::Gone);
        };
        let advance = self.advance(&tx, stored, Answer::Wrong).await?;
        tx.commit().await?;
        Ok(match advance {
            Advance::Next(Step::Refused(_)) => AddressCode::Gone,
            Advance::Next(_) | Advance::Granted(..) | Advance::Lost => {
                AddressCode::Wrong { tries_left }
            }
        })
    }

    /// Uses a right code up, and makes the address the account's own: one transaction.
    async fn prove(
        &self,
        cookie: &OpaqueToken,
        proof: &Proof,
        visitor: &Visitor,
    ) -> Result<Effect, AccountError> {
        let email = EmailAddress::parse(&proof.target)
            .map_err(|_unreadable| AccountError::Unreadable { what: "address" })?;
        let is_name = self.is_a_name(email.as_str()).await?;
        let tx = self.inner.store.begin().await?;
        let Some(mut stored) = tx.attempt(&cookie.hash(), self.now()).await? else {
            return Ok(Effect::Gone);
        };
        // Another sign-in may have proven another address meanwhile: it is told of this one.
        let Some(before) = tx.account(proof.account).await? else {
            return Ok(Effect::Gone);
        };
        if stored.state.account() != Some(proof.account) || !self.use_up(&tx, proof).await? {
            return Ok(Effect::Dead);
        }
        let took = if is_name {
            Took::No
        } else {
            self.take_address(&tx, proof.account, &email).await?
        };
        let advance = match took {
            Took::Yes => {
                let moved = AddressMoved {
                    before: &before,
                    new: Some(&email),
                    by: None,
                    visitor,
                };
                self.tell_address_changed(&tx, &moved).await?;
                self.advance(&tx, stored, Answer::AddressProven).await?
            }
            Took::No => {
                stored.context.address = None;
                self.advance(&tx, stored, Answer::AddressMistaken).await?
            }
            Took::Raced => return Ok(Effect::Raced),
            Took::AccountGone => return Ok(Effect::Gone),
        };
        if matches!(advance, Advance::Lost) {
            return Ok(Effect::Gone);
        }
        tx.commit().await?;
        Ok(match took {
            Took::Yes => Effect::Moved(advance),
            Took::No | Took::Raced | Took::AccountGone => Effect::Taken,
        })
    }
}

/// Where an attempt stands that a request did not move.
fn still(step: Step) -> Moved {
    match step {
        Step::Refused(_) | Step::Done => Moved::Gone,
        Step::Password
        | Step::Claim
        | Step::SetPassword
        | Step::SecondFactor
        | Step::Email
        | Step::VerifyEmail
        | Step::EnrollSecondFactor
        | Step::KeepRecoveryCodes
        | Step::ChooseProfile => Moved::Next(step),
    }
}
