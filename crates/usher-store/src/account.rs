//! Accounts: read here, changed in the files beside.
//!
//! Invariant: an address that is proven and the account's own stands in `address_claim`, which is unique, so that no
//! race gives one address to two accounts. A gone account claims nothing.
//! Invariant: only [`Tx::see_user`] writes what Jellyfin says, and it writes nothing else of an account that is there.
mod change;
mod row;
mod search;
mod set_up;

pub use change::Claim;
pub(crate) use row::set_up_way;
pub use search::{AccountCounts, AccountSearch, AccountState};

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use usher_domain::account::{Account, AddressProof};
use usher_domain::address::AddressKey;
use usher_domain::id::AccountId;
use usher_domain::name::NameKey;

use crate::entity::account::{Column, Entity};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

impl Store {
    /// An account, gone or not.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        one(&self.db, Entity::find_by_id(id.as_uuid())).await
    }

    /// The account of a name, as Jellyfin compares names. Never one that is gone; should two share the name (a user was
    /// renamed and another took the name since the last look), the one that was seen first last.
    pub async fn account_by_name(&self, name: &NameKey) -> Result<Option<Account>, StoreError> {
        one(&self.db, named(name)).await
    }

    /// The accounts to which this address belongs by proof or an administrator's word. Never one that is gone; more
    /// than one only where addresses may be shared.
    pub async fn accounts_by_address(
        &self,
        address: &AddressKey,
    ) -> Result<Vec<Account>, StoreError> {
        all(&self.db, addressed(address)).await
    }

    /// Everybody who administers Jellyfin, by name.
    pub async fn administrators(&self) -> Result<Vec<Account>, StoreError> {
        all(&self.db, administering()).await
    }
}

impl Tx {
    /// An account, gone or not. On PostgreSQL its row is locked until the transaction ends, as SQLite's one writer has
    /// locked everything already: what was read still holds when it is written.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let locked = Entity::find_by_id(id.as_uuid()).lock_exclusive();
        one(&self.inner, locked).await
    }

    /// As [`Store::account_by_name`], in the transaction.
    pub async fn account_by_name(&self, name: &NameKey) -> Result<Option<Account>, StoreError> {
        one(&self.inner, named(name)).await
    }

    /// As [`Store::administrators`], in the transaction.
    pub async fn administrators(&self) -> Result<Vec<Account>, StoreError> {
        all(&self.inner, administering()).await
    }

    /// As [`Store::accounts_by_address`], in the transaction.
    pub async fn accounts_by_address(
        &self,
        address: &AddressKey,
    ) -> Result<Vec<Account>, StoreError> {
        all(&self.inner, addressed(address)).await
    }
}

fn named(name: &NameKey) -> Select<Entity> {
    Entity::find()
        .filter(Column::NameKey.eq(name.as_str()))
        .filter(Column::GoneAt.is_null())
        .order_by_desc(Column::FirstSeenAt)
        .order_by_desc(Column::Id)
}

fn administering() -> Select<Entity> {
    Entity::find()
        .filter(Column::Administrator.eq(true))
        .filter(Column::GoneAt.is_null())
        .order_by_asc(Column::NameKey)
        .order_by_asc(Column::Id)
}

fn addressed(address: &AddressKey) -> Select<Entity> {
    Entity::find()
        .filter(Column::EmailKey.eq(address.as_str()))
        .filter(Column::Proof.is_in(PROVEN))
        .filter(Column::GoneAt.is_null())
        .order_by_asc(Column::NameKey)
        .order_by_asc(Column::Id)
}

/// The proofs that make an address good for codes and resets; a test compares them with the domain's.
const PROVEN: [&str; 2] = [AddressProof::Proven.name(), AddressProof::Vouched.name()];

async fn one(
    db: &impl ConnectionTrait,
    query: Select<Entity>,
) -> Result<Option<Account>, StoreError> {
    let row = query.one(db).await.map_err(failed)?;
    row.map(row::account).transpose()
}

async fn all(db: &impl ConnectionTrait, query: Select<Entity>) -> Result<Vec<Account>, StoreError> {
    query
        .all(db)
        .await
        .map_err(failed)?
        .into_iter()
        .map(row::account)
        .collect()
}
