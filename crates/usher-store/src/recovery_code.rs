//! Recovery codes, as the hash that the caller made of each.
//!
//! Invariant: a code is used up by one conditional update whose row count decides (R5, R35).
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use usher_domain::id::{AccountId, RecoveryCodeId};
use usher_domain::time::Timestamp;

use crate::entity::recovery_code::{ActiveModel, Column, Entity};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

/// A recovery code to be stored.
#[derive(Clone, Debug)]
pub struct NewRecoveryCode {
    /// Its identifier.
    pub id: RecoveryCodeId,
    /// Its first four characters, by which it is found. They are no secret.
    pub selector: String,
    /// The slow hash of the whole (PHC).
    pub hash: String,
}

/// A recovery code that was not used yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecoveryCode {
    /// Its identifier.
    pub id: RecoveryCodeId,
    /// What to compare with (PHC).
    pub hash: String,
}

impl Store {
    /// The unused codes of an account that begin so: hardly ever more than one.
    pub async fn recovery_code(
        &self,
        account: AccountId,
        selector: &str,
    ) -> Result<Vec<StoredRecoveryCode>, StoreError> {
        let rows = Entity::find()
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::Selector.eq(selector))
            .filter(Column::UsedAt.is_null())
            .order_by_asc(Column::Id)
            .all(&self.db)
            .await
            .map_err(failed)?;
        Ok(rows
            .into_iter()
            .map(|row| StoredRecoveryCode {
                id: RecoveryCodeId::new(row.id),
                hash: row.hash,
            })
            .collect())
    }

    /// How many codes an account has left.
    pub async fn recovery_codes_left(&self, account: AccountId) -> Result<u32, StoreError> {
        left(&self.db, account).await
    }
}

impl Tx {
    /// As [`Store::recovery_codes_left`], in the transaction.
    pub async fn recovery_codes_left(&self, account: AccountId) -> Result<u32, StoreError> {
        left(&self.inner, account).await
    }

    /// Gives an account new codes; those of before are worth nothing from now on.
    pub async fn replace_recovery_codes(
        &self,
        account: AccountId,
        codes: &[NewRecoveryCode],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.clear_recovery_codes(account).await?;
        let rows: Vec<_> = codes
            .iter()
            .map(|code| ActiveModel {
                id: Set(code.id.as_uuid()),
                account: Set(account.as_uuid()),
                selector: Set(code.selector.clone()),
                hash: Set(code.hash.clone()),
                made_at: Set(now.as_millis()),
                used_at: Set(None),
            })
            .collect();
        if !rows.is_empty() {
            Entity::insert_many(rows)
                .exec_without_returning(&self.inner)
                .await
                .map_err(failed)?;
        }
        Ok(())
    }

    /// Uses a code up. `false` when somebody was faster, or it was replaced.
    pub async fn use_recovery_code(
        &self,
        id: RecoveryCodeId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let used = Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(Some(now.as_millis())))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::UsedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(used.rows_affected == 1)
    }

    /// Takes all codes of an account away.
    pub async fn clear_recovery_codes(&self, account: AccountId) -> Result<(), StoreError> {
        self.remove::<Entity>(Column::Account.eq(account.as_uuid()))
            .await?;
        Ok(())
    }
}

pub(crate) async fn left(db: &impl ConnectionTrait, account: AccountId) -> Result<u32, StoreError> {
    let count = Entity::find()
        .filter(Column::Account.eq(account.as_uuid()))
        .filter(Column::UsedAt.is_null())
        .count(db)
        .await
        .map_err(failed)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
