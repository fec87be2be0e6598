//! Sign-ins whose password was right and whose second factor was not shown yet: who does not finish one is told (R39).
//!
//! Invariant: how long one waits counts from its first note; a repeated one moves nothing.
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use usher_domain::id::{AccountId, AttemptId, PressId};
use usher_domain::time::Timestamp;
use uuid::Uuid;

use crate::entity::unfinished::{ActiveModel, Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

/// Which sign-in is not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnfinishedId {
    /// On Usher's pages.
    Web(AttemptId),
    /// At an app's form.
    App(PressId),
}

impl UnfinishedId {
    const fn as_uuid(self) -> Uuid {
        match self {
            Self::Web(id) => id.as_uuid(),
            Self::App(id) => id.as_uuid(),
        }
    }

    const fn door_name(self) -> &'static str {
        match self {
            Self::Web(_) => "web",
            Self::App(_) => "app",
        }
    }
}

/// A sign-in that stopped at the second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// Which.
    pub id: UnfinishedId,
    /// Whose password was right.
    pub account: AccountId,
    /// What the person sees of the browser or app.
    pub device: String,
    /// Its network address.
    pub address: String,
    /// Since when.
    pub since: Timestamp,
}

fn unfinished(row: Model) -> Result<Unfinished, StoreError> {
    let id = match row.door.as_str() {
        "web" => UnfinishedId::Web(AttemptId::new(row.id)),
        "app" => UnfinishedId::App(PressId::new(row.id)),
        other => {
            let reason = format!("unknown door {other}");
            return Err(StoreError::unreadable("unfinished", reason));
        }
    };
    Ok(Unfinished {
        id,
        account: AccountId::new(row.account),
        device: row.device,
        address: row.address,
        since: Timestamp::from_millis(row.since),
    })
}

impl Store {
    /// Those that nobody was told of and that wait since a moment or longer, the oldest first.
    pub async fn due_unfinished(
        &self,
        since: Timestamp,
        limit: u64,
    ) -> Result<Vec<Unfinished>, StoreError> {
        Entity::find()
            .filter(Column::ToldAt.is_null())
            .filter(Column::Since.lte(since.as_millis()))
            .order_by_asc(Column::Since)
            .order_by_asc(Column::Id)
            .limit(limit)
            .all(&self.db)
            .await
            .map_err(failed)?
            .into_iter()
            .map(unfinished)
            .collect()
    }
}

impl Tx {
    /// Notes that a sign-in stopped at the second factor. One that is noted already stays as it is.
    pub async fn note_unfinished(&self, new: &Unfinished) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            door: Set(new.id.door_name().to_owned()),
            account: Set(new.account.as_uuid()),
            device: Set(new.device.clone()),
            address: Set(new.address.clone()),
            since: Set(new.since.as_millis()),
            told_at: Set(None),
        };
        let there = OnConflict::column(Column::Id).do_nothing().to_owned();
        Entity::insert(row)
            .on_conflict(there)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// The factor was shown, or the person knows by other means: nobody is told any more. One that somebody was told of
    /// stays, for it counts.
    pub async fn settle_unfinished(&self, id: UnfinishedId) -> Result<(), StoreError> {
        self.remove::<Entity>(Column::Id.eq(id.as_uuid()).and(Column::ToldAt.is_null()))
            .await?;
        Ok(())
    }

    /// Notes that the person was told, in the transaction that writes the mail. `false` when the sign-in was finished
    /// meanwhile, or another process was faster.
    pub async fn note_unfinished_told(
        &self,
        id: UnfinishedId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = Entity::update_many()
            .col_expr(Column::ToldAt, Expr::value(Some(now.as_millis())))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::ToldAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }

    /// How often an account was told of one device since a moment: once an hour is enough (R39).
    pub async fn count_unfinished_told(
        &self,
        account: AccountId,
        device: &str,
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        Entity::find()
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::Device.eq(device))
            .filter(Column::ToldAt.gte(since.as_millis()))
            .count(&self.inner)
            .await
            .map_err(failed)
    }

    /// Forgets those that began before a moment, told of or not. Later than tellings are counted.
    pub async fn forget_unfinished(&self, before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::Since, before).await
    }
}
