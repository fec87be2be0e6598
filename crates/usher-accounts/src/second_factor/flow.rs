//! In which flow a factor is enrolled: at the end of a sign-in, or from the pages of the account.
use usher_domain::account::Account;
use usher_domain::id::SessionId;
use usher_domain::secret::{Hash, OpaqueToken};
use usher_domain::sign_in::Step;
use usher_store::WebSession;

use crate::{AccountError, Accounts};

/// A flow in which a factor is enrolled.
#[derive(Clone, Copy, Debug)]
pub enum Flow<'a> {
    /// The sign-in of this cookie.
    SignIn(&'a OpaqueToken),
    /// The session of a browser that is signed in and proved who it is within the last minutes (R38).
    Account(&'a WebSession),
}

impl Flow<'_> {
    /// What its ceremonies are kept under.
    pub(crate) fn key(&self) -> Hash {
        match self {
            Self::SignIn(cookie) => cookie.hash(),
            Self::Account(session) => Hash::of(&format!("session:{}", session.id)),
        }
    }

    /// The browser's session, where it has one already.
    pub(crate) const fn session(&self) -> Option<SessionId> {
        match self {
            Self::SignIn(_) => None,
            Self::Account(session) => Some(session.id),
        }
    }
}

impl Accounts {
    /// Whose flow it is, if a factor can be enrolled in it now.
    pub(crate) async fn enrolling(&self, flow: Flow<'_>) -> Result<Option<Account>, AccountError> {
        let id = match flow {
            Flow::SignIn(cookie) => {
                let stored = self.stored_attempt(cookie).await?;
                stored
                    .filter(|stored| stored.state.step() == Step::EnrollSecondFactor)
                    .and_then(|stored| stored.state.account())
            }
            Flow::Account(session) => self.is_fresh(session).then_some(session.account),
        };
        let Some(id) = id else { return Ok(None) };
        let account = self.account(id).await?;
        Ok(account.filter(|account| !account.is_kept_out() && !account.seen.disabled))
    }
}
