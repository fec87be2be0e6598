//! Signing in: on Usher's pages and at an app's own form, over one state machine (`usher_domain::sign_in`).
//!
//! Invariant: a Jellyfin token is minted, or passed on, only with a [`Grant`](usher_domain::sign_in::Grant) in hand.
//! Invariant: whatever is wrong with name, password, hours or network is one and the same outcome (R27, R30).
mod app;
mod attempt;
mod finish;
mod judge;
mod notice;
mod owed;
mod room;
mod web;

pub(crate) use app::HELD_AT_ONCE;
pub use app::{AppForm, AppSignIn, LONGEST_HOLD, Waiting};
pub(crate) use attempt::Advance;
pub(crate) use finish::{Granted, Registered, token_place};
pub(crate) use judge::{Judged, Tried, whose};
pub(crate) use web::Arrival;
pub use web::{FirstTimeForm, PasswordForm};

use std::time::Duration;

use usher_domain::id::UserId;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::sign_in::{Owed, Step};
use usher_domain::time::Timestamp;

/// What became of a name with a password, a set-up code or a link.
#[derive(Debug)]
pub enum WebSignIn {
    /// Further steps are due: the attempt's cookie, and which step is next.
    Next(OpaqueToken, Step),
    /// Every step is done.
    Done(Box<SignedIn>),
    /// Not so; nobody learns why.
    Wrong,
    /// Too many tries: the same for every name and every password (R24).
    Wait(Duration),
    /// Too many people sign in at this moment.
    Busy,
}

/// What became of an answer to a later step.
#[derive(Debug)]
pub enum Moved {
    /// The next step.
    Next(Step),
    /// Every step is done.
    Done(Box<SignedIn>),
    /// The attempt is over: too old, too many wrong answers, or finished elsewhere. It begins anew.
    Gone,
    /// Every step is done, but Jellyfin does not let this user in on this device, or at present; or everything of the
    /// account was ended meanwhile.
    Refused,
}

/// A browser that is signed in: to Usher by a cookie, to Jellyfin by a token that is handed over.
#[derive(Debug)]
pub struct SignedIn {
    /// Usher's own session.
    pub cookie: OpaqueToken,
    /// Jellyfin's token, for the web client.
    pub token: SecretText,
    /// The Jellyfin user.
    pub user: UserId,
    /// Jellyfin's own id, by which the web client keeps its session.
    pub server_id: String,
    /// The page of the web client that was asked for.
    pub next: String,
    /// The device id under which the token was issued.
    pub device_id: String,
    /// A cookie by which this browser is trusted from now on, or the next one of a browser that is.
    pub trusted: Option<OpaqueToken>,
    /// The theme of the web client that a profile has chosen: the client keeps it in the browser alone.
    pub theme: Option<String>,
}

/// An attempt, as its pages show it.
#[derive(Clone, Debug)]
pub struct AttemptView {
    /// What the visitor must do next: the page follows from it.
    pub step: Step,
    /// The user name, once it is proven whose attempt it is.
    pub name: Option<String>,
    /// The address that a code was sent to.
    pub address: Option<String>,
    /// What the sign-in owed at its beginning.
    pub owed: Owed,
    /// Where it goes on to at its end: a page of the web client, or of ours.
    pub next: String,
    /// The earliest moment at which another code can be sent.
    pub resend_from: Option<Timestamp>,
}
