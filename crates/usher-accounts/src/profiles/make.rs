//! Making a profile: a row, the hidden user, its policy while it is still disabled, and only then the seat is open.
use usher_domain::account::Account;
use usher_domain::activity::ProfileDeed;
use usher_domain::id::{AccountId, ProfileId, UserId};
use usher_domain::name::NameKey;
use usher_domain::profile::limits::Limits;
use usher_domain::profile::name::ProfileName;
use usher_domain::profile::pin::Watcher;
use usher_domain::profile::policy::Standing;
use usher_domain::profile::preferences::Preferences;
use usher_domain::profile::{AgePreset, Picture, Profile, ProfileState};
use usher_domain::settings::ProfilePolicy;
use usher_domain::visitor::Visitor;
use usher_jellyfin::{Created, JellyfinError, User};
use usher_store::{StoreError, StoredProfile, Tx};

use super::{LEASE, counted, own_profile};
use crate::web_session::ProvenOwner;
use crate::{AccountError, Accounts};

/// A profile to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProfile {
    /// What people will call it.
    pub name: ProfileName,
    /// Its face.
    pub picture: Option<Picture>,
    /// For whom it is.
    pub preset: AgePreset,
    /// What it may see; [`Limits::of_preset`] for a start.
    pub limits: Limits,
    /// How it likes things.
    pub preferences: Preferences,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MadeProfile {
    /// It can be used.
    Ready(Box<Profile>),
    /// Somebody else is finishing, or undoing, it at this moment.
    Underway,
    /// The account has a profile of this name.
    NameTaken,
    /// The owner is called so.
    OwnersName,
    /// The account has as many as it may.
    Full,
    /// It made so many lately that no more is made for a while: each is a user of Jellyfin, also for the week after it was deleted.
    TooOften,
    /// Profiles are switched off, or were while it was made: then it can be used once they are on.
    SwitchedOff,
    /// The account cannot have any now (it is gone, or waits for its set-up), has no such profile, or its user is not lost.
    Impossible,
}

impl Accounts {
    /// Adds a profile.
    ///
    /// # Errors
    ///
    /// After a fault of Jellyfin's the profile is there, is being made, and is finished by the job of every half minute.
    pub async fn make_profile(
        &self,
        by: ProvenOwner,
        new: &NewProfile,
        visitor: &Visitor,
    ) -> Result<MadeProfile, AccountError> {
        let (account, now) = (by.account, self.now());
        let tx = self.inner.store.begin().await?;
        let owner = tx.account(account).await?;
        let Some(owner) = owner.filter(|it| !it.is_kept_out() && !it.seen.disabled) else {
            return Ok(MadeProfile::Impossible);
        };
        if is_owners(&owner, &new.name) {
            return Ok(MadeProfile::OwnersName);
        }
        let here = tx.profiles_of(account).await?;
        let policy = self.profile_policy_in(&tx, account).await?;
        if let Some(refused) = no_room(policy, &here) {
            return Ok(refused);
        }
        if !self.admit_deed(&tx, account, "make", policy.most).await? {
            return Ok(MadeProfile::TooOften);
        }
        let last = here.iter().map(|stored| stored.profile.order).max();
        let profile = Profile {
            id: ProfileId::generate(now, &*self.inner.entropy),
            account,
            user: None,
            name: new.name.clone(),
            picture: new.picture.clone(),
            preset: new.preset,
            has_pin: false,
            order: last.map_or(0, |last| last.saturating_add(1)),
            limits: new.limits.clone(),
            preferences: new.preferences.clone(),
            state: ProfileState::Creating(now),
        };
        match tx.add_profile(&profile, now + LEASE).await {
            Err(StoreError::Taken) => return Ok(MadeProfile::NameTaken),
            added => added?,
        }
        let (did, about) = (ProfileDeed::Made, Watcher::Profile(profile.id));
        self.note_deed(&tx, account, did, about, visitor).await?;
        tx.commit().await?;
        self.make_hidden_user(profile.id).await
    }

    /// Makes the user anew whom Jellyfin has lost: the profile is as it was, its history is gone.
    ///
    /// # Errors
    ///
    /// As [`make_profile`](Self::make_profile).
    pub async fn repair_profile(
        &self,
        by: ProvenOwner,
        id: ProfileId,
        visitor: &Visitor,
    ) -> Result<MadeProfile, AccountError> {
        let (account, now) = (by.account, self.now());
        let tx = self.inner.store.begin().await?;
        let Some(stored) = own_profile(&tx, account, id).await? else {
            return Ok(MadeProfile::Impossible);
        };
        if !tx.make_hidden_user_anew(id, now, now + LEASE).await? {
            return Ok(MadeProfile::Impossible);
        }
        let (did, about) = (ProfileDeed::Repaired, Watcher::Profile(id));
        self.note_deed(&tx, account, did, about, visitor).await?;
        tx.commit().await?;
        self.forget_profile(&stored);
        self.make_hidden_user(id).await
    }

    /// Goes on with a creation, from wherever it was left. Only under the profile's lease.
    pub(super) async fn make_hidden_user(
        &self,
        id: ProfileId,
    ) -> Result<MadeProfile, AccountError> {
        let Some(stored) = self.being_made(id).await? else {
            return Ok(MadeProfile::Underway);
        };
        let Some(user) = self.user_of(&stored).await? else {
            return Ok(MadeProfile::Underway);
        };
        let account = stored.profile.account;
        let Some(owner) = self.inner.jellyfin.user(account.owner()).await? else {
            return Ok(MadeProfile::Impossible);
        };
        self.write_policy(&stored.profile, user, &owner, Standing::Closed)
            .await?;
        self.settle_profile(&stored, user, &owner).await?;
        let tx = self.inner.store.begin().await?;
        let creating = ProfileState::Creating(self.now());
        let moved = self.open_profile(&tx, &stored, creating).await?;
        tx.release_profile(id).await?;
        tx.commit().await?;
        self.forget_profile(&stored);
        let Some(stored) = self.inner.store.profile(id).await?.filter(|_| moved) else {
            return Ok(MadeProfile::Underway);
        };
        self.forget_profile(&stored);
        if !stored.profile.is_open() {
            return Ok(MadeProfile::SwitchedOff);
        }
        self.write_policy(&stored.profile, user, &owner, Standing::Open)
            .await?;
        Ok(MadeProfile::Ready(Box::new(stored.profile)))
    }

    /// A profile that is being made. Where Jellyfin has lost the user that was made for it, there is none yet. `None`: the profile
    /// is gone.
    async fn being_made(&self, id: ProfileId) -> Result<Option<StoredProfile>, AccountError> {
        let store = &self.inner.store;
        let Some(stored) = store.profile(id).await? else {
            return Ok(None);
        };
        let Some(user) = stored.hidden else {
            return Ok(Some(stored));
        };
        if self.inner.jellyfin.user(user).await?.is_some() {
            return Ok(Some(stored));
        }
        let now = self.now();
        let tx = store.begin().await?;
        if tx.note_missing(id, user, now).await?
            && tx.make_hidden_user_anew(id, now, now + LEASE).await?
        {
            tx.commit().await?;
            self.forget_profile(&stored);
        }
        Ok(store.profile(id).await?)
    }

    /// The hidden user of a profile that is being made. `None`: the profile is gone, or somebody else was faster.
    async fn user_of(&self, stored: &StoredProfile) -> Result<Option<UserId>, AccountError> {
        if let Some(user) = stored.hidden {
            return Ok(Some(user));
        }
        let id = stored.profile.id;
        let user = self.user_with_first_name(id).await?;
        let tx = self.inner.store.begin().await?;
        if tx.set_hidden_user(id, user).await? {
            tx.commit().await?;
            self.memory.hidden.forget();
            return Ok(Some(user));
        }
        drop(tx);
        let known = self.inner.store.profile_of_user(user).await?;
        if known.is_none() {
            // The row was removed while the user was made: it is nobody's.
            self.inner.jellyfin.delete_user(user).await?;
        }
        Ok(None)
    }

    /// The user with the first name of a profile: the one of a try that was cut short, or a new one. Its password is random
    /// and known to nobody.
    async fn user_with_first_name(&self, id: ProfileId) -> Result<UserId, AccountError> {
        let (jellyfin, name) = (&self.inner.jellyfin, first_name(id));
        if let Some(user) = named(&jellyfin.users().await?, &name) {
            // The call that made it may have broken before its password was set.
            self.set_unknown_password(user).await?;
            return Ok(user);
        }
        let password = self.unknown_password();
        match jellyfin.create_user(&name, &password).await? {
            Created::Made(user) => Ok(user.id),
            // A call that was cut short before arrived after the look.
            Created::Refused => named(&jellyfin.users().await?, &name)
                .ok_or_else(|| JellyfinError::Inconsistent("a new name is refused").into()),
        }
    }

    /// What holds for an account, in the transaction in which it counts.
    pub(super) async fn profile_policy_in(
        &self,
        tx: &Tx,
        account: AccountId,
    ) -> Result<ProfilePolicy, AccountError> {
        let policy = crate::settings::profile_policy_in(tx).await?;
        Ok(policy.under(tx.profile_rule(account).await?))
    }
}

/// Why no further profile can be added or brought back.
pub(super) fn no_room(policy: ProfilePolicy, here: &[StoredProfile]) -> Option<MadeProfile> {
    if !policy.enabled {
        Some(MadeProfile::SwitchedOff)
    } else if policy.has_room(counted(here)) {
        None
    } else {
        Some(MadeProfile::Full)
    }
}

/// What a hidden user is called until its policy stands. Nobody else gives a user this name: the id is random.
pub(crate) fn first_name(id: ProfileId) -> String {
    format!("usher-{id}")
}

fn named(users: &[User], name: &str) -> Option<UserId> {
    users
        .iter()
        .find(|user| user.name == name)
        .map(|user| user.id)
}

/// Whether the owner is called so: two faces of one name could not be told apart.
pub(super) fn is_owners(owner: &Account, name: &ProfileName) -> bool {
    NameKey::of(&owner.seen.name) == name.key()
}
