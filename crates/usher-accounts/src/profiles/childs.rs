//! "This is a child's device": one profile of an account alone may watch on it.
//!
//! Invariant: on such a device no door gives out a token of anybody else of the account, and those that were there end. It holds
//! while its profile can be used; a deleted one keeps nobody out. Whoever came meanwhile goes when it can be used again.
use std::collections::BTreeSet;

use usher_domain::activity::ProfileDeed;
use usher_domain::device::{ClientIdentity, DeviceUse};
use usher_domain::id::{AccountId, ProfileId, UserId};
use usher_domain::profile::pin::Watcher;
use usher_domain::profile::{Profile, ProfileState};
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::{ChildDevice, KnownToken, StoredProfile, Tx, WebSession};

use crate::me::PlaceId;
use crate::press::shown;
use crate::quick_connect::ScreenFor;
use crate::web_session::ProvenOwner;
use crate::{AccountError, Accounts};

/// A child's device on its owner's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDevice {
    /// The device, whoever signs in on it ([`ClientIdentity::device_key`]).
    pub device_key: String,
    /// What the owner knows the device by.
    pub name: String,
    /// Whose it is.
    pub profile: String,
    /// Since when.
    pub since: Timestamp,
    /// Others are kept off it: that profile can be used.
    pub holds: bool,
}

/// What becomes of a device that is to be a child's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceToKeep {
    /// What the owner knows the device by.
    pub name: String,
    /// Whose it will be.
    pub profile: String,
    /// Who else of the account is signed in on it, and will be no more.
    pub others: Vec<String>,
    /// Every device of this name counts as the same one ([`ClientIdentity::is_known_by_name`]).
    pub is_known_by_name: bool,
}

impl Accounts {
    /// The devices of the account's children, oldest first.
    pub async fn kept_devices(
        &self,
        session: &WebSession,
    ) -> Result<Vec<KeptDevice>, AccountError> {
        let store = &self.inner.store;
        let devices = store.child_devices(session.account).await?;
        if devices.is_empty() {
            return Ok(Vec::new());
        }
        let profiles = store.profiles_of(session.account).await?;
        let kept = devices.into_iter().filter_map(|device| {
            let whose = profiles
                .iter()
                .find(|stored| stored.profile.id == device.profile)?;
            Some(KeptDevice {
                device_key: device.device_key,
                name: device.name,
                profile: whose.profile.name.as_str().to_owned(),
                since: device.since,
                holds: whose.profile.is_open(),
            })
        });
        Ok(kept.collect())
    }

    /// What [`keep_device`](Self::keep_device) would do. `None`: it would do nothing.
    pub async fn device_to_keep(
        &self,
        session: &WebSession,
        place: PlaceId,
    ) -> Result<Option<DeviceToKeep>, AccountError> {
        let account = session.account;
        let tokens = self.inner.store.tokens(account).await?;
        let there = tokens
            .iter()
            .find(|token| place == PlaceId::Token(token.id));
        let Some(there) = there.filter(|there| !there.identity.device_key().is_empty()) else {
            return Ok(None);
        };
        let seats = self.seats_of(account).await?;
        let whose = seats.get(&there.user).filter(|seat| seat.profile.is_some());
        let Some(whose) = whose else {
            return Ok(None);
        };
        let beside = tokens.iter().filter(|token| {
            token.identity.device_key() == there.identity.device_key() && token.user != there.user
        });
        let others: BTreeSet<&str> = beside
            .filter_map(|token| Some(seats.get(&token.user)?.name.as_str()))
            .collect();
        Ok(Some(DeviceToKeep {
            name: called(&there.identity),
            profile: whose.name.clone(),
            others: others.into_iter().map(str::to_owned).collect(),
            is_known_by_name: there.identity.is_known_by_name(),
        }))
    }

    /// Makes the device of a place the device of the profile that watches there, and ends what others of the account hold on it.
    /// `false`: the account has no such place, the owner sits there, or it names no device.
    pub async fn keep_device(
        &self,
        by: ProvenOwner,
        place: PlaceId,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let PlaceId::Token(id) = place else {
            return Ok(false);
        };
        let account = by.account;
        let tokens = self.inner.store.tokens(account).await?;
        let Some(there) = tokens.into_iter().find(|token| token.id == id) else {
            return Ok(false);
        };
        let tx = self.inner.store.begin().await?;
        // Whoever signs in there at this moment has done so before, or finds the device marked.
        tx.account(account).await?;
        let profiles = tx.profiles_of(account).await?;
        let mut open = profiles.iter().filter(|stored| stored.profile.is_open());
        let whose = open.find(|stored| stored.hidden == Some(there.user));
        let Some(whose) = whose.filter(|_| !there.identity.device_key().is_empty()) else {
            return Ok(false);
        };
        self.mark_childs(&tx, account, whose.profile.id, &there.identity, visitor)
            .await?;
        let device_key = there.identity.device_key();
        let ended = self.end_others(&tx, account, &device_key).await?;
        tx.commit().await?;
        self.forget_tokens(&ended);
        self.sign_out_after_all(&ended).await;
        Ok(true)
    }

    /// Makes a device everybody's again. `false`: it was no child's.
    pub async fn free_device(
        &self,
        by: ProvenOwner,
        device_key: &str,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let tx = self.inner.store.begin().await?;
        let account = by.account;
        let Some(child) = tx.child_device(account, device_key).await? else {
            return Ok(false);
        };
        if !tx.free_child_device(account, device_key).await? {
            return Ok(false);
        }
        self.note_device(&tx, ProfileDeed::DeviceFreed, &child, visitor)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Remembers who watches on a screen that is signed in, and makes it a child's device where its owner said so. The owner
    /// is no child.
    pub(crate) async fn note_screen(
        &self,
        tx: &Tx,
        account: AccountId,
        screen: &ClientIdentity,
        to: ScreenFor,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let device_key = screen.device_key();
        if device_key.is_empty() {
            return Ok(());
        }
        let now = self.now();
        tx.note_watcher(account, &device_key, to.watcher, now)
            .await?;
        let (DeviceUse::Childs, Watcher::Profile(profile)) = (to.device, to.watcher) else {
            return Ok(());
        };
        self.mark_childs(tx, account, profile, screen, visitor)
            .await
    }

    async fn mark_childs(
        &self,
        tx: &Tx,
        account: AccountId,
        profile: ProfileId,
        device: &ClientIdentity,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let child = ChildDevice {
            account,
            device_key: device.device_key().into_owned(),
            profile,
            name: called(device),
            since: self.now(),
        };
        tx.mark_child_device(&child).await?;
        self.note_device(tx, ProfileDeed::DeviceKept, &child, visitor)
            .await
    }

    /// Whether a user of an account may be signed in on a device.
    pub(crate) async fn may_be_on(
        &self,
        tx: &Tx,
        account: AccountId,
        device_key: &str,
        user: UserId,
    ) -> Result<bool, AccountError> {
        let kept = kept_from(tx, account, device_key, user).await?;
        Ok(kept.is_none())
    }

    /// Ends what others of the account hold on a child's device; in Jellyfin the job of every half minute does.
    pub(crate) async fn clear_device(
        &self,
        tx: &Tx,
        account: AccountId,
        device_key: &str,
    ) -> Result<(), AccountError> {
        let ended = self.end_others(tx, account, device_key).await?;
        self.forget_tokens(&ended);
        Ok(())
    }

    /// Lets a profile be used, as `stored` was when it was read, or as soon as profiles are switched on. Ends what others of the
    /// account hold on its devices by now. `true`: it moved on; ask [`Profile::is_open`] whether it can be used. `false`: it is in
    /// another state meanwhile, and stays there.
    pub(super) async fn open_profile(
        &self,
        tx: &Tx,
        stored: &StoredProfile,
        from: ProfileState,
    ) -> Result<bool, AccountError> {
        let profile = &stored.profile;
        // Whoever signs in on its device at this moment has done so before, or finds it open.
        tx.account(profile.account).await?;
        let policy = self.profile_policy_in(tx, profile.account).await?;
        let to = if policy.enabled {
            ProfileState::Ready
        } else {
            ProfileState::Off(self.now())
        };
        if !tx.move_profile(profile, from, to).await? {
            return Ok(false);
        }
        if policy.enabled {
            self.clear_devices_of(tx, profile).await?;
        }
        Ok(true)
    }

    /// As [`clear_device`](Self::clear_device), on each device of a profile that can be used again. Its account's row is locked.
    pub(super) async fn clear_devices_of(
        &self,
        tx: &Tx,
        profile: &Profile,
    ) -> Result<(), AccountError> {
        for device in tx.child_devices(profile.account).await? {
            if device.profile == profile.id {
                self.clear_device(tx, profile.account, &device.device_key)
                    .await?;
            }
        }
        Ok(())
    }

    /// As [`clear_device`](Self::clear_device); answers what has ended.
    async fn end_others(
        &self,
        tx: &Tx,
        account: AccountId,
        device_key: &str,
    ) -> Result<Vec<KnownToken>, AccountError> {
        let Some(child) = tx.child_device(account, device_key).await? else {
            return Ok(Vec::new());
        };
        let Some(only) = owner_of(tx, &child).await? else {
            return Ok(Vec::new());
        };
        Ok(tx
            .end_others_on(account, device_key, only, self.now())
            .await?)
    }
}

/// What the owner knows a device by.
fn called(device: &ClientIdentity) -> String {
    format!("{} ({})", shown(&device.device), shown(&device.client))
}

/// The child's device that it is, where it is kept from this user of the account.
pub(super) async fn kept_from(
    tx: &Tx,
    account: AccountId,
    device_key: &str,
    user: UserId,
) -> Result<Option<ChildDevice>, AccountError> {
    let Some(child) = tx.child_device(account, device_key).await? else {
        return Ok(None);
    };
    let owner = owner_of(tx, &child).await?;
    Ok(owner.filter(|only| *only != user).map(|_| child))
}

/// The user whose device it is, while that profile can be used.
async fn owner_of(tx: &Tx, child: &ChildDevice) -> Result<Option<UserId>, AccountError> {
    let profiles = tx.profiles_of(child.account).await?;
    let mut open = profiles
        .into_iter()
        .map(|stored| stored.profile)
        .filter(Profile::is_open);
    let whose = open.find(|profile| profile.id == child.profile);
    Ok(whose.and_then(|profile| profile.user))
}
