//! Ended tokens of which Jellyfin must still be told.
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use usher_domain::id::TokenId;
use usher_domain::time::Timestamp;

use super::{KnownToken, token};
use crate::entity::token::{Column, Entity};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

impl Store {
    /// Ended tokens that are to be signed out in Jellyfin now, those that wait longest first.
    pub async fn tokens_to_sign_out(
        &self,
        now: Timestamp,
        most: u64,
    ) -> Result<Vec<KnownToken>, StoreError> {
        Entity::find()
            .filter(Column::SignOutFrom.lte(now.as_millis()))
            .order_by_asc(Column::SignOutFrom)
            .order_by_asc(Column::Id)
            .limit(most)
            .all(&self.db)
            .await
            .map_err(failed)?
            .into_iter()
            .map(token)
            .collect()
    }
}

impl Tx {
    /// Takes an ended token, to sign it out in Jellyfin: until a moment nobody else does. `false`: somebody else is at it,
    /// or Jellyfin was told.
    pub async fn lease_sign_out(
        &self,
        id: TokenId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let leased = Entity::update_many()
            .col_expr(Column::SignOutFrom, Expr::value(Some(until.as_millis())))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::SignOutFrom.lte(now.as_millis()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(leased.rows_affected == 1)
    }

    /// Leaves a token alone until a moment. Not one that Jellyfin was told of meanwhile.
    pub async fn put_off_sign_out(&self, id: TokenId, until: Timestamp) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::SignOutFrom, Expr::value(Some(until.as_millis())))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::SignOutFrom.is_not_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Notes that Jellyfin has ended a token, too.
    pub async fn note_signed_out(&self, id: TokenId) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::SignOutFrom, Expr::value(None::<i64>))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }
}
