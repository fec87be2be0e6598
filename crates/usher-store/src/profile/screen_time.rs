//! How long profiles watched: one row for a profile, a day and a process, merged by union when they are read.
//!
//! Invariant: what is written is merged into what is there, so that no order, repetition or restart loses a minute.
use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use usher_domain::id::ProfileId;
use usher_domain::profile::screen_time::{Date, ScreenTime};

use crate::entity::screen_time::{ActiveModel, Column, Entity};
use crate::error::failed;
use crate::{Store, StoreError, Tx, value};

const TABLE: &str = "screen_time";

impl Store {
    /// What every process knows of a profile's screen time, together, by day, from one day on.
    pub async fn screen_times(
        &self,
        id: ProfileId,
        from: Date,
    ) -> Result<BTreeMap<Date, ScreenTime>, StoreError> {
        let rows = Entity::find()
            .filter(Column::Profile.eq(id.as_uuid()))
            .filter(Column::Day.gte(from.to_string()))
            .all(&self.db)
            .await
            .map_err(failed)?;
        let mut days: BTreeMap<Date, ScreenTime> = BTreeMap::new();
        for row in rows {
            let day = row.day.parse();
            let day: Date = day.map_err(|_no_date| StoreError::unreadable(TABLE, "day"))?;
            let known = days.entry(day).or_default();
            known.merge(&value::from_json(TABLE, &row.state)?);
        }
        Ok(days)
    }
}

impl Tx {
    /// Adds what a process (`replica`: any name that no other has) knows of a profile's screen time on one day. Telling it
    /// twice changes nothing.
    pub async fn add_screen_time(
        &self,
        id: ProfileId,
        day: Date,
        replica: &str,
        known: &ScreenTime,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            profile: Set(id.as_uuid()),
            day: Set(day.to_string()),
            replica: Set(replica.to_owned()),
            state: Set(value::json(TABLE, known)?),
        };
        let there = OnConflict::columns([Column::Profile, Column::Day, Column::Replica])
            .do_nothing()
            .to_owned();
        let added = Entity::insert(row)
            .on_conflict(there)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        if added == 1 {
            return Ok(());
        }
        let place = (id.as_uuid(), day.to_string(), replica.to_owned());
        let row = Entity::find_by_id(place.clone())
            .lock_exclusive()
            .one(&self.inner)
            .await
            .map_err(failed)?;
        let Some(row) = row else { return Ok(()) };
        let mut together: ScreenTime = value::from_json(TABLE, &row.state)?;
        together.merge(known);
        Entity::update_many()
            .col_expr(Column::State, Expr::value(value::json(TABLE, &together)?))
            .filter(Column::Profile.eq(place.0))
            .filter(Column::Day.eq(place.1))
            .filter(Column::Replica.eq(place.2))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Forgets the days before one.
    pub async fn forget_screen_times(&self, before: Date) -> Result<(), StoreError> {
        self.remove::<Entity>(Column::Day.lt(before.to_string()))
            .await?;
        Ok(())
    }
}
