//! Passwords that were made for one program, as hash: they are random and long enough for a fast one (R37).
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use usher_domain::id::{AccountId, AppPasswordId, UserId};
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;

use crate::entity::app_password::{ActiveModel, Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

/// An app password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppPassword {
    /// Its identifier, for lists and for the tokens that were issued for it.
    pub id: AppPasswordId,
    /// Whose.
    pub account: AccountId,
    /// As which Jellyfin user it lets in: the account's own, or one of its profiles.
    pub user: UserId,
    /// What the person calls it.
    pub name: String,
    /// When it was made.
    pub made: Timestamp,
    /// Last use.
    pub used: Option<Timestamp>,
    /// Until when it is good. None: until it is ended.
    pub expires: Option<Timestamp>,
}

impl From<Model> for AppPassword {
    fn from(row: Model) -> Self {
        Self {
            id: AppPasswordId::new(row.id),
            account: AccountId::new(row.account),
            user: UserId::new(row.jellyfin_user),
            name: row.name,
            made: Timestamp::from_millis(row.made_at),
            used: row.used_at.map(Timestamp::from_millis),
            expires: row.expires_at.map(Timestamp::from_millis),
        }
    }
}

impl Store {
    /// The app passwords of an account, the oldest first; those that ran out too.
    pub async fn app_passwords_of(
        &self,
        account: AccountId,
    ) -> Result<Vec<AppPassword>, StoreError> {
        of_account(&self.db, account).await
    }

    /// The app password with this hash, while it is good.
    pub async fn app_password(
        &self,
        digest: &Hash,
        now: Timestamp,
    ) -> Result<Option<AppPassword>, StoreError> {
        live(&self.db, digest, now).await
    }
}

impl Tx {
    /// As [`Store::app_passwords_of`], in the transaction.
    pub async fn app_passwords_of(
        &self,
        account: AccountId,
    ) -> Result<Vec<AppPassword>, StoreError> {
        of_account(&self.inner, account).await
    }

    /// Stores an app password under its hash.
    pub async fn add_app_password(
        &self,
        digest: &Hash,
        new: &AppPassword,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            digest: Set(digest.as_bytes().to_vec()),
            account: Set(new.account.as_uuid()),
            jellyfin_user: Set(new.user.as_uuid()),
            name: Set(new.name.clone()),
            made_at: Set(new.made.as_millis()),
            used_at: Set(new.used.map(Timestamp::as_millis)),
            expires_at: Set(new.expires.map(Timestamp::as_millis)),
        };
        row.insert(&self.inner).await.map_err(failed)?;
        Ok(())
    }

    /// Notes that an app password was used. `false` when it was ended meanwhile: then nobody goes in by it.
    pub async fn touch_app_password(
        &self,
        id: AppPasswordId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(Some(now.as_millis())))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }

    /// Ends an app password. `false` when the account has no such one (R71). Its tokens are ended by
    /// [`Tx::end_tokens_of_app_password`].
    pub async fn end_app_password(
        &self,
        account: AccountId,
        id: AppPasswordId,
    ) -> Result<bool, StoreError> {
        let ended = self
            .remove::<Entity>(
                Column::Id
                    .eq(id.as_uuid())
                    .and(Column::Account.eq(account.as_uuid())),
            )
            .await?;
        Ok(ended == 1)
    }

    /// Ends every app password of an account. Answers which, so that their tokens can be ended too.
    pub async fn end_app_passwords(
        &self,
        account: AccountId,
    ) -> Result<Vec<AppPasswordId>, StoreError> {
        let ids: Vec<uuid::Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Account.eq(account.as_uuid()))
            .order_by_asc(Column::Id)
            .lock_exclusive()
            .into_tuple()
            .all(&self.inner)
            .await
            .map_err(failed)?;
        self.remove::<Entity>(Column::Account.eq(account.as_uuid()))
            .await?;
        Ok(ids.into_iter().map(AppPasswordId::new).collect())
    }
}

async fn of_account(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<AppPassword>, StoreError> {
    let rows = Entity::find()
        .filter(Column::Account.eq(account.as_uuid()))
        .order_by_asc(Column::MadeAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
        .map_err(failed)?;
    Ok(rows.into_iter().map(AppPassword::from).collect())
}

async fn live(
    db: &impl ConnectionTrait,
    digest: &Hash,
    now: Timestamp,
) -> Result<Option<AppPassword>, StoreError> {
    let good = Condition::any()
        .add(Column::ExpiresAt.is_null())
        .add(Column::ExpiresAt.gt(now.as_millis()));
    let row = Entity::find()
        .filter(Column::Digest.eq(digest.as_bytes().to_vec()))
        .filter(good)
        .one(db)
        .await
        .map_err(failed)?;
    Ok(row.map(AppPassword::from))
}
