//! "Forgot password": asked for, proven by code or link, and a new password chosen.
//!
//! Invariant: nothing here tells a visitor whether a name or address is known (R27 to R29).
//! Invariant: the one step that counts, setting the new password in Jellyfin, can be repeated: it is done under a lease,
//! and the proof is used up afterwards (R15).
mod answer;
mod ask;
mod choose;
mod factor;
mod mail;
mod shared;

pub(crate) use mail::ResetMail;

use std::time::Duration;

use usher_domain::password::PasswordError;
use usher_domain::secret::OpaqueToken;

/// What became of the question for a reset. It is the same whatever was typed.
#[derive(Debug)]
pub enum ResetAsked {
    /// If there is an account with a proven address, a mail is on its way. The cookie binds the code to this browser.
    Noted(OpaqueToken),
    /// Too many questions from this address.
    Wait(Duration),
    /// Recovery by mail is off for everybody: a request was left for the administrator, if there is such an account.
    Off,
}

/// What became of a typed reset code.
#[derive(Debug)]
pub enum ResetCode {
    /// Right: this proof goes into a cookie and lets the new password be chosen.
    Right(OpaqueToken),
    /// Not the code; so many tries are left.
    Wrong {
        /// Tries left on this code.
        tries_left: i64,
    },
    /// The text cannot be a code; nothing was counted.
    NotACode,
    /// The code ran out, its tries are used up, or there never was one.
    Dead,
    /// Codes are off for everybody for a while (R23); the link in the mail works.
    OnlyLinks,
    /// Too many passwords and codes from this address were wrong; nothing was judged. After this time again.
    Wait(Duration),
}

/// For the page that asks for the new password.
#[derive(Clone, Debug)]
pub struct ResetView {
    /// Whose password it is. Shown only to whoever holds the proof.
    pub name: String,
    /// How the stronger factor that is enrolled can be shown, which must be first (R16). None where nothing is asked.
    pub asks: Option<ResetAsks>,
}

/// How a factor can be shown before a new password is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResetAsks {
    /// There is a passkey, and browsers can show it here.
    pub passkey: bool,
    /// There is an authenticator app.
    pub totp: bool,
    /// There are recovery codes left.
    pub recovery: bool,
}

/// What became of the factor that a reset asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetFactor {
    /// Right: the new password can be chosen within the next minutes.
    Right,
    /// Wrong.
    Wrong,
    /// What was typed cannot be such a code; nothing was counted.
    NotACode,
    /// A passkey was shown too late, or twice: it is asked for anew.
    Late,
    /// Too many were wrong; after this time again.
    Wait(Duration),
    /// Too many were wrong in a row: a recovery code or an administrator helps.
    Closed,
    /// The proof is used or too old.
    Dead,
}

/// What became of a new password.
#[derive(Debug)]
pub enum NewPassword {
    /// Set. Every session has ended; nobody is signed in by it (R16).
    Set,
    /// It breaks a rule; another can be chosen.
    Refused(PasswordError),
    /// The proof is used or too old.
    Dead,
    /// A factor must be shown first (R16).
    FactorFirst,
    /// The same is just being done in another window; try again in a moment.
    Busy,
    /// The password of this account lives elsewhere; the text of the administrator says where.
    Elsewhere(String),
}
