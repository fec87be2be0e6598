//! The code of a reset mail, typed in the browser that asked.
use usher_domain::code::{Code, Purpose};
use usher_domain::secret::OpaqueToken;
use usher_domain::throttle::Outcome;
use usher_domain::visitor::Visitor;

use super::ResetCode;
use crate::challenge::{Answer, Proof};
use crate::{AccountError, Accounts};

impl Accounts {
    /// Types the code of the mail, in the browser that asked. A wrong one counts against the code, the instance, and the
    /// address that it comes from.
    pub async fn answer_reset_code(
        &self,
        flow: &OpaqueToken,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<ResetCode, AccountError> {
        let Ok(code) = Code::parse_digits(typed) else {
            return Ok(ResetCode::NotACode);
        };
        if !self.reset_codes_work().await? {
            return Ok(ResetCode::OnlyLinks);
        }
        let tried = match self.admit_code(visitor).await? {
            Ok(tried) => tried,
            Err(span) => return Ok(ResetCode::Wait(span)),
        };
        let answered = self.answer_code(&flow.hash(), Purpose::Reset, &code).await;
        let outcome = match &answered {
            Ok(Answer::Right(_)) => Outcome::Right,
            Ok(Answer::Wrong { .. }) => Outcome::Wrong,
            Ok(Answer::Dead) | Err(_) => Outcome::Undecided,
        };
        let settled = self.settle_code(tried, outcome).await;
        match answered? {
            Answer::Right(proof) => {
                let exchanged = match settled {
                    Ok(()) => self.exchange(&proof).await,
                    Err(fault) => Err(fault),
                };
                let exchanged = self.unless_fault(&proof, exchanged).await?;
                Ok(exchanged.map_or(ResetCode::Dead, ResetCode::Right))
            }
            Answer::Wrong { tries_left } => {
                settled?;
                self.note_wrong_reset_code().await?;
                Ok(ResetCode::Wrong { tries_left })
            }
            Answer::Dead => {
                settled?;
                Ok(ResetCode::Dead)
            }
        }
    }

    /// The code becomes a proof that lets the new password be chosen, in one transaction. `None`: another request was
    /// faster.
    async fn exchange(&self, proof: &Proof) -> Result<Option<OpaqueToken>, AccountError> {
        let tx = self.inner.store.begin().await?;
        if !self.use_up(&tx, proof).await? {
            return Ok(None);
        }
        let (token, _) = self
            .issue_link(&tx, proof.account, Purpose::Reset, &proof.target)
            .await?;
        tx.commit().await?;
        Ok(Some(token))
    }
}
