//! A passkey as the factor that a reset asks for before a new password is chosen (R16).
use usher_domain::account::Account;
use usher_domain::activity::Door;
use usher_domain::second_factor::budget::Spent;
use usher_domain::secret::OpaqueToken;
use usher_domain::visitor::Visitor;

use super::{Judged, Shown};
use crate::reset::ResetFactor;
use crate::{AccountError, Accounts};

impl Accounts {
    /// What the browser of a reset is asked for to show a passkey of the account, in JSON. `None`: the proof is used or too
    /// old, there is no passkey, or second factors rest.
    pub async fn begin_reset_passkey(
        &self,
        proof: &OpaqueToken,
    ) -> Result<Option<String>, AccountError> {
        let Some((_, account)) = self.proven_reset(proof).await? else {
            return Ok(None);
        };
        if !self.factor_case(&account).await?.is_active() {
            return Ok(None);
        }
        self.ask_for_passkey(&proof.hash(), account.id).await
    }

    /// Shows a passkey with the proof of a reset. `answer`: what the browser said, in JSON.
    pub async fn finish_reset_passkey(
        &self,
        proof: &OpaqueToken,
        answer: &str,
        visitor: &Visitor,
    ) -> Result<ResetFactor, AccountError> {
        let Some((_, account)) = self.proven_reset(proof).await? else {
            return Ok(ResetFactor::Dead);
        };
        let judged = self
            .judge_passkey(&proof.hash(), account.id, answer, visitor)
            .await?;
        Ok(match judged {
            Judged::Right(shown) => self.keep_shown_passkey(proof, &account, *shown).await?,
            Judged::Wrong { .. } => {
                self.note_wrong_factor(account.id, Door::Web, visitor)
                    .await?;
                ResetFactor::Wrong
            }
            Judged::NotACode => ResetFactor::NotACode,
            Judged::Dead => ResetFactor::Late,
            Judged::Spent(Spent::Wait(span)) => ResetFactor::Wait(span),
            Judged::Spent(Spent::Closed) => ResetFactor::Closed,
        })
    }

    async fn keep_shown_passkey(
        &self,
        proof: &OpaqueToken,
        account: &Account,
        shown: Shown,
    ) -> Result<ResetFactor, AccountError> {
        let tx = self.inner.store.begin().await?;
        if !self.use_passkey(&tx, shown).await? {
            return Ok(ResetFactor::Late);
        }
        self.let_reset_go_on(&tx, proof, account.id).await?;
        tx.commit().await?;
        Ok(ResetFactor::Right)
    }
}
