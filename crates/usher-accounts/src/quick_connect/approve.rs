//! Approving the code of a screen: on Usher's page after a step-up, or by a client for its own user.
use usher_domain::activity::Activity;
use usher_domain::id::{AccountId, UserId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::visitor::Visitor;
use usher_jellyfin::Approval as Jellyfins;
use usher_store::{QuickConnectApproval, QuickConnectAsked, ScreenNoted, WebSession};

use super::{Approval, Looked, ScreenFor, identity_of, screen_of};
use crate::activity::profile_called;
use crate::{AccountError, Accounts};

impl Accounts {
    /// Approves a code for a seat of the own account; no PIN is asked of whoever proved to be its owner. Where a factor is
    /// enrolled, this browser must have shown one within 12 hours; otherwise the caller asks for a step-up.
    pub async fn approve_screen(
        &self,
        session: &WebSession,
        code: &str,
        to: ScreenFor,
        visitor: &Visitor,
    ) -> Result<Approval, AccountError> {
        let Some(account) = self.account(session.account).await? else {
            return Ok(Approval::Refused);
        };
        let case = self.factor_case(&account).await?;
        let Some(level) = self.approves_as(session, &case) else {
            return Ok(Approval::Prove);
        };
        let by = By {
            account: account.id,
            level,
        };
        self.approve(by, code, to, visitor).await
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
        let by = By {
            account: id,
            level: FactorLevel::None,
        };
        self.approve(by, code, ScreenFor::OWNER, visitor).await
    }

    async fn approve(
        &self,
        by: By,
        code: &str,
        to: ScreenFor,
        visitor: &Visitor,
    ) -> Result<Approval, AccountError> {
        let asked = match self.look_at_code(by.account, code).await? {
            Looked::Found(asked) => asked,
            Looked::Unknown => return Ok(Approval::Unknown),
            Looked::Wait(span) => return Ok(Approval::Wait(span)),
        };
        let named = identity_of(&asked);
        let watching = self.watching(by.account, &named.device_key()).await?;
        let seat = watching
            .choices
            .iter()
            .find(|one| one.watcher == to.watcher);
        let Some(seat) = seat else {
            return Ok(Approval::NoSeat);
        };
        if !self.may_be_let_in(by.account, seat.user, &asked).await? {
            return Ok(Approval::Refused);
        }
        let approval = QuickConnectApproval {
            by: by.account,
            at: self.now(),
            level: by.level,
            user: seat.user,
            device: to.device,
        };
        let noted = self.note_approval(&approval, &asked, visitor).await?;
        if noted == ScreenNoted::Not {
            return Ok(Approval::Unknown);
        }
        // After an error nobody knows what Jellyfin did: the same can be approved once more.
        let answer = match self
            .inner
            .jellyfin
            .authorize(&asked.code, seat.user)
            .await?
        {
            Jellyfins::Approved => return Ok(Approval::Done),
            // By a press of before, or by one that has overtaken this: what is noted stays. Was it for somebody else, in
            // Jellyfin itself, the note lets nobody in: it names another user.
            Jellyfins::AlreadyUsed if noted == ScreenNoted::Before => return Ok(Approval::Done),
            Jellyfins::AlreadyUsed => return Ok(Approval::Unknown),
            Jellyfins::Refused => Approval::Refused,
            Jellyfins::UnknownCode => Approval::Unknown,
        };
        let tx = self.inner.store.begin().await?;
        tx.withdraw_quick_connect(&asked.secret).await?;
        tx.commit().await?;
        Ok(answer)
    }

    /// Writes down for whom a screen is let in, before Jellyfin is told.
    async fn note_approval(
        &self,
        approval: &QuickConnectApproval,
        asked: &QuickConnectAsked,
        visitor: &Visitor,
    ) -> Result<ScreenNoted, AccountError> {
        let tx = self.inner.store.begin().await?;
        let noted = tx.approve_quick_connect(&asked.secret, approval).await?;
        if noted == ScreenNoted::Now {
            let profile = profile_called(&tx, approval.user).await?;
            let what = Activity::QuickConnectApproved { profile };
            self.note(&tx, approval.by, None, what, visitor).await?;
        }
        tx.commit().await?;
        Ok(noted)
    }

    /// Jellyfin approves for anybody: that the user may sign in, from where the screen is, is judged here.
    async fn may_be_let_in(
        &self,
        id: AccountId,
        user: UserId,
        asked: &QuickConnectAsked,
    ) -> Result<bool, AccountError> {
        let account = self.account(id).await?;
        if account.is_none_or(|account| account.is_kept_out()) {
            return Ok(false);
        }
        let user = self.inner.jellyfin.user(user).await?;
        let (Some(user), Some(screen)) = (user, screen_of(asked)) else {
            return Ok(false);
        };
        // Jellyfin counts the sessions of this user alone.
        let identity = identity_of(asked);
        Ok(!self.is_closed_to(&user.policy, &screen)
            && self.has_room(id, &user.policy, &identity).await?)
    }
}

/// Who approves, and how sure that is.
#[derive(Clone, Copy)]
struct By {
    account: AccountId,
    level: FactorLevel,
}
