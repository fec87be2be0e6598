//! Approving a press, by link or in a browser that is signed in.
use usher_domain::account::Account;
use usher_domain::activity::{Activity, Door};
use usher_domain::code::Purpose;
use usher_domain::id::{ChallengeId, PressId};
use usher_domain::second_factor::budget::Spent;
use usher_domain::second_factor::{FactorKind, FactorLevel};
use usher_domain::secret::OpaqueToken;
use usher_domain::visitor::Visitor;
use usher_store::{Press, Tx, WebSession};

use super::{Asks, PressApproval, asks, flow_of};
use crate::activity::profile_called;
use crate::second_factor::{Judged, Right, Shown};
use crate::{AccountError, Accounts};

impl Accounts {
    /// Approves the sign-in that a link was made for. `factor`: what was typed where the page asks for one.
    pub async fn approve_press(
        &self,
        link: &OpaqueToken,
        factor: Option<Shown<'_>>,
        visitor: &Visitor,
    ) -> Result<PressApproval, AccountError> {
        let Some((challenge, press, account)) = self.linked_press(link).await? else {
            return Ok(PressApproval::Gone);
        };
        let asked = asks(&self.factor_case(&account).await?);
        let Asks::Factor { totp, recovery, .. } = asked else {
            return self.approve_by_mail(challenge.id, &press, visitor).await;
        };
        let factor = factor.filter(|factor| match factor {
            Shown::Totp(_) => totp,
            Shown::Recovery(_) => recovery,
            Shown::Mail(_) => false,
        });
        let Some(factor) = factor else {
            return Ok(PressApproval::NotACode);
        };
        let judged = self
            .judge_factor(account.id, &flow_of(press.id), Purpose::SignIn, factor)
            .await?;
        Ok(match judged {
            Judged::Right(right) => {
                self.approve_by_factor(challenge.id, &press, &account, &right, visitor)
                    .await?
            }
            Judged::Wrong { .. } | Judged::Dead => {
                self.note_wrong_factor(account.id, Door::App, visitor)
                    .await?;
                PressApproval::Wrong
            }
            Judged::NotACode => PressApproval::NotACode,
            Judged::Spent(Spent::Wait(span)) => PressApproval::Wait(span),
            Judged::Spent(Spent::Closed) => PressApproval::Closed,
        })
    }

    /// Approves one of the sign-ins that wait, in a browser that showed a factor within 12 hours.
    pub async fn approve_waiting_press(
        &self,
        session: &WebSession,
        id: PressId,
        visitor: &Visitor,
    ) -> Result<PressApproval, AccountError> {
        let account = self.account(session.account).await?;
        let account = account.filter(|account| !account.is_kept_out() && !account.seen.disabled);
        let Some(account) = account else {
            return Ok(PressApproval::Gone);
        };
        let case = self.factor_case(&account).await?;
        let level = self.approves_as(session, &case);
        let Some(level) = level.filter(|level| level.was_shown()) else {
            return Ok(PressApproval::Prove);
        };
        let tx = self.inner.store.begin().await?;
        let press = tx.press(id, self.now()).await?;
        let Some(press) = press.filter(|press| press.source.account == account.id) else {
            return Ok(PressApproval::Gone);
        };
        self.approve_in(tx, &press, level, visitor).await
    }

    async fn approve_by_mail(
        &self,
        link: ChallengeId,
        press: &Press,
        visitor: &Visitor,
    ) -> Result<PressApproval, AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        if !tx.consume_challenge(link, now).await? {
            return Ok(PressApproval::Gone);
        }
        for factor in tx.factors_of(press.source.account).await? {
            if factor.kind == FactorKind::Email {
                tx.touch_factor(factor.id, now).await?;
            }
        }
        self.approve_in(tx, press, FactorLevel::Mail, visitor).await
    }

    async fn approve_by_factor(
        &self,
        link: ChallengeId,
        press: &Press,
        account: &Account,
        right: &Right,
        visitor: &Visitor,
    ) -> Result<PressApproval, AccountError> {
        let tx = self.inner.store.begin().await?;
        if !tx.consume_challenge(link, self.now()).await? {
            return Ok(PressApproval::Gone);
        }
        if !self.use_factor(&tx, account, right, visitor).await? {
            return Ok(PressApproval::Wrong);
        }
        self.approve_in(tx, press, right.level(), visitor).await
    }

    /// Approves, and commits with what proved the person.
    async fn approve_in(
        &self,
        tx: Tx,
        press: &Press,
        level: FactorLevel,
        visitor: &Visitor,
    ) -> Result<PressApproval, AccountError> {
        if !tx.approve_press(press.id, level, self.now()).await? {
            return Ok(PressApproval::Gone);
        }
        let profile = profile_called(&tx, press.source.user).await?;
        let what = Activity::AppApproved { profile };
        self.note(&tx, press.source.account, None, what, visitor)
            .await?;
        tx.commit().await?;
        self.wake_mailer();
        self.memory.pressed().notify_waiters();
        Ok(PressApproval::Done)
    }
}
