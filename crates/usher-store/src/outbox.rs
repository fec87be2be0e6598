//! The outbox: mails that are decided but not yet sent.
//!
//! Invariant: a row is written in the transaction of what it reports (R61).
//! Invariant: a worker holds a mail by a lease, taken by one conditional update; every later change names the lease, so
//! that one who was too slow changes nothing (R62).
//! Invariant: the sealed payload is wiped when a mail was sent, dropped, or became worthless; a dead letter keeps it
//! only until it is worthless, so that it can be sent again (R65).
//! Absent on purpose: rendering. A row keeps a kind and its data.
mod row;

pub use row::{LeasedMail, MailState, NewMail, OutboxCounts, OutboxMail};

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use usher_domain::id::MailId;
use usher_domain::mail::Urgency;
use usher_domain::outbox::QUEUE_CAP;
use usher_domain::time::Timestamp;

use crate::entity::outbox::{ActiveModel, Column, Entity};
use crate::error::failed;
use crate::{Store, StoreError, Tx};
use row::urgency_number;

impl Store {
    /// When the code was queued that has waited longest. `None`: no code waits.
    pub async fn oldest_waiting_code(&self) -> Result<Option<Timestamp>, StoreError> {
        let oldest = Entity::find()
            .filter(Column::State.eq(MailState::Waiting.name()))
            .filter(Column::Urgency.eq(urgency_number(Urgency::Code)))
            .order_by_asc(Column::QueuedAt)
            .order_by_asc(Column::Id)
            .one(&self.db)
            .await
            .map_err(failed)?;
        Ok(oldest.map(|mail| Timestamp::from_millis(mail.queued_at)))
    }

    /// The newest mails of a state, or of all, for the console.
    pub async fn outbox(
        &self,
        state: Option<MailState>,
        limit: u64,
    ) -> Result<Vec<OutboxMail>, StoreError> {
        let mut query = Entity::find()
            .order_by_desc(Column::QueuedAt)
            .order_by_desc(Column::Id)
            .limit(limit);
        if let Some(state) = state {
            query = query.filter(Column::State.eq(state.name()));
        }
        query
            .all(&self.db)
            .await
            .map_err(failed)?
            .into_iter()
            .map(OutboxMail::try_from)
            .collect()
    }

    /// How many mails wait and how many are dead, for metrics and warnings.
    pub async fn outbox_counts(&self) -> Result<OutboxCounts, StoreError> {
        let count = async |state: MailState| {
            Entity::find()
                .filter(Column::State.eq(state.name()))
                .count(&self.db)
                .await
                .map_err(failed)
        };
        Ok(OutboxCounts {
            waiting: count(MailState::Waiting).await?,
            dead: count(MailState::Dead).await?,
        })
    }
}

impl Tx {
    /// Queues a mail. `false` when the queue is full (R65): then notices make room for codes and links, and what finds
    /// no room is not queued.
    pub async fn enqueue_mail(&self, mail: NewMail) -> Result<bool, StoreError> {
        let waiting = Entity::find().filter(Column::State.eq(MailState::Waiting.name()));
        if waiting.count(&self.inner).await.map_err(failed)? >= QUEUE_CAP
            && (mail.urgency == Urgency::Notice || !self.drop_one_notice(mail.queued).await?)
        {
            return Ok(false);
        }
        let row = ActiveModel {
            id: Set(mail.id.as_uuid()),
            recipient: Set(mail.recipient),
            language: Set(mail.language),
            kind: Set(mail.kind.to_owned()),
            urgency: Set(urgency_number(mail.urgency)),
            payload: Set(Some(mail.sealed)),
            state: Set(MailState::Waiting.name().to_owned()),
            queued_at: Set(mail.queued.as_millis()),
            due_at: Set(mail.queued.as_millis()),
            worthless_at: Set(mail.worthless_from.as_millis()),
            tries: Set(0),
            lease_until: Set(0),
            ended_at: Set(None),
            reason: Set(None),
        };
        self.add(row).await?;
        Ok(true)
    }

    /// Takes mails out again in the transaction that queued them, by one statement: decoys of mails, which go to nobody (R28).
    pub async fn take_back_mails(&self, ids: &[MailId]) -> Result<(), StoreError> {
        let ids = ids.iter().map(|id| id.as_uuid());
        self.remove::<Entity>(Column::Id.is_in(ids)).await?;
        Ok(())
    }

    async fn drop_one_notice(&self, now: Timestamp) -> Result<bool, StoreError> {
        let oldest = Entity::find()
            .filter(Column::State.eq(MailState::Waiting.name()))
            .filter(Column::Urgency.eq(urgency_number(Urgency::Notice)))
            .filter(Column::LeaseUntil.lte(now.as_millis()))
            .order_by_asc(Column::QueuedAt)
            .order_by_asc(Column::Id)
            .one(&self.inner)
            .await
            .map_err(failed)?;
        match oldest {
            Some(row) => self.drop_mail(MailId::new(row.id), now).await,
            None => Ok(false),
        }
    }

    /// Takes up to `limit` due mails until the moment `until`: codes before links before notices, the longest due
    /// first (R64).
    pub async fn lease_mails(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u64,
    ) -> Result<Vec<LeasedMail>, StoreError> {
        let due = Entity::find()
            .filter(Column::State.eq(MailState::Waiting.name()))
            .filter(Column::DueAt.lte(now.as_millis()))
            .filter(Column::LeaseUntil.lte(now.as_millis()))
            .order_by_asc(Column::Urgency)
            .order_by_asc(Column::DueAt)
            .order_by_asc(Column::Id)
            .limit(limit)
            .all(&self.inner)
            .await
            .map_err(failed)?;
        let mut leased = Vec::new();
        for row in due {
            let taken = Entity::update_many()
                .col_expr(Column::LeaseUntil, Expr::value(until.as_millis()))
                .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
                .filter(Column::Id.eq(row.id))
                .filter(Column::State.eq(MailState::Waiting.name()))
                .filter(Column::LeaseUntil.lte(now.as_millis()))
                .exec(&self.inner)
                .await
                .map_err(failed)?;
            if taken.rows_affected == 1 {
                leased.push(LeasedMail::of(row, until));
            }
        }
        Ok(leased)
    }

    /// A leased mail left. `false`: the lease had run out and another worker has it.
    pub async fn mark_sent(&self, mail: &LeasedMail, now: Timestamp) -> Result<bool, StoreError> {
        self.end(mail, MailState::Sent, None, now).await
    }

    /// A leased mail is no longer good for anything.
    pub async fn mark_expired(
        &self,
        mail: &LeasedMail,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.end(mail, MailState::Expired, None, now).await
    }

    /// A leased mail is given up. It keeps its payload, to be sent again, until it is worthless.
    pub async fn mark_dead(
        &self,
        mail: &LeasedMail,
        reason: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.end(mail, MailState::Dead, Some(reason), now).await
    }

    async fn end(
        &self,
        mail: &LeasedMail,
        state: MailState,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut change = Entity::update_many()
            .col_expr(Column::State, Expr::value(state.name()))
            .col_expr(Column::EndedAt, Expr::value(now.as_millis()))
            .col_expr(Column::LeaseUntil, Expr::value(0_i64))
            .col_expr(Column::Reason, Expr::value(reason.map(str::to_owned)));
        if state != MailState::Dead {
            change = change.col_expr(Column::Payload, Expr::value(None::<Vec<u8>>));
        }
        let ended = change
            .filter(Column::Id.eq(mail.id.as_uuid()))
            .filter(Column::State.eq(MailState::Waiting.name()))
            .filter(Column::LeaseUntil.eq(mail.until.as_millis()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(ended.rows_affected == 1)
    }

    /// A leased mail is tried again at `due`; the try counts.
    pub async fn retry_later(
        &self,
        mail: &LeasedMail,
        due: Timestamp,
        reason: &str,
    ) -> Result<bool, StoreError> {
        self.put_back(mail, due, Some(reason), mail.tries).await
    }

    /// Lets a leased mail go until `due`, as if it had not been tried (R63).
    pub async fn release_mail(
        &self,
        mail: &LeasedMail,
        due: Timestamp,
        reason: Option<&str>,
    ) -> Result<bool, StoreError> {
        self.put_back(mail, due, reason, mail.tries - 1).await
    }

    async fn put_back(
        &self,
        mail: &LeasedMail,
        due: Timestamp,
        reason: Option<&str>,
        tries: i64,
    ) -> Result<bool, StoreError> {
        let put = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(due.as_millis()))
            .col_expr(Column::Tries, Expr::value(tries))
            .col_expr(Column::LeaseUntil, Expr::value(0_i64))
            .col_expr(Column::Reason, Expr::value(reason.map(str::to_owned)))
            .filter(Column::Id.eq(mail.id.as_uuid()))
            .filter(Column::State.eq(MailState::Waiting.name()))
            .filter(Column::LeaseUntil.eq(mail.until.as_millis()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(put.rows_affected == 1)
    }

    /// Wipes what became worthless, waiting or dead, and forgets ended rows that ended before `forget`. Answers how
    /// many were wiped. What a worker holds at this moment is left to it.
    pub async fn sweep_outbox(&self, now: Timestamp, forget: Timestamp) -> Result<u64, StoreError> {
        let wiped = Entity::update_many()
            .col_expr(Column::State, Expr::value(MailState::Expired.name()))
            .col_expr(Column::Payload, Expr::value(None::<Vec<u8>>))
            .col_expr(Column::EndedAt, Expr::value(now.as_millis()))
            .filter(Column::State.is_in([MailState::Waiting.name(), MailState::Dead.name()]))
            .filter(Column::WorthlessAt.lte(now.as_millis()))
            .filter(Column::LeaseUntil.lte(now.as_millis()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        self.remove::<Entity>(
            Column::State
                .ne(MailState::Waiting.name())
                .and(Column::EndedAt.lt(forget.as_millis())),
        )
        .await?;
        Ok(wiped.rows_affected)
    }

    /// An administrator sends a dead letter again, with all its tries. `false` when it is not dead or worthless.
    pub async fn retry_mail(&self, id: MailId, now: Timestamp) -> Result<bool, StoreError> {
        let revived = Entity::update_many()
            .col_expr(Column::State, Expr::value(MailState::Waiting.name()))
            .col_expr(Column::DueAt, Expr::value(now.as_millis()))
            .col_expr(Column::Tries, Expr::value(0_i64))
            .col_expr(Column::EndedAt, Expr::value(None::<i64>))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::State.eq(MailState::Dead.name()))
            .filter(Column::Payload.is_not_null())
            .filter(Column::WorthlessAt.gt(now.as_millis()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(revived.rows_affected == 1)
    }

    /// Drops a waiting or dead mail that no worker holds.
    pub async fn drop_mail(&self, id: MailId, now: Timestamp) -> Result<bool, StoreError> {
        let dropped = self
            .remove::<Entity>(
                Column::Id
                    .eq(id.as_uuid())
                    .and(Column::State.is_in([MailState::Waiting.name(), MailState::Dead.name()]))
                    .and(Column::LeaseUntil.lte(now.as_millis())),
            )
            .await?;
        Ok(dropped == 1)
    }
}
