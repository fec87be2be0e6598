//! Limits: how often something was tried lately, as text that the use cases read.
//!
//! Invariant: a row that was read in a transaction is locked until it ends, so that no two tries see the same count (R25).
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryOrder, QuerySelect, Set};
use usher_domain::time::Timestamp;

use crate::entity::limit::{ActiveModel, Column, Entity};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

impl Store {
    /// The counts under a key, as they were committed last: for who only looks.
    pub async fn tally(&self, key: &[u8; 32]) -> Result<Option<String>, StoreError> {
        let row = Entity::find_by_id(key.to_vec())
            .one(&self.db)
            .await
            .map_err(failed)?;
        Ok(row.map(|row| row.state).filter(|state| !state.is_empty()))
    }
}

impl Tx {
    /// The counts under a key, locked. `None`: nothing was counted yet. Whoever reads several reads them in the order of
    /// their keys, so that two never wait for each other.
    pub async fn tally(
        &self,
        key: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let row = ActiveModel {
            id: Set(key.to_vec()),
            state: Set(String::new()),
            touched_at: Set(now.as_millis()),
        };
        let there = OnConflict::column(Column::Id).do_nothing().to_owned();
        Entity::insert(row)
            .on_conflict(there)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        let row = Entity::find_by_id(key.to_vec())
            .lock_exclusive()
            .one(&self.inner)
            .await
            .map_err(failed)?;
        Ok(row.map(|row| row.state).filter(|state| !state.is_empty()))
    }

    /// Writes the counts under a key, touched at a moment: one that lies ahead keeps them longer.
    pub async fn put_tally(
        &self,
        key: &[u8; 32],
        state: String,
        touched: Timestamp,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(key.to_vec()),
            state: Set(state),
            touched_at: Set(touched.as_millis()),
        };
        let over = OnConflict::column(Column::Id)
            .update_columns([Column::State, Column::TouchedAt])
            .to_owned();
        Entity::insert(row)
            .on_conflict(over)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Forgets counts that were not touched since `before`, and the oldest beyond `most` rows (R25).
    pub async fn forget_tallies(&self, before: Timestamp, most: u64) -> Result<(), StoreError> {
        let beyond: Option<i64> = Entity::find()
            .select_only()
            .column(Column::TouchedAt)
            .order_by_desc(Column::TouchedAt)
            .order_by_desc(Column::Id)
            .offset(most)
            .limit(1)
            .into_tuple()
            .one(&self.inner)
            .await
            .map_err(failed)?;
        let before = before.as_millis().max(beyond.map_or(i64::MIN, |at| at + 1));
        self.remove::<Entity>(Column::TouchedAt.lt(before)).await?;
        Ok(())
    }
}
