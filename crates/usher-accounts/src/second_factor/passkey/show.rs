//! A passkey as the second factor of a sign-in.
use usher_domain::account::Account;
use usher_domain::second_factor::FactorKind;
use usher_domain::second_factor::budget::Spent;
use usher_domain::secret::OpaqueToken;
use usher_domain::visitor::Visitor;

use super::{Judged, Shown};
use crate::second_factor::FactorAnswer;
use crate::sign_in::Advance;
use crate::{AccountError, Accounts};

impl Accounts {
    /// What the browser of a sign-in is asked for to show a passkey of the account, in JSON. `None`: the sign-in is not at
    /// its second factor, or there is no passkey.
    pub async fn begin_show_passkey(
        &self,
        cookie: &OpaqueToken,
    ) -> Result<Option<String>, AccountError> {
        match self.showing(cookie).await? {
            Some(account) => self.ask_for_passkey(&cookie.hash(), account.id).await,
            None => Ok(None),
        }
    }

    /// Shows a passkey in the sign-in of a cookie. `answer`: what the browser said, in JSON. `trusts`: the person asks for
    /// this browser to be trusted.
    pub async fn finish_show_passkey(
        &self,
        cookie: &OpaqueToken,
        answer: &str,
        trusts: bool,
        visitor: &Visitor,
    ) -> Result<FactorAnswer, AccountError> {
        let Some(account) = self.showing(cookie).await? else {
            return Ok(FactorAnswer::Gone);
        };
        match self
            .judge_passkey(&cookie.hash(), account.id, answer, visitor)
            .await?
        {
            Judged::Right(shown) => {
                self.take_right_passkey(cookie, &account, *shown, trusts, visitor)
                    .await
            }
            Judged::Wrong { .. } => {
                self.count_wrong_factor(cookie, account.id, visitor).await?;
                Ok(FactorAnswer::Wrong { tries_left: None })
            }
            Judged::NotACode => Ok(FactorAnswer::NotACode),
            Judged::Dead => Ok(FactorAnswer::Dead),
            Judged::Spent(Spent::Wait(span)) => Ok(FactorAnswer::Wait(span)),
            Judged::Spent(Spent::Closed) => Ok(FactorAnswer::Closed),
        }
    }

    async fn take_right_passkey(
        &self,
        cookie: &OpaqueToken,
        account: &Account,
        shown: Shown,
        trusts: bool,
        visitor: &Visitor,
    ) -> Result<FactorAnswer, AccountError> {
        let tx = self.inner.store.begin().await?;
        let stored = tx.attempt(&cookie.hash(), self.now()).await?;
        let Some(stored) = stored.filter(|stored| stored.state.account() == Some(account.id))
        else {
            return Ok(FactorAnswer::Gone);
        };
        if !self.use_passkey(&tx, shown).await? {
            return Ok(FactorAnswer::Dead);
        }
        let advance = self
            .factor_was_right(&tx, stored, FactorKind::Passkey.level(), trusts)
            .await?;
        if matches!(advance, Advance::Lost) {
            return Ok(FactorAnswer::Gone);
        }
        tx.commit().await?;
        let moved = self.moved(advance, visitor).await?;
        Ok(FactorAnswer::Right(Box::new(moved)))
    }
}
