//! What Jellyfin does by itself: how far its activity log was read, and which of its entries Usher's own changes make.
//!
//! Invariant: how far the log was read moves in the transaction of what an entry brings about, from the place where the
//! reader saw it: with any number of processes, each entry counts once.
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use usher_domain::entropy::Entropy;
use usher_domain::id::{AccountId, ActivityId};
use usher_domain::time::Timestamp;

use crate::entity::{account, noticed, own_change};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

/// The row of Jellyfin's activity log.
const ACTIVITY: &str = "activity";

impl Store {
    /// The newest entry of Jellyfin's activity log that counted; `None` before the first look.
    pub async fn newest_noticed(&self) -> Result<Option<i64>, StoreError> {
        let row = noticed::Entity::find_by_id(ACTIVITY)
            .one(&self.db)
            .await
            .map_err(failed)?;
        Ok(row.map(|row| row.entry))
    }

    /// Whether Usher itself is changing, or has just changed, the password of an account.
    pub async fn has_own_change(&self, account: AccountId) -> Result<bool, StoreError> {
        let found = own_change::Entity::find()
            .filter(own_change::Column::Account.eq(account.as_uuid()))
            .count(&self.db)
            .await
            .map_err(failed)?;
        Ok(found > 0)
    }
}

impl Tx {
    /// Notes that the log was read from one entry to another. `false` when another process was faster.
    pub async fn notice_up_to(&self, from: Option<i64>, to: i64) -> Result<bool, StoreError> {
        let Some(from) = from else {
            let row = noticed::ActiveModel {
                log: Set(ACTIVITY.to_owned()),
                entry: Set(to),
            };
            let first = OnConflict::column(noticed::Column::Log)
                .do_nothing()
                .to_owned();
            let added = noticed::Entity::insert(row)
                .on_conflict(first)
                .exec_without_returning(&self.inner)
                .await
                .map_err(failed)?;
            return Ok(added == 1);
        };
        let moved = noticed::Entity::update_many()
            .col_expr(noticed::Column::Entry, Expr::value(to))
            .filter(noticed::Column::Log.eq(ACTIVITY))
            .filter(noticed::Column::Entry.eq(from))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(moved.rows_affected == 1)
    }

    /// Notes that Usher is about to change the password of an account: the next such entry is its own. Commit before
    /// Jellyfin is asked.
    pub async fn add_own_change(
        &self,
        account: AccountId,
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> Result<(), StoreError> {
        let row = own_change::ActiveModel {
            id: Set(ActivityId::generate(now, entropy).as_uuid()),
            account: Set(account.as_uuid()),
            made_at: Set(now.as_millis()),
        };
        row.insert(&self.inner).await.map_err(failed)?;
        Ok(())
    }

    /// Takes the oldest own change of an account away: its entry was read, or Jellyfin refused it. `false` when there is
    /// none.
    pub async fn take_own_change(&self, account: AccountId) -> Result<bool, StoreError> {
        let oldest = own_change::Entity::find()
            .filter(own_change::Column::Account.eq(account.as_uuid()))
            .order_by_asc(own_change::Column::Id)
            .one(&self.inner)
            .await
            .map_err(failed)?;
        let Some(row) = oldest else { return Ok(false) };
        let taken = own_change::Entity::delete_by_id(row.id)
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(taken.rows_affected == 1)
    }

    /// Forgets own changes that were begun before a moment: Jellyfin never made them.
    pub async fn forget_own_changes(&self, before: Timestamp) -> Result<(), StoreError> {
        self.forget::<own_change::Entity>(own_change::Column::MadeAt, before)
            .await
    }

    /// Forgets whether a user stands open: the password was set by somebody else.
    pub async fn forget_passwordless(&self, id: AccountId) -> Result<(), StoreError> {
        account::Entity::update_many()
            .col_expr(account::Column::Passwordless, Expr::value(None::<bool>))
            .filter(account::Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }
}
