//! Whose tokens are known, where their holders may be now, and which streams have a ticket (design, 3 and 3.1).
use std::net::IpAddr;

use usher_domain::device::ClientIdentity;
use usher_domain::id::{AccountId, UserId};
use usher_domain::secret::SecretText;
use usher_domain::visitor::Visitor;

use crate::{AccountError, Accounts};

/// Who holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person.
    User {
        /// The account.
        account: AccountId,
        /// The Jellyfin user.
        user: UserId,
        /// Administers the server.
        administrator: bool,
        /// May drive other people's sessions.
        controls_others: bool,
        /// The device id under which the token was issued.
        device_id: String,
    },
    /// An API key of the server.
    ApiKey,
}

/// Whether the holder of a token may be here now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Yes.
    Welcome,
    /// Switched off, outside the hours, or from a network that the holder may not come from.
    Closed,
}

impl Accounts {
    /// Who holds a token; `None`: nobody. A foreign one is adopted at first sight where that is allowed. An error is an
    /// outage and no verdict.
    pub async fn holder(
        &self,
        token: &SecretText,
        identity: Option<&ClientIdentity>,
        visitor: &Visitor,
    ) -> Result<Option<Holder>, AccountError> {
        todo!()
    }

    /// Whether the holder of a token may be here now, coming from this address; `None`: nobody holds it.
    pub async fn standing(
        &self,
        token: &SecretText,
        address: IpAddr,
    ) -> Result<Option<Standing>, AccountError> {
        todo!()
    }

    /// Jellyfin said 401 to a known token: asks again, and drops it only when `GET /Users/Me` is 401 too.
    pub async fn token_refused(&self, token: &SecretText) -> Result<(), AccountError> {
        todo!()
    }

    /// A client signed out: its token has ended, and with it the session at Usher that was opened together with it.
    pub async fn token_signed_out(&self, token: &SecretText) -> Result<(), AccountError> {
        todo!()
    }

    /// Lets streams that name these (item, media sources, play session), asked from this address without a credential,
    /// stand on this token.
    pub async fn leave_tickets(
        &self,
        address: IpAddr,
        names: &[String],
        token: &SecretText,
    ) -> Result<(), AccountError> {
        todo!()
    }

    /// The token on which a stream without a credential stands: one that has left a ticket for every name.
    pub async fn ticket(
        &self,
        address: IpAddr,
        names: &[String],
    ) -> Result<Option<SecretText>, AccountError> {
        todo!()
    }

    /// Whether a session of Jellyfin belongs to the user of the token.
    pub async fn owns_session(
        &self,
        token: &SecretText,
        session: &str,
    ) -> Result<bool, AccountError> {
        todo!()
    }

    /// Whether a device id is the account's own: one of its tokens was issued under it and no other account's.
    pub async fn owns_device(
        &self,
        account: AccountId,
        device_id: &str,
    ) -> Result<bool, AccountError> {
        todo!()
    }
}
