//! What a crash left of accounts that were being made: finished, or forgotten where Jellyfin has no such user.
//!
//! Until the way is made the account waits by a code that nobody has: it can be claimed by nobody, so that a repeat
//! replaces no password that somebody chose.
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use usher_domain::account::{SeenUser, SetUpWay};
use usher_domain::id::AccountId;
use usher_domain::name::NameKey;
use usher_domain::visitor::Visitor;
use usher_jellyfin::User;
use usher_store::Creation;

use super::set_up::{LEASE, Waits};
use crate::account::seen_user;
use crate::{AccountError, Accounts};

/// A creation that is older than this has been left by whoever began it: a call to Jellyfin ends after ten seconds.
const LEFT: Duration = Duration::from_mins(2);

impl Accounts {
    /// Finishes or forgets what a crash left half done. One that fails does not stop the others; the first fault is
    /// answered.
    pub async fn finish_creations(&self) -> Result<(), AccountError> {
        let left = self.inner.store.creations(self.now() - LEFT).await?;
        if left.is_empty() {
            return Ok(());
        }
        let users = self.inner.jellyfin.users().await?;
        let mut done = Ok(());
        for creation in &left {
            let key = creation.name.key();
            let made = users.iter().find(|user| NameKey::of(&user.name) == key);
            done = done.and(self.finish_creation(creation, made).await);
        }
        done
    }

    async fn finish_creation(
        &self,
        creation: &Creation,
        made: Option<&User>,
    ) -> Result<(), AccountError> {
        let ours = match made {
            Some(user) if self.is_of(creation, user).await? => Some(user),
            Some(_) | None => None,
        };
        let Some(user) = ours else {
            let tx = self.inner.store.begin().await?;
            tx.end_creation(&creation.name.key()).await?;
            return Ok(tx.commit().await?);
        };
        let id = AccountId::of_owner(user.id);
        if self.hold(creation, user).await? {
            self.replace_password(id).await?;
            self.open_left_way(creation, id).await?;
        }
        Ok(())
    }

    /// Whether the user was made by this creation: nobody knew it before, and nobody has signed in as it.
    async fn is_of(&self, creation: &Creation, user: &User) -> Result<bool, AccountError> {
        let known = self.account(AccountId::of_owner(user.id)).await?;
        Ok(known.is_none_or(|account| {
            account.first_seen >= creation.begun
                && account.signed_in.is_none()
                && account.gone.is_none()
        }))
    }

    /// The account waits, and its set-up is held. `false`: another process is at it.
    async fn hold(&self, creation: &Creation, user: &User) -> Result<bool, AccountError> {
        let (id, now) = (AccountId::of_owner(user.id), self.now());
        let waits = Waits {
            id,
            way: SetUpWay::Code,
            anywhere: false,
        };
        let tx = self.inner.store.begin().await?;
        let seen = SeenUser {
            passwordless: Some(false),
            ..seen_user(user)
        };
        tx.see_user(&seen, now).await?;
        let before = tx.account(id).await?;
        let waited = before.is_some_and(|account| account.set_up.is_some());
        tx.await_set_up(id, &waits.set_up(now)).await?;
        if !tx.lease_set_up(id, now, now + LEASE).await? {
            return Ok(false);
        }
        if !waited {
            self.note_creation(&tx, id, creation, &job()).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// An invitation is mailed. A code that nobody would see is not made: the console makes one.
    async fn open_left_way(&self, creation: &Creation, id: AccountId) -> Result<(), AccountError> {
        let waits = Waits {
            id,
            way: creation.way,
            anywhere: creation.anywhere,
        };
        let tx = self.inner.store.begin().await?;
        tx.release_set_up(id).await?;
        tx.await_set_up(id, &waits.set_up(self.now())).await?;
        if creation.way == SetUpWay::Mail {
            self.make_way(&tx, &waits).await?;
        }
        tx.end_creation(&creation.name.key()).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(())
    }
}

/// Who does it, for the activity log.
fn job() -> Visitor {
    Visitor::new(IpAddr::V4(Ipv4Addr::LOCALHOST), true, "Usher")
}
