//! What is done in Jellyfin beside Usher: its activity log is read with its users, and counts as if it had come through
//! Usher (design, section 3).
//!
//! Invariant: each entry counts once, whatever crashes and however many processes read: how far the log was read moves in
//! the transaction of what an entry brings about.
//! Invariant: passwords that Usher itself sets are no news. Each is written down before Jellyfin is asked, and the first
//! entry of that account that is read afterwards is taken for it; clocks play no part in that.
use std::time::Duration;

use usher_domain::account::Account;
use usher_domain::activity::Activity;
use usher_domain::id::{AccountId, UserId};
use usher_domain::mail::{Actor, Origin};
use usher_domain::secret::SecretText;
use usher_domain::time::Timestamp;
use usher_jellyfin::{JellyfinError, LogEntry, LogKind};
use usher_store::{KnownToken, Tx};

use crate::account::But;
use crate::{AccountError, Accounts};

/// An own change whose entry a later look does not find was never made: longer than any call to Jellyfin.
const LATE: Duration = Duration::from_mins(1);

impl Accounts {
    /// Reads what is new in Jellyfin's activity log. The first look of all only notes how far it goes. Users that were made
    /// or deleted, and policies, are what [`look_at_users`](Self::look_at_users) sees, which comes before.
    pub async fn look_at_log(&self) -> Result<(), AccountError> {
        let began = self.now();
        let jellyfin = &self.inner.jellyfin;
        let newest = jellyfin.newest_log_entry().await?.map(|entry| entry.id);
        let noticed = self.inner.store.newest_noticed().await?;
        let (Some(newest), Some(mut seen)) = (newest, noticed) else {
            return self.notice_all(noticed, newest.unwrap_or(0), began).await;
        };
        if newest < seen {
            // Jellyfin came back from a backup, and its log goes on from there.
            return self.notice_all(noticed, newest, began).await;
        }
        if newest > seen {
            for entry in jellyfin.log_after(seen).await? {
                if entry.kind != LogKind::Other {
                    if !self.count(seen, &entry).await? {
                        return Ok(());
                    }
                    seen = entry.id;
                }
            }
        }
        self.notice_all(Some(seen), newest.max(seen), began).await
    }

    /// Notes that Usher is about to change a password in Jellyfin. To be called before Jellyfin is asked.
    pub async fn expect_password_change(&self, account: AccountId) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        tx.add_own_change(account, self.now(), &*self.inner.entropy)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Jellyfin refused the change that was expected.
    pub async fn password_change_failed(&self, account: AccountId) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        tx.take_own_change(account).await?;
        Ok(tx.commit().await?)
    }

    /// Gives a hidden user a password that nobody knows. Jellyfin ends its tokens with that, as with any.
    pub(crate) async fn set_unknown_password(&self, user: UserId) -> Result<(), AccountError> {
        self.set_password(AccountId::of_owner(user), &self.unknown_password())
            .await
    }

    /// Sets a password in Jellyfin. Where the outcome is not known, the entry in its log will tell, if it comes soon.
    pub(crate) async fn set_password(
        &self,
        account: AccountId,
        password: &SecretText,
    ) -> Result<(), AccountError> {
        self.expect_password_change(account).await?;
        let jellyfin = &self.inner.jellyfin;
        let set = jellyfin.set_password(account.owner(), password).await;
        if let Err(JellyfinError::Status(status)) = &set
            && status.is_client_error()
        {
            self.password_change_failed(account).await?;
        }
        Ok(set?)
    }

    /// Everything up to an entry has counted, or is older than Usher.
    async fn notice_all(
        &self,
        seen: Option<i64>,
        newest: i64,
        began: Timestamp,
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        if seen != Some(newest) {
            tx.notice_up_to(seen, newest).await?;
        }
        tx.forget_own_changes(began - LATE).await?;
        Ok(tx.commit().await?)
    }

    /// Lets one entry count. `false`: another process is faster.
    async fn count(&self, seen: i64, entry: &LogEntry) -> Result<bool, AccountError> {
        let id = AccountId::of_owner(entry.user_id);
        if entry.kind == LogKind::UserPasswordChanged
            && let Some(account) = self.account(id).await?
        {
            return self.count_password(seen, entry, &account).await;
        }
        let hidden = self.inner.store.profile_of_user(entry.user_id).await?;
        let tx = self.inner.store.begin().await?;
        let is_first = tx.notice_up_to(Some(seen), entry.id).await?;
        if is_first
            && entry.kind == LogKind::UserPasswordChanged
            && let Some(hidden) = hidden
            && !tx.take_own_change(id).await?
        {
            // Nobody may know the password of a profile's user: the job that looks after profiles sets another.
            tx.note_password_known(hidden.profile.id).await?;
        }
        if is_first && entry.kind == LogKind::UserCreated {
            // A new user's password is set right after it, with an entry of its own.
            tx.add_own_change(id, self.now(), &*self.inner.entropy)
                .await?;
        }
        tx.commit().await?;
        Ok(is_first)
    }

    async fn count_password(
        &self,
        seen: i64,
        entry: &LogEntry,
        account: &Account,
    ) -> Result<bool, AccountError> {
        // The password of a new user, set before Usher saw it first: the first look may fall between its two entries.
        let is_from_before = entry.date < account.first_seen;
        let is_own = self.inner.store.has_own_change(account.id).await?;
        let tokens = self.inner.store.tokens(account.id).await?;
        let tx = self.inner.store.begin().await?;
        if !tx.notice_up_to(Some(seen), entry.id).await? {
            return Ok(false);
        }
        if is_from_before || (is_own && tx.take_own_change(account.id).await?) {
            tx.commit().await?;
            return Ok(true);
        }
        let at = entry.date.min(self.now());
        let before = tokens.iter().filter(|token| token.issued <= at);
        self.end_after_password_beside(&tx, account, before, at)
            .await?;
        tx.commit().await?;
        for token in &tokens {
            self.memory.known.forget(&token.digest);
        }
        self.wake_mailer();
        Ok(true)
    }

    /// Everything that was opened with the old password ends, and the person is told. What was opened since stays: it was
    /// opened with the new one.
    async fn end_after_password_beside(
        &self,
        tx: &Tx,
        account: &Account,
        before: impl Iterator<Item = &KnownToken>,
        at: Timestamp,
    ) -> Result<(), AccountError> {
        self.end_what_was_judged(tx, account.id, But::Nothing)
            .await?;
        tx.end_set_up(account.id).await?;
        self.close_after_password(tx, account.id).await?;
        for token in before {
            tx.end_token(&token.digest, self.now()).await?;
        }
        for session in tx.web_sessions(account.id).await? {
            if session.opened <= at {
                tx.end_web_session(account.id, session.id).await?;
            }
        }
        // It may have been emptied: the next look at the users tries that.
        tx.forget_passwordless(account.id).await?;
        let by = Actor::Jellyfin;
        self.note_beside(tx, account.id, Activity::PasswordChanged { by }, at)
            .await?;
        let origin = Origin {
            at,
            client: String::new(),
            masked_address: String::new(),
        };
        self.queue_password_notice(tx, account, by, origin).await
    }
}
