//! Second factors: shown at sign-in, enrolled, named, taken away (design, section 6).
//!
//! Invariant: which factors an account has is told only to whoever typed the right password (R31).
//! Invariant: a wrong factor of any kind, in any flow, counts in one budget of the account (R20).
//! Invariant: a factor is used up in the transaction that moves the sign-in on, so that of many answers one counts (R5).
mod account;
mod admin;
mod behind;
mod budget;
mod end;
mod enroll;
mod flow;
mod mail_code;
mod notice;
mod passkey;
mod recovery;
mod show;
mod totp;
mod trust;

pub use account::{BrowserTrusted, FactorLine, Removal, Security};
pub use admin::{Cleared, RuleChange};
pub(crate) use budget::Judged;
pub use flow::Flow;
pub use passkey::{PasskeyBegun, PasskeyForm, RelyingParty};
pub(crate) use show::Right;
pub(crate) use trust::Trust;

use std::time::Duration;

use usher_domain::id::FactorId;
use usher_domain::second_factor::recovery::RecoveryCode;
use usher_domain::second_factor::{Enroll, FactorKind};
use usher_domain::secret::SecretText;
use usher_domain::time::Timestamp;

use crate::sign_in::Moved;

/// Where the secret of a factor is sealed to (R67).
fn place(id: FactorId) -> String {
    format!("usher:factor:secret:{id}")
}

/// A factor as it is shown in a form.
#[derive(Clone, Copy, Debug)]
pub enum Shown<'a> {
    /// The code of a mail, as typed.
    Mail(&'a str),
    /// The code of an authenticator app, as typed.
    Totp(&'a str),
    /// A recovery code, as typed.
    Recovery(&'a str),
}

/// What became of a factor that was shown at sign-in.
#[derive(Debug)]
pub enum FactorAnswer {
    /// Right.
    Right(Box<Moved>),
    /// Wrong; with how many tries are left on a code that was mailed.
    Wrong {
        /// Tries left; none where it is not a mailed code.
        tries_left: Option<i64>,
    },
    /// What was typed cannot be such a code; nothing was counted.
    NotACode,
    /// The mailed code ran out, or its tries are used up: another one can be sent.
    Dead,
    /// Too many were wrong; after this time again.
    Wait(Duration),
    /// Too many were wrong in a row: a recovery code or an administrator helps.
    Closed,
    /// The sign-in is over.
    Gone,
}

/// The page that asks for an enrolled factor.
#[derive(Clone, Debug)]
pub struct FactorView {
    /// The user name.
    pub name: String,
    /// What is enrolled, strongest first.
    pub kinds: Vec<FactorKind>,
    /// Where codes by mail go, with most of it hidden.
    pub masked_address: String,
    /// When the last code by mail was sent in this sign-in.
    pub code_sent: Option<Timestamp>,
    /// The earliest moment at which another one can be sent.
    pub resend_from: Option<Timestamp>,
    /// Mail is known to arrive at present.
    pub mail_works: bool,
    /// Recovery codes that are left.
    pub recovery_codes: u32,
}

/// What became of the wish for a code by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeSent {
    /// On its way.
    Sent,
    /// After this time another one can be sent.
    Wait(Duration),
    /// Mail does not leave at present, or this account gets none: another factor or a recovery code helps.
    NoMail,
    /// The sign-in is over.
    Gone,
}

/// The page that asks somebody to enroll a factor.
#[derive(Clone, Debug)]
pub struct EnrollView {
    /// The user name.
    pub name: String,
    /// Which kinds can be enrolled now, strongest first.
    pub kinds: Vec<FactorKind>,
    /// Where codes by mail would go.
    pub address: String,
    /// Whether it may be put off.
    pub owed: Enroll,
    /// From when it must be there.
    pub demanded_from: Option<Timestamp>,
}

/// A seed of an authenticator app, shown once.
#[derive(Clone, Debug)]
pub struct Seed {
    /// For typing, in base 32.
    pub text: SecretText,
    /// For a picture: `otpauth://totp/…`.
    pub address: SecretText,
}

/// What became of enrolling a factor.
#[derive(Debug)]
pub enum Enrollment {
    /// It is enrolled.
    Done {
        /// The recovery codes that come with the first one; shown this once.
        codes: Vec<RecoveryCode>,
        /// In a sign-in: how it goes on.
        moved: Option<Box<Moved>>,
    },
    /// The code was wrong.
    Wrong,
    /// What was typed cannot be such a code.
    NotACode,
    /// This kind cannot be enrolled here: not allowed, no address, mail is dead, or there are enough.
    Refused,
    /// Too many wrong codes.
    Wait(Duration),
    /// What was begun ran out, or the flow is over: it begins anew.
    Gone,
}
