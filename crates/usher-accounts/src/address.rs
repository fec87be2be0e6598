//! E-mail addresses: given and proven at sign-in, changed and undone later.
//!
//! Whether an address belongs to another account is told only to whoever reads mail sent to it (R27): a code is sent in
//! any case, and the right code then says that the address is taken.
use std::time::Duration;

use usher_domain::secret::OpaqueToken;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::WebSession;

use crate::sign_in::Moved;
use crate::{AccountError, Accounts};

/// What became of an address that was given.
#[derive(Debug)]
pub enum AddressGiven {
    /// A code is on its way.
    Sent,
    /// The text is no address.
    NotAnAddress,
    /// The text is somebody's user name, which names come before (design, section 4); it cannot be used.
    Unusable,
    /// Mails were sent lately; another can be sent after this time.
    Wait(Duration),
    /// The attempt, or the flow, is over.
    Gone,
}

/// What became of a typed code.
#[derive(Debug)]
pub enum AddressCode {
    /// The address is proven.
    Proven(Moved),
    /// Not the code; so many tries are left.
    Wrong {
        /// Tries left on this code.
        tries_left: i64,
    },
    /// The text cannot be a code; nothing was counted.
    NotACode,
    /// The code ran out, or its tries are used up: another can be sent.
    Dead,
    /// The code was right, but the address belongs to another account: choose another.
    Taken,
    /// The attempt is over.
    Gone,
}

/// What became of a typed code in a change of address.
#[derive(Debug)]
pub enum AddressChange {
    /// Changed; the old address was told.
    Changed,
    /// Not the code; so many tries are left.
    Wrong {
        /// Tries left on this code.
        tries_left: i64,
    },
    /// The text cannot be a code; nothing was counted.
    NotACode,
    /// The code ran out, or its tries are used up: another can be sent.
    Dead,
    /// The code was right, but the address belongs to another account.
    Taken,
}

/// What an undo link would do, for its page.
#[derive(Clone, Debug)]
pub struct UndoView {
    /// Whose.
    pub name: String,
    /// The old address that comes back, masked.
    pub address: String,
    /// Until when.
    pub until: Timestamp,
}

impl Accounts {
    /// Gives an address in the attempt of a cookie, or another one after a mistake; sends a code.
    pub async fn give_address(
        &self,
        cookie: &OpaqueToken,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<AddressGiven, AccountError> {
        todo!()
    }

    /// Sends another code to the address of the attempt.
    pub async fn resend_address_code(
        &self,
        cookie: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<AddressGiven, AccountError> {
        todo!()
    }

    /// The address was mistyped: back to the page that asks for it.
    pub async fn mistake_address(&self, cookie: &OpaqueToken) -> Result<Moved, AccountError> {
        todo!()
    }

    /// Gives no address now, where it may be skipped.
    pub async fn skip_address(
        &self,
        cookie: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<Moved, AccountError> {
        todo!()
    }

    /// Types the code of the mail.
    pub async fn prove_address(
        &self,
        cookie: &OpaqueToken,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<AddressCode, AccountError> {
        todo!()
    }

    /// Asks for a change of one's own address (after a step-up); sends a code to the new one. The flow is the session's.
    pub async fn ask_address_change(
        &self,
        session: &WebSession,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<AddressGiven, AccountError> {
        todo!()
    }

    /// The new address that waits for its code, as typed. `None`: no change is on its way.
    pub async fn address_change(&self, session: &WebSession) -> Result<Option<String>, AccountError> {
        todo!()
    }

    /// Types the code of the change. The old address gets a notice with an undo link that is good for 7 days.
    pub async fn change_address(
        &self,
        session: &WebSession,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<AddressChange, AccountError> {
        todo!()
    }

    /// Removes one's own address, where the policy does not require one. `false`: it does.
    pub async fn remove_address(
        &self,
        session: &WebSession,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        todo!()
    }

    /// Looks at an undo link; changes nothing (R13).
    pub async fn look_at_undo(&self, link: &OpaqueToken) -> Result<Option<UndoView>, AccountError> {
        todo!()
    }

    /// Takes a change of address back. `false`: the link is used or too old.
    pub async fn undo_address(
        &self,
        link: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        todo!()
    }

    /// "This was not me" (R10): ends the flow that a code was made for. `false`: there is nothing to end any more.
    pub async fn revoke(&self, link: &OpaqueToken, visitor: &Visitor) -> Result<bool, AccountError> {
        todo!()
    }
}
