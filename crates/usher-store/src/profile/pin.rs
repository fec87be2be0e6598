//! The PINs before profiles, each with its wrong tries (R43).
//!
//! Invariant: a row that was read in a transaction is locked until it ends, so that no two tries see the same count.
use std::collections::HashSet;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use usher_domain::id::{AccountId, ProfileId};
use usher_domain::profile::pin::{PinTally, Watcher};
use uuid::Uuid;

use crate::entity::pin::{ActiveModel, Column, Entity};
use crate::error::failed;
use crate::{Store, StoreError, Tx, value};

/// What is known of the PIN before a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPin {
    /// Its slow hash; `None`: the owner declined to have one.
    pub hash: Option<String>,
    /// Wrong ones.
    pub tally: PinTally,
}

impl Store {
    /// What is known of the PIN before a seat of an account.
    pub async fn pin(
        &self,
        account: AccountId,
        watcher: Watcher,
    ) -> Result<Option<StoredPin>, StoreError> {
        let row = Entity::find_by_id(seat(account, watcher))
            .one(&self.db)
            .await
            .map_err(failed)?;
        row.map(stored).transpose()
    }
}

impl Tx {
    /// What is known of the PIN before a seat of an account. Locked.
    pub async fn pin(
        &self,
        account: AccountId,
        watcher: Watcher,
    ) -> Result<Option<StoredPin>, StoreError> {
        let row = Entity::find_by_id(seat(account, watcher))
            .lock_exclusive()
            .one(&self.inner)
            .await
            .map_err(failed)?;
        row.map(stored).transpose()
    }

    /// Writes the PIN before a seat, with no wrong tries; without a hash, that the owner declined to have one.
    pub async fn set_pin(
        &self,
        account: AccountId,
        watcher: Watcher,
        hash: Option<String>,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            seat: Set(seat(account, watcher)),
            account: Set(account.as_uuid()),
            hash: Set(hash),
            tally: Set(value::json("pin", &PinTally::default())?),
        };
        let over = OnConflict::column(Column::Seat)
            .update_columns([Column::Hash, Column::Tally])
            .to_owned();
        Entity::insert(row)
            .on_conflict(over)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Writes the wrong tries before a seat.
    pub async fn put_pin_tally(
        &self,
        account: AccountId,
        watcher: Watcher,
        tally: &PinTally,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::Tally, Expr::value(value::json("pin", tally)?))
            .filter(Column::Seat.eq(seat(account, watcher)))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Removes the PIN before a seat.
    pub async fn clear_pin(&self, account: AccountId, watcher: Watcher) -> Result<(), StoreError> {
        Entity::delete_by_id(seat(account, watcher))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

/// The seats of these accounts that have a PIN.
pub(super) async fn locked_seats(
    db: &impl ConnectionTrait,
    accounts: HashSet<Uuid>,
) -> Result<HashSet<Uuid>, StoreError> {
    let mut query = Entity::find()
        .select_only()
        .column(Column::Seat)
        .filter(Column::Hash.is_not_null());
    // A list of every account there is would be too long for a statement.
    if let (1, Some(account)) = (accounts.len(), accounts.iter().next()) {
        query = query.filter(Column::Account.eq(*account));
    }
    let seats: Vec<Uuid> = query.into_tuple().all(db).await.map_err(failed)?;
    Ok(seats.into_iter().collect())
}

fn seat(account: AccountId, watcher: Watcher) -> Uuid {
    match watcher {
        Watcher::Owner => account.as_uuid(),
        Watcher::Profile(id) => ProfileId::as_uuid(id),
    }
}

fn stored(row: crate::entity::pin::Model) -> Result<StoredPin, StoreError> {
    Ok(StoredPin {
        hash: row.hash,
        tally: value::from_json("pin", &row.tally)?,
    })
}
