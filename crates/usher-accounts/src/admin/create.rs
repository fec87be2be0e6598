//! Making accounts, and making them wait for their first password (again).
use usher_domain::account::SetUpWay;
use usher_domain::address::EmailAddress;
use usher_domain::code::Code;
use usher_domain::id::AccountId;
use usher_domain::name::UserName;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;

use super::Admin;
use crate::{AccountError, Accounts};

/// A new account, or a new way to the first password of one.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The user name.
    pub name: UserName,
    /// How the person gets in.
    pub way: SetUpWay,
    /// Where the invitation goes; needed for [`SetUpWay::Mail`].
    pub address: Option<EmailAddress>,
    /// Open from any network, not only from private ones ([`SetUpWay::Open`]).
    pub anywhere: bool,
    /// Code of the language that the invitation is written in.
    pub language: String,
}

/// What became of it.
#[derive(Debug)]
pub enum Created {
    /// The code to hand over: shown once.
    Code {
        /// The account.
        id: AccountId,
        /// Eight characters.
        code: Code,
        /// Until when it is good.
        until: Timestamp,
    },
    /// An invitation is on its way.
    Invited {
        /// The account.
        id: AccountId,
        /// Until when its link is good.
        until: Timestamp,
    },
    /// The first comer chooses the password.
    Open {
        /// The account.
        id: AccountId,
        /// Until when.
        until: Timestamp,
    },
    /// Jellyfin has a user of this name, or refuses the name.
    NameRefused,
    /// An invitation needs an address.
    AddressMissing,
    /// An invitation needs mail, and no way for it is set up.
    NoMail,
    /// There is no such account, or its password lives elsewhere.
    Impossible,
}

impl Accounts {
    /// Makes a user in Jellyfin, with a random password that nobody knows, and an account that waits for its set-up.
    pub async fn create_account(
        &self,
        by: &Admin,
        new: &NewAccount,
        visitor: &Visitor,
    ) -> Result<Created, AccountError> {
        todo!()
    }

    /// Makes an account wait for its first password: again, by another way, or for a user that stands open in Jellyfin.
    /// Where a password was set, it is replaced by a random one, which ends every session.
    pub async fn await_set_up(
        &self,
        by: &Admin,
        id: AccountId,
        way: SetUpWay,
        anywhere: bool,
        visitor: &Visitor,
    ) -> Result<Created, AccountError> {
        todo!()
    }

    /// A user was made through Usher in Jellyfin's own dashboard with an empty password (which Usher replaced): the
    /// account waits for its set-up. Also after "reset password" there.
    pub async fn await_set_up_from_dashboard(
        &self,
        id: AccountId,
        by: &Admin,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        todo!()
    }

    /// Finishes or forgets what a crash left half done.
    pub async fn finish_creations(&self) -> Result<(), AccountError> {
        todo!()
    }

    /// A random password that nobody knows, for a user that waits for its set-up.
    pub fn unknown_password(&self) -> usher_domain::secret::SecretText {
        todo!()
    }
}
