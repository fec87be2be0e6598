//! The first password: chosen by the person, set once, whatever happens in between.
use usher_domain::password::PasswordError;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::visitor::Visitor;

use crate::sign_in::Moved;
use crate::{AccountError, Accounts};

/// What became of a chosen first password.
#[derive(Debug)]
pub enum FirstPassword {
    /// It is set.
    Set(Moved),
    /// It breaks a rule; another can be chosen.
    Refused(PasswordError),
    /// Somebody else has claimed the account, or an administrator has taken the invitation back.
    Taken,
    /// The same is just being done in another window; try again in a moment.
    Busy,
    /// The attempt is over.
    Gone,
}

impl Accounts {
    /// Chooses the first password in the attempt of a cookie.
    pub async fn choose_first_password(
        &self,
        cookie: &OpaqueToken,
        password: &SecretText,
        visitor: &Visitor,
    ) -> Result<FirstPassword, AccountError> {
        todo!()
    }
}
