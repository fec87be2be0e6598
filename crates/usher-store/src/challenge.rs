//! One-time codes and links: made, tried, used once.
//!
//! Invariant: a try is counted before the answer is compared (R4), and use is one conditional update whose row count
//! decides (R5). Both hold for any number of processes.
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use usher_domain::code::Purpose;
use usher_domain::id::{AccountId, ChallengeId};
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;

use crate::entity::challenge::{ActiveModel, Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

/// A code or link to be stored.
#[derive(Clone, Debug)]
pub struct NewChallenge {
    /// Its identifier.
    pub id: ChallengeId,
    /// Keyed hash of a code, or hash of a link's token.
    pub digest: [u8; 32],
    /// The flow that may answer: for codes. A link carries its own proof.
    pub flow: Option<Hash>,
    /// Whose. None for a decoy, which nobody can answer.
    pub account: Option<AccountId>,
    /// What it is good for.
    pub purpose: Purpose,
    /// What it is about: the address, or for a revoke link the flow.
    pub target: String,
    /// When it was made.
    pub issued: Timestamp,
    /// Until when it is good.
    pub expires: Timestamp,
}

/// A code that has just cost a try, or a link that was looked up.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// Its identifier.
    pub id: ChallengeId,
    /// What to compare with.
    pub digest: Vec<u8>,
    /// Whose. None for a decoy.
    pub account: Option<AccountId>,
    /// What it is about.
    pub target: String,
    /// Tries spent, this one included.
    pub tries: i64,
    /// Until when it is good.
    pub expires: Timestamp,
}

impl From<Model> for Challenge {
    fn from(row: Model) -> Self {
        Self {
            id: ChallengeId::new(row.id),
            digest: row.digest,
            account: row.account.map(AccountId::new),
            target: row.target,
            tries: row.tries,
            expires: Timestamp::from_millis(row.expires_at),
        }
    }
}

impl Store {
    /// Codes and links that are stored, used or not: for metrics, and to show that a decoy is like the real one (R28).
    pub async fn challenge_count(&self) -> Result<u64, StoreError> {
        Entity::find().count(&self.db).await.map_err(failed)
    }

    /// A live link by the hash of its token.
    pub async fn link(
        &self,
        digest: &Hash,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Option<Challenge>, StoreError> {
        live_link(&self.db, digest, purpose, now).await
    }

    /// What a link was about, used up or too old though it may be; `None` once it is forgotten. It lets nobody do anything.
    pub async fn target_of_link(
        &self,
        digest: &Hash,
        purpose: Purpose,
    ) -> Result<Option<String>, StoreError> {
        let row = Entity::find()
            .filter(Column::Digest.eq(digest.as_bytes().to_vec()))
            .filter(Column::Flow.is_null())
            .filter(Column::Purpose.eq(purpose.name()))
            .one(&self.db)
            .await
            .map_err(failed)?;
        Ok(row.map(|row| row.target))
    }
}

impl Tx {
    /// Stores a code or link.
    pub async fn add_challenge(&self, new: NewChallenge) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            digest: Set(new.digest.to_vec()),
            flow: Set(new.flow.map(|flow| flow.as_bytes().to_vec())),
            account: Set(new.account.map(AccountId::as_uuid)),
            purpose: Set(new.purpose.name().to_owned()),
            target: Set(new.target),
            issued_at: Set(new.issued.as_millis()),
            expires_at: Set(new.expires.as_millis()),
            tries: Set(0),
            lease_until: Set(0),
            consumed_at: Set(None),
        };
        self.add(row).await
    }

    /// Tries that were spent on all codes of a flow (R6).
    pub async fn tries_of_flow(&self, flow: &Hash, purpose: Purpose) -> Result<i64, StoreError> {
        let rows: Vec<i64> = Entity::find()
            .select_only()
            .column(Column::Tries)
            .filter(Column::Flow.eq(flow.as_bytes().to_vec()))
            .filter(Column::Purpose.eq(purpose.name()))
            .into_tuple()
            .all(&self.inner)
            .await
            .map_err(failed)?;
        Ok(rows.into_iter().sum())
    }

    /// The live code of a flow, whose tries are not used up. Changes nothing.
    pub async fn live_code(
        &self,
        flow: &Hash,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Option<Challenge>, StoreError> {
        let row = Entity::find()
            .filter(Column::Flow.eq(flow.as_bytes().to_vec()))
            .filter(Column::Purpose.eq(purpose.name()))
            .filter(Column::ConsumedAt.is_null())
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .filter(Column::Tries.lt(purpose.tries()))
            .order_by_desc(Column::Id)
            .one(&self.inner)
            .await
            .map_err(failed)?;
        Ok(row.map(Challenge::from))
    }

    /// Spends a try on the live code of a flow. `None` when there is none, it has run out, or its tries are used up.
    /// Commit before comparing.
    pub async fn spend_try(
        &self,
        flow: &Hash,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Option<Challenge>, StoreError> {
        let live = Entity::find()
            .filter(Column::Flow.eq(flow.as_bytes().to_vec()))
            .filter(Column::Purpose.eq(purpose.name()))
            .filter(Column::ConsumedAt.is_null())
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .order_by_desc(Column::Id)
            .one(&self.inner)
            .await
            .map_err(failed)?;
        let Some(row) = live else { return Ok(None) };
        let spent = Entity::update_many()
            .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
            .filter(Column::Id.eq(row.id))
            .filter(Column::Tries.lt(purpose.tries()))
            .filter(Column::ConsumedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        if spent.rows_affected != 1 {
            return Ok(None);
        }
        let row = Entity::find_by_id(row.id)
            .one(&self.inner)
            .await
            .map_err(failed)?;
        Ok(row.map(Challenge::from))
    }

    /// Gives a try back: a fault of ours came between the answer and its effect (R7).
    pub async fn give_try_back(&self, id: ChallengeId) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::Tries, Expr::col(Column::Tries).sub(1))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Tries.gt(0))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Uses a code or link up. `false` when somebody was faster, or it has run out.
    pub async fn consume_challenge(
        &self,
        id: ChallengeId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let used = Entity::update_many()
            .col_expr(Column::ConsumedAt, Expr::value(now.as_millis()))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::ConsumedAt.is_null())
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(used.rows_affected == 1)
    }

    /// Takes a link for a while, so that one caller at a time carries out what it is good for (R15). `false` when
    /// another holds it, it is used, or it has run out.
    pub async fn lease_challenge(
        &self,
        id: ChallengeId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let taken = Entity::update_many()
            .col_expr(Column::LeaseUntil, Expr::value(until.as_millis()))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::LeaseUntil.lte(now.as_millis()))
            .filter(Column::ConsumedAt.is_null())
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(taken.rows_affected == 1)
    }

    /// Lets a link go that was taken: it can be used again.
    pub async fn release_challenge(&self, id: ChallengeId) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::LeaseUntil, Expr::value(0_i64))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Whether a code or link could still be used, leased or not.
    pub async fn challenge_lives(
        &self,
        id: ChallengeId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let row = Entity::find_by_id(id.as_uuid())
            .filter(Column::ConsumedAt.is_null())
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .one(&self.inner)
            .await
            .map_err(failed)?;
        Ok(row.is_some())
    }

    /// What a code or link is about, used or not.
    pub async fn challenge_target(&self, id: ChallengeId) -> Result<Option<String>, StoreError> {
        let row = Entity::find_by_id(id.as_uuid())
            .one(&self.inner)
            .await
            .map_err(failed)?;
        Ok(row.map(|row| row.target))
    }

    /// As [`Store::link`], in the transaction. Changes nothing (R13).
    pub async fn link(
        &self,
        digest: &Hash,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Option<Challenge>, StoreError> {
        live_link(&self.inner, digest, purpose, now).await
    }

    /// Every live link of an account for one purpose, the oldest first. Changes nothing.
    pub async fn live_links(
        &self,
        account: AccountId,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Vec<Challenge>, StoreError> {
        let rows = Entity::find()
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::Flow.is_null())
            .filter(Column::Purpose.eq(purpose.name()))
            .filter(Column::ConsumedAt.is_null())
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .order_by_asc(Column::IssuedAt)
            .order_by_asc(Column::Id)
            .all(&self.inner)
            .await
            .map_err(failed)?;
        Ok(rows.into_iter().map(Challenge::from).collect())
    }

    /// Ends every live code and link of an account for one purpose (R6, R14).
    pub async fn kill_challenges(
        &self,
        account: AccountId,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::ConsumedAt, Expr::value(now.as_millis()))
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::Purpose.eq(purpose.name()))
            .filter(Column::ConsumedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Ends every live code of a flow, whatever for.
    pub async fn kill_flow(&self, flow: &Hash, now: Timestamp) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::ConsumedAt, Expr::value(now.as_millis()))
            .filter(Column::Flow.eq(flow.as_bytes().to_vec()))
            .filter(Column::ConsumedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Forgets codes and links that ended before `before`.
    pub async fn forget_challenges(&self, before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::ExpiresAt, before).await
    }
}

async fn live_link(
    db: &impl ConnectionTrait,
    digest: &Hash,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Challenge>, StoreError> {
    let row = Entity::find()
        .filter(Column::Digest.eq(digest.as_bytes().to_vec()))
        .filter(Column::Flow.is_null())
        .filter(Column::Purpose.eq(purpose.name()))
        .filter(Column::ConsumedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_millis()))
        .one(db)
        .await
        .map_err(failed)?;
    Ok(row.map(Challenge::from))
}
