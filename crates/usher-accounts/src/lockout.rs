//! Jellyfin's own lockout: off for everybody who signs in through Usher (R22).
//!
//! Jellyfin disables a user after so many wrong passwords, forgets its count at nothing but a right one, and a disabled user
//! stays so until an administrator comes: a stranger could switch anybody off. Usher's limits stand in its place.
use usher_jellyfin::User;

use crate::{AccountError, Accounts};

/// The field of the policy.
const ATTEMPTS: &str = "LoginAttemptsBeforeLockout";

/// Its value for "never". Jellyfin takes 0 for its own default.
const NEVER: i64 = -1;

impl Accounts {
    /// Sees to it that no wrong password disables this user, before one is passed on. The rest of the policy is written as
    /// it was just read. A user who is switched off already is left alone: Jellyfin looks at no password of theirs, and
    /// takes no policy of a disabled administrator.
    ///
    /// # Errors
    ///
    /// When Jellyfin does not take the policy. No password may be passed on then.
    pub(crate) async fn keep_from_lockout(&self, user: &User) -> Result<(), AccountError> {
        let policy = &user.policy;
        if policy.login_attempts_before_lockout == NEVER || policy.is_disabled {
            return Ok(());
        }
        let policy = policy.with(ATTEMPTS, NEVER)?;
        Ok(self.inner.jellyfin.set_policy(user.id, &policy).await?)
    }

    /// As [`keep_from_lockout`](Self::keep_from_lockout), of one user among many: whom Jellyfin does not take a policy of
    /// holds up nobody else. Answers whether a password may be tried.
    pub(crate) async fn is_kept_from_lockout(&self, user: &User) -> bool {
        match self.keep_from_lockout(user).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    user = %user.id,
                    "Jellyfin's own lockout could not be switched off for a user"
                );
                false
            }
        }
    }
}
