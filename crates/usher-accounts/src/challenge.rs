//! Codes and links: made for one account, one purpose and one flow; spent once (R1 to R11).
use usher_domain::code::{Code, Purpose};
use usher_domain::id::{AccountId, ChallengeId};
use usher_domain::key::same_secret;
use usher_domain::secret::{Hash, OpaqueToken};
use usher_domain::time::Timestamp;
use usher_store::{Challenge, NewChallenge, Tx};

use crate::{AccountError, Accounts};

/// Whom a code is for.
#[derive(Clone, Debug)]
pub struct CodeFor<'a> {
    /// The flow that may answer: the hash of a cookie (R2).
    pub flow: &'a Hash,
    /// Whose. None makes a decoy: it takes the same work and no answer to it is right (R28).
    pub account: Option<AccountId>,
    /// What for.
    pub purpose: Purpose,
    /// What it is about: the address that it was sent to.
    pub target: &'a str,
}

/// What became of an answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Right. Nothing is used up yet: that belongs into the transaction of the effect ([`Accounts::use_up`]).
    Right(Proof),
    /// Wrong; so many tries are left on this code.
    Wrong {
        /// Tries left; zero: the code is dead.
        tries_left: i64,
    },
    /// There is no live code: it ran out, was used, or its tries are spent.
    Dead,
}

/// A right answer that has not had its effect yet.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Which code.
    pub challenge: ChallengeId,
    /// Whose.
    pub account: AccountId,
    /// What it is about.
    pub target: String,
}

/// The flow of a set-up code: there is no browser yet when an administrator makes one, so it is the account itself.
pub(crate) fn set_up_flow(account: AccountId) -> Hash {
    Hash::of(&format!("set_up:{account}"))
}

impl Accounts {
    /// Makes a code in the transaction that queues its mail. Kills the older ones of the same account and purpose (R6).
    /// `None` when the flow has used up all its tries: it gets no further code.
    pub async fn issue_code(
        &self,
        tx: &Tx,
        to: &CodeFor<'_>,
    ) -> Result<Option<(Code, Timestamp)>, AccountError> {
        if !self.may_issue(tx, to).await? {
            return Ok(None);
        }
        if let Some(account) = to.account {
            tx.kill_challenges(account, to.purpose, self.now()).await?;
        }
        self.issue_in_flow(tx, to).await.map(Some)
    }

    /// As [`issue_code`](Self::issue_code), and leaves codes of other flows alone: for whoever must not be able to kill them.
    pub(crate) async fn issue_code_beside(
        &self,
        tx: &Tx,
        to: &CodeFor<'_>,
    ) -> Result<Option<(Code, Timestamp)>, AccountError> {
        if !self.may_issue(tx, to).await? {
            return Ok(None);
        }
        self.issue_in_flow(tx, to).await.map(Some)
    }

    async fn may_issue(&self, tx: &Tx, to: &CodeFor<'_>) -> Result<bool, AccountError> {
        let spent = tx.tries_of_flow(to.flow, to.purpose).await?;
        let most = to.purpose.tries_per_flow();
        Ok(most.is_none_or(|most| spent < most))
    }

    async fn issue_in_flow(
        &self,
        tx: &Tx,
        to: &CodeFor<'_>,
    ) -> Result<(Code, Timestamp), AccountError> {
        let now = self.now();
        tx.kill_flow(to.flow, now).await?;
        let code = match to.purpose {
            Purpose::SetUp => Code::letters(&*self.inner.entropy),
            Purpose::ConfirmAddress
            | Purpose::Reset
            | Purpose::UndoAddress
            | Purpose::Revoke
            | Purpose::MailTest
            | Purpose::SignIn
            | Purpose::Approve
            | Purpose::StepUp
            | Purpose::NotMe
            | Purpose::AskTime
            | Purpose::GiveTime => Code::digits(&*self.inner.entropy),
        };
        let expires = now + to.purpose.code_life();
        tx.add_challenge(NewChallenge {
            id: ChallengeId::generate(now, &*self.inner.entropy),
            digest: self.code_digest(to.flow, to.account, to.purpose, &code),
            flow: Some(*to.flow),
            account: to.account,
            purpose: to.purpose,
            target: to.target.to_owned(),
            issued: now,
            expires,
        })
        .await?;
        Ok((code, expires))
    }

    /// Judges an answer: the try is counted and committed before anything is compared (R4).
    pub async fn answer_code(
        &self,
        flow: &Hash,
        purpose: Purpose,
        code: &Code,
    ) -> Result<Answer, AccountError> {
        let tx = self.inner.store.begin().await?;
        let live = tx.spend_try(flow, purpose, self.now()).await?;
        tx.commit().await?;
        let Some(live) = live else {
            return Ok(Answer::Dead);
        };
        let given = self.code_digest(flow, live.account, purpose, code);
        Ok(match live.account {
            Some(account) if same_secret(&given, &live.digest) => Answer::Right(Proof {
                challenge: live.id,
                account,
                target: live.target,
            }),
            Some(_) | None => Answer::Wrong {
                tries_left: purpose.tries() - live.tries,
            },
        })
    }

    /// Uses a right answer up, in the transaction of its effect. `false`: another request was faster (R5).
    pub async fn use_up(&self, tx: &Tx, proof: &Proof) -> Result<bool, AccountError> {
        Ok(tx.consume_challenge(proof.challenge, self.now()).await?)
    }

    /// Gives the try of a right answer back whose effect failed by a fault of ours (R7). Answers what was done.
    pub(crate) async fn unless_fault<Effect>(
        &self,
        proof: &Proof,
        done: Result<Effect, AccountError>,
    ) -> Result<Effect, AccountError> {
        if done.is_err() {
            self.give_try_back(proof).await;
        }
        done
    }

    /// Gives the try of a right answer back that has no effect yet: only wrong ones use a code up. One that cannot be
    /// given back stays spent.
    pub(crate) async fn give_try_back(&self, proof: &Proof) {
        let given_back = async {
            let tx = self.inner.store.begin().await?;
            tx.give_try_back(proof.challenge).await?;
            tx.commit().await
        };
        if let Err(error) = given_back.await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "A try could not be given back"
            );
        }
    }

    /// Makes a link in the transaction that queues its mail. Only the hash of its token is stored (R11).
    pub async fn issue_link(
        &self,
        tx: &Tx,
        account: AccountId,
        purpose: Purpose,
        target: &str,
    ) -> Result<(OpaqueToken, Timestamp), AccountError> {
        let now = self.now();
        let token = OpaqueToken::generate(&*self.inner.entropy);
        let expires = now + purpose.link_life();
        tx.add_challenge(NewChallenge {
            id: ChallengeId::generate(now, &*self.inner.entropy),
            digest: *token.hash().as_bytes(),
            flow: None,
            account: Some(account),
            purpose,
            target: target.to_owned(),
            issued: now,
            expires,
        })
        .await?;
        Ok((token, expires))
    }

    /// Looks at a link. Changes nothing, however often it is done (R13).
    pub async fn look_at_link(
        &self,
        token: &OpaqueToken,
        purpose: Purpose,
    ) -> Result<Option<Challenge>, AccountError> {
        let tx = self.inner.store.begin().await?;
        Ok(tx.link(&token.hash(), purpose, self.now()).await?)
    }

    /// Keyed hash of a code, bound to flow, account and purpose (R2, R9).
    fn code_digest(
        &self,
        flow: &Hash,
        account: Option<AccountId>,
        purpose: Purpose,
        code: &Code,
    ) -> [u8; 32] {
        let whose = account.map(AccountId::as_uuid).unwrap_or_default();
        let parts: [&[u8]; 4] = [
            flow.as_bytes(),
            whose.as_bytes(),
            purpose.name().as_bytes(),
            code.reveal().as_bytes(),
        ];
        self.inner.key.mac("otp", &parts)
    }
}
