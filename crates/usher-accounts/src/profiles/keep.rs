//! The job of every half minute: goes on with what a crash or an outage left, keeps every policy at what owner and limits
//! allow, and removes whose time is over.
use std::collections::HashMap;
use std::time::Duration;

use usher_domain::id::{AccountId, UserId};
use usher_domain::profile::ProfileState;
use usher_domain::profile::screen_time::Day;
use usher_domain::time::Timestamp;
use usher_jellyfin::User;
use usher_store::{StoredProfile, Tx};

use super::leave::is_leaving;
use super::make::first_name;
use super::policy::read;
use super::settle::{Part, name_to_be};
use super::{LEASE, is_deleted};
use crate::{AccountError, Accounts};

/// How long the days of screen time are kept: a chart shows a month.
const KEEP_DAYS: Duration = Duration::from_hours(35 * 24);

/// How long a wish for more time is kept.
const KEEP_WISHES: Duration = Duration::from_hours(2 * 24);

/// How long it is remembered who watched last on a device.
const KEEP_DEVICES: Duration = Duration::from_hours(400 * 24);

/// Jellyfin's users, as one look found them.
struct Looked {
    users: HashMap<UserId, User>,
}

impl Accounts {
    /// Looks after every profile. One that fails does not stop the others; the first fault is answered.
    pub async fn keep_profiles(&self) -> Result<(), AccountError> {
        self.switch_profiles().await?;
        let stored = self.inner.store.all_profiles().await?;
        if stored.is_empty() {
            return Ok(());
        }
        // After the rows: a user that was made by now is missing in no list.
        let users = self.inner.jellyfin.users().await?;
        let looked = Looked {
            users: users.into_iter().map(|user| (user.id, user)).collect(),
        };
        self.note_owners_hours(&looked);
        let mut gone: HashMap<AccountId, bool> = HashMap::new();
        let mut done = Ok(());
        for one in &stored {
            let account = one.profile.account;
            if let std::collections::hash_map::Entry::Vacant(place) = gone.entry(account) {
                let account = self.account(account).await?;
                place.insert(account.is_none_or(|account| account.gone.is_some()));
            }
            let is_orphan = gone.get(&account).copied().unwrap_or(false);
            let kept = if is_orphan {
                self.keep_orphan(one, &looked).await
            } else {
                self.keep_profile(one, &looked).await
            };
            done = done.and(kept);
        }
        done
    }

    /// Notes when owners may watch: their profiles may at no other time, and their screens are told of the end.
    fn note_owners_hours(&self, looked: &Looked) {
        let hours = looked.users.values().filter_map(|user| {
            let hours = read(&user.policy).ok()?.hours();
            (!hours.is_always()).then_some((AccountId::of_owner(user.id), hours))
        });
        self.memory.screens.note_owners_hours(hours.collect());
    }

    /// Forgets how long profiles watched long ago, wishes of days that are over, and devices that nobody uses any more.
    pub(crate) async fn forget_watching(&self, tx: &Tx) -> Result<(), AccountError> {
        let now = self.now();
        let oldest = Day::of(now - KEEP_DAYS, &self.inner.options.people_zone);
        tx.forget_screen_times(oldest.date).await?;
        tx.forget_time_requests(now - KEEP_WISHES).await?;
        Ok(tx.forget_watchers(now - KEEP_DEVICES).await?)
    }

    async fn keep_profile(
        &self,
        stored: &StoredProfile,
        looked: &Looked,
    ) -> Result<(), AccountError> {
        let profile = &stored.profile;
        if profile.state.is_due_to_go(self.now()) {
            return self.remove_hidden_user(stored, looked).await;
        }
        if matches!(profile.state, ProfileState::Creating(_)) {
            return self.go_on_making(stored).await;
        }
        if is_leaving(profile.state) {
            return self.go_on_leaving(stored).await;
        }
        let Some(hidden) = stored.hidden else {
            return Ok(());
        };
        let Some(user) = looked.users.get(&hidden) else {
            return self.lose(stored, hidden).await;
        };
        if stored.is_broken() {
            let tx = self.inner.store.begin().await?;
            tx.account(profile.account).await?;
            tx.note_found(profile.id).await?;
            self.clear_devices_of(&tx, profile).await?;
            tx.commit().await?;
            self.forget_profile(stored);
        }
        let Some(owner) = looked.users.get(&profile.account.owner()) else {
            return Ok(());
        };
        if stored.has_known_password() {
            self.set_unknown_password(hidden).await?;
            let tx = self.inner.store.begin().await?;
            tx.note_password_unknown(profile.id).await?;
            tx.commit().await?;
        }
        if !self.holds_policy(profile, user, owner)? {
            return self.apply_anew(stored).await;
        }
        if is_deleted(profile.state) {
            return Ok(());
        }
        if stored.is_unsettled() {
            return self.settle_profile(stored, hidden, owner).await;
        }
        // Somebody named it, or its owner, anew in the dashboard.
        match name_to_be(stored, owner, looked.users.values()) {
            Some(_other) => self.name_hidden_user(stored, hidden, owner).await,
            None => Ok(()),
        }
    }

    /// Jellyfin holds another policy than what was read some time ago allows. What holds now is read and written under the
    /// lease, so that nothing old takes the place of what an owner or an administrator decided meanwhile.
    async fn apply_anew(&self, stored: &StoredProfile) -> Result<(), AccountError> {
        let (id, now) = (stored.profile.id, self.now());
        let tx = self.inner.store.begin().await?;
        if !tx.lease_profile(id, now, now + LEASE).await? {
            return Ok(());
        }
        tx.commit().await?;
        let applied = self.try_to_apply(id, Part::Everything).await;
        let tx = self.inner.store.begin().await?;
        tx.release_profile(id).await?;
        tx.commit().await?;
        applied
    }

    async fn go_on_making(&self, stored: &StoredProfile) -> Result<(), AccountError> {
        let (id, now) = (stored.profile.id, self.now());
        let tx = self.inner.store.begin().await?;
        if !tx.lease_profile(id, now, now + LEASE).await? {
            return Ok(());
        }
        tx.commit().await?;
        self.make_hidden_user(id).await?;
        Ok(())
    }

    /// Jellyfin lists the user of a profile no more. It is asked again before that is believed.
    async fn lose(&self, stored: &StoredProfile, hidden: UserId) -> Result<(), AccountError> {
        if stored.is_broken() || self.inner.jellyfin.user(hidden).await?.is_some() {
            return Ok(());
        }
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        if tx.note_missing(stored.profile.id, hidden, now).await? {
            self.end_profile_tokens(&tx, hidden).await?;
            tx.commit().await?;
            self.forget_profile(stored);
        }
        Ok(())
    }

    /// The account is gone: so are its profiles, as if their owner had deleted them.
    async fn keep_orphan(
        &self,
        stored: &StoredProfile,
        looked: &Looked,
    ) -> Result<(), AccountError> {
        let profile = &stored.profile;
        if profile.state.is_due_to_go(self.now()) {
            return self.remove_hidden_user(stored, looked).await;
        }
        if !is_deleted(profile.state) {
            let tx = self.inner.store.begin().await?;
            let deleting = ProfileState::Deleting(self.now());
            if tx.move_profile(profile, profile.state, deleting).await? {
                if let Some(user) = stored.hidden {
                    self.end_profile_tokens(&tx, user).await?;
                }
                tx.reopen_promotion(profile.id).await?;
                self.withdraw_promotion(&tx, profile.id).await?;
                tx.commit().await?;
                self.forget_profile(stored);
            }
        }
        let user = stored.hidden.and_then(|user| looked.users.get(&user));
        match user {
            Some(user) => self.close_orphan(user).await,
            None => Ok(()),
        }
    }

    /// Removes the hidden user with its history, and then the row. A user of a creation that was cut short goes, too.
    async fn remove_hidden_user(
        &self,
        stored: &StoredProfile,
        looked: &Looked,
    ) -> Result<(), AccountError> {
        let (id, now) = (stored.profile.id, self.now());
        let tx = self.inner.store.begin().await?;
        // Nobody makes a user for it meanwhile.
        if !tx.lease_profile(id, now, now + LEASE).await? {
            return Ok(());
        }
        // Nor is it brought back, by whatever clock its week is not over yet.
        let there = tx.profile(id).await?.map(|there| there.profile.state);
        let Some(due) = there.filter(|state| state.is_due_to_go(now)) else {
            return Ok(());
        };
        let going = ProfileState::Deleting(Timestamp::from_millis(0));
        tx.move_profile(&stored.profile, due, going).await?;
        tx.commit().await?;
        let first = first_name(id);
        let cut_short = looked.users.values().filter(|user| user.name == first);
        let users = stored
            .hidden
            .into_iter()
            .chain(cut_short.map(|user| user.id));
        for user in users {
            self.inner.jellyfin.delete_user(user).await?;
        }
        let tx = self.inner.store.begin().await?;
        tx.remove_profile(id).await?;
        tx.commit().await?;
        self.forget_profile(stored);
        Ok(())
    }
}
