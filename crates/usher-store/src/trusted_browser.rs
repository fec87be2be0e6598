//! Browsers that showed a second factor lately. Only hashes of their cookies are kept.
//!
//! Invariant: each use gives a browser a new cookie; the hash of the old one is kept as spent, so that a copied cookie is
//! noticed (R36).
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set,
};
use usher_domain::id::{AccountId, TrustedBrowserId};
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;

use crate::entity::trusted_browser::{ActiveModel, Column, Entity, Model};
use crate::entity::trusted_browser_spent as spent;
use crate::error::failed;
use crate::{Store, StoreError, Tx, value};

/// A trusted browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedBrowser {
    /// Its identifier, over all its cookies.
    pub id: TrustedBrowserId,
    /// Hash of its present cookie.
    pub digest: Hash,
    /// Who is trusted in it.
    pub account: AccountId,
    /// What the person sees of it.
    pub client: String,
    /// Its network address when it was trusted.
    pub address: String,
    /// Since when.
    pub since: Timestamp,
    /// Last use.
    pub used: Timestamp,
    /// Until when. Use does not prolong it.
    pub expires: Timestamp,
}

fn browser(row: Model) -> Result<TrustedBrowser, StoreError> {
    Ok(TrustedBrowser {
        id: TrustedBrowserId::new(row.id),
        digest: value::hash("trusted_browser", row.digest)?,
        account: AccountId::new(row.account),
        client: row.client,
        address: row.address,
        since: Timestamp::from_millis(row.since),
        used: Timestamp::from_millis(row.used_at),
        expires: Timestamp::from_millis(row.expires_at),
    })
}

impl Store {
    /// The browser whose present cookie this is, while it is trusted.
    pub async fn trusted_browser(
        &self,
        digest: &Hash,
        now: Timestamp,
    ) -> Result<Option<TrustedBrowser>, StoreError> {
        let row = Entity::find()
            .filter(Column::Digest.eq(digest.as_bytes().to_vec()))
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .one(&self.db)
            .await
            .map_err(failed)?;
        row.map(browser).transpose()
    }

    /// Whose cookie this once was, and since when it is no longer. `None`: it never was one, or the browser is forgotten.
    pub async fn spent_trust(
        &self,
        digest: &Hash,
    ) -> Result<Option<(TrustedBrowserId, AccountId, Timestamp)>, StoreError> {
        let row = spent::Entity::find_by_id(digest.as_bytes().to_vec())
            .one(&self.db)
            .await
            .map_err(failed)?;
        Ok(row.map(|row| {
            (
                TrustedBrowserId::new(row.browser),
                AccountId::new(row.account),
                Timestamp::from_millis(row.spent_at),
            )
        }))
    }

    /// The browsers in which an account is trusted, last used first. Those that ran out too, until they are forgotten.
    pub async fn trusted_browsers_of(
        &self,
        account: AccountId,
    ) -> Result<Vec<TrustedBrowser>, StoreError> {
        of_account(&self.db, account).await
    }
}

impl Tx {
    /// As [`Store::trusted_browsers_of`], in the transaction.
    pub async fn trusted_browsers_of(
        &self,
        account: AccountId,
    ) -> Result<Vec<TrustedBrowser>, StoreError> {
        of_account(&self.inner, account).await
    }

    /// Trusts a browser.
    pub async fn add_trusted_browser(&self, new: &TrustedBrowser) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            digest: Set(new.digest.as_bytes().to_vec()),
            account: Set(new.account.as_uuid()),
            client: Set(new.client.clone()),
            address: Set(new.address.clone()),
            since: Set(new.since.as_millis()),
            used_at: Set(new.used.as_millis()),
            expires_at: Set(new.expires.as_millis()),
        };
        row.insert(&self.inner).await.map_err(failed)?;
        Ok(())
    }

    /// Gives a browser a new cookie; the one that was read is spent. `false` when another request was faster, or the
    /// browser is trusted no longer.
    pub async fn rotate_trusted_browser(
        &self,
        read: &TrustedBrowser,
        digest: &Hash,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let old = read.digest.as_bytes().to_vec();
        let done = Entity::update_many()
            .col_expr(Column::Digest, Expr::value(digest.as_bytes().to_vec()))
            .col_expr(Column::UsedAt, Expr::value(now.as_millis()))
            .filter(Column::Id.eq(read.id.as_uuid()))
            .filter(Column::Digest.eq(old.clone()))
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        if done.rows_affected != 1 {
            return Ok(false);
        }
        let row = spent::ActiveModel {
            digest: Set(old),
            browser: Set(read.id.as_uuid()),
            account: Set(read.account.as_uuid()),
            spent_at: Set(now.as_millis()),
            expires_at: Set(read.expires.as_millis()),
        };
        row.insert(&self.inner).await.map_err(failed)?;
        Ok(true)
    }

    /// Trusts a browser no longer, and forgets its former cookies. `false` when the account has no such browser (R71).
    pub async fn end_trusted_browser(
        &self,
        account: AccountId,
        id: TrustedBrowserId,
    ) -> Result<bool, StoreError> {
        let ended = self
            .remove::<Entity>(
                Column::Id
                    .eq(id.as_uuid())
                    .and(Column::Account.eq(account.as_uuid())),
            )
            .await?;
        self.remove::<spent::Entity>(
            spent::Column::Browser
                .eq(id.as_uuid())
                .and(spent::Column::Account.eq(account.as_uuid())),
        )
        .await?;
        Ok(ended == 1)
    }

    /// Trusts no browser of an account any longer, and forgets their former cookies. Answers how many there were.
    pub async fn end_trusted_browsers(&self, account: AccountId) -> Result<u64, StoreError> {
        let ended = self
            .remove::<Entity>(Column::Account.eq(account.as_uuid()))
            .await?;
        self.remove::<spent::Entity>(spent::Column::Account.eq(account.as_uuid()))
            .await?;
        Ok(ended)
    }

    /// Forgets browsers whose trust ran out before a moment, with all their cookies.
    pub async fn forget_trusted_browsers(&self, before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::ExpiresAt, before).await?;
        self.forget::<spent::Entity>(spent::Column::ExpiresAt, before)
            .await
    }
}

async fn of_account(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<TrustedBrowser>, StoreError> {
    Entity::find()
        .filter(Column::Account.eq(account.as_uuid()))
        .order_by_desc(Column::UsedAt)
        .order_by_desc(Column::Id)
        .all(db)
        .await
        .map_err(failed)?
        .into_iter()
        .map(browser)
        .collect()
}
