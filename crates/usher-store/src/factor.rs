//! Enrolled second factors, and what was decided about them for one account. Secrets come sealed and stay so.
//!
//! Invariant: a step of an authenticator app counts once, by one conditional update whose row count decides (R32).
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use usher_domain::id::{AccountId, FactorId};
use usher_domain::second_factor::{Enrolled, FactorKind, FactorRule};
use usher_domain::time::Timestamp;

use crate::entity::factor::{ActiveModel, Column, Entity, Model};
use crate::entity::factor_rule;
use crate::error::failed;
use crate::recovery_code;
use crate::{Store, StoreError, Tx};

/// An enrolled factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// Its identifier, for lists and as the place of the sealed secret.
    pub id: FactorId,
    /// Whose.
    pub account: AccountId,
    /// What it is.
    pub kind: FactorKind,
    /// What the person calls it: at most 64 characters.
    pub name: String,
    /// Seed or public key with its counter, sealed; empty for codes by mail.
    pub secret: Vec<u8>,
    /// The id of a passkey's credential, at most 1023 bytes: no two factors of the instance have the same (R33).
    pub credential: Option<Vec<u8>>,
    /// The last step of an authenticator app that was used.
    pub last_step: Option<i64>,
    /// Since when.
    pub added: Timestamp,
    /// Last use.
    pub used: Option<Timestamp>,
}

fn factor(row: Model) -> Result<Factor, StoreError> {
    Ok(Factor {
        id: FactorId::new(row.id),
        account: AccountId::new(row.account),
        kind: kind(&row.kind)?,
        name: row.name,
        secret: row.secret,
        credential: row.credential,
        last_step: row.last_step,
        added: Timestamp::from_millis(row.added_at),
        used: row.used_at.map(Timestamp::from_millis),
    })
}

fn kind(name: &str) -> Result<FactorKind, StoreError> {
    FactorKind::ALL
        .into_iter()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| StoreError::unreadable("factor", format!("unknown kind {name}")))
}

impl Store {
    /// The factors of an account, the oldest first.
    pub async fn factors_of(&self, account: AccountId) -> Result<Vec<Factor>, StoreError> {
        of_account(&self.db, account).await
    }

    /// The passkey with this credential id, whoever's it is.
    pub async fn factor_by_credential(
        &self,
        credential: &[u8],
    ) -> Result<Option<Factor>, StoreError> {
        by_credential(&self.db, credential).await
    }

    /// What an account has enrolled, in numbers.
    pub async fn enrolled(&self, account: AccountId) -> Result<Enrolled, StoreError> {
        enrolled(&self.db, account).await
    }

    /// What was decided for an account.
    pub async fn factor_rule(&self, account: AccountId) -> Result<FactorRule, StoreError> {
        rule(&self.db, account).await
    }
}

impl Tx {
    /// As [`Store::factors_of`], in the transaction.
    pub async fn factors_of(&self, account: AccountId) -> Result<Vec<Factor>, StoreError> {
        of_account(&self.inner, account).await
    }

    /// As [`Store::enrolled`], in the transaction.
    pub async fn enrolled(&self, account: AccountId) -> Result<Enrolled, StoreError> {
        enrolled(&self.inner, account).await
    }

    /// Enrolls a factor.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when a factor with this credential id is there already, whoever's it is.
    pub async fn add_factor(&self, new: &Factor) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            account: Set(new.account.as_uuid()),
            kind: Set(new.kind.name().to_owned()),
            name: Set(new.name.clone()),
            secret: Set(new.secret.clone()),
            credential: Set(new.credential.clone()),
            last_step: Set(new.last_step),
            added_at: Set(new.added.as_millis()),
            used_at: Set(new.used.map(Timestamp::as_millis)),
        };
        row.insert(&self.inner).await.map_err(failed)?;
        Ok(())
    }

    /// Removes a factor of an account. `false` when the account has no such factor (R71).
    pub async fn remove_factor(
        &self,
        account: AccountId,
        id: FactorId,
    ) -> Result<bool, StoreError> {
        let gone = self
            .remove::<Entity>(
                Column::Id
                    .eq(id.as_uuid())
                    .and(Column::Account.eq(account.as_uuid())),
            )
            .await?;
        Ok(gone == 1)
    }

    /// Removes every factor of an account. Answers how many there were.
    pub async fn clear_factors(&self, account: AccountId) -> Result<u64, StoreError> {
        let gone = self
            .remove::<Entity>(Column::Account.eq(account.as_uuid()))
            .await?;
        Ok(gone)
    }

    /// Names a factor anew. `false` when the account has no such factor (R71).
    pub async fn rename_factor(
        &self,
        account: AccountId,
        id: FactorId,
        name: &str,
    ) -> Result<bool, StoreError> {
        let done = Entity::update_many()
            .col_expr(Column::Name, Expr::value(name))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Account.eq(account.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }

    /// Uses a step of an authenticator app up, and every earlier one. `false` when this or a later one was used before,
    /// or the factor is gone.
    pub async fn use_totp_step(
        &self,
        id: FactorId,
        step: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let unused = Condition::any()
            .add(Column::LastStep.is_null())
            .add(Column::LastStep.lt(step));
        let used = Entity::update_many()
            .col_expr(Column::LastStep, Expr::value(Some(step)))
            .col_expr(Column::UsedAt, Expr::value(Some(now.as_millis())))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(unused)
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(used.rows_affected == 1)
    }

    /// Keeps what a passkey's use made of its sealed state: the counter. `false` when the factor is gone, or its state is
    /// no longer the one that was read: another sign-in was faster, and this one must be judged anew.
    pub async fn use_passkey(
        &self,
        read: &Factor,
        secret: Vec<u8>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let used = Entity::update_many()
            .col_expr(Column::Secret, Expr::value(secret))
            .col_expr(Column::UsedAt, Expr::value(Some(now.as_millis())))
            .filter(Column::Id.eq(read.id.as_uuid()))
            .filter(Column::Secret.eq(read.secret.clone()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(used.rows_affected == 1)
    }

    /// Notes that a factor was used which has nothing to use up: codes by mail.
    pub async fn touch_factor(&self, id: FactorId, now: Timestamp) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(Some(now.as_millis())))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Decides for an account.
    pub async fn set_factor_rule(
        &self,
        account: AccountId,
        rule: FactorRule,
    ) -> Result<(), StoreError> {
        let (name, since) = match rule {
            FactorRule::Inherit => {
                factor_rule::Entity::delete_by_id(account.as_uuid())
                    .exec(&self.inner)
                    .await
                    .map_err(failed)?;
                return Ok(());
            }
            FactorRule::Required(since) => (REQUIRED, Some(since.as_millis())),
            FactorRule::Exempt => (EXEMPT, None),
        };
        let row = factor_rule::ActiveModel {
            account: Set(account.as_uuid()),
            rule: Set(name.to_owned()),
            since: Set(since),
        };
        let over = OnConflict::column(factor_rule::Column::Account)
            .update_columns([factor_rule::Column::Rule, factor_rule::Column::Since])
            .to_owned();
        factor_rule::Entity::insert(row)
            .on_conflict(over)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

const REQUIRED: &str = "required";
const EXEMPT: &str = "exempt";

async fn of_account(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Factor>, StoreError> {
    Entity::find()
        .filter(Column::Account.eq(account.as_uuid()))
        .order_by_asc(Column::AddedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
        .map_err(failed)?
        .into_iter()
        .map(factor)
        .collect()
}

async fn by_credential(
    db: &impl ConnectionTrait,
    credential: &[u8],
) -> Result<Option<Factor>, StoreError> {
    let row = Entity::find()
        .filter(Column::Credential.eq(credential.to_vec()))
        .one(db)
        .await
        .map_err(failed)?;
    row.map(factor).transpose()
}

async fn enrolled(db: &impl ConnectionTrait, account: AccountId) -> Result<Enrolled, StoreError> {
    let counts: Vec<(String, i64)> = Entity::find()
        .select_only()
        .column(Column::Kind)
        .column_as(Column::Id.count(), "count")
        .filter(Column::Account.eq(account.as_uuid()))
        .group_by(Column::Kind)
        .into_tuple()
        .all(db)
        .await
        .map_err(failed)?;
    let mut enrolled = Enrolled {
        recovery_codes: recovery_code::left(db, account).await?,
        ..Enrolled::default()
    };
    for (name, count) in counts {
        match kind(&name)? {
            FactorKind::Email => enrolled.email = true,
            FactorKind::Totp => enrolled.totp = true,
            FactorKind::Passkey => enrolled.passkeys = u32::try_from(count).unwrap_or(u32::MAX),
        }
    }
    Ok(enrolled)
}

async fn rule(db: &impl ConnectionTrait, account: AccountId) -> Result<FactorRule, StoreError> {
    let row = factor_rule::Entity::find_by_id(account.as_uuid())
        .one(db)
        .await
        .map_err(failed)?;
    let Some(row) = row else {
        return Ok(FactorRule::Inherit);
    };
    match (row.rule.as_str(), row.since) {
        (REQUIRED, Some(since)) => Ok(FactorRule::Required(Timestamp::from_millis(since))),
        (EXEMPT, _) => Ok(FactorRule::Exempt),
        (other, _) => Err(StoreError::unreadable(
            "factor_rule",
            format!("rule {other}"),
        )),
    }
}
