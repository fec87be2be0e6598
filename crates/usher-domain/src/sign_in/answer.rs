//! What an attempt is told.
use super::owed::Owed;
use crate::id::{AccountId, UserId};
use crate::second_factor::FactorLevel;

/// What the use case found out about something the visitor sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Name or password, set-up code, factor or mailed code was wrong.
    Wrong,
    /// Jellyfin took the password of this account.
    PasswordRight(AccountId, Owed),
    /// A passkey of this account signed, and its holder was verified: password and factor in one (R33).
    PasskeyRight(AccountId, Owed),
    /// A password that was made for one program and one profile; it stands for a factor, too (R37).
    AppPasswordRight(AccountId, Owed),
    /// Somebody who is signed in to this account approved the code of a screen, being as sure as this.
    ScreenApproved(AccountId, Owed, FactorLevel),
    /// The visitor says that this is the first time.
    FirstTime,
    /// This account is claimed: by its code, its link, or because it stands open to this visitor.
    Claimed(AccountId, Owed),
    /// The chosen password is set upstream.
    PasswordSet,
    /// An enrolled factor, or a recovery code, was right.
    FactorRight(FactorLevel),
    /// A code is on its way to the address that was given.
    AddressGiven,
    /// The visitor gives no address now.
    AddressSkipped,
    /// The address was mistyped.
    AddressMistaken,
    /// The mailed code was right.
    AddressProven,
    /// A factor was enrolled, and shown in doing so.
    FactorEnrolled(FactorLevel),
    /// Enrolling one was put off.
    EnrollmentSkipped,
    /// The recovery codes are kept.
    CodesKept,
    /// A browser that is signed in to this account, being as sure as this, goes over to another seat of it.
    SeatTaken(AccountId, FactorLevel, UserId),
    /// This profile was chosen.
    ProfileChosen(UserId),
}
