//! A profile that is to become an account of its own: its owner asks, an administrator decides.
//!
//! Invariant: until the account is there, the profile and the request are, though nobody gets in as it from the approval on;
//! what has begun is finished by the job (`leave.rs`), or put back.
use usher_domain::activity::Activity;
use usher_domain::address::EmailAddress;
use usher_domain::id::{ProfileId, RequestId, UserId};
use usher_domain::mail::{Mail, Wish};
use usher_domain::name::{NameKey, UserName};
use usher_domain::profile::{Profile, ProfileState};
use usher_domain::visitor::Visitor;
use usher_store::{OpenRequest, Promotion, StoredProfile, Tx, WebSession};

use super::{LEASE, own_profile};
use crate::admin::Admin;
use crate::web_session::ProvenOwner;
use crate::{AccountError, Accounts};

/// What the owner wishes for a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAccountWish {
    /// The user name to be. Whether it is free, administrators are told.
    pub name: UserName,
    /// Where the invitation goes.
    pub email: EmailAddress,
    /// Code of the language of its mails.
    pub language: String,
}

/// What became of the wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnAccountAsked {
    /// An administrator decides.
    Done,
    /// It was asked for before, and waits.
    Already,
    /// The owner has the name that it is to have.
    OwnersName,
    /// The account asked so often lately that administrators are not told once more.
    TooOften,
    /// The account has no such profile, or not one that can be used.
    Unknown,
}

/// What became of an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promoted {
    /// The account waits for its set-up, and its invitation is on its way.
    Done,
    /// It is approved; Jellyfin could not be asked for all of it, and the job finishes it.
    Underway,
    /// Somebody has the name, in Jellyfin or here, or Jellyfin does not take it. The profile is as it was.
    NameTaken,
    /// The invitation needs mail, and no way for it is set up. The profile is as it was.
    NoMail,
    /// There is no such request, or the profile cannot be used at present. Nothing has changed.
    Impossible,
}

impl Accounts {
    /// The wish that waits for a profile, or that was declined last; `None` also for other people's (R71).
    pub async fn own_account_wish(
        &self,
        session: &WebSession,
        id: ProfileId,
    ) -> Result<Option<Promotion>, AccountError> {
        let found = self.inner.store.promotion_of(id).await?;
        Ok(found.filter(|found| found.account == session.account))
    }

    /// Asks that a profile becomes an account of its own. Administrators with a proven address are told by mail.
    pub async fn ask_own_account(
        &self,
        by: ProvenOwner,
        id: ProfileId,
        wish: &OwnAccountWish,
        visitor: &Visitor,
    ) -> Result<OwnAccountAsked, AccountError> {
        let (account, now) = (by.account, self.now());
        let tx = self.inner.store.begin().await?;
        let Some(owner) = tx.account(account).await? else {
            return Ok(OwnAccountAsked::Unknown);
        };
        if NameKey::of(&owner.seen.name) == wish.name.key() {
            return Ok(OwnAccountAsked::OwnersName);
        }
        let stored = own_profile(&tx, account, id).await?;
        let Some(stored) = stored.filter(|stored| stored.profile.is_open()) else {
            return Ok(OwnAccountAsked::Unknown);
        };
        let called = stored.profile.name.as_str().to_owned();
        let request = OpenRequest {
            id: RequestId::generate(now, &*self.inner.entropy),
            account,
            wish: Wish::OwnAccount,
            asked: now,
        };
        let promotion = Promotion {
            request: request.id,
            profile: id,
            account,
            name: wish.name.clone(),
            email: wish.email.clone(),
            language: wish.language.clone(),
            approved: None,
            by: None,
            declined: None,
        };
        if !tx.add_promotion(&promotion).await? {
            return Ok(OwnAccountAsked::Already);
        }
        let most = self.profile_policy_in(&tx, account).await?.most;
        if !self.admit_deed(&tx, account, "leave", most).await? {
            return Ok(OwnAccountAsked::TooOften);
        }
        tx.add_request(&request).await?;
        let what = Activity::Asked {
            wish: Wish::OwnAccount,
            profile: Some(called.clone()),
        };
        self.note(&tx, account, None, what, visitor).await?;
        let mail = Mail::AdministratorAsked {
            user_name: owner.seen.name,
            wish: Wish::OwnAccount,
            origin: visitor.origin(now),
        };
        // What else it asks for stands in the console.
        if self.admit_notice(&tx, account, "own_account").await? {
            self.queue_to_administrators(&tx, &mail).await?;
        }
        tx.commit().await?;
        self.wake_mailer();
        Ok(OwnAccountAsked::Done)
    }

    /// The owner takes the wish back. `false`: none waits; one that was approved meanwhile goes on.
    pub async fn withdraw_own_account(
        &self,
        by: ProvenOwner,
        id: ProfileId,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let account = by.account;
        let tx = self.inner.store.begin().await?;
        let Some(stored) = own_profile(&tx, account, id).await? else {
            return Ok(false);
        };
        if !self.take_wish_back(&tx, &stored.profile, visitor).await? {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Takes back what the owner wished for a profile, and writes that down. `false`: nothing waited.
    pub(super) async fn take_wish_back(
        &self,
        tx: &Tx,
        profile: &Profile,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        if !self.withdraw_promotion(tx, profile.id).await? {
            return Ok(false);
        }
        let what = Activity::OwnAccountWithdrawn {
            profile: Some(profile.name.as_str().to_owned()),
        };
        self.note(tx, profile.account, None, what, visitor).await?;
        Ok(true)
    }

    /// Every wish of this kind, for administrators.
    pub async fn own_account_wishes(
        &self,
    ) -> Result<Vec<(Promotion, Option<StoredProfile>)>, AccountError> {
        let mut wishes = Vec::new();
        for promotion in self.inner.store.promotions().await? {
            let stored = self.inner.store.profile(promotion.profile).await?;
            wishes.push((promotion, stored));
        }
        Ok(wishes)
    }

    /// An administrator approves: the profile's user becomes an account with its history, and waits for its set-up by mail.
    ///
    /// # Errors
    ///
    /// After a fault before the approval is written down nothing has changed.
    pub async fn approve_own_account(
        &self,
        by: &Admin,
        request: RequestId,
        visitor: &Visitor,
    ) -> Result<Promoted, AccountError> {
        let wishes = self.inner.store.promotions().await?;
        let Some(promotion) = wishes.into_iter().find(|one| one.request == request) else {
            return Ok(Promoted::Impossible);
        };
        if !self.has_mail().await? {
            return Ok(Promoted::NoMail);
        }
        let stored = self.inner.store.profile(promotion.profile).await?;
        let Some(user) = stored.and_then(|stored| stored.profile.user) else {
            return Ok(Promoted::Impossible);
        };
        if self.is_name_taken(&promotion.name, user).await? {
            return Ok(Promoted::NameTaken);
        }
        if let Some(refused) = self.begin_leaving(by, &promotion, visitor).await? {
            return Ok(refused);
        }
        match self.leave(promotion.profile).await {
            Ok(promoted) => Ok(promoted),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "A profile could not become an account yet");
                Ok(Promoted::Underway)
            }
        }
    }

    /// Whether somebody else than this user has a name, in Jellyfin or here, or signs in by it as an address.
    async fn is_name_taken(&self, name: &UserName, user: UserId) -> Result<bool, AccountError> {
        let key = name.key();
        let users = self.inner.jellyfin.users().await?;
        let has =
            |other: &usher_jellyfin::User| other.id != user && NameKey::of(&other.name) == key;
        Ok(users.iter().any(has)
            || self.inner.store.account_by_name(&key).await?.is_some()
            || self.is_somebodys_address(name).await?)
    }

    /// From here on nobody gets in as the profile, and it is held. What is answered refuses: nothing has changed.
    async fn begin_leaving(
        &self,
        by: &Admin,
        promotion: &Promotion,
        visitor: &Visitor,
    ) -> Result<Option<Promoted>, AccountError> {
        let (id, now) = (promotion.profile, self.now());
        let tx = self.inner.store.begin().await?;
        let owner = tx.account(promotion.account).await?;
        if owner.is_none_or(|owner| owner.is_kept_out() || owner.seen.disabled) {
            return Ok(Some(Promoted::Impossible));
        }
        let Some(stored) = tx.profile(id).await? else {
            return Ok(Some(Promoted::Impossible));
        };
        let (profile, leaving) = (&stored.profile, ProfileState::Leaving(now));
        match profile.state {
            ProfileState::Ready | ProfileState::Off(_) => {}
            ProfileState::Leaving(_) => return Ok(Some(Promoted::Underway)),
            ProfileState::Creating(_) | ProfileState::Deleting(_) => {
                return Ok(Some(Promoted::Impossible));
            }
        }
        if !tx.lease_profile(id, now, now + LEASE).await? {
            return Ok(Some(Promoted::Impossible));
        }
        let begins = tx.approve_promotion(id, by.actor(), now).await?
            && tx.move_profile(profile, profile.state, leaving).await?;
        if !begins {
            return Ok(Some(Promoted::Underway));
        }
        if let Some(user) = stored.hidden {
            self.end_profile_tokens(&tx, user).await?;
        }
        let what = Activity::OwnAccountDecided {
            granted: true,
            profile: Some(profile.name.as_str().to_owned()),
        };
        self.note(&tx, promotion.account, by.actor(), what, visitor)
            .await?;
        tx.commit().await?;
        self.forget_profile(&stored);
        Ok(None)
    }

    /// An administrator declines a wish, in the transaction that closes its request: the owner is told by mail.
    pub(crate) async fn decline_own_account(
        &self,
        tx: &Tx,
        promotion: &Promotion,
        by: &Admin,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let (id, account) = (promotion.profile, promotion.account);
        tx.decline_promotion(id, self.now()).await?;
        let stored = tx.profile(id).await?;
        let profile = stored.map(|stored| stored.profile.name.as_str().to_owned());
        let what = Activity::OwnAccountDecided {
            granted: false,
            profile: profile.clone(),
        };
        self.note(tx, account, by.actor(), what, visitor).await?;
        let owner = tx.account(account).await?;
        if let (Some(owner), Some(profile)) = (owner, profile) {
            let mail = Mail::OwnAccountDeclined {
                user_name: owner.seen.name.clone(),
                profile,
                account: promotion.name.as_str().to_owned(),
            };
            self.tell(tx, &owner, &mail).await?;
        }
        Ok(())
    }

    /// Takes a wish back that nobody approved, and closes its request. `false`: none waits. One that was declined is forgotten.
    pub(super) async fn withdraw_promotion(
        &self,
        tx: &Tx,
        id: ProfileId,
    ) -> Result<bool, AccountError> {
        let promotion = tx.promotion_of(id).await?;
        let Some(promotion) = promotion.filter(|one| one.approved.is_none()) else {
            return Ok(false);
        };
        tx.close_request(promotion.request, self.now()).await?;
        tx.remove_promotion(id).await?;
        Ok(promotion.declined.is_none())
    }
}
