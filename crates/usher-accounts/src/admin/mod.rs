//! What administrators do. Every method takes an [`Admin`], which only the check of a fresh session makes.
mod address;
mod create;
mod creation;
mod edit;
mod keys;
mod mail;
mod overview;
mod reset;
mod set_up;

pub use create::{Created, NewAccount};
pub use edit::{AccountPage, Edited};
pub use keys::{Key, KeyBound};
pub use mail::{MailTest, SmtpForm};
pub use overview::{ConsoleOverview, WARNINGS};
pub use reset::MailedReset;
pub(crate) use set_up::Waits;

use std::time::Duration;

use usher_domain::id::UserId;
use usher_store::WebSession;

use crate::web_session::CONSOLE_IDLE;
use crate::{AccountError, Accounts};

/// How long a proof of who sits there opens the console.
const PROOF_LASTS: Duration = Duration::from_hours(12);

/// Somebody who may do what administrators may. Made by [`Accounts::admin`], or for commands on the server itself.
#[derive(Clone, Debug)]
pub struct Admin {
    actor: Option<UserId>,
}

/// Whether a session may use the console now.
#[derive(Debug)]
pub enum ConsoleDoor {
    /// Yes.
    Open(Admin),
    /// An administrator, who must prove again who sits there: the last proof or the last use is too old (R44: 30 min idle).
    StepUp,
    /// Not an administrator.
    Closed,
}

impl Admin {
    /// Whoever can run commands on the server.
    pub const fn on_the_server() -> Self {
        Self { actor: None }
    }

    /// An administrator whom Jellyfin itself let do something in its dashboard; `None` for an API key.
    pub const fn in_dashboard(actor: Option<UserId>) -> Self {
        Self { actor }
    }

    /// Who it is, for the activity log; `None` for commands on the server.
    pub const fn actor(&self) -> Option<UserId> {
        self.actor
    }
}

impl Accounts {
    /// Whether this session may use the console now. Asks Jellyfin whether the user still is an administrator.
    pub async fn admin(&self, session: &WebSession) -> Result<ConsoleDoor, AccountError> {
        let account = self.account(session.account).await?;
        if account.is_none_or(|account| account.is_kept_out()) {
            return Ok(ConsoleDoor::Closed);
        }
        let owner = session.account.owner();
        let user = self.inner.jellyfin.user(owner).await?;
        let rules =
            user.is_some_and(|user| user.policy.is_administrator && !user.policy.is_disabled);
        if !rules {
            return Ok(ConsoleDoor::Closed);
        }
        let now = self.now();
        let is_stale = now.since(session.proved) > PROOF_LASTS;
        if is_stale || now.since(session.used) > CONSOLE_IDLE {
            return Ok(ConsoleDoor::StepUp);
        }
        Ok(ConsoleDoor::Open(Admin { actor: Some(owner) }))
    }
}
