//! Deleting a profile, and bringing it back within seven days.
use usher_domain::activity::ProfileDeed;
use usher_domain::id::{ProfileId, UserId};
use usher_domain::profile::ProfileState;
use usher_domain::profile::pin::Watcher;
use usher_domain::visitor::Visitor;
use usher_store::{StoreError, StoredProfile, Tx};

use super::make::{is_owners, no_room};
use super::{Applied, MadeProfile, is_deleted, is_ending, own_profile};
use crate::web_session::ProvenOwner;
use crate::{AccountError, Accounts};

/// What became of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletedProfile {
    /// Nobody gets in as it any more; after seven days it is gone.
    Done(Applied),
    /// The account has no such profile, it was deleted before, or it is becoming an account of its own.
    Unknown,
}

/// What became of bringing one back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoredProfile {
    /// It is there again.
    Done(Applied),
    /// Its name belongs to another profile by now, which must be renamed first.
    NameTaken,
    /// The owner is called so by now: two faces of one name could not be told apart.
    OwnersName,
    /// The account has as many as it may.
    Full,
    /// Profiles are switched off.
    SwitchedOff,
    /// The account has no such profile, it is not deleted, or its seven days are over.
    Unknown,
}

impl Accounts {
    /// Deletes a profile: disabled at once, gone after seven days.
    pub async fn delete_profile(
        &self,
        by: ProvenOwner,
        id: ProfileId,
        visitor: &Visitor,
    ) -> Result<DeletedProfile, AccountError> {
        let tx = self.inner.store.begin().await?;
        let stored = own_profile(&tx, by.account, id).await?;
        let Some(stored) = stored.filter(|stored| !is_ending(stored.profile.state)) else {
            return Ok(DeletedProfile::Unknown);
        };
        let (profile, deleting) = (&stored.profile, ProfileState::Deleting(self.now()));
        if !tx.move_profile(profile, profile.state, deleting).await? {
            return Ok(DeletedProfile::Unknown);
        }
        if let Some(user) = stored.hidden {
            self.end_profile_tokens(&tx, user).await?;
        }
        self.take_wish_back(&tx, &stored.profile, visitor).await?;
        let (did, about) = (ProfileDeed::Deleted, Watcher::Profile(id));
        self.note_deed(&tx, by.account, did, about, visitor).await?;
        tx.commit().await?;
        Ok(DeletedProfile::Done(self.apply_profile(id).await))
    }

    /// Brings a deleted profile back, with its history.
    pub async fn restore_profile(
        &self,
        by: ProvenOwner,
        id: ProfileId,
        visitor: &Visitor,
    ) -> Result<RestoredProfile, AccountError> {
        let (account, now) = (by.account, self.now());
        let tx = self.inner.store.begin().await?;
        // Locked, so that no two come back at once where there is room for one.
        let owner = tx.account(account).await?;
        let Some(stored) = own_profile(&tx, account, id).await? else {
            return Ok(RestoredProfile::Unknown);
        };
        let profile = &stored.profile;
        if !is_deleted(profile.state) || profile.state.is_due_to_go(now) {
            return Ok(RestoredProfile::Unknown);
        }
        if owner.is_some_and(|owner| is_owners(&owner, &profile.name)) {
            return Ok(RestoredProfile::OwnersName);
        }
        let policy = self.profile_policy_in(&tx, account).await?;
        match no_room(policy, &tx.profiles_of(account).await?) {
            None => {}
            Some(MadeProfile::SwitchedOff) => return Ok(RestoredProfile::SwitchedOff),
            Some(_full) => return Ok(RestoredProfile::Full),
        }
        let restored = if stored.hidden.is_some() {
            self.open_profile(&tx, &stored, profile.state).await
        } else {
            let creating = ProfileState::Creating(now);
            let moved = tx.move_profile(profile, profile.state, creating).await;
            moved.map_err(AccountError::from)
        };
        match restored {
            Err(AccountError::Store(StoreError::Taken)) => return Ok(RestoredProfile::NameTaken),
            Ok(false) => return Ok(RestoredProfile::Unknown),
            Ok(true) => {}
            Err(fault) => return Err(fault),
        }
        let (did, about) = (ProfileDeed::Restored, Watcher::Profile(id));
        self.note_deed(&tx, account, did, about, visitor).await?;
        tx.commit().await?;
        Ok(RestoredProfile::Done(self.apply_restored(&stored).await))
    }

    /// One that was deleted before it had a user is made by the job.
    async fn apply_restored(&self, stored: &StoredProfile) -> Applied {
        if stored.hidden.is_none() {
            return Applied::Later;
        }
        self.apply_profile(stored.profile.id).await
    }

    /// Ends every token of a hidden user (R47): Jellyfin ends its own when it disables it.
    pub(super) async fn end_profile_tokens(
        &self,
        tx: &Tx,
        user: UserId,
    ) -> Result<(), AccountError> {
        for digest in tx.end_tokens_of_user(user, self.now()).await? {
            self.memory.known.forget(&digest);
        }
        Ok(())
    }
}
