//! One sign-in on its way (design, section 4): a state machine for all doors.
//!
//! The row of an attempt holds an [`Attempt`]; no password, code or grant is ever in it. [`Attempt::submit`] lists the
//! legal pairs of place and answer, and refuses every other. Only [`Attempt::finish`] makes a [`Grant`].
//!
//! What is due comes in one order, each only where it is owed: credentials, second factor, address, enrollment of a second
//! factor, profile. A factor that is enrolled comes before anything can be added or changed.
mod answer;
mod owed;

pub use answer::Answer;
pub use owed::{AddressOwed, Owed, Seat};

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::account::Epoch;
use crate::activity::Door;
use crate::address::EmailAddress;
use crate::id::{AccountId, ChallengeId, UserId};
use crate::second_factor::{Enroll, FactorLevel, Show};
use crate::secret::Hash;
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
    /// Show a factor that is enrolled.
    SecondFactor,
    /// Give an address.
    Email,
    /// Type the code that was sent to it.
    VerifyEmail,
    /// Enroll a second factor.
    EnrollSecondFactor,
    /// Keep the recovery codes that were handed out with it.
    KeepRecoveryCodes,
    /// Say who is watching.
    ChooseProfile,
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
    owed: Owed,
    level: FactorLevel,
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
    /// When the last code for the second factor was sent.
    pub factor_code_sent: Option<Timestamp>,
    /// The person says that this browser is to be trusted.
    pub trusts_browser: bool,
    /// The browser is trusted already: the hash of the cookie that says so. It lets one sign-in through.
    pub trusted_by: Option<Hash>,
    /// The account's epoch before its password, code or link was judged: in a later one this attempt lets nobody in.
    pub epoch: Epoch,
}

/// Proof that every step was done. Only [`Attempt::finish`] makes one; it is never stored.
#[derive(Debug)]
pub struct Grant {
    account: AccountId,
    user: UserId,
    door: Door,
    level: FactorLevel,
    granted_at: Timestamp,
}

impl Grant {
    /// Who signed in.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// As which Jellyfin user: the owner, or a profile of the account.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// By which door.
    pub const fn door(&self) -> Door {
        self.door
    }

    /// How sure it was who signed in, beside the password.
    pub const fn level(&self) -> FactorLevel {
        self.level
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
            owed: Owed::NOTHING,
            level: FactorLevel::None,
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

    /// What it owed at its beginning.
    pub const fn owed(&self) -> Owed {
        self.owed
    }

    /// How sure it is by now who signs in, beside the password.
    pub const fn level(&self) -> FactorLevel {
        self.level
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
            (Step::Password, Answer::PasskeyRight(account, owed)) if self.door == Door::Web => {
                self.known(account, owed);
                self.after_factor(FactorLevel::Strong)
            }
            (Step::Password, Answer::AppPasswordRight(account, owed))
                if self.door == Door::AppPassword =>
            {
                self.known(account, owed);
                Step::Done
            }
            (Step::Password, Answer::ScreenApproved(account, owed, level))
                if self.door == Door::QuickConnect
                    && (owed.factor.show != Show::Yes || level.was_shown()) =>
            {
                self.known(account, owed);
                self.after_factor(level)
            }
            (Step::Password, Answer::SeatTaken(account, level, user)) if self.door == Door::Web => {
                self.move_over(account, level, user)
            }
            (Step::Password, Answer::FirstTime) => self.page(Step::Claim),
            (Step::Password | Step::Claim, Answer::Claimed(account, owed)) => {
                self.known(account, owed);
                self.page(Step::SetPassword)
            }
            (Step::SetPassword, Answer::PasswordSet) => self.after_credentials(),
            (Step::SecondFactor, Answer::FactorRight(level)) if level.was_shown() => {
                self.after_factor(level)
            }
            (Step::Email, Answer::AddressGiven) => Step::VerifyEmail,
            (Step::Email, Answer::AddressSkipped) if self.owed.address == AddressOwed::MaySkip => {
                self.after_address()
            }
            (Step::VerifyEmail, Answer::AddressMistaken) => Step::Email,
            (Step::VerifyEmail, Answer::AddressProven) => self.after_address(),
            (Step::EnrollSecondFactor, Answer::FactorEnrolled(level)) if level.was_shown() => {
                self.level = self.level.max(level);
                Step::KeepRecoveryCodes
            }
            (Step::EnrollSecondFactor, Answer::EnrollmentSkipped)
                if self.owed.factor.enroll == Enroll::MaySkip =>
            {
                self.after_enrollment()
            }
            (Step::KeepRecoveryCodes, Answer::CodesKept) => self.after_enrollment(),
            (Step::ChooseProfile, Answer::ProfileChosen(user)) => {
                self.owed.seat = Seat::Profile(user);
                Step::Done
            }
            (
                Step::Password | Step::Claim | Step::SecondFactor | Step::VerifyEmail,
                Answer::Wrong,
            ) => self.count(),
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
            user: self.owed.seat.user_in(account),
            door: self.door,
            level: self.level,
            granted_at: now,
        })
    }

    const fn known(&mut self, account: AccountId, owed: Owed) {
        self.account = Some(account);
        self.owed = owed;
    }

    /// Whoever signed in before only takes another seat.
    const fn move_over(&mut self, account: AccountId, level: FactorLevel, user: UserId) -> Step {
        let owed = Owed {
            seat: Seat::Profile(user),
            ..Owed::NOTHING
        };
        self.known(account, owed);
        self.level = level;
        Step::Done
    }

    /// A step that needs a page.
    fn page(&self, step: Step) -> Step {
        if self.door == Door::Web {
            step
        } else {
            Step::Refused(Refusal::OwedElsewhere)
        }
    }

    /// An app can show a factor beside its form: by a link in a mail, or behind the password.
    fn after_credentials(&mut self) -> Step {
        match self.owed.factor.show {
            Show::Yes => Step::SecondFactor,
            Show::Trusted => self.after_factor(FactorLevel::Trusted),
            Show::No => self.after_factor(FactorLevel::None),
        }
    }

    /// An app can show no page: what may be skipped is skipped there.
    fn after_factor(&mut self, level: FactorLevel) -> Step {
        self.level = level;
        match (self.owed.address, self.door) {
            (AddressOwed::No, _)
            | (AddressOwed::MaySkip, Door::App | Door::QuickConnect | Door::AppPassword) => {
                self.after_address()
            }
            (AddressOwed::MaySkip, Door::Web) | (AddressOwed::Required, _) => {
                self.page(Step::Email)
            }
        }
    }

    fn after_address(&self) -> Step {
        match (self.owed.factor.enroll, self.door) {
            (Enroll::No, _)
            | (Enroll::MaySkip, Door::App | Door::QuickConnect | Door::AppPassword) => {
                self.after_enrollment()
            }
            (Enroll::MaySkip, Door::Web) | (Enroll::Required, _) => {
                self.page(Step::EnrollSecondFactor)
            }
        }
    }

    fn after_enrollment(&self) -> Step {
        match (self.owed.seat, self.door) {
            (Seat::Asked, Door::Web) => Step::ChooseProfile,
            (Seat::Asked, Door::App | Door::QuickConnect | Door::AppPassword)
            | (Seat::Owner | Seat::Profile(_), _) => Step::Done,
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
