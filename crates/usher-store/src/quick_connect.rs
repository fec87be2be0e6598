//! Screens that ask to be let in by Quick Connect. Only the hash of a secret is kept.
//!
//! Invariant: a secret passes once. Jellyfin would hand the same token to whoever shows it again.
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use usher_domain::device::DeviceUse;
use usher_domain::id::{AccountId, UserId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;

use crate::entity::quick_connect::{ActiveModel, Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx, value};

/// A screen that asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuickConnectAsked {
    /// Hash of the secret that the screen holds.
    pub secret: Hash,
    /// The code that it shows. Empty for a secret that was first seen when it was used.
    pub code: String,
    /// The program.
    pub client: String,
    /// The name of the device.
    pub device: String,
    /// The id under which its token will be issued; empty where the screen named none.
    pub device_id: String,
    /// The screen's network address.
    pub address: String,
    /// When it asked.
    pub asked: Timestamp,
    /// By whom, when and as whom it was let in.
    pub approved: Option<QuickConnectApproval>,
    /// When the secret was used.
    pub used: Option<Timestamp>,
    /// When everything of the account that let it in was ended.
    pub ended: Option<Timestamp>,
}

/// That a screen was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuickConnectApproval {
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// How sure it was who that is, beside the password.
    pub level: FactorLevel,
    /// As which Jellyfin user: the account's own, or one of its profiles.
    pub user: UserId,
    /// Whose device it is once it is signed in.
    pub device: DeviceUse,
}

/// Whether a screen is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenNoted {
    /// From now on.
    Now,
    /// The same account had let it in for the same user.
    Before,
    /// It is unknown, was let in by or for somebody else, or its secret is used up.
    Not,
}

fn asked(row: Model) -> Result<QuickConnectAsked, StoreError> {
    Ok(QuickConnectAsked {
        approved: approval(&row)?,
        secret: value::hash("quick_connect", row.secret)?,
        code: row.code.unwrap_or_default(),
        client: row.client,
        device: row.device,
        device_id: row.device_id.unwrap_or_default(),
        address: row.address,
        asked: Timestamp::from_millis(row.asked_at),
        used: row.used_at.map(Timestamp::from_millis),
        ended: row.ended_at.map(Timestamp::from_millis),
    })
}

/// An approval of before there were second factors has neither level nor user: it was the password's, for the owner.
fn approval(row: &Model) -> Result<Option<QuickConnectApproval>, StoreError> {
    let (by, at) = match (row.approved_by, row.approved_at) {
        (Some(by), Some(at)) => (AccountId::new(by), Timestamp::from_millis(at)),
        (None, None) => return Ok(None),
        (Some(_), None) | (None, Some(_)) => {
            return Err(StoreError::unreadable("quick_connect", "half an approval"));
        }
    };
    let level = row.approved_level.as_deref();
    Ok(Some(QuickConnectApproval {
        by,
        at,
        level: level.map_or(Ok(FactorLevel::None), |name| {
            value::level("quick_connect", name)
        })?,
        user: row.approved_for.map_or(by.owner(), UserId::new),
        device: match row.approved_childs {
            Some(true) => DeviceUse::Childs,
            Some(false) | None => DeviceUse::Everybodys,
        },
    }))
}

impl Store {
    /// The screen that shows a code and asked after a moment. `None` also where two do: whichever was approved might be
    /// the wrong one.
    pub async fn quick_connect(
        &self,
        code: &str,
        asked_after: Timestamp,
    ) -> Result<Option<QuickConnectAsked>, StoreError> {
        let mut rows = Entity::find()
            .filter(Column::Code.eq(code))
            .filter(Column::AskedAt.gt(asked_after.as_millis()))
            .limit(2)
            .all(&self.db)
            .await
            .map_err(failed)?;
        let row = rows.pop().filter(|_| rows.is_empty());
        row.map(asked).transpose()
    }

    /// The screen that holds a secret, whatever its age.
    pub async fn quick_connect_by_secret(
        &self,
        secret: &Hash,
    ) -> Result<Option<QuickConnectAsked>, StoreError> {
        let row = Entity::find_by_id(secret.as_bytes().to_vec())
            .one(&self.db)
            .await
            .map_err(failed)?;
        row.map(asked).transpose()
    }
}

impl Tx {
    /// Notes a screen that asked.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when this secret is known already.
    pub async fn add_quick_connect(&self, new: &QuickConnectAsked) -> Result<(), StoreError> {
        let row = ActiveModel {
            secret: Set(new.secret.as_bytes().to_vec()),
            code: Set(Some(new.code.clone())),
            client: Set(new.client.clone()),
            device: Set(new.device.clone()),
            device_id: Set(Some(new.device_id.clone())),
            address: Set(new.address.clone()),
            asked_at: Set(new.asked.as_millis()),
            approved_by: Set(new.approved.map(|approval| approval.by.as_uuid())),
            approved_at: Set(new.approved.map(|approval| approval.at.as_millis())),
            used_at: Set(new.used.map(Timestamp::as_millis)),
            approved_level: Set(new
                .approved
                .map(|approval| approval.level.name().to_owned())),
            approved_for: Set(new.approved.map(|approval| approval.user.as_uuid())),
            approved_childs: Set(new
                .approved
                .map(|approval| approval.device == DeviceUse::Childs)),
            ended_at: Set(new.ended.map(Timestamp::as_millis)),
        };
        row.insert(&self.inner).await.map_err(failed)?;
        Ok(())
    }

    /// Lets a screen in, once; the same account can let it in for the same user again, until its secret is used up.
    pub async fn approve_quick_connect(
        &self,
        secret: &Hash,
        approval: &QuickConnectApproval,
    ) -> Result<ScreenNoted, StoreError> {
        let level = approval.level.name();
        let user = approval.user.as_uuid();
        let by = approval.by.as_uuid();
        let is_childs = approval.device == DeviceUse::Childs;
        let set = Entity::update_many()
            .col_expr(Column::ApprovedBy, Expr::value(Some(by)))
            .col_expr(
                Column::ApprovedAt,
                Expr::value(Some(approval.at.as_millis())),
            )
            .col_expr(Column::ApprovedLevel, Expr::value(Some(level)))
            .col_expr(Column::ApprovedFor, Expr::value(Some(user)))
            .col_expr(Column::ApprovedChilds, Expr::value(Some(is_childs)))
            .filter(Column::Secret.eq(secret.as_bytes().to_vec()))
            .filter(Column::UsedAt.is_null());
        let now = set.clone().filter(Column::ApprovedAt.is_null());
        let now = now.exec(&self.inner).await.map_err(failed)?;
        if now.rows_affected == 1 {
            return Ok(ScreenNoted::Now);
        }
        let again = set
            .filter(Column::ApprovedBy.eq(by))
            .filter(Column::ApprovedFor.eq(user));
        let again = again.exec(&self.inner).await.map_err(failed)?;
        Ok(if again.rows_affected == 1 {
            ScreenNoted::Before
        } else {
            ScreenNoted::Not
        })
    }

    /// Takes an approval back that Jellyfin did not carry out.
    pub async fn withdraw_quick_connect(&self, secret: &Hash) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::ApprovedBy, Expr::value(None::<uuid::Uuid>))
            .col_expr(Column::ApprovedAt, Expr::value(None::<i64>))
            .col_expr(Column::ApprovedLevel, Expr::value(None::<String>))
            .col_expr(Column::ApprovedFor, Expr::value(None::<uuid::Uuid>))
            .col_expr(Column::ApprovedChilds, Expr::value(None::<bool>))
            .filter(Column::Secret.eq(secret.as_bytes().to_vec()))
            .filter(Column::UsedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Uses a secret up, known or not. `false` when it was used before. One statement decides; commit before Jellyfin
    /// is asked.
    pub async fn use_secret(&self, secret: &Hash, now: Timestamp) -> Result<bool, StoreError> {
        let row = ActiveModel {
            secret: Set(secret.as_bytes().to_vec()),
            code: Set(None),
            client: Set(String::new()),
            device: Set(String::new()),
            device_id: Set(None),
            address: Set(String::new()),
            asked_at: Set(now.as_millis()),
            approved_by: Set(None),
            approved_at: Set(None),
            used_at: Set(Some(now.as_millis())),
            approved_level: Set(None),
            approved_for: Set(None),
            approved_childs: Set(None),
            ended_at: Set(None),
        };
        let unused = Expr::col((Entity, Column::UsedAt)).is_null();
        let known = OnConflict::column(Column::Secret)
            .update_column(Column::UsedAt)
            .action_and_where(unused)
            .to_owned();
        let used = Entity::insert(row)
            .on_conflict(known)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(used == 1)
    }

    /// Ends what an account let in: everything of the account is ended. Also of a screen that is redeeming its secret at
    /// this moment.
    pub async fn end_approved(&self, account: AccountId, now: Timestamp) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(Some(now.as_millis())))
            .col_expr(Column::EndedAt, Expr::value(Some(now.as_millis())))
            .filter(Column::ApprovedBy.eq(account.as_uuid()))
            .filter(Column::EndedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Gives a secret back: Jellyfin has not let it pass, so it can be shown again. Never one that was ended.
    pub async fn give_secret_back(&self, secret: &Hash) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(None::<i64>))
            .filter(Column::Secret.eq(secret.as_bytes().to_vec()))
            .filter(Column::EndedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Forgets screens that asked before a moment. Later than Jellyfin does, or a used secret passes again.
    pub async fn forget_quick_connects(&self, asked_before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::AskedAt, asked_before).await
    }
}
