//! Tokens that ended here end in Jellyfin, too: at once where it can be reached, and else by the job, until it is done.
//!
//! Invariant: whatever ends tokens ends them here first; that Jellyfin must be told stands in the same transaction, and is
//! crossed out once Jellyfin has said so. The gate refuses them from the first moment.
use std::time::Duration;

use http::StatusCode;
use usher_domain::activity::Activity;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::visitor::Visitor;
use usher_jellyfin::JellyfinError;
use usher_store::KnownToken;

use crate::{AccountError, Accounts};

/// How long one process is at a token alone, and after which it is tried again. A call to Jellyfin ends after ten seconds.
const LEASE: Duration = Duration::from_mins(1);

/// After which a token is tried again that Jellyfin does not let be signed out at this hour.
const LATER: Duration = Duration::from_mins(15);

/// Tokens that are signed out in one go of the job.
const AT_ONCE: u64 = 200;

impl Accounts {
    /// A client signs out: its token ends here, and with it the session at Usher that was opened together with it, before
    /// Jellyfin hears of it. Whatever becomes of that word, nobody goes on by them; where it is lost, the job says it a minute
    /// later.
    pub async fn token_signs_out(&self, token: &SecretText) -> Result<(), AccountError> {
        let (digest, now) = (token.hash(), self.now());
        let tx = self.inner.store.begin().await?;
        for ended in tx.end_token_first(&digest, now).await? {
            tx.lease_sign_out(ended.id, now, now + LEASE).await?;
        }
        tx.end_web_sessions_of_token(&digest).await?;
        tx.commit().await?;
        self.memory.known.forget(&digest);
        Ok(())
    }

    /// A browser that was signed in has signed in anew, by another cookie: nobody holds its former session any more, which ends, and
    /// the token that was handed over together with it. Where the former cookie is no session's by now, nothing ends.
    pub async fn end_former_session(
        &self,
        former: &OpaqueToken,
        new: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let store = &self.inner.store;
        let Some(session) = store.web_session(&former.hash()).await? else {
            return Ok(());
        };
        let new = store.web_session(&new.hash()).await?;
        let tx = self.inner.store.begin().await?;
        // Before its session, as everywhere: two that wait for each other would cost one of them.
        let ended = match &session.token {
            Some(token) => tx.end_token_first(token, self.now()).await?,
            None => Vec::new(),
        };
        if !tx.end_web_session_of_cookie(&former.hash()).await? {
            // Another window of the browser took a seat meanwhile: what it holds stands under another cookie.
            return Ok(());
        }
        // Whoever comes back reads that they signed in.
        if new.is_none_or(|new| new.account != session.account) {
            let what = Activity::SignedOut;
            self.note(&tx, session.account, None, what, visitor).await?;
        }
        tx.commit().await?;
        self.forget_tokens(&ended);
        self.sign_out_after_all(&ended).await;
        Ok(())
    }

    /// Jellyfin heard that a client signs out, or knew its token no more.
    pub async fn token_signed_out(&self, token: &SecretText) -> Result<(), AccountError> {
        match self.inner.store.token(&token.hash()).await? {
            Some(known) => self.cross_out(&known).await,
            None => Ok(()),
        }
    }

    /// Signs out in Jellyfin what has just ended here. Where it cannot be reached, the job does it later.
    pub(crate) async fn sign_out_after_all(&self, ended: &[KnownToken]) {
        if let Err(error) = self.sign_out_each(ended).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "Tokens that are ended here will be signed out in Jellyfin later"
            );
        }
    }

    /// Signs out in Jellyfin what ended here and could not be signed out yet.
    pub async fn sign_out_what_ended(&self) -> Result<(), AccountError> {
        let store = &self.inner.store;
        let ended = store.tokens_to_sign_out(self.now(), AT_ONCE).await?;
        self.sign_out_each(&ended).await
    }

    /// One after the other, until Jellyfin cannot be reached.
    async fn sign_out_each(&self, ended: &[KnownToken]) -> Result<(), AccountError> {
        for token in ended {
            match self.sign_out_ended(token).await {
                Ok(()) => {}
                // Outside its hours Jellyfin lets a user do nothing, signing out neither: one of the next tries is inside them.
                Err(AccountError::Jellyfin(JellyfinError::Status(StatusCode::FORBIDDEN))) => {
                    tracing::debug!(token = %token.id, "Jellyfin does not let a token be signed out at this hour");
                    let tx = self.inner.store.begin().await?;
                    tx.put_off_sign_out(token.id, self.now() + LATER).await?;
                    tx.commit().await?;
                }
                // No later try could read it, and the next ones are not to wait for it.
                Err(error @ (AccountError::Sealed(_) | AccountError::Unreadable { .. })) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        token = %token.id,
                        "A token that is ended here cannot be read, and so not be signed out in Jellyfin"
                    );
                    self.cross_out(token).await?;
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    async fn sign_out_ended(&self, token: &KnownToken) -> Result<(), AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        if !tx.lease_sign_out(token.id, now, now + LEASE).await? {
            return Ok(());
        }
        tx.commit().await?;
        let value = self.open_token(token)?;
        self.inner.jellyfin.sign_out(&value).await?;
        self.cross_out(token).await
    }

    async fn cross_out(&self, token: &KnownToken) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        tx.note_signed_out(token.id).await?;
        Ok(tx.commit().await?)
    }
}
