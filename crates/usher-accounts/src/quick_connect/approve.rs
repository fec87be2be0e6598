//! Approving the code of a screen: on Usher's page after a step-up, or by a client for its own user.
use usher_domain::activity::Activity;
use usher_domain::id::{AccountId, UserId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::Hash;
use usher_domain::visitor::Visitor;
use usher_jellyfin::Approval as Jellyfins;
use usher_store::{QuickConnectApproval, QuickConnectAsked, WebSession};

use super::{Approval, Looked, screen_of};
use crate::{AccountError, Accounts};

impl Accounts {
    /// Approves a code for the own account. Where a factor is enrolled, this browser must have shown one within 12 hours;
    /// otherwise the caller asks for a step-up.
    pub async fn approve_screen(
        &self,
        session: &WebSession,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Approval, AccountError> {
        let Some(account) = self.account(session.account).await? else {
            return Ok(Approval::Refused);
        };
        let case = self.factor_case(&account).await?;
        let Some(level) = self.approves_as(session, &case) else {
            return Ok(Approval::Prove);
        };
        self.approve(session.account, code, level, visitor).await
    }

    /// Whether a step-up comes before this browser lets a screen in: without an enrolled factor the password, again.
    pub async fn must_prove_for_screen(&self, session: &WebSession) -> Result<bool, AccountError> {
        let Some(account) = self.account(session.account).await? else {
            return Ok(true);
        };
        let case = self.factor_case(&account).await?;
        let level = self.approves_as(session, &case);
        Ok(!level.is_some_and(FactorLevel::was_shown) && !self.is_fresh(session))
    }

    /// A client approves a code with its token: for its own user alone, who must be the owner of an account without a second
    /// factor. A token tells nothing of who holds it now.
    pub async fn approve_by_client(
        &self,
        user: UserId,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Approval, AccountError> {
        let id = AccountId::of_owner(user);
        let Some(account) = self.account(id).await? else {
            return Ok(Approval::Refused);
        };
        let case = self.factor_case(&account).await?;
        if case.is_active() && case.enrolled.any() {
            return Ok(Approval::Refused);
        }
        self.approve(id, code, FactorLevel::None, visitor).await
    }

    async fn approve(
        &self,
        id: AccountId,
        code: &str,
        level: FactorLevel,
        visitor: &Visitor,
    ) -> Result<Approval, AccountError> {
        let asked = match self.look_at_code(id, code).await? {
            Looked::Found(asked) => asked,
            Looked::Unknown => return Ok(Approval::Unknown),
            Looked::Wait(span) => return Ok(Approval::Wait(span)),
        };
        if !self.may_be_let_in(id, &asked).await? {
            return Ok(Approval::Refused);
        }
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        let approval = QuickConnectApproval {
            by: id,
            at: now,
            level,
            user: id.owner(),
        };
        let is_first = tx.approve_quick_connect(&asked.secret, &approval).await?;
        if !is_first {
            return Ok(Approval::Unknown);
        }
        let what = Activity::QuickConnectApproved;
        self.note(&tx, id, None, what, visitor).await?;
        tx.commit().await?;
        let done = self.inner.jellyfin.authorize(&asked.code, id.owner()).await;
        let approval = match done {
            Ok(Jellyfins::Approved) => return Ok(Approval::Done),
            Ok(Jellyfins::Refused) => Ok(Approval::Refused),
            Ok(Jellyfins::UnknownCode | Jellyfins::AlreadyUsed) => Ok(Approval::Unknown),
            Err(fault) => Err(fault.into()),
        };
        self.withdraw(&asked.secret).await?;
        approval
    }

    /// Jellyfin approves for anybody: that the user may sign in, from where the screen is, is judged here.
    async fn may_be_let_in(
        &self,
        id: AccountId,
        asked: &QuickConnectAsked,
    ) -> Result<bool, AccountError> {
        let account = self.account(id).await?;
        if account.is_none_or(|account| account.is_kept_out()) {
            return Ok(false);
        }
        let user = self.inner.jellyfin.user(id.owner()).await?;
        let (Some(user), Some(screen)) = (user, screen_of(asked)) else {
            return Ok(false);
        };
        Ok(!self.is_closed_to(&user.policy, &screen))
    }

    /// Jellyfin did not let the screen in: the code can be approved again. The line in the log stays, as every line does;
    /// what came of it is the sign-in that follows, or none.
    async fn withdraw(&self, secret: &Hash) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        tx.withdraw_quick_connect(secret).await?;
        Ok(tx.commit().await?)
    }
}
