//! Ending everything that lets somebody in to an account (R47), and whether a sign-in still counts.
//!
//! Invariant: whoever ends everything begins a new epoch in the same transaction, before anything else in it. Whoever lets
//! somebody in (the row of a token, a session, an attempt that goes on) compares the epoch in the same transaction with the
//! one that was read before Jellyfin was asked. Both lock the account's row: either the end finds what was let in, or the
//! registration finds the new epoch. An attempt carries its epoch from page to page.
//! Invariant: where a password is to be set, everything is ended and committed before Jellyfin is asked, and again
//! afterwards: a crash or an outage in between leaves people signed out, and nobody signed in by the old password.
use usher_domain::account::{Account, Epoch};
use usher_domain::code::Purpose;
use usher_domain::id::{AccountId, UserId};
use usher_domain::secret::Hash;
use usher_store::{CeremonyKind, KnownToken, Tx, WebSession};

use crate::{AccountError, Accounts};

/// What an end leaves alone.
#[derive(Clone, Copy)]
pub(crate) enum But<'a> {
    /// Nothing.
    Nothing,
    /// The browser in which it was asked for: its session, and the token that it holds.
    Browser(&'a WebSession),
    /// Sign-ins on their way: one of them sets the first password.
    Attempts,
    /// The factor that was shown for a reset on its way: should Jellyfin be away now, it is not asked for again (R7).
    FactorOfReset,
    /// The token with which one's own password was changed in Jellyfin, which leaves it alive, and the browser that holds it.
    Token(&'a Hash),
}

/// What has ended.
pub(crate) struct Ended {
    /// Tokens, so that memory and Jellyfin can be told.
    pub(crate) tokens: Vec<KnownToken>,
    /// The epoch that begins: what is proven from now on counts in it.
    pub(crate) epoch: Epoch,
}

impl Accounts {
    /// Ends everything that lets somebody in as this account: sessions, tokens, sign-ins on their way, codes of screens that
    /// were approved but not redeemed, trust in browsers, and passwords of programs. Second factors stay. Can be repeated.
    pub(crate) async fn end_all(
        &self,
        tx: &Tx,
        id: AccountId,
        but: But<'_>,
    ) -> Result<Ended, AccountError> {
        let epoch = self.end_what_was_judged(tx, id, but).await?;
        let (session, token) = match but {
            But::Browser(session) => (Some(session.id), session.token.as_ref()),
            But::Token(token) => {
                let sessions = tx.web_sessions(id).await?.into_iter();
                let mut holding = sessions.filter(|one| one.token.as_ref() == Some(token));
                (holding.next().map(|one| one.id), Some(token))
            }
            But::Nothing | But::Attempts | But::FactorOfReset => (None, None),
        };
        // Tokens before the sessions that hold them, as everywhere: two that wait for each other would cost one of them.
        let tokens = tx.end_tokens(id, token, self.now()).await?;
        tx.end_web_sessions(id, session).await?;
        Ok(Ended { tokens, epoch })
    }

    /// The part of [`end_all`](Self::end_all) that is neither a session nor a token: what was judged, and lets nobody in yet.
    /// Comes before anything else in its transaction. Answers the epoch that begins.
    pub(crate) async fn end_what_was_judged(
        &self,
        tx: &Tx,
        id: AccountId,
        but: But<'_>,
    ) -> Result<Epoch, AccountError> {
        let epoch = tx.begin_epoch(id).await?;
        if !matches!(but, But::Attempts) {
            tx.end_attempts_of(id).await?;
        }
        let kept = matches!(but, But::FactorOfReset).then_some(CeremonyKind::ResetFactor);
        self.end_what_skips_factors(tx, id, kept).await?;
        tx.end_approved(id, self.now()).await?;
        Ok(epoch)
    }

    /// There is a new password, whoever set it: what was on its way for want of one is over. Links and codes die (R14),
    /// requests are done, and wrong tries with the former one stand in nobody's way.
    pub(crate) async fn close_after_password(
        &self,
        tx: &Tx,
        id: AccountId,
    ) -> Result<(), AccountError> {
        let now = self.now();
        for purpose in [Purpose::Reset, Purpose::ConfirmAddress, Purpose::SetUp] {
            tx.kill_challenges(id, purpose, now).await?;
        }
        tx.close_requests_of(id, now).await?;
        self.forgive_name(tx, id).await
    }

    /// Ends what signs in without a second factor, or is about to: trust in browsers, passwords of programs, sign-ins of apps
    /// that wait to be approved, and what was begun to enroll or show one, but for one kind if it is named.
    pub(crate) async fn end_what_skips_factors(
        &self,
        tx: &Tx,
        id: AccountId,
        kept: Option<CeremonyKind>,
    ) -> Result<(), AccountError> {
        tx.end_trusted_browsers(id).await?;
        tx.end_ceremonies_of(id, kept).await?;
        tx.end_presses_of(id, self.now()).await?;
        tx.end_app_passwords(id).await?;
        Ok(())
    }

    /// Ends everything in a transaction of its own: what must have happened before a password is set in Jellyfin.
    pub(crate) async fn end_all_before_password(
        &self,
        id: AccountId,
        but: But<'_>,
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        let ended = self.end_all(&tx, id, but).await?;
        tx.commit().await?;
        self.forget_tokens(&ended.tokens);
        Ok(())
    }

    /// Jellyfin says that a user is switched off: as if it had been done here (R14, R47). Jellyfin itself has revoked the
    /// tokens.
    pub(super) async fn end_switched_off(
        &self,
        tx: &Tx,
        id: AccountId,
    ) -> Result<(), AccountError> {
        let ended = self.end_all(tx, id, But::Nothing).await?;
        for purpose in [Purpose::Reset, Purpose::ConfirmAddress] {
            tx.kill_challenges(id, purpose, self.now()).await?;
        }
        self.forget_tokens(&ended.tokens);
        Ok(())
    }

    /// This process asks again about tokens that have ended; every other one does within five seconds.
    pub(crate) fn forget_tokens(&self, ended: &[KnownToken]) {
        for token in ended {
            self.memory.known.forget(&token.digest);
        }
    }

    /// Whether a sign-in that began in this epoch may go on to its next step; also of an account that waits for its first
    /// password. Locks the account's row.
    pub(crate) async fn goes_on(
        &self,
        tx: &Tx,
        id: AccountId,
        epoch: Epoch,
    ) -> Result<bool, AccountError> {
        let account = tx.account(id).await?;
        Ok(account.is_none_or(|account| account.epoch == epoch))
    }

    /// Whether what was proven in this epoch may still let somebody in: nothing was ended since, and the account is not kept
    /// out or switched off. Locks the account's row, so that it stays so until the transaction ends.
    pub(crate) async fn still_counts(
        &self,
        tx: &Tx,
        id: AccountId,
        epoch: Epoch,
    ) -> Result<bool, AccountError> {
        let Some(account) = tx.account(id).await? else {
            return Ok(epoch == Epoch::FIRST);
        };
        Ok(account.epoch == epoch && !account.is_kept_out() && !account.seen.disabled)
    }
}

/// The epoch of the user whom Jellyfin named, as it was read before Jellyfin was asked. An account that was not known by
/// then counts as never ended: should it turn out to be an old one under a new name, the sign-in is refused, and the next
/// try finds it by that name.
pub(crate) fn epoch_before(known: Option<&Account>, user: UserId) -> Epoch {
    known
        .filter(|account| account.id.owner() == user)
        .map_or(Epoch::FIRST, |account| account.epoch)
}
