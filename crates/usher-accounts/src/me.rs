//! What a person sees and changes of the own account.
mod overview;
mod password;
mod places;
mod step_up;

pub(crate) use password::Again;

use std::time::Duration;

use usher_domain::account::Account;
use usher_domain::activity::Door;
use usher_domain::id::{ProfileId, SessionId, TokenId};
use usher_domain::password::PasswordError;
use usher_domain::profile::Picture;
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::OpaqueToken;
use usher_domain::time::Timestamp;
use usher_store::ActivityLine;

/// A place where an account is signed in.
#[derive(Clone, Debug)]
pub struct SignedInPlace {
    /// What ends it.
    pub id: PlaceId,
    /// Which way in.
    pub door: Door,
    /// The program: "Jellyfin Android TV", "Firefox on Linux".
    pub client: String,
    /// The device, as it names itself; empty for a browser at Usher.
    pub device: String,
    /// The device, whoever signs in on it (`ClientIdentity::device_key`): places with the same one are on one device. Empty where
    /// its client names none.
    pub device_key: String,
    /// From which address it was last used.
    pub address: String,
    /// Since when.
    pub since: Timestamp,
    /// When it was last used.
    pub used: Timestamp,
    /// Whose seat it is at, where the account has more than one.
    pub seat: Option<PlaceSeat>,
    /// A profile watches there that can be used, and others of the account may watch on that device, too: it can become this
    /// profile's alone.
    pub is_shared: bool,
    /// How sure it was who signed in, beside the password.
    pub level: FactorLevel,
    /// It signed in before Usher was there: how, nobody knows.
    pub is_adopted: bool,
    /// The browser in which the page is open.
    pub is_this: bool,
}

/// Who watches at a place: the owner of the account, or one of its profiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceSeat {
    /// What people call it: the owner by the user name.
    pub name: String,
    /// Its face; `None` for the first letter of the name.
    pub picture: Option<Picture>,
    /// The profile; `None` for the owner, and for a profile that cannot be used at present.
    pub profile: Option<ProfileId>,
    /// It holds a live token there. A browser without one is asked who is watching before anybody watches.
    pub watches: bool,
}

/// What ends a [`SignedInPlace`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceId {
    /// A Jellyfin token (in a browser together with its session at Usher).
    Token(TokenId),
    /// A session at Usher alone.
    Session(SessionId),
}

/// What the first page of an account shows.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The account.
    pub account: Account,
    /// Where it is signed in, last used first.
    pub places: Vec<SignedInPlace>,
    /// The newest activity, newest first.
    pub activity: Vec<ActivityLine>,
    /// Whether an address can be proven at present: mail is set up and known to arrive.
    pub mail_works: bool,
    /// Whether the policy requires an address.
    pub address_required: bool,
}

/// What a step-up asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The password: no second factor is enrolled, or none counts.
    Password,
    /// An authenticator app or a passkey, or a recovery code in their place.
    Strong {
        /// There is an authenticator app.
        totp: bool,
        /// There is a passkey.
        passkey: bool,
    },
    /// A code by mail, or a recovery code in its place.
    Mail,
}

/// The page of a step-up.
#[derive(Clone, Debug)]
pub struct ProofView {
    /// The user name.
    pub name: String,
    /// What is asked for.
    pub proof: Proof,
    /// Where a code by mail goes, with most of it hidden.
    pub masked_address: String,
    /// Mail reaches the account at present.
    pub mail_works: bool,
    /// Recovery codes that are left.
    pub recovery_codes: u32,
}

/// What became of a step-up.
#[derive(Debug)]
pub enum StepUp {
    /// Right: this cookie takes the old one's place (R44).
    Done(OpaqueToken),
    /// Not the password, or not the factor that is asked for.
    Wrong,
    /// What was typed cannot be such a code; nothing was counted.
    NotACode,
    /// The mailed code ran out: another one can be sent.
    Dead,
    /// Too many factors were wrong in a row: a recovery code or an administrator helps.
    Closed,
    /// Too many tries.
    Wait(Duration),
    /// Too many people sign in at this moment.
    Busy,
}

/// What became of a change of one's own password.
#[derive(Debug)]
pub enum PasswordChange {
    /// Changed; every other session has ended. The token of this browser is a new one.
    Done(Box<crate::sign_in::SignedIn>),
    /// Changed, but Jellyfin does not let this browser in at present: the person signs in anew.
    SignInAnew,
    /// The present password is wrong.
    WrongPresent,
    /// The second factor must be shown first.
    StepUp,
    /// The new one breaks a rule.
    Refused(PasswordError),
    /// Too many tries.
    Wait(Duration),
    /// Too many people sign in at this moment.
    Busy,
    /// The password lives elsewhere; the text of the administrator says where.
    Elsewhere(String),
}
