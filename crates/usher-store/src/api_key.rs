//! API keys of the server, as far as Usher knows of them: from where they may come, and when they last did.
//!
//! The keys themselves are Jellyfin's; a row has the hash alone.
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Set};
use usher_domain::network::Networks;
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;

use crate::entity::api_key::{ActiveModel, Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx, value};

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeySeen {
    /// Hash of the key.
    pub digest: Hash,
    /// From where it may come; none: from everywhere.
    pub networks: Networks,
    /// When it last came through Usher, to the minute.
    pub seen: Option<Timestamp>,
    /// The address that it came from.
    pub address: String,
}

fn key(row: Model) -> Result<ApiKeySeen, StoreError> {
    Ok(ApiKeySeen {
        digest: value::hash("api_key", row.digest)?,
        networks: Networks::parse(&row.networks)
            .map_err(|error| StoreError::unreadable("api_key", error))?,
        seen: row.seen_at.map(Timestamp::from_millis),
        address: row.address,
    })
}

impl Store {
    /// What is known of a key.
    pub async fn api_key(&self, digest: &Hash) -> Result<Option<ApiKeySeen>, StoreError> {
        let row = Entity::find_by_id(digest.as_bytes().to_vec())
            .one(&self.db)
            .await
            .map_err(failed)?;
        row.map(key).transpose()
    }

    /// What is known of all keys.
    pub async fn api_keys(&self) -> Result<Vec<ApiKeySeen>, StoreError> {
        let rows = Entity::find().all(&self.db).await.map_err(failed)?;
        rows.into_iter().map(key).collect()
    }
}

impl Tx {
    /// Binds a key to networks; none: it may come from everywhere. `false` when it was bound so already.
    pub async fn bind_api_key(
        &self,
        digest: &Hash,
        networks: &Networks,
    ) -> Result<bool, StoreError> {
        let text = networks.to_string();
        let over = OnConflict::column(Column::Digest)
            .update_column(Column::Networks)
            .action_and_where(Expr::col((Entity, Column::Networks)).ne(text.clone()))
            .to_owned();
        let row = ActiveModel {
            digest: Set(digest.as_bytes().to_vec()),
            networks: Set(text),
            seen_at: Set(None),
            address: Set(String::new()),
        };
        let written = Entity::insert(row)
            .on_conflict(over)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(written == 1)
    }

    /// Notes from where a key came.
    pub async fn see_api_key(
        &self,
        digest: &Hash,
        address: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            digest: Set(digest.as_bytes().to_vec()),
            networks: Set(String::new()),
            seen_at: Set(Some(now.as_millis())),
            address: Set(address.to_owned()),
        };
        let over = OnConflict::column(Column::Digest)
            .update_columns([Column::SeenAt, Column::Address])
            .to_owned();
        Entity::insert(row)
            .on_conflict(over)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Forgets keys that are bound to nothing and were last seen before a moment.
    pub async fn forget_api_keys(&self, before: Timestamp) -> Result<(), StoreError> {
        let unseen = Condition::any()
            .add(Column::SeenAt.is_null())
            .add(Column::SeenAt.lt(before.as_millis()));
        self.remove::<Entity>(Column::Networks.eq("").and(unseen))
            .await?;
        Ok(())
    }
}
