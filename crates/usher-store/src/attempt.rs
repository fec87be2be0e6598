//! Sign-ins on their way. Only the hash of the cookie is kept; state and context are JSON that only this program reads.
//!
//! Invariant: whoever changes or takes an attempt names the version that was read: of two requests for one step one
//! counts, and one attempt gives one grant.
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use usher_domain::id::{AccountId, AttemptId};
use usher_domain::secret::Hash;
use usher_domain::sign_in::{Attempt, AttemptContext};
use usher_domain::time::Timestamp;

use crate::entity::attempt::{ActiveModel, Column, Entity};
use crate::error::failed;
use crate::{Store, StoreError, Tx, value};

const TABLE: &str = "attempt";

/// An attempt to be stored.
#[derive(Clone, Debug)]
pub struct NewAttempt {
    /// Its identifier.
    pub id: AttemptId,
    /// Hash of the cookie.
    pub digest: Hash,
    /// Where it stands.
    pub state: Attempt,
    /// What it carries.
    pub context: AttemptContext,
    /// Until when it lasts.
    pub expires: Timestamp,
}

/// An attempt as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAttempt {
    /// Its identifier.
    pub id: AttemptId,
    /// The version that was read; goes up by one with each change. After a change, read again.
    pub version: i64,
    /// Where it stands.
    pub state: Attempt,
    /// What it carries.
    pub context: AttemptContext,
}

impl Store {
    /// The attempt of a cookie, while it lasts.
    pub async fn attempt(
        &self,
        digest: &Hash,
        now: Timestamp,
    ) -> Result<Option<StoredAttempt>, StoreError> {
        live(&self.db, digest, now).await
    }

    /// What the attempt of a cookie carried, also of one that has run out, until it is forgotten.
    pub async fn attempt_context(
        &self,
        digest: &Hash,
    ) -> Result<Option<AttemptContext>, StoreError> {
        let row = Entity::find()
            .filter(Column::Digest.eq(digest.as_bytes().to_vec()))
            .one(&self.db)
            .await
            .map_err(failed)?;
        row.map(|row| value::from_json(TABLE, &row.context))
            .transpose()
    }
}

impl Tx {
    /// Stores an attempt under the hash of its cookie.
    pub async fn add_attempt(&self, new: &NewAttempt) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            digest: Set(new.digest.as_bytes().to_vec()),
            state: Set(value::json(TABLE, &new.state)?),
            context: Set(value::json(TABLE, &new.context)?),
            version: Set(1),
            expires_at: Set(new.expires.as_millis()),
        };
        row.insert(&self.inner).await.map_err(failed)?;
        Ok(())
    }

    /// As [`Store::attempt`], in the transaction.
    pub async fn attempt(
        &self,
        digest: &Hash,
        now: Timestamp,
    ) -> Result<Option<StoredAttempt>, StoreError> {
        live(&self.inner, digest, now).await
    }

    /// Writes state and context. `false` when another request changed or took the attempt since it was read.
    pub async fn update_attempt(&self, read: &StoredAttempt) -> Result<bool, StoreError> {
        let done = Entity::update_many()
            .col_expr(Column::State, Expr::value(value::json(TABLE, &read.state)?))
            .col_expr(
                Column::Context,
                Expr::value(value::json(TABLE, &read.context)?),
            )
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::Id.eq(read.id.as_uuid()))
            .filter(Column::Version.eq(read.version))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }

    /// Takes an attempt away, for the grant that it gives. `false` when another request changed or took it since it was
    /// read.
    pub async fn take_attempt(&self, read: &StoredAttempt) -> Result<bool, StoreError> {
        let done = self
            .remove::<Entity>(
                Column::Id
                    .eq(read.id.as_uuid())
                    .and(Column::Version.eq(read.version)),
            )
            .await?;
        Ok(done == 1)
    }

    /// Ends every sign-in of an account that is on its way: its password was changed (R47). Rows live for a quarter of
    /// an hour, so that looking through all of them for a rare event is cheap enough.
    pub async fn end_attempts_of(&self, account: AccountId) -> Result<(), StoreError> {
        let whose = format!("\"account\":{}", value::json(TABLE, &account)?);
        self.remove::<Entity>(Column::State.contains(whose)).await?;
        Ok(())
    }

    /// Forgets attempts that ran out before `before`.
    pub async fn forget_attempts(&self, before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::ExpiresAt, before).await
    }
}

async fn live(
    db: &impl ConnectionTrait,
    digest: &Hash,
    now: Timestamp,
) -> Result<Option<StoredAttempt>, StoreError> {
    let row = Entity::find()
        .filter(Column::Digest.eq(digest.as_bytes().to_vec()))
        .filter(Column::ExpiresAt.gt(now.as_millis()))
        .one(db)
        .await
        .map_err(failed)?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(StoredAttempt {
        id: AttemptId::new(row.id),
        version: row.version,
        state: value::from_json(TABLE, &row.state)?,
        context: value::from_json(TABLE, &row.context)?,
    }))
}
