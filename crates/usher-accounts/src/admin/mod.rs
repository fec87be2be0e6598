//! What administrators do. Every method takes an [`Admin`], which only the check of a fresh session makes.
mod create;
mod edit;
mod mail;
mod overview;

pub use create::{Created, NewAccount};
pub use edit::{Edited, MailedReset};
pub use mail::{MailTest, SmtpForm};
pub use overview::ConsoleOverview;

use usher_domain::id::UserId;
use usher_store::WebSession;

use crate::{AccountError, Accounts};

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
        todo!()
    }
}
