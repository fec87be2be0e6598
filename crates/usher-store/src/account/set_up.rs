//! Waiting for the first password: begun, held by one caller at a time, ended once.
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use usher_domain::account::SetUp;
use usher_domain::id::AccountId;
use usher_domain::time::Timestamp;

use crate::entity::account::{Column, Entity};
use crate::{StoreError, Tx};

impl Tx {
    /// Makes an account wait for its first password, or renews the way to it. A caller who holds the set-up keeps it:
    /// no second one comes in beside. `false` when the account is gone or unknown.
    pub async fn await_set_up(&self, id: AccountId, set_up: &SetUp) -> Result<bool, StoreError> {
        let way = Some(set_up.way.name());
        let waits = Entity::update_many()
            .col_expr(Column::SetUpWay, Expr::value(way))
            .col_expr(Column::SetUpUntil, Expr::value(set_up.until.as_millis()))
            .col_expr(Column::SetUpAnywhere, Expr::value(set_up.anywhere))
            .filter(Column::GoneAt.is_null());
        self.change(waits, id).await
    }

    /// Takes the set-up of an account until the moment `until`, so that one caller at a time sets the password
    /// upstream. `false` when the account does not wait, or another holds it.
    pub async fn lease_set_up(
        &self,
        id: AccountId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let taken = Entity::update_many()
            .col_expr(Column::SetUpLease, Expr::value(until.as_millis()))
            .filter(Column::SetUpLease.lte(now.as_millis()))
            .filter(Column::SetUpWay.is_not_null())
            .filter(Column::GoneAt.is_null());
        self.change(taken, id).await
    }

    /// Lets the set-up go that was taken: the password was not set.
    pub async fn release_set_up(&self, id: AccountId) -> Result<(), StoreError> {
        let free = Entity::update_many().col_expr(Column::SetUpLease, Expr::value(0_i64));
        self.change(free, id).await?;
        Ok(())
    }

    /// The password is chosen: the account waits no longer. `false` when it did not wait.
    pub async fn end_set_up(&self, id: AccountId) -> Result<bool, StoreError> {
        let ended = Entity::update_many()
            .col_expr(Column::SetUpWay, Expr::value(None::<String>))
            .col_expr(Column::SetUpUntil, Expr::value(0_i64))
            .col_expr(Column::SetUpAnywhere, Expr::value(false))
            .col_expr(Column::SetUpLease, Expr::value(0_i64))
            .filter(Column::SetUpWay.is_not_null());
        self.change(ended, id).await
    }
}
