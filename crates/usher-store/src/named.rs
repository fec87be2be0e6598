//! What an answer to `PlaybackInfo` or `LiveStreams/Open` named to a user, and of which item it spoke (design, 3.1). Other
//! people of the same home may be told the same names: a channel's stream is one for all.
use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use usher_domain::id::{ItemId, UserId};
use usher_domain::time::Timestamp;

use crate::entity::named::{ActiveModel, Column, Entity};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

/// Rows in one statement: SQLite takes 32,766 values at once, and one has four.
const AT_ONCE: usize = 1000;

/// What an answer named to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Of which the answer spoke; `None` where nobody can say.
    pub item: Option<ItemId>,
    /// When it was named or played last.
    pub used: Timestamp,
}

impl Store {
    /// What a name stands for that was told to a user, or used, after a moment.
    pub async fn named(
        &self,
        user: UserId,
        name: &str,
        used_after: Timestamp,
    ) -> Result<Option<Named>, StoreError> {
        let row = Entity::find_by_id((user.as_uuid(), name.to_owned()))
            .filter(Column::UsedAt.gt(used_after.as_millis()))
            .one(&self.db)
            .await
            .map_err(failed)?;
        Ok(row.map(|row| Named {
            item: row.item.map(ItemId::new),
            used: Timestamp::from_millis(row.used_at),
        }))
    }
}

impl Tx {
    /// Notes what an answer that spoke of an item named to a user. The newest answer counts.
    pub async fn note_named(
        &self,
        user: UserId,
        names: &[String],
        item: Option<ItemId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // In one order and each once, as tickets are left.
        let names: Vec<&String> = names.iter().collect::<BTreeSet<_>>().into_iter().collect();
        for some in names.chunks(AT_ONCE) {
            let rows = some.iter().map(|name| ActiveModel {
                jellyfin_user: Set(user.as_uuid()),
                name: Set((*name).clone()),
                item: Set(item.map(ItemId::as_uuid)),
                used_at: Set(now.as_millis()),
            });
            let over = OnConflict::columns([Column::JellyfinUser, Column::Name])
                .update_columns([Column::Item, Column::UsedAt])
                .to_owned();
            Entity::insert_many(rows)
                .on_conflict(over)
                .exec_without_returning(&self.inner)
                .await
                .map_err(failed)?;
        }
        Ok(())
    }

    /// Notes that something was played by its name.
    pub async fn touch_named(
        &self,
        user: UserId,
        name: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(now.as_millis()))
            .filter(Column::JellyfinUser.eq(user.as_uuid()))
            .filter(Column::Name.eq(name))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Forgets what was last used before a moment.
    pub async fn forget_named(&self, used_before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::UsedAt, used_before).await
    }
}
