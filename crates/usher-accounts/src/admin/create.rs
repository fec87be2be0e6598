//! Making accounts: a row before Jellyfin is asked, the user in Jellyfin, then all that belongs to the account.
//!
//! Invariant: `kill -9` between any two lines leaves a row by which the job finishes the account, or nothing at all.
use usher_domain::account::{Address, AddressProof, SeenUser, SetUpWay};
use usher_domain::address::EmailAddress;
use usher_domain::code::Code;
use usher_domain::id::AccountId;
use usher_domain::name::{NameKey, UserName};
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_jellyfin::{Created as Made, User};
use usher_store::{Creation, Tx};

use super::Admin;
use super::set_up::Waits;
use crate::account::seen_user;
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
    /// Jellyfin has a user of this name, or refuses the name, or somebody signs in by it as an address.
    NameRefused,
    /// An invitation needs an address.
    AddressMissing,
    /// An invitation needs mail, and no way for it is set up.
    NoMail,
    /// There is no such account, its password lives elsewhere, it is one's own, the first comer would become an
    /// administrator, or somebody is choosing its password at this moment.
    Impossible,
}

impl Accounts {
    /// Makes a user in Jellyfin, with a random password that nobody knows, and an account that waits for its set-up.
    ///
    /// # Errors
    ///
    /// After a fault of Jellyfin's it is not known whether the user is there. Within three minutes the job of
    /// [`finish_creations`](Self::finish_creations) knows; until then the name is refused.
    pub async fn create_account(
        &self,
        by: &Admin,
        new: &NewAccount,
        visitor: &Visitor,
    ) -> Result<Created, AccountError> {
        if new.way == SetUpWay::Mail {
            if new.address.is_none() {
                return Ok(Created::AddressMissing);
            }
            if !self.has_mail().await? {
                return Ok(Created::NoMail);
            }
        }
        let jellyfin = &self.inner.jellyfin;
        let users = jellyfin.users().await?;
        let key = new.name.key();
        // Known before the row is there: what the job finds by this name was made through it.
        let is_taken = users.iter().any(|user| NameKey::of(&user.name) == key);
        if is_taken || self.is_somebodys_address(&new.name).await? {
            return Ok(Created::NameRefused);
        }
        let creation = Creation {
            name: new.name.clone(),
            way: new.way,
            address: new.address.clone(),
            language: Some(new.language.clone()),
            anywhere: new.anywhere,
            by: by.actor(),
            begun: self.now(),
        };
        let tx = self.inner.store.begin().await?;
        if !tx.begin_creation(&creation).await? {
            return Ok(Created::NameRefused);
        }
        tx.commit().await?;
        let password = self.unknown_password();
        match jellyfin.create_user(new.name.as_str(), &password).await? {
            Made::Made(user) => self.settle_in(&creation, &user, visitor).await,
            Made::Refused => {
                let tx = self.inner.store.begin().await?;
                tx.end_creation(&key).await?;
                tx.commit().await?;
                Ok(Created::NameRefused)
            }
        }
    }

    /// The user is there: the account waits, and its way is made. One transaction, with the end of the creation.
    async fn settle_in(
        &self,
        creation: &Creation,
        user: &User,
        visitor: &Visitor,
    ) -> Result<Created, AccountError> {
        let id = AccountId::of_owner(user.id);
        let tx = self.inner.store.begin().await?;
        let seen = SeenUser {
            passwordless: Some(false),
            ..seen_user(user)
        };
        tx.see_user(&seen, self.now()).await?;
        self.note_creation(&tx, id, creation, visitor).await?;
        let waits = Waits {
            id,
            way: creation.way,
            anywhere: creation.anywhere,
        };
        tx.await_set_up(id, &waits.set_up(self.now())).await?;
        let created = self.make_way(&tx, &waits).await?;
        // A way that could not be made leaves the row, and the job tries again.
        if matches!(created, Created::NoMail | Created::Impossible) {
            return Ok(created);
        }
        tx.end_creation(&creation.name.key()).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(created)
    }

    /// Writes down what the administrator said of a new account, and that it waits.
    pub(super) async fn note_creation(
        &self,
        tx: &Tx,
        id: AccountId,
        creation: &Creation,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        if let Some(language) = &creation.language {
            tx.set_language(id, language).await?;
        }
        if let Some(email) = &creation.address {
            let address = Address {
                email: email.clone(),
                proof: AddressProof::Entered,
            };
            tx.set_address(id, Some(&address), self.claim()).await?;
        }
        let waits = Waits {
            id,
            way: creation.way,
            anywhere: creation.anywhere,
        };
        self.note_waiting(tx, &waits, creation.by, visitor).await
    }

    /// A random password that nobody knows, for a user that waits for its set-up.
    pub fn unknown_password(&self) -> SecretText {
        let random = OpaqueToken::generate(&*self.inner.entropy);
        SecretText::new(random.reveal())
    }
}
