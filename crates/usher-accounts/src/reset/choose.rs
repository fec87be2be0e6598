//! The new password, chosen with a proof: by code or link, it is the same from here on.
use std::time::Duration;

use usher_domain::account::{Account, Epoch, SeenUser};
use usher_domain::activity::Activity;
use usher_domain::code::Purpose;
use usher_domain::id::{AccountId, ChallengeId};
use usher_domain::mail::Actor;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::visitor::Visitor;
use usher_store::{Challenge, Tx};

use super::{NewPassword, ResetView};
use crate::account::But;
use crate::{AccountError, Accounts};

/// How long one request may take to set a password in Jellyfin before another may try (R15).
const LEASE: Duration = Duration::from_mins(1);

impl Accounts {
    /// Looks at a reset link, or at the proof that a code gave; changes nothing (R13).
    pub async fn look_at_reset(
        &self,
        proof: &OpaqueToken,
    ) -> Result<Option<ResetView>, AccountError> {
        let Some((_, account)) = self.proven_reset(proof).await? else {
            return Ok(None);
        };
        Ok(Some(ResetView {
            asks: self.reset_asks(proof, &account).await?,
            name: account.seen.name,
        }))
    }

    /// Chooses the new password with a proof. Ends every session, token, code and link of the account (R14, R47).
    ///
    /// Setting it in Jellyfin is done under a lease and can be repeated: after an outage, or a crash at any line, the
    /// proof is still good, and the person chooses again. Everything ends before Jellyfin is asked, too: should it fail
    /// then, people are signed out and the old password still counts, but nothing is half done.
    pub async fn choose_new_password(
        &self,
        proof: &OpaqueToken,
        password: &SecretText,
        visitor: &Visitor,
    ) -> Result<NewPassword, AccountError> {
        let Some((challenge, account)) = self.proven_reset(proof).await? else {
            return Ok(NewPassword::Dead);
        };
        if self.reset_asks(proof, &account).await?.is_some() {
            return Ok(NewPassword::FactorFirst);
        }
        let Some(user) = self.inner.jellyfin.user(account.id.owner()).await? else {
            return Ok(NewPassword::Dead);
        };
        if user.policy.is_disabled {
            return Ok(NewPassword::Dead);
        }
        if user.policy.lives_elsewhere() {
            return Ok(NewPassword::Elsewhere(self.told_elsewhere().await?));
        }
        let password = match self.acceptable(&account, password).await {
            Ok(password) => password,
            Err(rule) => return Ok(NewPassword::Refused(rule)),
        };
        if let Some(not_now) = self.lease_reset(challenge.id, account.id).await? {
            return Ok(not_now);
        }
        let set = self.set_password(account.id, password.secret()).await;
        if let Err(fault) = set {
            self.release_reset(challenge.id).await;
            return Err(fault);
        }
        let tx = self.inner.store.begin().await?;
        // Should it be dead by now, the password is set all the same, and everything else must follow.
        tx.consume_challenge(challenge.id, self.now()).await?;
        self.end_all_after_password(tx, &account, visitor).await?;
        Ok(NewPassword::Set)
    }

    /// The password of an account was set by its person: everything that was opened with the old one ends, the person
    /// is told, and the transaction is committed. Answers the epoch in which the person may sign in anew.
    pub(crate) async fn end_all_after_password(
        &self,
        tx: Tx,
        account: &Account,
        visitor: &Visitor,
    ) -> Result<Epoch, AccountError> {
        let id = account.id;
        let ended = self.end_all(&tx, id, But::Nothing).await?;
        self.close_after_password(&tx, id).await?;
        if account.seen.passwordless == Some(true) {
            let seen = SeenUser {
                passwordless: Some(false),
                ..account.seen.clone()
            };
            tx.see_user(&seen, self.now()).await?;
        }
        let by = Actor::Person;
        let what = Activity::PasswordChanged { by };
        self.note(&tx, id, None, what, visitor).await?;
        self.tell_password_changed(&tx, account, by, visitor)
            .await?;
        tx.commit().await?;
        self.forget_tokens(&ended.tokens);
        self.wake_mailer();
        Ok(ended.epoch)
    }

    /// What a proof is good for now.
    pub(crate) async fn proven_reset(
        &self,
        proof: &OpaqueToken,
    ) -> Result<Option<(Challenge, Account)>, AccountError> {
        let Some(challenge) = self.look_at_link(proof, Purpose::Reset).await? else {
            return Ok(None);
        };
        let account = match challenge.account {
            Some(id) => self.account(id).await?,
            None => None,
        };
        let account = account.filter(|account| !account.is_kept_out() && !account.seen.disabled);
        Ok(account.map(|account| (challenge, account)))
    }

    /// Takes the proof for a minute, and ends what was opened with the old password. `Some`: why not.
    async fn lease_reset(
        &self,
        id: ChallengeId,
        account: AccountId,
    ) -> Result<Option<NewPassword>, AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        if tx.lease_challenge(id, now, now + LEASE).await? {
            let ended = self.end_all(&tx, account, But::FactorOfReset).await?;
            tx.commit().await?;
            self.forget_tokens(&ended.tokens);
            return Ok(None);
        }
        let lives = tx.challenge_lives(id, now).await?;
        Ok(Some(if lives {
            NewPassword::Busy
        } else {
            NewPassword::Dead
        }))
    }

    /// Jellyfin did not take the password: it can be chosen again at once, or in a minute if this fails, too.
    async fn release_reset(&self, id: ChallengeId) {
        let released = async {
            let tx = self.inner.store.begin().await?;
            tx.release_challenge(id).await?;
            tx.commit().await
        };
        if let Err(error) = released.await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "A reset could not be let go; it can be repeated in a minute"
            );
        }
    }
}
