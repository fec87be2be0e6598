//! Changing accounts: address, recovery, sessions, on and off.
use usher_domain::account::Account;
use usher_domain::address::EmailAddress;
use usher_domain::id::AccountId;
use usher_domain::secret::OpaqueToken;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::{AccountSearch, ActivityLine};

use super::Admin;
use crate::me::SignedInPlace;
use crate::{AccountError, Accounts};

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edited {
    /// Done.
    Done,
    /// There is no such account.
    NoAccount,
    /// The address belongs to another account.
    AddressTaken,
    /// The address is somebody's user name.
    AddressIsAName,
    /// The last administrator cannot be switched off (R70).
    LastAdministrator,
}

/// What became of a reset mail that an administrator sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailedReset {
    /// On its way.
    Sent,
    /// There is no such account.
    NoAccount,
    /// There is no proven address.
    NoAddress,
    /// The password lives elsewhere, or the account waits for its set-up.
    Impossible,
    /// No way for mail is set up.
    NoMail,
}

/// One account with all that its page in the console shows.
#[derive(Clone, Debug)]
pub struct AccountPage {
    /// The account.
    pub account: Account,
    /// Where it is signed in.
    pub places: Vec<SignedInPlace>,
    /// The newest activity, newest first.
    pub activity: Vec<ActivityLine>,
}

impl Accounts {
    /// Accounts by search.
    pub async fn search_accounts(
        &self,
        by: &Admin,
        search: &AccountSearch,
    ) -> Result<Vec<Account>, AccountError> {
        todo!()
    }

    /// One account for the console.
    pub async fn account_page(
        &self,
        by: &Admin,
        id: AccountId,
    ) -> Result<Option<AccountPage>, AccountError> {
        todo!()
    }

    /// Writes an address down; `vouched`: as if it were proven. The old proven address gets a notice with an undo link.
    pub async fn enter_address(
        &self,
        by: &Admin,
        id: AccountId,
        address: Option<&EmailAddress>,
        vouched: bool,
        visitor: &Visitor,
    ) -> Result<Edited, AccountError> {
        todo!()
    }

    /// Switches recovery by mail off or on for one account.
    pub async fn set_recovery_off(
        &self,
        by: &Admin,
        id: AccountId,
        off: bool,
        visitor: &Visitor,
    ) -> Result<Edited, AccountError> {
        todo!()
    }

    /// Switches an account off or on in Jellyfin. Off ends every session.
    pub async fn set_disabled(
        &self,
        by: &Admin,
        id: AccountId,
        off: bool,
        visitor: &Visitor,
    ) -> Result<Edited, AccountError> {
        todo!()
    }

    /// Ends every session of an account.
    pub async fn end_all_places(
        &self,
        by: &Admin,
        id: AccountId,
        visitor: &Visitor,
    ) -> Result<Edited, AccountError> {
        todo!()
    }

    /// Sends a reset link to the proven address.
    pub async fn send_reset(
        &self,
        by: &Admin,
        id: AccountId,
        visitor: &Visitor,
    ) -> Result<MailedReset, AccountError> {
        todo!()
    }

    /// A reset link to hand over, for a command on the server. `None`: not possible for this account.
    pub async fn reset_link(
        &self,
        by: &Admin,
        id: AccountId,
        visitor: &Visitor,
    ) -> Result<Option<(OpaqueToken, Timestamp)>, AccountError> {
        todo!()
    }
}
