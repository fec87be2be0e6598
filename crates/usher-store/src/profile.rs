//! Profiles: read here, changed in the files beside.
//!
//! Invariant: the name of a profile that is not deleted stands in `claim`, which is unique, so that no race gives one name
//! to two profiles of an account.
//! Invariant: the id of a hidden user stays in the row for as long as Jellyfin has the user, so that it never becomes an account.
//! One that a restored backup of Jellyfin's brings back after that does: nobody knows its password, it may do what the profile
//! might, and administrators see it among the accounts.
mod change;
mod device;
mod end;
mod marks;
mod more_time;
mod picture;
mod pin;
mod promotion;
mod row;
mod rule;
mod screen_time;

pub use device::ChildDevice;
pub use marks::{MarkCopy, Reached};
pub use more_time::TimeRequest;
pub use pin::StoredPin;
pub use promotion::Promotion;

use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use usher_domain::id::{AccountId, ProfileId, UserId};
use usher_domain::profile::preferences::Preferences;
use usher_domain::profile::{Picture, Profile};
use usher_domain::time::Timestamp;
use uuid::Uuid;

use crate::entity::profile::{Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

/// Stands for the revision that Jellyfin has, where its user's password is known to somebody.
const PASSWORD_KNOWN: i64 = -1;

/// A profile, and how far Jellyfin has come with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredProfile {
    /// The profile. It has no user while Jellyfin has lost it.
    pub profile: Profile,
    /// The hidden user, lost or not; `None` until creation has got that far.
    pub hidden: Option<UserId>,
    /// Since when Jellyfin does not know the user any more.
    pub missing: Option<Timestamp>,
    /// Counts the changes of what is written to Jellyfin once: name, picture and preferences.
    pub revision: i64,
    /// The revision that Jellyfin has.
    pub settled: i64,
    /// The picture that Usher gave to Jellyfin last; `None` where it gave none. One that somebody chose in Jellyfin itself is
    /// never here.
    pub picture_held: Option<Picture>,
    /// The preferences that Usher gave to Jellyfin last: several where a call may have been cut short, none where it gave none.
    /// What somebody chose in Jellyfin itself is never here.
    pub preferences_held: Vec<Preferences>,
}

impl StoredProfile {
    /// Whether Jellyfin has not yet taken over name, picture or preferences.
    pub fn is_unsettled(&self) -> bool {
        self.settled < self.revision
            || self.picture_held != self.profile.picture
            || self.preferences_held != [self.profile.preferences.clone()]
    }

    /// Whether somebody set a password for its user in Jellyfin, who holds one that nobody knows.
    pub const fn has_known_password(&self) -> bool {
        self.settled == PASSWORD_KNOWN
    }

    /// Whether Jellyfin has lost the user: the owner makes it anew, or deletes the profile.
    pub const fn is_broken(&self) -> bool {
        self.missing.is_some()
    }
}

/// A hidden user, as far as accounts must be told from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HiddenUser {
    /// The profile.
    pub profile: ProfileId,
    /// Its user; `None` while it is being made.
    pub user: Option<UserId>,
}

impl Store {
    /// The profiles of an account in their order, deleted ones among them.
    pub async fn profiles_of(&self, account: AccountId) -> Result<Vec<StoredProfile>, StoreError> {
        all(&self.db, of_account(account)).await
    }

    /// A profile.
    pub async fn profile(&self, id: ProfileId) -> Result<Option<StoredProfile>, StoreError> {
        one(&self.db, Entity::find_by_id(id.as_uuid())).await
    }

    /// The profile of a hidden user, lost or not.
    pub async fn profile_of_user(&self, user: UserId) -> Result<Option<StoredProfile>, StoreError> {
        one(&self.db, of_user(user)).await
    }

    /// Every profile of every account, by account.
    pub async fn all_profiles(&self) -> Result<Vec<StoredProfile>, StoreError> {
        all(&self.db, by_account()).await
    }

    /// Whom Jellyfin lists though they are no accounts.
    pub async fn hidden_users(&self) -> Result<HashSet<HiddenUser>, StoreError> {
        let rows: Vec<(Uuid, Option<Uuid>)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::JellyfinUser])
            .into_tuple()
            .all(&self.db)
            .await
            .map_err(failed)?;
        let hidden = |(profile, user): (Uuid, Option<Uuid>)| HiddenUser {
            profile: ProfileId::new(profile),
            user: user.map(UserId::new),
        };
        Ok(rows.into_iter().map(hidden).collect())
    }
}

impl Tx {
    /// As [`Store::profiles_of`], in the transaction.
    pub async fn profiles_of(&self, account: AccountId) -> Result<Vec<StoredProfile>, StoreError> {
        all(&self.inner, of_account(account)).await
    }

    /// As [`Store::all_profiles`], in the transaction.
    pub async fn all_profiles(&self) -> Result<Vec<StoredProfile>, StoreError> {
        all(&self.inner, by_account()).await
    }

    /// A profile. Its row is locked until the transaction ends.
    pub async fn profile(&self, id: ProfileId) -> Result<Option<StoredProfile>, StoreError> {
        one(
            &self.inner,
            Entity::find_by_id(id.as_uuid()).lock_exclusive(),
        )
        .await
    }

    /// The profile of a hidden user, lost or not. Its row is locked until the transaction ends.
    pub async fn profile_of_user(&self, user: UserId) -> Result<Option<StoredProfile>, StoreError> {
        one(&self.inner, of_user(user).lock_exclusive()).await
    }

    /// Whether a Jellyfin user holds a profile: then it is no account.
    pub async fn is_hidden_user(&self, user: UserId) -> Result<bool, StoreError> {
        let row = of_user(user).one(&self.inner).await.map_err(failed)?;
        Ok(row.is_some())
    }
}

fn of_user(user: UserId) -> Select<Entity> {
    Entity::find().filter(Column::JellyfinUser.eq(user.as_uuid()))
}

fn of_account(account: AccountId) -> Select<Entity> {
    Entity::find()
        .filter(Column::Account.eq(account.as_uuid()))
        .order_by_asc(Column::Place)
        .order_by_asc(Column::Id)
}

fn by_account() -> Select<Entity> {
    Entity::find()
        .order_by_asc(Column::Account)
        .order_by_asc(Column::Place)
        .order_by_asc(Column::Id)
}

async fn one(
    db: &impl ConnectionTrait,
    query: Select<Entity>,
) -> Result<Option<StoredProfile>, StoreError> {
    let row = query.one(db).await.map_err(failed)?;
    Ok(read(db, row.into_iter().collect()).await?.pop())
}

async fn all(
    db: &impl ConnectionTrait,
    query: Select<Entity>,
) -> Result<Vec<StoredProfile>, StoreError> {
    let rows = query.all(db).await.map_err(failed)?;
    read(db, rows).await
}

async fn read(
    db: &impl ConnectionTrait,
    rows: Vec<Model>,
) -> Result<Vec<StoredProfile>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let accounts: HashSet<Uuid> = rows.iter().map(|row| row.account).collect();
    let locked = pin::locked_seats(db, accounts).await?;
    rows.iter()
        .map(|row| row::profile(row, locked.contains(&row.id)))
        .collect()
}
