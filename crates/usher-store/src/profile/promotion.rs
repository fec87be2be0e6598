//! Profiles that are to become accounts of their own: asked for, approved, done. The row goes with the request, unless that was
//! declined: then it tells of it until the profile asks again, or it is forgotten.
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set};
use usher_domain::address::EmailAddress;
use usher_domain::id::{AccountId, ProfileId, RequestId, UserId};
use usher_domain::name::UserName;
use usher_domain::time::Timestamp;

use crate::entity::promotion::{ActiveModel, Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

const TABLE: &str = "promotion";

/// A profile that is to become an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// The request that an administrator sees.
    pub request: RequestId,
    /// The profile.
    pub profile: ProfileId,
    /// Whose it is.
    pub account: AccountId,
    /// The user name to be.
    pub name: UserName,
    /// Where the invitation goes.
    pub email: EmailAddress,
    /// Code of the language that the invitation is written in.
    pub language: String,
    /// An administrator approved it, then.
    pub approved: Option<Timestamp>,
    /// Which administrator did.
    pub by: Option<UserId>,
    /// An administrator declined it, then.
    pub declined: Option<Timestamp>,
}

impl Promotion {
    /// Whether no administrator has decided it.
    pub const fn waits(&self) -> bool {
        self.approved.is_none() && self.declined.is_none()
    }
}

fn promotion(row: Model) -> Result<Promotion, StoreError> {
    let unreadable = |error: &dyn std::fmt::Display| StoreError::unreadable(TABLE, error);
    Ok(Promotion {
        request: RequestId::new(row.request),
        profile: ProfileId::new(row.profile),
        account: AccountId::new(row.account),
        name: UserName::parse(&row.name).map_err(|error| unreadable(&error))?,
        email: EmailAddress::parse(&row.email).map_err(|error| unreadable(&error))?,
        language: row.language,
        approved: row.approved_at.map(Timestamp::from_millis),
        by: row.by_whom.map(UserId::new),
        declined: row.declined_at.map(Timestamp::from_millis),
    })
}

impl Store {
    /// Every one that was asked for and is neither done nor declined.
    pub async fn promotions(&self) -> Result<Vec<Promotion>, StoreError> {
        let rows = Entity::find()
            .filter(Column::DeclinedAt.is_null())
            .order_by_asc(Column::Profile)
            .all(&self.db);
        rows.await
            .map_err(failed)?
            .into_iter()
            .map(promotion)
            .collect()
    }

    /// That of a profile, also one that was declined.
    pub async fn promotion_of(&self, profile: ProfileId) -> Result<Option<Promotion>, StoreError> {
        let row = Entity::find_by_id(profile.as_uuid()).one(&self.db).await;
        row.map_err(failed)?.map(promotion).transpose()
    }

    /// That of a request, also one that was declined.
    pub async fn promotion_asked(
        &self,
        request: RequestId,
    ) -> Result<Option<Promotion>, StoreError> {
        let row = of_request(request).one(&self.db).await;
        row.map_err(failed)?.map(promotion).transpose()
    }
}

fn of_request(request: RequestId) -> Select<Entity> {
    Entity::find().filter(Column::Request.eq(request.as_uuid()))
}

impl Tx {
    /// Notes one, in the place of one that was declined. `false` when the profile has one already.
    pub async fn add_promotion(&self, new: &Promotion) -> Result<bool, StoreError> {
        Entity::delete_many()
            .filter(Column::Profile.eq(new.profile.as_uuid()))
            .filter(Column::DeclinedAt.is_not_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        let row = ActiveModel {
            profile: Set(new.profile.as_uuid()),
            request: Set(new.request.as_uuid()),
            account: Set(new.account.as_uuid()),
            name: Set(new.name.as_str().to_owned()),
            email: Set(new.email.as_str().to_owned()),
            language: Set(new.language.clone()),
            approved_at: Set(new.approved.map(Timestamp::as_millis)),
            by_whom: Set(new.by.map(UserId::as_uuid)),
            declined_at: Set(new.declined.map(Timestamp::as_millis)),
        };
        let there = OnConflict::column(Column::Profile).do_nothing().to_owned();
        let added = Entity::insert(row)
            .on_conflict(there)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(added == 1)
    }

    /// That of a profile. Its row is locked until the transaction ends.
    pub async fn promotion_of(&self, profile: ProfileId) -> Result<Option<Promotion>, StoreError> {
        let row = Entity::find_by_id(profile.as_uuid()).lock_exclusive();
        let row = row.one(&self.inner).await;
        row.map_err(failed)?.map(promotion).transpose()
    }

    /// Notes that an administrator approved it. `false` when one decided before, or it was withdrawn.
    pub async fn approve_promotion(
        &self,
        profile: ProfileId,
        by: Option<UserId>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = Entity::update_many()
            .col_expr(Column::ApprovedAt, Expr::value(Some(now.as_millis())))
            .col_expr(Column::ByWhom, Expr::value(by.map(UserId::as_uuid)))
            .filter(Column::Profile.eq(profile.as_uuid()))
            .filter(Column::ApprovedAt.is_null())
            .filter(Column::DeclinedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }

    /// Notes that an administrator declined it.
    pub async fn decline_promotion(
        &self,
        profile: ProfileId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::DeclinedAt, Expr::value(Some(now.as_millis())))
            .filter(Column::Profile.eq(profile.as_uuid()))
            .filter(Column::ApprovedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// It could not be done: an administrator decides again.
    pub async fn reopen_promotion(&self, profile: ProfileId) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::ApprovedAt, Expr::value(None::<i64>))
            .col_expr(Column::ByWhom, Expr::value(None::<uuid::Uuid>))
            .filter(Column::Profile.eq(profile.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Removes one: it is done or withdrawn, or its profile is gone.
    pub async fn remove_promotion(&self, profile: ProfileId) -> Result<(), StoreError> {
        Entity::delete_by_id(profile.as_uuid())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// That of a request. Its row is locked until the transaction ends.
    pub async fn promotion_asked(
        &self,
        request: RequestId,
    ) -> Result<Option<Promotion>, StoreError> {
        let row = of_request(request).lock_exclusive().one(&self.inner);
        row.await.map_err(failed)?.map(promotion).transpose()
    }

    /// Forgets those that were declined before a moment.
    pub async fn forget_declined_promotions(&self, before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::DeclinedAt, before).await
    }
}
