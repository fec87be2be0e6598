//! One sign-in on its way (design, section 4): a state machine for all doors.
//!
//! The row of an attempt holds an [`Attempt`]; no password, code or grant is ever in it. [`Attempt::submit`] lists the
//! legal pairs of place and answer, and refuses every other. Only [`Attempt::finish`] makes a [`Grant`]. Second factors
//! and the choice of a profile are not there: they join as places between the present ones.
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::activity::Door;
use crate::address::EmailAddress;
use crate::id::{AccountId, ChallengeId};
use crate::time::Timestamp;

/// How long an attempt lasts.
pub const LIFE: Duration = Duration::from_mins(15);

/// Wrong answers that one attempt stands.
pub const WRONG_ANSWERS: u8 = 15;

/// What the visitor must do next. The page is chosen from this and from nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Name and password.
    Password,
    /// "First time here?": name and set-up code.
    Claim,
    /// Choose the first password.
    SetPassword,
    /// Give an address.
    Email,
    /// Type the code that was sent to it.
    VerifyEmail,
    /// Nothing: the attempt can be finished.
    Done,
    /// Nothing: it is over.
    Refused(Refusal),
}

/// Why an attempt is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// It took longer than [`LIFE`].
    Expired,
    /// [`WRONG_ANSWERS`] were given.
    TooManyWrongAnswers,
    /// This door can show no page for what is owed.
    OwedElsewhere,
}

/// Whether an address is asked for, by policy and account at the moment of the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressOwed {
    /// No: proven, put off, not wanted, or mail is not healthy.
    No,
    /// Yes, and it may be skipped.
    MaySkip,
    /// Yes.
    Required,
}

/// What the use case found out about something the visitor sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Name or password, set-up code or mailed code was wrong.
    Wrong,
    /// Jellyfin took the password of this account.
    PasswordRight(AccountId, AddressOwed),
    /// The visitor says that this is the first time.
    FirstTime,
    /// This account is claimed: by its code, its link, or because it stands open to this visitor.
    Claimed(AccountId, AddressOwed),
    /// The chosen password is set upstream.
    PasswordSet,
    /// A code is on its way to the address that was given.
    AddressGiven,
    /// The visitor gives no address now.
    AddressSkipped,
    /// The address was mistyped.
    AddressMistaken,
    /// The mailed code was right.
    AddressProven,
}

/// The answer does not belong to the step that the attempt is at. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this answer does not belong to the present step")]
pub struct OutOfOrder;

/// One sign-in on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    door: Door,
    step: Step,
    account: Option<AccountId>,
    address: AddressOwed,
    wrong: u8,
    expires: Timestamp,
}

/// What an attempt carries from page to page beside its place. No password, code or grant is ever in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptContext {
    /// The id under which this browser is known to Jellyfin; empty for other doors.
    pub device_id: String,
    /// The page of the web client that was asked for.
    pub next: String,
    /// The address that a code was sent to.
    pub address: Option<EmailAddress>,
    /// When the last code was sent to it.
    pub code_sent: Option<Timestamp>,
    /// The set-up code or link by which the account was claimed: used up when the password is set.
    pub claimed_by: Option<ChallengeId>,
}

/// Proof that every step was done. Only [`Attempt::finish`] makes one; it is never stored.
#[derive(Debug)]
pub struct Grant {
    account: AccountId,
    door: Door,
    granted_at: Timestamp,
}

impl Grant {
    /// Who signed in.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// By which door.
    pub const fn door(&self) -> Door {
        self.door
    }

    /// When.
    pub const fn granted_at(&self) -> Timestamp {
        self.granted_at
    }
}

impl Attempt {
    /// Begins at the password.
    pub fn start(door: Door, now: Timestamp) -> Self {
        Self {
            door,
            step: Step::Password,
            account: None,
            address: AddressOwed::No,
            wrong: 0,
            expires: now + LIFE,
        }
    }

    /// What the visitor must do next.
    pub const fn step(&self) -> Step {
        self.step
    }

    /// Whose sign-in it is, once that is proven.
    pub const fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// Whether the address that is asked for may be skipped.
    pub const fn address_owed(&self) -> AddressOwed {
        self.address
    }

    /// Moves on. An attempt that is too old ends, whatever the answer is.
    ///
    /// # Errors
    ///
    /// [`OutOfOrder`] for every pair that is not listed here.
    pub fn submit(&mut self, answer: Answer, now: Timestamp) -> Result<Step, OutOfOrder> {
        if matches!(self.step, Step::Refused(_)) {
            return Err(OutOfOrder);
        }
        if now >= self.expires {
            self.step = Step::Refused(Refusal::Expired);
            return Ok(self.step);
        }
        self.step = match (self.step, answer) {
            (Step::Password, Answer::PasswordRight(account, owed)) => {
                self.known(account, owed);
                self.after_credentials()
            }
            (Step::Password, Answer::FirstTime) => self.page(Step::Claim),
            (Step::Password | Step::Claim, Answer::Claimed(account, owed)) => {
                self.known(account, owed);
                self.page(Step::SetPassword)
            }
            (Step::SetPassword, Answer::PasswordSet) => self.after_credentials(),
            (Step::Email, Answer::AddressGiven) => Step::VerifyEmail,
            (Step::Email, Answer::AddressSkipped) if self.address == AddressOwed::MaySkip => {
                Step::Done
            }
            (Step::VerifyEmail, Answer::AddressMistaken) => Step::Email,
            (Step::VerifyEmail, Answer::AddressProven) => Step::Done,
            (Step::Password | Step::Claim | Step::VerifyEmail, Answer::Wrong) => self.count(),
            _ => return Err(OutOfOrder),
        };
        Ok(self.step)
    }

    /// Ends an attempt whose every step is done. Whoever calls it deletes the row in the same transaction, so that one
    /// attempt gives one grant.
    pub fn finish(self, now: Timestamp) -> Option<Grant> {
        let account = self.account?;
        (self.step == Step::Done && now < self.expires).then_some(Grant {
            account,
            door: self.door,
            granted_at: now,
        })
    }

    const fn known(&mut self, account: AccountId, owed: AddressOwed) {
        self.account = Some(account);
        self.address = owed;
    }

    /// A step that needs a page.
    fn page(&self, step: Step) -> Step {
        if self.door == Door::Web {
            step
        } else {
            Step::Refused(Refusal::OwedElsewhere)
        }
    }

    /// An app can show no page: what may be skipped is skipped there.
    fn after_credentials(&self) -> Step {
        match (self.address, self.door) {
            (AddressOwed::No, _)
            | (AddressOwed::MaySkip, Door::App | Door::QuickConnect | Door::AppPassword) => {
                Step::Done
            }
            (AddressOwed::MaySkip, Door::Web) | (AddressOwed::Required, _) => {
                self.page(Step::Email)
            }
        }
    }

    const fn count(&mut self) -> Step {
        self.wrong += 1;
        if self.wrong >= WRONG_ANSWERS {
            Step::Refused(Refusal::TooManyWrongAnswers)
        } else {
            self.step
        }
    }
}

#[cfg(test)]
mod tests;
