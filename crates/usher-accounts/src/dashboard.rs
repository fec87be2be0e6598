//! What people and administrators do in Jellyfin itself, through Usher: passwords set there, users made there.
//!
//! Each counts as if it had come through Usher's own pages (design, section 3).
use std::time::Duration;

use usher_domain::account::{Account, SetUpWay};
use usher_domain::activity::Activity;
use usher_domain::id::{AccountId, UserId};
use usher_domain::mail::{Actor, Mail, Origin};
use usher_domain::name::UserName;
use usher_domain::password::PasswordError;
use usher_domain::secret::{Hash, SecretText};
use usher_domain::visitor::Visitor;
use usher_store::Creation;

use crate::account::But;
use crate::admin::Admin;
use crate::{AccountError, Accounts};

/// A creation that has just begun counts as begun, whatever the clocks of two replicas say.
const AHEAD: Duration = Duration::from_hours(1);

/// How a client's sign-in page shows somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tile {
    /// Not at all: the account waits for its set-up, or is gone, or the user holds a profile.
    Hidden,
    /// With the question for a password.
    Password,
    /// Signing in at once: no password is needed here.
    Open,
}

/// A password that was set in Jellyfin, through Usher.
#[derive(Clone, Debug)]
pub struct PasswordSet<'a> {
    /// Whose.
    pub account: AccountId,
    /// Who did it.
    pub by: Actor,
    /// The administrator who did it to somebody else.
    pub actor: Option<UserId>,
    /// The token that Jellyfin leaves alive: one's own, with which one changed the own password.
    pub kept: Option<&'a Hash>,
}

impl Accounts {
    /// Whether a password that is to be set keeps the rules (R42). An unknown account has no words of its own to avoid.
    pub async fn check_password(
        &self,
        account: AccountId,
        typed: &SecretText,
    ) -> Result<Result<(), PasswordError>, AccountError> {
        Ok(match self.account(account).await? {
            Some(account) => self.acceptable(&account, typed).await.map(drop),
            None => usher_domain::password::Password::choose(typed, &[]).map(drop),
        })
    }

    /// Notes that a password was set: sessions end, open links and codes die (R14), the person is told (R45), and an
    /// account that waited for its first password has one.
    pub async fn password_was_set(
        &self,
        set: &PasswordSet<'_>,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        let Some(account) = tx.account(set.account).await? else {
            return Ok(());
        };
        let mut seen = account.seen.clone();
        seen.passwordless = Some(false);
        let but = set.kept.map_or(But::Nothing, But::Token);
        let ended = self.end_all(&tx, account.id, but).await?;
        tx.end_set_up(account.id).await?;
        self.close_after_password(&tx, account.id).await?;
        tx.see_user(&seen, self.now()).await?;
        let what = Activity::PasswordChanged { by: set.by };
        self.note(&tx, account.id, set.actor, what, visitor).await?;
        self.tell_password_changed(&tx, &account, set.by, visitor)
            .await?;
        tx.commit().await?;
        self.forget_tokens(&ended.tokens);
        self.wake_mailer();
        Ok(())
    }

    /// Queues the notice of a changed password, where there is somewhere to send it.
    pub(crate) async fn tell_password_changed(
        &self,
        tx: &usher_store::Tx,
        account: &Account,
        by: Actor,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let origin = visitor.origin(self.now());
        self.queue_password_notice(tx, account, by, origin).await
    }

    /// As [`tell_password_changed`](Self::tell_password_changed), with what is known of where it was done.
    pub(crate) async fn queue_password_notice(
        &self,
        tx: &usher_store::Tx,
        account: &Account,
        by: Actor,
        origin: Origin,
    ) -> Result<(), AccountError> {
        let mail = Mail::PasswordChanged {
            user_name: account.seen.name.clone(),
            origin,
            by,
        };
        self.tell(tx, account, &mail).await
    }

    /// Notes that a user without a password is about to be made in Jellyfin's dashboard: should anything break before
    /// [`await_set_up_from_dashboard`](Self::await_set_up_from_dashboard), the job finishes it.
    pub async fn begin_from_dashboard(
        &self,
        name: &UserName,
        by: Option<UserId>,
    ) -> Result<(), AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        tx.begin_creation(&Creation {
            name: name.clone(),
            way: SetUpWay::Code,
            address: None,
            language: None,
            anywhere: false,
            by,
            begun: now,
        })
        .await?;
        Ok(tx.commit().await?)
    }

    /// A user was made in Jellyfin's dashboard: where it was without a password, its account waits for its set-up.
    pub async fn finish_from_dashboard(
        &self,
        name: &UserName,
        id: UserId,
        by: Option<UserId>,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        self.user_was_changed(id).await?;
        let open = self.inner.store.creations(self.now() + AHEAD).await?;
        if open
            .iter()
            .any(|creation| creation.name.key() == name.key())
        {
            let by = Admin::in_dashboard(by);
            self.await_set_up_from_dashboard(AccountId::of_owner(id), &by, visitor)
                .await?;
        }
        self.end_from_dashboard(name).await
    }

    /// How a client's sign-in page shows an account to this visitor.
    pub async fn tile(&self, id: AccountId, visitor: &Visitor) -> Result<Tile, AccountError> {
        let Some(account) = self.account(id).await? else {
            let is_profile = self.profile_of_user(id.owner()).await?.is_some();
            return Ok(if is_profile {
                Tile::Hidden
            } else {
                Tile::Password
            });
        };
        Ok(if account.is_kept_out() {
            Tile::Hidden
        } else if self.is_let_in_without(&account, visitor) {
            Tile::Open
        } else {
            Tile::Password
        })
    }

    /// The present name of a user, asked of Jellyfin.
    pub async fn name_of(&self, user: UserId) -> Result<Option<String>, AccountError> {
        let found = self.inner.jellyfin.user(user).await?;
        Ok(found.map(|user| user.name))
    }

    /// Forgets that a user was to be made.
    pub async fn end_from_dashboard(&self, name: &UserName) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        tx.end_creation(&name.key()).await?;
        Ok(tx.commit().await?)
    }

    /// A user's record or policy was written through Usher: what is known of it is read anew.
    pub async fn user_was_changed(&self, id: UserId) -> Result<(), AccountError> {
        if self.profile_of_user(id).await?.is_some() {
            return self.profile_user_was_changed(id).await;
        }
        match self.inner.jellyfin.user(id).await? {
            Some(user) => {
                self.keep_from_lockout(&user).await?;
                let tx = self.inner.store.begin().await?;
                self.see(&tx, &user).await?;
                tx.commit().await?;
                self.owner_was_changed(AccountId::of_owner(id)).await
            }
            None => self.look_at_users().await,
        }
    }

    /// Whether a text is Usher's own API key: it is neither shown nor deleted through Usher (R59).
    pub fn is_own_key(&self, text: &str) -> bool {
        self.inner.jellyfin.is_own_key(text)
    }
}
