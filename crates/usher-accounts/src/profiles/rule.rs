//! Whether accounts may have profiles, and how many: for everybody, and for one account.
use usher_domain::activity::{Activity, ProfileDeed, ProfileLine, SettingChanged};
use usher_domain::id::AccountId;
use usher_domain::profile::ProfileState;
use usher_domain::settings::{ProfilePolicy, ProfileRule};
use usher_domain::visitor::Visitor;
use usher_store::{StoredProfile, Tx};

use super::counted;
use crate::admin::Admin;
use crate::settings::{profile_policy_in, put_profile_policy};
use crate::{AccountError, Accounts};

impl Accounts {
    /// What holds for an account.
    pub async fn profile_policy_of(
        &self,
        account: AccountId,
    ) -> Result<ProfilePolicy, AccountError> {
        let policy = self.settings().await?.profiles;
        Ok(policy.under(self.profile_rule(account).await?))
    }

    /// What is different for one account, for administrators.
    pub async fn profile_rule(&self, account: AccountId) -> Result<ProfileRule, AccountError> {
        Ok(self.inner.store.profile_rule(account).await?)
    }

    /// How many profiles an account has, its owner's among them, for administrators.
    pub async fn profile_count(&self, account: AccountId) -> Result<usize, AccountError> {
        let stored = self.inner.store.profiles_of(account).await?;
        Ok(counted(&stored) + 1)
    }

    /// Switches profiles off or on, and says how many there may be. Fewer hides and deletes none; switched off, their users
    /// are disabled until they are switched on again.
    pub async fn set_profile_policy(
        &self,
        by: &Admin,
        policy: ProfilePolicy,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        if profile_policy_in(&tx).await? == policy {
            return Ok(());
        }
        put_profile_policy(&tx, &policy).await?;
        let most = policy.enabled.then_some(policy.most);
        let changed = vec![SettingChanged::Profiles { most }];
        self.note_policy(&tx, by.actor(), changed, visitor).await?;
        let switched = self.switch_in(&tx).await?;
        tx.commit().await?;
        self.apply_switched(&switched).await;
        Ok(())
    }

    /// Decides for one account. `false`: there is no such account.
    pub async fn set_profile_rule(
        &self,
        by: &Admin,
        account: AccountId,
        rule: ProfileRule,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let tx = self.inner.store.begin().await?;
        if tx.account(account).await?.is_none() {
            return Ok(false);
        }
        if tx.profile_rule(account).await? == rule {
            return Ok(true);
        }
        tx.set_profile_rule(account, rule).await?;
        let what = Activity::Profile(ProfileLine {
            rule: Some(rule),
            ..ProfileDeed::RuleChanged.into()
        });
        self.note(&tx, account, by.actor(), what, visitor).await?;
        let switched = self.switch_in(&tx).await?;
        tx.commit().await?;
        self.apply_switched(&switched).await;
        Ok(true)
    }

    /// Switches those off or on that are not yet as the policy says: one was being made, or brought back, when it changed.
    pub(super) async fn switch_profiles(&self) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        let switched = self.switch_in(&tx).await?;
        tx.commit().await?;
        for stored in &switched {
            self.forget_profile(stored);
        }
        Ok(())
    }

    async fn switch_in(&self, tx: &Tx) -> Result<Vec<StoredProfile>, AccountError> {
        let policy = profile_policy_in(tx).await?;
        let rules = tx.profile_rules().await?;
        let mut switched = Vec::new();
        for stored in tx.all_profiles().await? {
            let profile = &stored.profile;
            let rule = rules.get(&profile.account).copied().unwrap_or_default();
            let is_switched = match (profile.state, policy.under(rule).enabled) {
                (ProfileState::Ready, false) => self.close_profile(tx, &stored).await?,
                (from @ ProfileState::Off(_), true) => self.open_profile(tx, &stored, from).await?,
                _as_it_should => continue,
            };
            if is_switched {
                switched.push(stored);
            }
        }
        Ok(switched)
    }

    /// `false`: it is in another state meanwhile.
    async fn close_profile(&self, tx: &Tx, stored: &StoredProfile) -> Result<bool, AccountError> {
        let off = ProfileState::Off(self.now());
        if !tx
            .move_profile(&stored.profile, ProfileState::Ready, off)
            .await?
        {
            return Ok(false);
        }
        if let Some(user) = stored.hidden {
            self.end_profile_tokens(tx, user).await?;
        }
        Ok(true)
    }

    async fn apply_switched(&self, switched: &[StoredProfile]) {
        for stored in switched {
            self.apply_profile(stored.profile.id).await;
        }
    }
}
