//! Named values: policies as JSON, and what must be sealed as sealed bytes. Whoever writes knows which.
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

use crate::entity::setting;
use crate::error::failed;
use crate::{Store, StoreError, Tx};

impl Store {
    /// The value under a name, outside of any transaction.
    pub async fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let row = setting::Entity::find_by_id(name)
            .one(&self.db)
            .await
            .map_err(failed)?;
        Ok(row.map(|row| row.value))
    }
}

impl Tx {
    /// The value under a name.
    pub async fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let row = setting::Entity::find_by_id(name)
            .one(&self.inner)
            .await
            .map_err(failed)?;
        Ok(row.map(|row| row.value))
    }

    /// Writes a value, over the one that was there.
    pub async fn put_setting(&self, name: &str, value: Vec<u8>) -> Result<(), StoreError> {
        let row = setting::ActiveModel {
            name: Set(name.to_owned()),
            value: Set(value),
        };
        let over = OnConflict::column(setting::Column::Name)
            .update_column(setting::Column::Value)
            .to_owned();
        setting::Entity::insert(row)
            .on_conflict(over)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }
}
