//! Tickets: what lets a stream without a token through (design, section 3.1). A `PlaybackInfo` answer leaves one for
//! each name that its streams can be asked by, from the address that got the answer.
use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;

use crate::entity::ticket::{ActiveModel, Column, Entity};
use crate::error::failed;
use crate::{Store, StoreError, Tx, value};

/// Rows in one statement: SQLite takes 32,766 values at once, and a ticket has four.
const AT_ONCE: usize = 1000;

impl Store {
    /// The token behind a ticket that was left or used after a moment.
    pub async fn ticket(
        &self,
        address: &str,
        name: &str,
        used_after: Timestamp,
    ) -> Result<Option<Hash>, StoreError> {
        let row = Entity::find_by_id((address.to_owned(), name.to_owned()))
            .filter(Column::UsedAt.gt(used_after.as_millis()))
            .one(&self.db)
            .await
            .map_err(failed)?;
        row.map(|row| value::hash("ticket", row.token)).transpose()
    }

    /// The token behind the newest ticket of a name, from whatever address it was left.
    pub async fn ticket_anywhere(
        &self,
        name: &str,
        used_after: Timestamp,
    ) -> Result<Option<Hash>, StoreError> {
        let row = Entity::find()
            .filter(Column::Name.eq(name))
            .filter(Column::UsedAt.gt(used_after.as_millis()))
            .order_by_desc(Column::UsedAt)
            .order_by_desc(Column::Address)
            .one(&self.db)
            .await
            .map_err(failed)?;
        row.map(|row| value::hash("ticket", row.token)).transpose()
    }
}

impl Tx {
    /// Leaves a ticket for each name. The newest token of an address and name is the one that counts.
    pub async fn leave_tickets(
        &self,
        address: &str,
        names: &[String],
        token: &Hash,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // In one order and each once: two callers never wait for each other, and PostgreSQL refuses to change a row
        // twice in one statement.
        let names: Vec<&String> = names.iter().collect::<BTreeSet<_>>().into_iter().collect();
        for some in names.chunks(AT_ONCE) {
            let rows = some.iter().map(|name| ActiveModel {
                address: Set(address.to_owned()),
                name: Set((*name).clone()),
                token: Set(token.as_bytes().to_vec()),
                used_at: Set(now.as_millis()),
            });
            let over = OnConflict::columns([Column::Address, Column::Name])
                .update_columns([Column::Token, Column::UsedAt])
                .to_owned();
            Entity::insert_many(rows)
                .on_conflict(over)
                .exec_without_returning(&self.inner)
                .await
                .map_err(failed)?;
        }
        Ok(())
    }

    /// Notes that a ticket was used.
    pub async fn touch_ticket(
        &self,
        address: &str,
        name: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(now.as_millis()))
            .filter(Column::Address.eq(address))
            .filter(Column::Name.eq(name))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Forgets tickets that were last used before a moment.
    pub async fn forget_tickets(&self, used_before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::UsedAt, used_before).await
    }
}
