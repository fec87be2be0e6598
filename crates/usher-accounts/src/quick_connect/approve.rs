//! Approving the code of a screen: on Usher's page after a step-up, or by a client for its own user.
use usher_domain::activity::{Activity, ProfileDeed};
use usher_domain::id::{AccountId, UserId};
use usher_domain::profile::pin::Watcher;
use usher_domain::second_factor::FactorLevel;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_jellyfin::Approval as Jellyfins;
use usher_store::{ChildDevice, QuickConnectApproval, QuickConnectAsked, WebSession};

use super::{Approval, DeviceUse, Looked, ScreenFor, identity_of, screen_of};
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
        let watching = self.watching(by.account, &asked.device_id).await?;
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
        let let_in = LetIn {
            by,
            user: seat.user,
            to,
            before: self
                .inner
                .store
                .child_device(by.account, &asked.device_id)
                .await?,
        };
        if !self.note_approval(&let_in, &asked, visitor).await? {
            return Ok(Approval::Unknown);
        }
        let done = self.inner.jellyfin.authorize(&asked.code, seat.user).await;
        let approval = match done {
            Ok(Jellyfins::Approved) => {
                self.clear_screen(&let_in, &asked).await?;
                return Ok(Approval::Done);
            }
            Ok(Jellyfins::Refused) => Ok(Approval::Refused),
            Ok(Jellyfins::UnknownCode | Jellyfins::AlreadyUsed) => Ok(Approval::Unknown),
            Err(fault) => Err(fault.into()),
        };
        self.withdraw(&let_in, &asked).await?;
        approval
    }

    /// Writes down for whom a screen is let in, and whose device it is, before Jellyfin is told. `false`: it was let in before.
    async fn note_approval(
        &self,
        let_in: &LetIn,
        asked: &QuickConnectAsked,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let (id, now) = (let_in.by.account, self.now());
        let tx = self.inner.store.begin().await?;
        let approval = QuickConnectApproval {
            by: id,
            at: now,
            level: let_in.by.level,
            user: let_in.user,
        };
        if !tx.approve_quick_connect(&asked.secret, &approval).await? {
            return Ok(false);
        }
        let what = Activity::QuickConnectApproved;
        self.note(&tx, id, None, what, visitor).await?;
        if !asked.device_id.is_empty() {
            tx.note_watcher(id, &asked.device_id, let_in.to.watcher, now)
                .await?;
        }
        if let Some(device) = let_in.mark(asked, now) {
            tx.mark_child_device(&device).await?;
            let did = ProfileDeed::DeviceKept;
            self.note(&tx, id, None, Activity::Profile { did }, visitor)
                .await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// The screen is let in: on a child's device everybody else of the account is signed out.
    async fn clear_screen(
        &self,
        let_in: &LetIn,
        asked: &QuickConnectAsked,
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        let ended = self
            .clear_device(&tx, let_in.by.account, &asked.device_id)
            .await?;
        tx.commit().await?;
        self.sign_out_after_all(&ended).await;
        Ok(())
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

    /// Jellyfin did not let the screen in: the code can be approved again, and the device is whose it was. The lines in the log
    /// stay, as every line does; what came of it is the sign-in that follows, or none.
    async fn withdraw(
        &self,
        let_in: &LetIn,
        asked: &QuickConnectAsked,
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        tx.withdraw_quick_connect(&asked.secret).await?;
        if let_in.mark(asked, self.now()).is_some() {
            match &let_in.before {
                Some(before) => tx.mark_child_device(before).await?,
                None => {
                    tx.free_child_device(let_in.by.account, &asked.device_id)
                        .await?;
                }
            }
        }
        Ok(tx.commit().await?)
    }
}

/// Who approves, and how sure that is.
#[derive(Clone, Copy)]
struct By {
    account: AccountId,
    level: FactorLevel,
}

/// For whom a screen is let in, and whose device it was before.
struct LetIn {
    by: By,
    user: UserId,
    to: ScreenFor,
    before: Option<ChildDevice>,
}

impl LetIn {
    /// The device as a child's, where it becomes one. The owner is no child.
    fn mark(&self, asked: &QuickConnectAsked, now: Timestamp) -> Option<ChildDevice> {
        let Watcher::Profile(profile) = self.to.watcher else {
            return None;
        };
        let is_kept = self.to.device == DeviceUse::Childs && !asked.device_id.is_empty();
        is_kept.then(|| ChildDevice {
            account: self.by.account,
            device_id: asked.device_id.clone(),
            profile,
            name: format!("{} ({})", asked.device, asked.client),
            since: now,
        })
    }
}
