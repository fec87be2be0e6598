//! The first password: chosen by the person, set once, whatever happens in between.
use std::time::Duration;

use usher_domain::account::{Account, Address, AddressProof};
use usher_domain::activity::Activity;
use usher_domain::id::ChallengeId;
use usher_domain::mail::Mail;
use usher_domain::password::{Password, PasswordError};
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::sign_in::{AddressOwed, Answer, Step};
use usher_domain::visitor::Visitor;
use usher_store::{StoredAttempt, Tx};

use crate::account::But;
use crate::sign_in::{Advance, Moved};
use crate::{AccountError, Accounts};

/// What became of a chosen first password.
#[derive(Debug)]
pub enum FirstPassword {
    /// It is set.
    Set(Moved),
    /// It breaks a rule; another can be chosen.
    Refused(PasswordError),
    /// Somebody else has claimed the account, or an administrator has taken the invitation back.
    Taken,
    /// The same is just being done in another window; try again in a moment.
    Busy,
    /// The attempt is over.
    Gone,
}

/// How long one request may take to set a password in Jellyfin before another may try (R15).
const LEASE: Duration = Duration::from_mins(1);

impl Accounts {
    /// Chooses the first password in the attempt of a cookie. The step that counts, setting it in Jellyfin, is done under
    /// a lease and can be repeated: after a crash the account still waits, and the person chooses again. Whatever let
    /// somebody in before has ended by then, so that an outage leaves nobody signed in and nothing half done.
    pub async fn choose_first_password(
        &self,
        cookie: &OpaqueToken,
        password: &SecretText,
        visitor: &Visitor,
    ) -> Result<FirstPassword, AccountError> {
        let Some(stored) = self.stored_attempt(cookie).await? else {
            return Ok(FirstPassword::Gone);
        };
        let (Step::SetPassword, Some(id)) = (stored.state.step(), stored.state.account()) else {
            return Ok(FirstPassword::Gone);
        };
        let Some(account) = self.account(id).await?.filter(Account::can_set_up) else {
            return Ok(FirstPassword::Taken);
        };
        let password = match self.acceptable(&account, password).await {
            Ok(password) => password,
            Err(rule) => return Ok(FirstPassword::Refused(rule)),
        };
        match self
            .lease(&account, stored.context.claimed_by, visitor)
            .await?
        {
            Leased::Yes => {}
            Leased::Taken => return Ok(FirstPassword::Taken),
            Leased::Busy => return Ok(FirstPassword::Busy),
        }
        let set = self.set_password(id, password.secret()).await;
        if let Err(fault) = set {
            self.release(&account, stored.context.claimed_by).await?;
            return Err(fault);
        }
        match self.end_waiting(&account, stored, visitor).await? {
            Some(advance) => Ok(FirstPassword::Set(self.moved(advance, visitor).await?)),
            None => Ok(FirstPassword::Taken),
        }
    }

    /// A chosen password that keeps every rule (R42).
    pub(crate) async fn acceptable(
        &self,
        account: &Account,
        typed: &SecretText,
    ) -> Result<Password, PasswordError> {
        // The server's name is only a word to avoid; without it the rules still hold.
        let server = self
            .server()
            .await
            .map(|server| server.name)
            .unwrap_or_default();
        let mut words = vec![account.seen.name.as_str(), server.as_str()];
        let local = account.address.as_ref();
        words.extend(local.and_then(|address| address.email.as_str().split('@').next()));
        Password::choose(typed, &words)
    }

    async fn lease(
        &self,
        account: &Account,
        claimed_by: Option<ChallengeId>,
        visitor: &Visitor,
    ) -> Result<Leased, AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        if let Some(challenge) = claimed_by {
            if !tx.lease_challenge(challenge, now, now + LEASE).await? {
                let lives = tx.challenge_lives(challenge, now).await?;
                return Ok(if lives { Leased::Busy } else { Leased::Taken });
            }
        } else if !account.is_open_to(visitor.is_private(), now) {
            return Ok(Leased::Taken);
        }
        if !tx.lease_set_up(account.id, now, now + LEASE).await? {
            return Ok(Leased::Busy);
        }
        let ended = self.end_all(&tx, account.id, But::Attempts).await?;
        tx.commit().await?;
        self.forget_tokens(&ended.tokens);
        Ok(Leased::Yes)
    }

    async fn release(
        &self,
        account: &Account,
        claimed_by: Option<ChallengeId>,
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        tx.release_set_up(account.id).await?;
        if let Some(challenge) = claimed_by {
            tx.release_challenge(challenge).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The password is set: the account no longer waits. `None`: somebody ended the waiting meanwhile.
    async fn end_waiting(
        &self,
        account: &Account,
        mut stored: StoredAttempt,
        visitor: &Visitor,
    ) -> Result<Option<Advance>, AccountError> {
        let now = self.now();
        let claimed_by = stored.context.claimed_by;
        let tx = self.inner.store.begin().await?;
        if !tx.end_set_up(account.id).await? {
            return Ok(None);
        }
        if let Some(challenge) = claimed_by {
            tx.consume_challenge(challenge, now).await?;
        }
        let ended = self.end_all(&tx, account.id, But::Attempts).await?;
        self.close_after_password(&tx, account.id).await?;
        // This attempt goes on in the new epoch; those of other claimants let nobody in any more.
        stored.context.epoch = ended.epoch;
        self.prove_by_link(&tx, account, stored.state.owed().address, claimed_by)
            .await?;
        let unproven = claimed_by.is_none();
        let what = Activity::SetUp { unproven };
        self.note(&tx, account.id, None, what, visitor).await?;
        if unproven {
            let mail = Mail::AccountClaimed {
                user_name: account.seen.name.clone(),
                origin: visitor.origin(now),
            };
            self.queue_to_administrators(&tx, &mail).await?;
        }
        let advance = self.advance(&tx, stored, Answer::PasswordSet).await?;
        tx.commit().await?;
        self.forget_tokens(&ended.tokens);
        self.wake_mailer();
        Ok(Some(advance))
    }

    /// Whoever came by the link of an invitation reads the mail of that address.
    async fn prove_by_link(
        &self,
        tx: &Tx,
        account: &Account,
        owed: AddressOwed,
        claimed_by: Option<ChallengeId>,
    ) -> Result<(), AccountError> {
        let (Some(address), Some(challenge), AddressOwed::No) =
            (&account.address, claimed_by, owed)
        else {
            return Ok(());
        };
        let target = tx.challenge_target(challenge).await?;
        if target.as_deref() != Some(address.email.as_str()) || address.proof.is_proven() {
            return Ok(());
        }
        let proven = Address {
            email: address.email.clone(),
            proof: AddressProof::Proven,
        };
        // An address that somebody else has proven meanwhile stays theirs: this account is asked for another one.
        if self.is_free(tx, account.id, &proven.email).await? {
            tx.set_address(account.id, Some(&proven), self.claim())
                .await?;
        }
        Ok(())
    }
}

/// Whether this request may set the password now.
enum Leased {
    Yes,
    /// The proof is no longer good, or the account no longer waits.
    Taken,
    /// Another request is just doing it.
    Busy,
}
