//! First halves of exchanges about a second factor: a seed that waits for its first code, a passkey's challenge that waits
//! for its answer. Their state comes sealed and stays so.
//!
//! Invariant: a first half is taken once, by whoever deletes its row (R33).
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, Set};
use usher_domain::id::AccountId;
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;

use crate::entity::ceremony::{ActiveModel, Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx, value};

/// What was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CeremonyKind {
    /// An authenticator app is being set up.
    EnrollTotp,
    /// A passkey is being registered.
    EnrollPasskey,
    /// A passkey is asked for.
    ShowPasskey,
    /// A reset of an account with a stronger factor, which was shown: the new password can be chosen.
    ResetFactor,
}

impl CeremonyKind {
    const ALL: [Self; 4] = [
        Self::EnrollTotp,
        Self::EnrollPasskey,
        Self::ShowPasskey,
        Self::ResetFactor,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::EnrollTotp => "enroll_totp",
            Self::EnrollPasskey => "enroll_passkey",
            Self::ShowPasskey => "show_passkey",
            Self::ResetFactor => "reset_factor",
        }
    }
}

/// Something begun and not finished. A flow has at most one of each kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceremony {
    /// The flow that may finish it: hash of an attempt's cookie, of a session's id, or of the proof of a reset.
    pub flow: Hash,
    /// What was begun.
    pub kind: CeremonyKind,
    /// Whose. None where a passkey is to say who comes.
    pub account: Option<AccountId>,
    /// Seed or challenge, sealed.
    pub state: Vec<u8>,
    /// Until when it can be finished.
    pub expires: Timestamp,
}

fn ceremony(row: Model) -> Result<Ceremony, StoreError> {
    let kind = CeremonyKind::ALL
        .into_iter()
        .find(|kind| kind.name() == row.kind)
        .ok_or_else(|| StoreError::unreadable("ceremony", format!("unknown kind {}", row.kind)))?;
    Ok(Ceremony {
        flow: value::hash("ceremony", row.flow)?,
        kind,
        account: row.account.map(AccountId::new),
        state: row.state,
        expires: Timestamp::from_millis(row.expires_at),
    })
}

impl Store {
    /// What a flow has begun, while it can be finished. Changes nothing.
    pub async fn ceremony(
        &self,
        flow: &Hash,
        kind: CeremonyKind,
        now: Timestamp,
    ) -> Result<Option<Ceremony>, StoreError> {
        let row = Entity::find_by_id((flow.as_bytes().to_vec(), kind.name().to_owned()))
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .one(&self.db)
            .await
            .map_err(failed)?;
        row.map(ceremony).transpose()
    }
}

impl Tx {
    /// Begins. What this flow began of the same kind before is gone.
    pub async fn put_ceremony(&self, new: &Ceremony) -> Result<(), StoreError> {
        let row = ActiveModel {
            flow: Set(new.flow.as_bytes().to_vec()),
            kind: Set(new.kind.name().to_owned()),
            account: Set(new.account.map(AccountId::as_uuid)),
            state: Set(new.state.clone()),
            expires_at: Set(new.expires.as_millis()),
        };
        let over = OnConflict::columns([Column::Flow, Column::Kind])
            .update_columns([Column::Account, Column::State, Column::ExpiresAt])
            .to_owned();
        Entity::insert(row)
            .on_conflict(over)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Takes away what a flow has begun, for whoever finishes it. `None` when there is none, it has run out, or somebody
    /// was faster. The row is locked from the look on, so that what is answered is what was taken.
    pub async fn take_ceremony(
        &self,
        flow: &Hash,
        kind: CeremonyKind,
        now: Timestamp,
    ) -> Result<Option<Ceremony>, StoreError> {
        let key = (flow.as_bytes().to_vec(), kind.name().to_owned());
        let row = Entity::find_by_id(key.clone())
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .lock_exclusive()
            .one(&self.inner)
            .await
            .map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let taken = Entity::delete_by_id(key)
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        if taken.rows_affected != 1 {
            return Ok(None);
        }
        ceremony(row).map(Some)
    }

    /// Ends everything that is begun for an account, but for one kind if it is named: its password or factors were changed.
    pub async fn end_ceremonies_of(
        &self,
        account: AccountId,
        but: Option<CeremonyKind>,
    ) -> Result<(), StoreError> {
        let kind = but.map(|kept| Column::Kind.ne(kept.name()));
        let of_account = Column::Account.eq(account.as_uuid());
        self.remove::<Entity>(Condition::all().add(of_account).add_option(kind))
            .await?;
        Ok(())
    }

    /// Forgets what ran out before a moment.
    pub async fn forget_ceremonies(&self, before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::ExpiresAt, before).await
    }
}
