//! What is different about profiles for one account.
use std::collections::HashMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use usher_domain::id::AccountId;
use usher_domain::settings::ProfileRule;

use crate::entity::profile_rule::{ActiveModel, Column, Entity};
use crate::error::failed;
use crate::{Store, StoreError, Tx, value};

const TABLE: &str = "profile_rule";

impl Store {
    /// The rule of an account.
    pub async fn profile_rule(&self, account: AccountId) -> Result<ProfileRule, StoreError> {
        rule(&self.db, account).await
    }
}

impl Tx {
    /// As [`Store::profile_rule`], in the transaction.
    pub async fn profile_rule(&self, account: AccountId) -> Result<ProfileRule, StoreError> {
        rule(&self.inner, account).await
    }

    /// Every account with a rule of its own.
    pub async fn profile_rules(&self) -> Result<HashMap<AccountId, ProfileRule>, StoreError> {
        let rows = Entity::find().all(&self.inner).await.map_err(failed)?;
        rows.into_iter()
            .map(|row| {
                let rule = value::from_json(TABLE, &row.rule)?;
                Ok((AccountId::new(row.account), rule))
            })
            .collect()
    }

    /// Decides for an account.
    pub async fn set_profile_rule(
        &self,
        account: AccountId,
        rule: ProfileRule,
    ) -> Result<(), StoreError> {
        if rule == ProfileRule::default() {
            Entity::delete_by_id(account.as_uuid())
                .exec(&self.inner)
                .await
                .map_err(failed)?;
            return Ok(());
        }
        let row = ActiveModel {
            account: Set(account.as_uuid()),
            rule: Set(value::json(TABLE, &rule)?),
        };
        let over = OnConflict::column(Column::Account)
            .update_column(Column::Rule)
            .to_owned();
        Entity::insert(row)
            .on_conflict(over)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

async fn rule(db: &impl ConnectionTrait, account: AccountId) -> Result<ProfileRule, StoreError> {
    let row = Entity::find_by_id(account.as_uuid());
    let row = row.one(db).await.map_err(failed)?;
    row.map_or_else(
        || Ok(ProfileRule::default()),
        |row| value::from_json(TABLE, &row.rule),
    )
}
