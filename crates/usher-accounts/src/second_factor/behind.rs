//! Six digits behind a password: of the authenticator app, or of the mail for this sign-in. Which of them nobody says, so
//! that both are compared for one try (R20).
use usher_domain::code::{Code, Purpose};
use usher_domain::id::AccountId;
use usher_domain::secret::Hash;

use super::budget::Budget;
use super::{Judged, Right};
use crate::challenge::Answer;
use crate::{AccountError, Accounts};

impl Accounts {
    /// Judges digits behind the password of an account; counted before they are compared (R4). `flow`: of the mail that was
    /// sent for this sign-in. [`Judged::Dead`]: there is nothing that they could be compared with.
    pub(crate) async fn judge_behind(
        &self,
        account: AccountId,
        flow: &Hash,
        code: &Code,
    ) -> Result<Judged, AccountError> {
        let comparing = self.compare_behind(account, flow, code);
        self.judge_within(account, Budget::Factor, comparing).await
    }

    async fn compare_behind(
        &self,
        account: AccountId,
        flow: &Hash,
        code: &Code,
    ) -> Result<Judged, AccountError> {
        let enrolled = self.inner.store.enrolled(account).await?;
        if enrolled.totp
            && let Some((factor, step)) = self.find_totp(account, code).await?
        {
            return Ok(Judged::Right(Right::Totp(factor, step)));
        }
        let mailed = if enrolled.email {
            self.answer_code(flow, Purpose::SignIn, code).await?
        } else {
            Answer::Dead
        };
        Ok(match mailed {
            Answer::Right(proof) if proof.account == account => Judged::Right(Right::Mail(proof)),
            Answer::Wrong { tries_left } => Judged::Wrong {
                tries_left: Some(tries_left),
            },
            Answer::Dead if !enrolled.totp => Judged::Dead,
            Answer::Right(_) | Answer::Dead => Judged::Wrong { tries_left: None },
        })
    }
}
