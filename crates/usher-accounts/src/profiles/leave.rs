//! A profile becomes an account of its own, once an administrator approved it: every step can be repeated.
//!
//! Its Jellyfin user is disabled, which ends every token; it is named as the account will be; it is given a policy that hides it
//! no more; and then, in one transaction, the account is there and the profile is not. The user stays, and with it history,
//! favorites and how far it got. Nobody knows its password until the invitation is followed.
//! Invariant: the account never has more than the owner had ([`UserPolicy::of_own_account`]).
use std::net::{IpAddr, Ipv4Addr};

use usher_domain::account::{Account, Address, AddressProof, SeenUser, SetUpWay};
use usher_domain::activity::{Activity, ProfileDeed, ProfileLine};
use usher_domain::id::{AccountId, ProfileId};
use usher_domain::mail::Mail;
use usher_domain::profile::ProfileState;
use usher_domain::visitor::Visitor;
use usher_jellyfin::{Renamed, User};
use usher_store::{Promotion, StoredProfile, Tx};

use super::own_account::Promoted;
use super::{LEASE, own_profile};
use crate::account::seen_user;
use crate::admin::{Created, Waits};
use crate::{AccountError, Accounts};

impl Accounts {
    /// Goes on with a profile that was left on its way, from wherever that was.
    pub(super) async fn go_on_leaving(&self, stored: &StoredProfile) -> Result<(), AccountError> {
        let (id, now) = (stored.profile.id, self.now());
        let tx = self.inner.store.begin().await?;
        if !tx.lease_profile(id, now, now + LEASE).await? {
            return Ok(());
        }
        tx.commit().await?;
        self.leave(id).await?;
        Ok(())
    }

    /// Every step, in order. Only under the profile's lease.
    pub(super) async fn leave(&self, id: ProfileId) -> Result<Promoted, AccountError> {
        let store = &self.inner.store;
        let (stored, promotion) = (store.profile(id).await?, store.promotion_of(id).await?);
        let Some(stored) = stored.filter(|stored| is_leaving(stored.profile.state)) else {
            return Ok(Promoted::Underway);
        };
        let Some(promotion) = promotion.filter(|promotion| promotion.approved.is_some()) else {
            return self.stay(&stored).await;
        };
        let Some(user) = stored.profile.user else {
            return self.stay(&stored).await;
        };
        let jellyfin = &self.inner.jellyfin;
        let Some(owner) = jellyfin.user(promotion.account.owner()).await? else {
            // The account is gone, or will be in a moment, and its profiles with it.
            return Ok(Promoted::Underway);
        };
        let Some(current) = jellyfin.user(user).await? else {
            return self.stay(&stored).await;
        };
        self.close_orphan(&current).await?;
        if current.name != promotion.name.as_str()
            && jellyfin.rename_user(user, promotion.name.as_str()).await? == Renamed::Refused
        {
            return self.stay(&stored).await;
        }
        self.write_own_policy(&stored.profile, user, &owner).await?;
        let Some(current) = jellyfin.user(user).await? else {
            return Ok(Promoted::Underway);
        };
        let became = self.become_account(&promotion, &current).await?;
        if became == Promoted::NoMail {
            self.stay(&stored).await?;
        }
        Ok(became)
    }

    /// The account is there, waits for its set-up, and its invitation is queued; the profile is gone with all that was noted of
    /// it. One transaction.
    async fn become_account(
        &self,
        promotion: &Promotion,
        user: &User,
    ) -> Result<Promoted, AccountError> {
        let tx = self.inner.store.begin().await?;
        let owner = tx.account(promotion.account).await?;
        let stored = own_profile(&tx, promotion.account, promotion.profile).await?;
        let (Some(owner), Some(stored)) = (owner, stored) else {
            return Ok(Promoted::Underway);
        };
        if !is_leaving(stored.profile.state) || stored.hidden != Some(user.id) {
            return Ok(Promoted::Underway);
        }
        if !self.open_own_account(&tx, promotion, user).await? {
            return Ok(Promoted::NoMail);
        }
        self.tell_became_account(&tx, promotion, &stored, &owner)
            .await?;
        tx.close_request(promotion.request, self.now()).await?;
        tx.remove_promotion(promotion.profile).await?;
        tx.remove_profile(promotion.profile).await?;
        tx.commit().await?;
        self.forget_profile(&stored);
        self.wake_mailer();
        Ok(Promoted::Done)
    }

    /// `false`: the invitation cannot be sent at present.
    async fn open_own_account(
        &self,
        tx: &Tx,
        promotion: &Promotion,
        user: &User,
    ) -> Result<bool, AccountError> {
        let (id, now) = (AccountId::of_owner(user.id), self.now());
        let seen = SeenUser {
            passwordless: Some(false),
            ..seen_user(user)
        };
        tx.see_user(&seen, now).await?;
        tx.set_language(id, &promotion.language).await?;
        let address = Address {
            email: promotion.email.clone(),
            proof: AddressProof::Entered,
        };
        tx.set_address(id, Some(&address), self.claim()).await?;
        let waits = Waits {
            id,
            way: SetUpWay::Mail,
            anywhere: false,
        };
        tx.await_set_up(id, &waits.set_up(now)).await?;
        let created = self.make_way(tx, &waits).await?;
        if !matches!(created, Created::Invited { .. }) {
            return Ok(false);
        }
        self.note_waiting(tx, &waits, promotion.by, &job()).await?;
        Ok(true)
    }

    async fn tell_became_account(
        &self,
        tx: &Tx,
        promotion: &Promotion,
        stored: &StoredProfile,
        owner: &Account,
    ) -> Result<(), AccountError> {
        let what = Activity::Profile(ProfileLine {
            name: Some(stored.profile.name.as_str().to_owned()),
            ..ProfileDeed::BecameAccount.into()
        });
        self.note(tx, owner.id, promotion.by, what, &job()).await?;
        let mail = Mail::ProfileOwnAccount {
            user_name: owner.seen.name.clone(),
            profile: stored.profile.name.as_str().to_owned(),
            account: promotion.name.as_str().to_owned(),
        };
        self.tell(tx, owner, &mail).await
    }

    /// It cannot be done as it was asked for: the profile is as it was, and an administrator decides again.
    async fn stay(&self, stored: &StoredProfile) -> Result<Promoted, AccountError> {
        let (id, state) = (stored.profile.id, stored.profile.state);
        let tx = self.inner.store.begin().await?;
        // Its row before its wish's, as everywhere: two that wait for each other would cost one of them.
        self.open_profile(&tx, stored, state).await?;
        tx.reopen_promotion(id).await?;
        tx.release_profile(id).await?;
        tx.commit().await?;
        self.apply_profile(id).await;
        Ok(Promoted::NameTaken)
    }
}

pub(super) const fn is_leaving(state: ProfileState) -> bool {
    matches!(state, ProfileState::Leaving(_))
}

/// Who does it, for the activity log.
fn job() -> Visitor {
    Visitor::new(IpAddr::V4(Ipv4Addr::LOCALHOST), true, "Usher")
}
