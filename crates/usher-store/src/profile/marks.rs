//! Watched marks that a seat takes over from another of its account: a row from the moment they are asked for until nothing is
//! missing.
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Set, UpdateMany};
use usher_domain::id::{AccountId, ItemId, UserId};
use usher_domain::time::Timestamp;
use uuid::Uuid;

use crate::entity::mark_copy::{ActiveModel, Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

/// Where a copy is among the marks of its source, which it takes from the oldest on: the day of one, and its item. A mark
/// without a day comes first.
pub type Reached = (Option<Timestamp>, ItemId);

/// Marks on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkCopy {
    /// Whose marks they are.
    pub source: UserId,
    /// Who takes them over.
    pub target: UserId,
    /// Whose seats both are.
    pub account: AccountId,
    /// When it was asked for.
    pub asked: Timestamp,
    /// The last mark that was looked at.
    pub reached: Option<Reached>,
}

fn copy(row: &Model) -> MarkCopy {
    let item = ItemId::new(row.reached_item);
    let at = (row.reached_at > 0).then(|| Timestamp::from_millis(row.reached_at));
    MarkCopy {
        source: UserId::new(row.source),
        target: UserId::new(row.target),
        account: AccountId::new(row.account),
        asked: Timestamp::from_millis(row.asked_at),
        reached: (!row.reached_item.is_nil()).then_some((at, item)),
    }
}

impl Store {
    /// Every copy that is under way, the oldest first.
    pub async fn mark_copies(&self) -> Result<Vec<MarkCopy>, StoreError> {
        let rows = Entity::find()
            .order_by_asc(Column::AskedAt)
            .order_by_asc(Column::Source)
            .order_by_asc(Column::Target)
            .all(&self.db)
            .await
            .map_err(failed)?;
        Ok(rows.iter().map(copy).collect())
    }

    /// The copies that a Jellyfin user takes over at present, the oldest first.
    pub async fn mark_copies_to(&self, target: UserId) -> Result<Vec<MarkCopy>, StoreError> {
        let rows = Entity::find()
            .filter(Column::Target.eq(target.as_uuid()))
            .order_by_asc(Column::AskedAt)
            .order_by_asc(Column::Source)
            .all(&self.db)
            .await
            .map_err(failed)?;
        Ok(rows.iter().map(copy).collect())
    }
}

impl Tx {
    /// Notes that marks are to be copied. `false` when they are on their way already.
    pub async fn add_mark_copy(&self, new: &MarkCopy) -> Result<bool, StoreError> {
        let row = ActiveModel {
            source: Set(new.source.as_uuid()),
            target: Set(new.target.as_uuid()),
            account: Set(new.account.as_uuid()),
            asked_at: Set(new.asked.as_millis()),
            reached_at: Set(0),
            reached_item: Set(Uuid::nil()),
            lease_until: Set(0),
        };
        let there = OnConflict::columns([Column::Source, Column::Target])
            .do_nothing()
            .to_owned();
        let added = Entity::insert(row)
            .on_conflict(there)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(added == 1)
    }

    /// Holds a copy, so that one process works at it. `false` when another one does at `now`, or it has ended.
    pub async fn lease_mark_copy(
        &self,
        held: &MarkCopy,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let lease = Entity::update_many()
            .col_expr(Column::LeaseUntil, Expr::value(until.as_millis()))
            .filter(Column::LeaseUntil.lte(now.as_millis()));
        self.change_mark_copy(lease, held).await
    }

    /// Notes how far a copy has come, and lets go of it.
    pub async fn note_mark_copy(
        &self,
        held: &MarkCopy,
        reached: Option<Reached>,
    ) -> Result<(), StoreError> {
        let (at, item) = reached.map_or((0, Uuid::nil()), |(at, item)| {
            (at.map_or(0, Timestamp::as_millis), item.as_uuid())
        });
        let came = Entity::update_many()
            .col_expr(Column::ReachedAt, Expr::value(at))
            .col_expr(Column::ReachedItem, Expr::value(item))
            .col_expr(Column::LeaseUntil, Expr::value(0_i64));
        self.change_mark_copy(came, held).await?;
        Ok(())
    }

    /// Nothing is missing, or one of the two is no seat of the account any more.
    pub async fn end_mark_copy(&self, held: &MarkCopy) -> Result<(), StoreError> {
        let key = (held.source.as_uuid(), held.target.as_uuid());
        Entity::delete_by_id(key)
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// A Jellyfin user is no seat any more.
    pub(super) async fn end_mark_copies_of(&self, user: Uuid) -> Result<(), StoreError> {
        let either = Condition::any()
            .add(Column::Source.eq(user))
            .add(Column::Target.eq(user));
        self.remove::<Entity>(either).await?;
        Ok(())
    }

    async fn change_mark_copy(
        &self,
        change: UpdateMany<Entity>,
        held: &MarkCopy,
    ) -> Result<bool, StoreError> {
        let done = change
            .filter(Column::Source.eq(held.source.as_uuid()))
            .filter(Column::Target.eq(held.target.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }
}
