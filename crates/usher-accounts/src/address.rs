//! E-mail addresses: given and proven at sign-in, changed and undone later.
//!
//! Whether an address belongs to another account is told only to whoever reads mail sent to it (R27): a code is sent in
//! any case, and the right code then says that the address is taken.
mod attempt;
mod change;
mod code;
mod notice;
mod revoke;
mod undo;

pub(crate) use code::link_to;
pub(crate) use notice::AddressMoved;
pub(crate) use revoke::{revoke_target, shared_revoke_target};

use std::time::Duration;

use usher_domain::time::Timestamp;

use crate::sign_in::Moved;

/// What became of one's own address that was to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressRemoval {
    /// It is not there, and codes by mail are no second factor.
    Done,
    /// The policy requires an address.
    Required,
    /// A second factor is demanded of the account, and codes to this address are the only one.
    FactorDemanded,
}

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
    /// The present one, masked; `None` where the account has none.
    pub instead_of: Option<String>,
    /// Until when.
    pub until: Timestamp,
}
