//! The end of a profile, and of what lets somebody in as one.
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use usher_domain::id::{ProfileId, UserId};
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;

use crate::entity::{
    app_password, child_device, picture, pin, profile, profile_choice, screen_time, time_request,
    token,
};
use crate::error::failed;
use crate::{StoreError, Tx, value};

impl Tx {
    /// Ends every live token of a Jellyfin user. Answers the hashes of those that it ended. Jellyfin must be told of each.
    pub async fn end_tokens_of_user(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<Hash>, StoreError> {
        let rows = token::Entity::find()
            .filter(token::Column::JellyfinUser.eq(user.as_uuid()))
            .filter(token::Column::EndedAt.is_null())
            .order_by_asc(token::Column::Id)
            .lock_exclusive()
            .all(&self.inner)
            .await
            .map_err(failed)?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        token::Entity::update_many()
            .col_expr(token::Column::EndedAt, Expr::value(Some(now.as_millis())))
            .col_expr(
                token::Column::SignOutFrom,
                Expr::value(Some(now.as_millis())),
            )
            .filter(token::Column::Id.is_in(ids))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        rows.into_iter()
            .map(|row| value::hash("token", row.digest))
            .collect()
    }

    /// Removes a profile with everything that was noted of it, once Jellyfin has no user for it any more.
    pub async fn remove_profile(&self, id: ProfileId) -> Result<(), StoreError> {
        let row = profile::Entity::find_by_id(id.as_uuid());
        let row = row.one(&self.inner).await.map_err(failed)?;
        let id = id.as_uuid();
        if let Some(user) = row.and_then(|row| row.jellyfin_user) {
            self.remove::<app_password::Entity>(app_password::Column::JellyfinUser.eq(user))
                .await?;
            self.end_mark_copies_of(user).await?;
        }
        self.remove::<screen_time::Entity>(screen_time::Column::Profile.eq(id))
            .await?;
        self.remove::<profile_choice::Entity>(profile_choice::Column::Profile.eq(id))
            .await?;
        self.remove::<child_device::Entity>(child_device::Column::Profile.eq(id))
            .await?;
        self.remove::<time_request::Entity>(time_request::Column::Profile.eq(id))
            .await?;
        self.remove::<picture::Entity>(picture::Column::Profile.eq(id))
            .await?;
        pin::Entity::delete_by_id(id)
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        profile::Entity::delete_by_id(id)
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }
}
