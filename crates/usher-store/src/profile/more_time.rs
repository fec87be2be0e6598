//! Wishes for more screen time, until the owner decides.
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, Set,
};
use usher_domain::id::{AccountId, ProfileId, RequestId};
use usher_domain::time::Timestamp;

use crate::entity::time_request::{ActiveModel, Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

/// A wish for more screen time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeRequest {
    /// Its identifier, by which the time is given once.
    pub id: RequestId,
    /// Whose owner decides.
    pub account: AccountId,
    /// Who asks.
    pub profile: ProfileId,
    /// Since when.
    pub asked: Timestamp,
    /// When the owner decided.
    pub decided: Option<Timestamp>,
    /// How many minutes were given; `None`: none yet, or refused.
    pub granted: Option<u16>,
}

fn request(row: &Model) -> TimeRequest {
    TimeRequest {
        id: RequestId::new(row.id),
        account: AccountId::new(row.account),
        profile: ProfileId::new(row.profile),
        asked: Timestamp::from_millis(row.asked_at),
        decided: row.decided_at.map(Timestamp::from_millis),
        granted: row
            .granted
            .map(|minutes| u16::try_from(minutes).unwrap_or(0)),
    }
}

impl Store {
    /// The wishes of an account's profiles that wait, oldest first.
    pub async fn open_time_requests(
        &self,
        account: AccountId,
    ) -> Result<Vec<TimeRequest>, StoreError> {
        let rows = Entity::find()
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::DecidedAt.is_null())
            .order_by_asc(Column::Id)
            .all(&self.db)
            .await
            .map_err(failed)?;
        Ok(rows.iter().map(request).collect())
    }

    /// How many wishes of a profile were asked since a moment, decided or not.
    pub async fn time_requests_since(
        &self,
        profile: ProfileId,
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        asked_since(&self.db, profile, since).await
    }

    /// A wish.
    pub async fn time_request(&self, id: RequestId) -> Result<Option<TimeRequest>, StoreError> {
        let row = Entity::find_by_id(id.as_uuid());
        let row = row.one(&self.db).await.map_err(failed)?;
        Ok(row.as_ref().map(request))
    }

    /// The newest wish of a profile since a moment, decided or not.
    pub async fn newest_time_request(
        &self,
        profile: ProfileId,
        since: Timestamp,
    ) -> Result<Option<TimeRequest>, StoreError> {
        let row = Entity::find()
            .filter(Column::Profile.eq(profile.as_uuid()))
            .filter(Column::AskedAt.gte(since.as_millis()))
            .order_by_desc(Column::AskedAt)
            .order_by_desc(Column::Id)
            .one(&self.db);
        Ok(row.await.map_err(failed)?.as_ref().map(request))
    }
}

impl Tx {
    /// Notes a wish. `false` when the profile waits for one already.
    pub async fn add_time_request(&self, new: &TimeRequest) -> Result<bool, StoreError> {
        // Two that ask at once wait for each other here.
        self.profile(new.profile).await?;
        let waiting = Entity::find()
            .filter(Column::Profile.eq(new.profile.as_uuid()))
            .filter(Column::DecidedAt.is_null())
            .one(&self.inner)
            .await
            .map_err(failed)?;
        if waiting.is_some() {
            return Ok(false);
        }
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            account: Set(new.account.as_uuid()),
            profile: Set(new.profile.as_uuid()),
            asked_at: Set(new.asked.as_millis()),
            decided_at: Set(None),
            granted: Set(None),
        };
        row.insert(&self.inner).await.map_err(failed)?;
        Ok(true)
    }

    /// A wish.
    pub async fn time_request(&self, id: RequestId) -> Result<Option<TimeRequest>, StoreError> {
        let row = Entity::find_by_id(id.as_uuid());
        let row = row.one(&self.inner).await.map_err(failed)?;
        Ok(row.as_ref().map(request))
    }

    /// As [`Store::time_requests_since`], in the transaction.
    pub async fn time_requests_since(
        &self,
        profile: ProfileId,
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        asked_since(&self.inner, profile, since).await
    }

    /// Decides a wish of an account: so many minutes, or none. `false` when it was decided before, or is not the
    /// account's (R71).
    pub async fn decide_time_request(
        &self,
        account: AccountId,
        id: RequestId,
        granted: Option<u16>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let decided = Entity::update_many()
            .col_expr(Column::DecidedAt, Expr::value(Some(now.as_millis())))
            .col_expr(Column::Granted, Expr::value(granted.map(i64::from)))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::DecidedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(decided.rows_affected == 1)
    }

    /// Forgets wishes that were asked before a moment, decided or not: the day is over.
    pub async fn forget_time_requests(&self, asked_before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::AskedAt, asked_before).await
    }
}

async fn asked_since(
    db: &impl ConnectionTrait,
    profile: ProfileId,
    since: Timestamp,
) -> Result<u64, StoreError> {
    let asked = Entity::find()
        .filter(Column::Profile.eq(profile.as_uuid()))
        .filter(Column::AskedAt.gte(since.as_millis()));
    asked.count(db).await.map_err(failed)
}
