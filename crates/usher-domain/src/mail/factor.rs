//! What the mails about second factors and new sign-ins show.
use serde::{Deserialize, Serialize};

use super::{Actor, Origin};
use crate::second_factor::FactorKind;
use crate::secret::SecretText;
use crate::time::Timestamp;

/// The second factor of a sign-in whose password was right.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignInCode {
    /// Whose account.
    pub user_name: String,
    /// Six digits; none where only a stronger factor completes the sign-in, for which the link's page asks.
    pub code: Option<SecretText>,
    /// Until when code and link are good.
    pub expires: Timestamp,
    /// Path and fragment of the page that approves a sign-in at an app's form; none for our own pages.
    pub approve: Option<SecretText>,
    /// The device, as it names itself; empty for a browser.
    pub device: String,
    /// As which profile of the account the app wants in; empty for its owner.
    #[serde(default)]
    pub profile: String,
    /// Who asked.
    pub origin: Origin,
    /// Path and fragment of "this was not me".
    pub revoke: SecretText,
}

/// Proves again who sits in a browser that is signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StepUpCode {
    /// Whose account.
    pub user_name: String,
    /// Six digits.
    pub code: SecretText,
    /// Until when it is good.
    pub expires: Timestamp,
    /// Who asked.
    pub origin: Origin,
}

/// Somebody signed in on a device that was not seen before.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewSignIn {
    /// Whose account.
    pub user_name: String,
    /// As which profile of the account; empty for its owner.
    #[serde(default)]
    pub profile: String,
    /// The device, as it names itself; empty for a browser.
    pub device: String,
    /// From where.
    pub origin: Origin,
    /// Path and fragment of "this was not me": ends that session and asks for a new password.
    pub not_me: SecretText,
    /// Until when that link is good.
    pub not_me_expires: Timestamp,
}

/// The password was right, and the second factor was not shown (R39).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SecondFactorUnfinished {
    /// Whose account.
    pub user_name: String,
    /// The device, as it names itself; empty for a browser.
    pub device: String,
    /// From where.
    pub origin: Origin,
}

/// A second factor was added or taken away.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FactorChanged {
    /// Whose account.
    pub user_name: String,
    /// What became of it.
    pub change: FactorChange,
    /// Who did it.
    pub by: Actor,
    /// What the administrator wrote as the reason; empty where there is none.
    pub reason: String,
    /// From where.
    pub origin: Origin,
}

/// What became of a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorChange {
    /// One of this kind was added.
    Added(FactorKind),
    /// One of this kind was taken away.
    Removed(FactorKind),
    /// All were taken away.
    Cleared,
    /// There are new recovery codes; the old ones are worthless.
    CodesRenewed,
}

/// A recovery code was used.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecoveryCodeUsed {
    /// Whose account.
    pub user_name: String,
    /// How many are left.
    pub left: u32,
    /// From where.
    pub origin: Origin,
}

/// A password was made for one program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AppPasswordMade {
    /// Whose account.
    pub user_name: String,
    /// What the person called it.
    pub name: String,
    /// From where.
    pub origin: Origin,
}

/// Somebody has a copy of the cookie of a trusted browser.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrustEnded {
    /// Whose account.
    pub user_name: String,
    /// From where the second one came.
    pub origin: Origin,
}

/// A passkey was shown whose counter had gone back: somebody may have a copy of it (R33).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PasskeyCopied {
    /// Whose account.
    pub user_name: String,
    /// What the person called it; may be empty.
    pub passkey: String,
    /// From where it was shown.
    pub origin: Origin,
}
