//! Sign-ins at an app's form whose password was right and which wait for their second factor.
//!
//! Invariant: of one account, seat in it, program, device and address one waits at a time; another seat, device or address
//! never shares it. It is used once, by one conditional update whose row count decides (R5).
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Select,
    Set, UpdateMany,
};
use usher_domain::id::{AccountId, PressId, UserId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::Hash;
use usher_domain::sign_in::Attempt;
use usher_domain::time::Timestamp;

use crate::entity::press::{ActiveModel, Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx, value};

/// From where a press comes: what must be the same for the retry that is let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PressSource {
    /// Whose password was right.
    pub account: AccountId,
    /// As which Jellyfin user the person wants in: the account's own, or one of its profiles.
    pub user: UserId,
    /// The program.
    pub client: String,
    /// The device's id, as the client chose it.
    pub device_id: String,
    /// The client's network address.
    pub address: String,
}

impl PressSource {
    /// What is unique among those that wait. A hash, since clients choose how long their parts are.
    fn slot(&self) -> Result<Vec<u8>, StoreError> {
        let parts = (
            self.account,
            self.user,
            &self.client,
            &self.device_id,
            &self.address,
        );
        let text = value::json("press", &parts)?;
        Ok(Hash::of(&text).as_bytes().to_vec())
    }
}

/// A press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// Its identifier.
    pub id: PressId,
    /// From where it comes.
    pub source: PressSource,
    /// The device's name.
    pub device: String,
    /// Where the sign-in stands.
    pub state: Attempt,
    /// Goes up by one with each change; 1 for a new one.
    pub version: i64,
    /// When it came.
    pub asked: Timestamp,
    /// Until when it can be let through.
    pub expires: Timestamp,
    /// How and when it was approved.
    pub approved: Option<(FactorLevel, Timestamp)>,
    /// When the mail for it was written.
    pub mailed: Option<Timestamp>,
}

fn press(row: Model) -> Result<Press, StoreError> {
    let approved = match (row.approved_level, row.approved_at) {
        (Some(level), Some(at)) => {
            Some((value::level("press", &level)?, Timestamp::from_millis(at)))
        }
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            return Err(StoreError::unreadable("press", "half an approval"));
        }
    };
    let account = AccountId::new(row.account);
    Ok(Press {
        id: PressId::new(row.id),
        source: PressSource {
            account,
            user: row.jellyfin_user.map_or(account.owner(), UserId::new),
            client: row.client,
            device_id: row.device_id,
            address: row.address,
        },
        device: row.device,
        state: value::from_json("press", &row.state)?,
        version: row.version,
        asked: Timestamp::from_millis(row.asked_at),
        expires: Timestamp::from_millis(row.expires_at),
        approved,
        mailed: row.mailed_at.map(Timestamp::from_millis),
    })
}

impl Store {
    /// A press that waits, approved or not.
    pub async fn press(&self, id: PressId, now: Timestamp) -> Result<Option<Press>, StoreError> {
        by_id(&self.db, id, now).await
    }

    /// The presses of an account that wait, the newest first.
    pub async fn presses_of(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<Press>, StoreError> {
        waiting(now)
            .filter(Column::Account.eq(account.as_uuid()))
            .order_by_desc(Column::AskedAt)
            .order_by_desc(Column::Id)
            .all(&self.db)
            .await
            .map_err(failed)?
            .into_iter()
            .map(press)
            .collect()
    }
}

impl Tx {
    /// The press of a source that waits, approved or not.
    pub async fn press_of(
        &self,
        source: &PressSource,
        now: Timestamp,
    ) -> Result<Option<Press>, StoreError> {
        of_source(&self.inner, source, now).await
    }

    /// As [`Store::press`], in the transaction.
    pub async fn press(&self, id: PressId, now: Timestamp) -> Result<Option<Press>, StoreError> {
        by_id(&self.inner, id, now).await
    }

    /// Keeps a press. `false` when one of the same source waits already: another request was faster.
    pub async fn add_press(&self, new: &Press) -> Result<bool, StoreError> {
        let slot = new.source.slot()?;
        Entity::update_many()
            .col_expr(Column::Slot, Expr::value(None::<Vec<u8>>))
            .filter(Column::Slot.eq(slot.clone()))
            .filter(Column::ExpiresAt.lte(new.asked.as_millis()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            slot: Set(Some(slot)),
            account: Set(new.source.account.as_uuid()),
            jellyfin_user: Set(Some(new.source.user.as_uuid())),
            client: Set(new.source.client.clone()),
            device: Set(new.device.clone()),
            device_id: Set(new.source.device_id.clone()),
            address: Set(new.source.address.clone()),
            state: Set(value::json("press", &new.state)?),
            version: Set(new.version),
            asked_at: Set(new.asked.as_millis()),
            expires_at: Set(new.expires.as_millis()),
            approved_at: Set(new.approved.map(|(_, at)| at.as_millis())),
            approved_level: Set(new.approved.map(|(level, _)| level.name().to_owned())),
            refused_at: Set(None),
            used_at: Set(None),
            mailed_at: Set(new.mailed.map(Timestamp::as_millis)),
        };
        let waits = OnConflict::column(Column::Slot).do_nothing().to_owned();
        let added = Entity::insert(row)
            .on_conflict(waits)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(added == 1)
    }

    /// Writes where the sign-in stands: a wrong answer was counted. `false` when the press changed since it was read, or
    /// waits no longer.
    pub async fn update_press(&self, read: &Press, now: Timestamp) -> Result<bool, StoreError> {
        let done = change(read.id, now)
            .col_expr(
                Column::State,
                Expr::value(value::json("press", &read.state)?),
            )
            .filter(Column::Version.eq(read.version))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }

    /// Approves a press. `false` when it was approved before, or waits no longer.
    pub async fn approve_press(
        &self,
        id: PressId,
        level: FactorLevel,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = change(id, now)
            .col_expr(Column::ApprovedAt, Expr::value(Some(now.as_millis())))
            .col_expr(Column::ApprovedLevel, Expr::value(Some(level.name())))
            .filter(Column::ApprovedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }

    /// Refuses a press, approved or not: "that was not me". `false` when it waits no longer.
    pub async fn refuse_press(&self, id: PressId, now: Timestamp) -> Result<bool, StoreError> {
        let done = change(id, now)
            .col_expr(Column::RefusedAt, Expr::value(Some(now.as_millis())))
            .col_expr(Column::Slot, Expr::value(None::<Vec<u8>>))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }

    /// Lets a press through that is approved. `false` when it is not, changed since it was read, was used, was refused or
    /// has run out.
    pub async fn use_press(
        &self,
        id: PressId,
        version: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let used = change(id, now)
            .col_expr(Column::UsedAt, Expr::value(Some(now.as_millis())))
            .col_expr(Column::Slot, Expr::value(None::<Vec<u8>>))
            .filter(Column::Version.eq(version))
            .filter(Column::ApprovedAt.is_not_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(used.rows_affected == 1)
    }

    /// Gives a press back that was used for nothing: a fault of ours came before the token (R7), or nobody received it.
    /// `false` when it was not used, or was ended.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when another of the same source waits by now.
    pub async fn give_press_back(
        &self,
        used: PressId,
        source: &PressSource,
    ) -> Result<bool, StoreError> {
        let given_back = Entity::update_many()
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .col_expr(Column::UsedAt, Expr::value(None::<i64>))
            .col_expr(Column::Slot, Expr::value(Some(source.slot()?)))
            .filter(Column::Id.eq(used.as_uuid()))
            .filter(Column::UsedAt.is_not_null())
            .filter(Column::RefusedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(given_back.rows_affected == 1)
    }

    /// Notes that the mail for a press is written, in the transaction that writes it. `false` when one was written before.
    /// The version stays: a mail changes nothing of the sign-in.
    pub async fn note_press_mailed(&self, id: PressId, now: Timestamp) -> Result<bool, StoreError> {
        let done = Entity::update_many()
            .col_expr(Column::MailedAt, Expr::value(Some(now.as_millis())))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::MailedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }

    /// For how many presses of an account a mail was written since a moment, whatever became of them.
    pub async fn count_press_mails(
        &self,
        account: AccountId,
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        Entity::find()
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::MailedAt.gte(since.as_millis()))
            .count(&self.inner)
            .await
            .map_err(failed)
    }

    /// Ends every press of an account that waits, and those that were used, so that none is given back: its password was
    /// changed (R47). Their mails still count.
    pub async fn end_presses_of(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::RefusedAt, Expr::value(Some(now.as_millis())))
            .col_expr(Column::Slot, Expr::value(None::<Vec<u8>>))
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::RefusedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Forgets presses that came before a moment. Later than mails are counted, or more are sent.
    pub async fn forget_presses(&self, asked_before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::AskedAt, asked_before).await
    }
}

/// Those that wait: not used, not refused, not run out.
fn waiting(now: Timestamp) -> Select<Entity> {
    Entity::find()
        .filter(Column::UsedAt.is_null())
        .filter(Column::RefusedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_millis()))
}

/// A change of one that waits.
fn change(id: PressId, now: Timestamp) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id.as_uuid()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::RefusedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_millis()))
}

async fn of_source(
    db: &impl ConnectionTrait,
    source: &PressSource,
    now: Timestamp,
) -> Result<Option<Press>, StoreError> {
    let row = waiting(now)
        .filter(Column::Slot.eq(source.slot()?))
        .one(db)
        .await
        .map_err(failed)?;
    row.map(press).transpose()
}

async fn by_id(
    db: &impl ConnectionTrait,
    id: PressId,
    now: Timestamp,
) -> Result<Option<Press>, StoreError> {
    let row = waiting(now)
        .filter(Column::Id.eq(id.as_uuid()))
        .one(db)
        .await
        .map_err(failed)?;
    row.map(press).transpose()
}
