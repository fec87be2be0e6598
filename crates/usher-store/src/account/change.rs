//! What changes an account: Jellyfin's word, its address, and what is noted of it.
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Set, UpdateMany,
};
use usher_domain::account::{Address, AddressProof, Epoch, SeenUser};
use usher_domain::id::AccountId;
use usher_domain::name::NameKey;
use usher_domain::time::Timestamp;

use super::PROVEN;
use crate::entity::account::{ActiveModel, Column, Entity};
use crate::error::failed;
use crate::{StoreError, Tx};

/// Whether a proven address belongs to one account alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// To this one alone.
    Own,
    /// Others may prove it too (`shared_addresses = true`).
    Shared,
}

impl Tx {
    /// Notes what Jellyfin says of a user: a new account, or what changed. What Usher knows itself stays; `None` for
    /// `passwordless` leaves what was known. Who was gone is back: the identifier never comes back for another user.
    ///
    /// An address that another account proved meanwhile counts as entered only when its former owner comes back.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when two former owners of one address come back at the same moment: see the user again.
    pub async fn see_user(&self, user: &SeenUser, now: Timestamp) -> Result<(), StoreError> {
        self.come_back(user.id).await?;
        let mut seen = OnConflict::column(Column::Id);
        seen.update_columns([
            Column::Name,
            Column::NameKey,
            Column::Administrator,
            Column::Disabled,
            Column::Elsewhere,
        ]);
        if user.passwordless.is_some() {
            seen.update_column(Column::Passwordless);
        }
        let row = ActiveModel {
            id: Set(user.id.as_uuid()),
            name: Set(user.name.clone()),
            name_key: Set(NameKey::of(&user.name).as_str().to_owned()),
            administrator: Set(user.administrator),
            disabled: Set(user.disabled),
            elsewhere: Set(user.elsewhere),
            passwordless: Set(user.passwordless),
            email: Set(None),
            email_key: Set(None),
            proof: Set(None),
            address_own: Set(false),
            address_claim: Set(None),
            address_skipped_at: Set(None),
            set_up_way: Set(None),
            set_up_until: Set(0),
            set_up_anywhere: Set(false),
            set_up_lease: Set(0),
            recovery_off: Set(false),
            language: Set(None),
            first_seen_at: Set(now.as_millis()),
            signed_in_at: Set(None),
            gone_at: Set(None),
            epoch: Set(Epoch::FIRST.as_number()),
        };
        Entity::insert(row)
            .on_conflict(seen)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Ends that an account is gone, where it was, and claims its address again.
    async fn come_back(&self, id: AccountId) -> Result<(), StoreError> {
        let gone = Entity::find_by_id(id.as_uuid())
            .filter(Column::GoneAt.is_not_null())
            .lock_exclusive()
            .one(&self.inner)
            .await
            .map_err(failed)?;
        let Some(row) = gone else { return Ok(()) };
        let mut back = Entity::update_many().col_expr(Column::GoneAt, Expr::value(None::<i64>));
        let proven = row.proof.as_deref().is_some_and(|it| PROVEN.contains(&it));
        if let Some(key) = row.email_key.filter(|_| row.address_own && proven) {
            back = if self.is_proven_elsewhere(id, &key).await? {
                back.col_expr(Column::Proof, Expr::value(AddressProof::Entered.name()))
            } else {
                back.col_expr(Column::AddressClaim, Expr::value(Some(key)))
            };
        }
        let of_gone = back.filter(Column::GoneAt.is_not_null());
        self.change(of_gone, id).await?;
        Ok(())
    }

    /// Notes that Jellyfin no longer knows the user: nothing finds the account by name or address any more, and its
    /// address is free. `false` when it was gone before, or is unknown.
    pub async fn mark_gone(&self, id: AccountId, now: Timestamp) -> Result<bool, StoreError> {
        let gone = Entity::update_many()
            .col_expr(Column::GoneAt, Expr::value(Some(now.as_millis())))
            .col_expr(Column::AddressClaim, Expr::value(None::<String>))
            .filter(Column::GoneAt.is_null());
        self.change(gone, id).await
    }

    /// Writes the address, or clears it. `false` when the account is gone or unknown.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when the address is proven and to be this account's own, but belongs to another account.
    pub async fn set_address(
        &self,
        id: AccountId,
        address: Option<&Address>,
        claim: Claim,
    ) -> Result<bool, StoreError> {
        let email = address.map(|it| it.email.as_str().to_owned());
        let key = address.map(|it| it.email.key().as_str().to_owned());
        let own = claim == Claim::Own;
        let claimed = key
            .clone()
            .filter(|_| own && address.is_some_and(|it| it.proof.is_proven()));
        if let Some(key) = &claimed
            && self.is_proven_elsewhere(id, key).await?
        {
            return Err(StoreError::Taken);
        }
        let written = Entity::update_many()
            .col_expr(Column::Email, Expr::value(email))
            .col_expr(Column::EmailKey, Expr::value(key))
            .col_expr(
                Column::Proof,
                Expr::value(address.map(|it| it.proof.name())),
            )
            .col_expr(Column::AddressOwn, Expr::value(own))
            .col_expr(Column::AddressClaim, Expr::value(claimed))
            .filter(Column::GoneAt.is_null());
        self.change(written, id).await
    }

    /// Looks at addresses that were shared before sharing was switched off, too: those claim nothing. Two that prove
    /// one address at the same moment both pass here; `address_claim` stops the second.
    async fn is_proven_elsewhere(&self, but: AccountId, key: &str) -> Result<bool, StoreError> {
        let others = Entity::find()
            .filter(Column::EmailKey.eq(key))
            .filter(Column::Proof.is_in(PROVEN))
            .filter(Column::GoneAt.is_null())
            .filter(Column::Id.ne(but.as_uuid()));
        Ok(others.count(&self.inner).await.map_err(failed)? > 0)
    }

    /// Notes that the person chose to give no address now.
    pub async fn note_address_skipped(
        &self,
        id: AccountId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let skipped = Some(now.as_millis());
        let noted = Entity::update_many().col_expr(Column::AddressSkippedAt, Expr::value(skipped));
        self.change(noted, id).await
    }

    /// Switches recovery by mail off or on.
    pub async fn set_recovery_off(&self, id: AccountId, off: bool) -> Result<bool, StoreError> {
        let switched = Entity::update_many().col_expr(Column::RecoveryOff, Expr::value(off));
        self.change(switched, id).await
    }

    /// Notes the language that the person uses Usher in.
    pub async fn set_language(&self, id: AccountId, language: &str) -> Result<bool, StoreError> {
        let language = Some(language.to_owned());
        let noted = Entity::update_many().col_expr(Column::Language, Expr::value(language));
        self.change(noted, id).await
    }

    /// Notes a sign-in through Usher.
    pub async fn note_sign_in(&self, id: AccountId, now: Timestamp) -> Result<bool, StoreError> {
        let at = Some(now.as_millis());
        let noted = Entity::update_many().col_expr(Column::SignedInAt, Expr::value(at));
        self.change(noted, id).await
    }

    /// Begins the next epoch of an account: what was proven before lets nobody in any more. Answers it; the first one for
    /// an account that is unknown. Its row is locked until the transaction ends, so that a registration comes before or
    /// after, never in between.
    pub async fn begin_epoch(&self, id: AccountId) -> Result<Epoch, StoreError> {
        let next = Entity::update_many().col_expr(Column::Epoch, Expr::col(Column::Epoch).add(1));
        self.change(next, id).await?;
        let account = self.account(id).await?;
        Ok(account.map_or(Epoch::FIRST, |account| account.epoch))
    }

    /// Changes one account. `false` when there is none that the change is meant for.
    pub(super) async fn change(
        &self,
        change: UpdateMany<Entity>,
        id: AccountId,
    ) -> Result<bool, StoreError> {
        let done = change
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }
}
