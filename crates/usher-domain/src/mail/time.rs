//! What the mail about screen time shows.
use serde::{Deserialize, Serialize};

use super::Origin;
use crate::secret::SecretText;
use crate::time::Timestamp;

/// A profile asks for more screen time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MoreTimeAsked {
    /// Whose account.
    pub user_name: String,
    /// The name of the profile.
    pub profile: String,
    /// How many minutes were watched today.
    pub used_minutes: u64,
    /// Path and fragment of the page on which time is given or refused.
    pub link: SecretText,
    /// Until when the link is good.
    pub expires: Timestamp,
    /// From where it was asked.
    pub origin: Origin,
}
