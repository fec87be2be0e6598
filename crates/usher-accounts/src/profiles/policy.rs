//! The policy of a hidden user, on its way to Jellyfin.
use serde_json::{Map, Value};
use usher_domain::id::UserId;
use usher_domain::profile::hours::Shift;
use usher_domain::profile::policy::{Seat, Standing, UserPolicy};
use usher_domain::profile::{Profile, ProfileState};
use usher_jellyfin::{JellyfinError, Policy, User};

use super::settle::Part;
use crate::{AccountError, Accounts};

impl Accounts {
    /// Writes what a profile may do, as its owner's present policy and its own limits allow.
    pub(super) async fn write_policy(
        &self,
        profile: &Profile,
        user: UserId,
        owner: &User,
        standing: Standing,
    ) -> Result<(), AccountError> {
        let built = self.built_policy(profile, user, owner, standing)?;
        let policy = sent(&built)?;
        Ok(self.inner.jellyfin.set_policy(user, &policy).await?)
    }

    /// Writes it where Jellyfin holds another one: the owner was narrowed, somebody changed the profile's user, or the
    /// clocks did.
    pub(super) async fn keep_policy(
        &self,
        profile: &Profile,
        user: &User,
        owner: &User,
    ) -> Result<(), AccountError> {
        if self.holds_policy(profile, user, owner)? {
            return Ok(());
        }
        self.write_policy(profile, user.id, owner, standing(profile.state))
            .await
    }

    /// Whether Jellyfin holds it.
    pub(super) fn holds_policy(
        &self,
        profile: &Profile,
        user: &User,
        owner: &User,
    ) -> Result<bool, AccountError> {
        let built = self.built_policy(profile, user.id, owner, standing(profile.state))?;
        // One that cannot be read is not the one that was built.
        Ok(read(&user.policy).is_ok_and(|current| built.is_held(&current)))
    }

    /// Lets Jellyfin hold what a profile and its owner allow at this moment: before a token is made for it. Answers the
    /// owner. `None`: the profile cannot be used, or Jellyfin has lost one of the two. What another process decided a moment ago
    /// counts, so nothing is taken from memory here.
    pub(crate) async fn refresh_policy(&self, user: UserId) -> Result<Option<User>, AccountError> {
        let jellyfin = &self.inner.jellyfin;
        let stored = self.inner.store.profile_of_user(user).await?;
        let Some(profile) = stored.map(|stored| stored.profile) else {
            return Ok(None);
        };
        let current = jellyfin.user(user).await?;
        let owner = jellyfin.user(profile.account.owner()).await?;
        let (Some(current), Some(owner), true) = (current, owner, profile.is_open()) else {
            return Ok(None);
        };
        if !self.holds_policy(&profile, &current, &owner)? {
            self.try_to_apply(profile.id, Part::Policy).await?;
        }
        Ok(Some(owner))
    }

    /// Disables a hidden user whose owner is gone: there is nothing that its policy could be built from.
    pub(super) async fn close_orphan(&self, user: &User) -> Result<(), AccountError> {
        if user.policy.is_disabled {
            return Ok(());
        }
        let closed = user.policy.with("IsDisabled", true)?;
        Ok(self.inner.jellyfin.set_policy(user.id, &closed).await?)
    }

    /// Writes what an account may do that was a profile.
    pub(super) async fn write_own_policy(
        &self,
        profile: &Profile,
        user: UserId,
        owner: &User,
    ) -> Result<(), AccountError> {
        let owners = read(&owner.policy)?;
        let seat = self.policy_seat(profile, user, Standing::Open);
        let policy = sent(&UserPolicy::of_own_account(&owners, &seat))?;
        Ok(self.inner.jellyfin.set_policy(user, &policy).await?)
    }

    fn built_policy(
        &self,
        profile: &Profile,
        user: UserId,
        owner: &User,
        standing: Standing,
    ) -> Result<UserPolicy, AccountError> {
        let seat = self.policy_seat(profile, user, standing);
        Ok(UserPolicy::of_profile(&read(&owner.policy)?, &seat))
    }

    fn policy_seat<'a>(&self, profile: &'a Profile, user: UserId, standing: Standing) -> Seat<'a> {
        let options = &self.inner.options;
        Seat {
            user,
            limits: &profile.limits,
            standing,
            shift: Shift::between(&options.people_zone, &options.server_zone, self.now()),
        }
    }
}

/// Whether a profile in this state can be used.
pub(super) const fn standing(state: ProfileState) -> Standing {
    match state {
        ProfileState::Ready => Standing::Open,
        ProfileState::Creating(_)
        | ProfileState::Off(_)
        | ProfileState::Leaving(_)
        | ProfileState::Deleting(_) => Standing::Closed,
    }
}

pub(super) fn read(policy: &Policy) -> Result<UserPolicy, JellyfinError> {
    serde_json::from_value(Value::Object(policy.whole.clone())).map_err(JellyfinError::Unreadable)
}

fn sent(built: &UserPolicy) -> Result<Policy, JellyfinError> {
    let whole: Map<String, Value> = serde_json::to_value(built)
        .and_then(serde_json::from_value)
        .map_err(JellyfinError::Unreadable)?;
    Policy::try_from(whole).map_err(JellyfinError::Unreadable)
}
