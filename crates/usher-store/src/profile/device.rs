//! Who watched last on a device, and which devices are a child's.
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use usher_domain::id::{AccountId, ProfileId};
use usher_domain::profile::pin::Watcher;
use usher_domain::time::Timestamp;

use crate::entity::{child_device, profile_choice};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

/// A device on which one profile of an account alone may watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildDevice {
    /// The account.
    pub account: AccountId,
    /// The device, whoever signs in on it ([`ClientIdentity::device_key`]).
    pub device_key: String,
    /// The profile.
    pub profile: ProfileId,
    /// What the owner knows the device by.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
}

fn child(row: child_device::Model) -> ChildDevice {
    ChildDevice {
        account: AccountId::new(row.account),
        device_key: row.device_id,
        profile: ProfileId::new(row.profile),
        name: row.name,
        since: Timestamp::from_millis(row.since),
    }
}

async fn of_device(
    db: &impl ConnectionTrait,
    account: AccountId,
    device_key: &str,
) -> Result<Option<ChildDevice>, StoreError> {
    let row = child_device::Entity::find_by_id((account.as_uuid(), device_key.to_owned()))
        .one(db)
        .await
        .map_err(failed)?;
    Ok(row.map(child))
}

async fn of_account(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<ChildDevice>, StoreError> {
    let rows = child_device::Entity::find()
        .filter(child_device::Column::Account.eq(account.as_uuid()))
        .order_by_asc(child_device::Column::Since)
        .order_by_asc(child_device::Column::DeviceId)
        .all(db)
        .await
        .map_err(failed)?;
    Ok(rows.into_iter().map(child).collect())
}

impl Store {
    /// Who of an account watched last on a device.
    pub async fn last_watcher(
        &self,
        account: AccountId,
        device_key: &str,
    ) -> Result<Option<Watcher>, StoreError> {
        let row = profile_choice::Entity::find_by_id((account.as_uuid(), device_key.to_owned()))
            .one(&self.db)
            .await
            .map_err(failed)?;
        Ok(row.map(|row| {
            row.profile
                .map_or(Watcher::Owner, |id| Watcher::Profile(ProfileId::new(id)))
        }))
    }

    /// Whose device alone this is, in an account.
    pub async fn child_device(
        &self,
        account: AccountId,
        device_key: &str,
    ) -> Result<Option<ChildDevice>, StoreError> {
        of_device(&self.db, account, device_key).await
    }

    /// The devices of an account's children, oldest first.
    pub async fn child_devices(&self, account: AccountId) -> Result<Vec<ChildDevice>, StoreError> {
        of_account(&self.db, account).await
    }
}

impl Tx {
    /// As [`Store::child_device`], in the transaction.
    pub async fn child_device(
        &self,
        account: AccountId,
        device_key: &str,
    ) -> Result<Option<ChildDevice>, StoreError> {
        of_device(&self.inner, account, device_key).await
    }

    /// As [`Store::child_devices`], in the transaction.
    pub async fn child_devices(&self, account: AccountId) -> Result<Vec<ChildDevice>, StoreError> {
        of_account(&self.inner, account).await
    }

    /// Remembers who watches on a device.
    pub async fn note_watcher(
        &self,
        account: AccountId,
        device_key: &str,
        watcher: Watcher,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let profile = match watcher {
            Watcher::Owner => None,
            Watcher::Profile(id) => Some(id.as_uuid()),
        };
        let row = profile_choice::ActiveModel {
            account: Set(account.as_uuid()),
            device_id: Set(device_key.to_owned()),
            profile: Set(profile),
            chosen_at: Set(now.as_millis()),
        };
        let over = OnConflict::columns([
            profile_choice::Column::Account,
            profile_choice::Column::DeviceId,
        ])
        .update_columns([
            profile_choice::Column::Profile,
            profile_choice::Column::ChosenAt,
        ])
        .to_owned();
        profile_choice::Entity::insert(row)
            .on_conflict(over)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Forgets on which devices somebody watched last before a moment.
    pub async fn forget_watchers(&self, before: Timestamp) -> Result<(), StoreError> {
        self.forget::<profile_choice::Entity>(profile_choice::Column::ChosenAt, before)
            .await
    }

    /// Makes a device a child's, over whose it was before.
    pub async fn mark_child_device(&self, device: &ChildDevice) -> Result<(), StoreError> {
        let row = child_device::ActiveModel {
            account: Set(device.account.as_uuid()),
            device_id: Set(device.device_key.clone()),
            profile: Set(device.profile.as_uuid()),
            name: Set(device.name.clone()),
            since: Set(device.since.as_millis()),
        };
        let over = OnConflict::columns([
            child_device::Column::Account,
            child_device::Column::DeviceId,
        ])
        .update_columns([
            child_device::Column::Profile,
            child_device::Column::Name,
            child_device::Column::Since,
        ])
        .to_owned();
        child_device::Entity::insert(row)
            .on_conflict(over)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Makes a device everybody's again. `false` when it was no child's.
    pub async fn free_child_device(
        &self,
        account: AccountId,
        device_key: &str,
    ) -> Result<bool, StoreError> {
        let freed = child_device::Entity::delete_by_id((account.as_uuid(), device_key.to_owned()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(freed.rows_affected == 1)
    }
}
