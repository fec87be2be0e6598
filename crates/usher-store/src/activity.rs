//! The activity log: written in the transaction of what it reports, never changed.
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use usher_domain::activity::Activity;
use usher_domain::id::{AccountId, ActivityId, UserId};
use usher_domain::time::Timestamp;
use uuid::Uuid;

use crate::entity::activity::{ActiveModel, Column, Entity, Model};
use crate::error::{StoreError, failed};
use crate::{Store, Tx};

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityLine {
    /// Its identifier: ordered by time.
    pub id: ActivityId,
    /// Whose account, where it is about one.
    pub account: Option<AccountId>,
    /// Which administrator did it, where one did.
    pub actor: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub what: Activity,
    /// With what.
    pub client: String,
    /// From where.
    pub address: String,
}

fn line(row: Model) -> Result<ActivityLine, StoreError> {
    Ok(ActivityLine {
        id: ActivityId::new(row.id),
        account: row.account.map(AccountId::new),
        actor: row.actor.map(UserId::new),
        at: Timestamp::from_millis(row.at),
        what: serde_json::from_str(&row.what)
            .map_err(|error| StoreError::unreadable("activity", error))?,
        client: row.client,
        address: row.address,
    })
}

impl Store {
    /// The newest lines of an account, or of all.
    pub async fn activities(
        &self,
        account: Option<AccountId>,
        limit: u64,
    ) -> Result<Vec<ActivityLine>, StoreError> {
        let mut query = Entity::find().order_by_desc(Column::Id).limit(limit);
        if let Some(account) = account {
            query = query.filter(Column::Account.eq(account.as_uuid()));
        }
        query
            .all(&self.db)
            .await
            .map_err(failed)?
            .into_iter()
            .map(line)
            .collect()
    }

    /// Sign-ins and refused sign-ins since a moment: for each day (UTC, counted from 1970) that has any, how many.
    pub async fn sign_ins_by_day(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(i64, u64, u64)>, StoreError> {
        let mut days = std::collections::BTreeMap::new();
        for (day, count) in self.by_day(since, "signed_in").await? {
            days.entry(day).or_insert((0, 0)).0 = count;
        }
        for (day, count) in self.by_day(since, "sign_in_refused").await? {
            days.entry(day).or_insert((0, 0)).1 = count;
        }
        let each = days.into_iter();
        Ok(each
            .map(|(day, (right, refused))| (day, right, refused))
            .collect())
    }

    /// The name stands first in the JSON of what happened.
    async fn by_day(&self, since: Timestamp, name: &str) -> Result<Vec<(i64, u64)>, StoreError> {
        let day = || Expr::cust(r#""at" / 86400000"#);
        let rows: Vec<(i64, i64)> = Entity::find()
            .select_only()
            .column_as(day(), "day")
            .column_as(Column::Id.count(), "lines")
            .filter(Column::At.gte(since.as_millis()))
            .filter(Column::What.starts_with(format!(r#"{{"what":"{name}""#)))
            .group_by(day())
            .into_tuple()
            .all(&self.db)
            .await
            .map_err(failed)?;
        let counted = |(day, lines)| (day, u64::try_from(lines).unwrap_or(0));
        Ok(rows.into_iter().map(counted).collect())
    }

    /// Lines in the log.
    pub async fn activity_count(&self) -> Result<u64, StoreError> {
        Entity::find().count(&self.db).await.map_err(failed)
    }
}

impl Tx {
    /// Adds a line.
    pub async fn add_activity(&self, line: &ActivityLine) -> Result<(), StoreError> {
        let what = serde_json::to_string(&line.what)
            .map_err(|error| StoreError::unreadable("activity", error))?;
        let row = ActiveModel {
            id: Set(line.id.as_uuid()),
            account: Set(line.account.map(AccountId::as_uuid)),
            actor: Set(line.actor.map(UserId::as_uuid)),
            at: Set(line.at.as_millis()),
            what: Set(what),
            client: Set(line.client.clone()),
            address: Set(line.address.clone()),
        };
        self.add(row).await
    }

    /// Whether the first password of an account was chosen since a moment.
    pub async fn was_set_up_since(
        &self,
        account: AccountId,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let lines = Entity::find()
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::At.gte(since.as_millis()))
            // The name stands first in the JSON of what happened.
            .filter(Column::What.starts_with(r#"{"what":"set_up""#))
            .count(&self.inner)
            .await
            .map_err(failed)?;
        Ok(lines > 0)
    }

    /// Forgets the oldest lines of each account that has more than `most`. Lines about nobody's account stay.
    pub async fn forget_surplus_activities(&self, most: u64) -> Result<(), StoreError> {
        let full: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Account)
            .filter(Column::Account.is_not_null())
            .group_by(Column::Account)
            .having(Column::Id.count().gt(most))
            .into_tuple()
            .all(&self.inner)
            .await
            .map_err(failed)?;
        for account in full {
            let surplus: Option<Uuid> = Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(Column::Account.eq(account))
                .order_by_desc(Column::Id)
                .offset(most)
                .limit(1)
                .into_tuple()
                .one(&self.inner)
                .await
                .map_err(failed)?;
            if let Some(newest) = surplus {
                let older = Condition::all()
                    .add(Column::Account.eq(account))
                    .add(Column::Id.lte(newest));
                self.remove::<Entity>(older).await?;
            }
        }
        Ok(())
    }

    /// Forgets lines older than `before`.
    pub async fn forget_activities(&self, before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::At, before).await
    }
}
