//! What people ask administrators for, until it is done.
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use usher_domain::id::{AccountId, RequestId};
use usher_domain::mail::Wish;
use usher_domain::time::Timestamp;

use crate::entity::request::{ActiveModel, Column, Entity, Model};
use crate::error::{StoreError, failed};
use crate::{Store, Tx};

/// A request that waits for an administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRequest {
    /// Its identifier.
    pub id: RequestId,
    /// Who asks.
    pub account: AccountId,
    /// For what.
    pub wish: Wish,
    /// Since when.
    pub asked: Timestamp,
}

/// An account may ask for it once for each of its profiles.
const OWN_ACCOUNT: &str = "own_account";

const fn name(wish: Wish) -> &'static str {
    match wish {
        Wish::PasswordReset => "password_reset",
        Wish::SetUpCode => "set_up_code",
        Wish::OwnAccount => OWN_ACCOUNT,
    }
}

fn open(row: &Model) -> Result<OpenRequest, StoreError> {
    let wish = match row.wish.as_str() {
        "password_reset" => Wish::PasswordReset,
        "set_up_code" => Wish::SetUpCode,
        OWN_ACCOUNT => Wish::OwnAccount,
        other => {
            return Err(StoreError::unreadable(
                "request",
                format!("unknown wish {other}"),
            ));
        }
    };
    Ok(OpenRequest {
        id: RequestId::new(row.id),
        account: AccountId::new(row.account),
        wish,
        asked: Timestamp::from_millis(row.asked_at),
    })
}

impl Store {
    /// Everything that waits, oldest first.
    pub async fn open_requests(&self) -> Result<Vec<OpenRequest>, StoreError> {
        let query = Entity::find()
            .filter(Column::DoneAt.is_null())
            .order_by_asc(Column::Id);
        query
            .all(&self.db)
            .await
            .map_err(failed)?
            .iter()
            .map(open)
            .collect()
    }
}

impl Tx {
    /// Notes a request. `false` when the account already waits for the same; what it wishes for one of its profiles, it may
    /// wish for another as well.
    pub async fn add_request(&self, new: &OpenRequest) -> Result<bool, StoreError> {
        let waits = self.has_request(new.account, new.wish).await?;
        if waits && new.wish != Wish::OwnAccount {
            return Ok(false);
        }
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            account: Set(new.account.as_uuid()),
            wish: Set(name(new.wish).to_owned()),
            asked_at: Set(new.asked.as_millis()),
            done_at: Set(None),
        };
        self.add(row).await?;
        Ok(true)
    }

    /// Whether the account waits for this already.
    pub async fn has_request(&self, account: AccountId, wish: Wish) -> Result<bool, StoreError> {
        let waiting = Entity::find()
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::Wish.eq(name(wish)))
            .filter(Column::DoneAt.is_null())
            .one(&self.inner)
            .await
            .map_err(failed)?;
        Ok(waiting.is_some())
    }

    /// Marks a request done. Answers whose it was; `None` when it was done before, or there is none.
    pub async fn close_request(
        &self,
        id: RequestId,
        now: Timestamp,
    ) -> Result<Option<AccountId>, StoreError> {
        let open = Entity::find_by_id(id.as_uuid())
            .one(&self.inner)
            .await
            .map_err(failed)?;
        let done = Entity::update_many()
            .col_expr(Column::DoneAt, Expr::value(Some(now.as_millis())))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::DoneAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        let account = open.map(|row| AccountId::new(row.account));
        Ok(account.filter(|_| done.rows_affected == 1))
    }

    /// Forgets requests that were done before a moment.
    pub async fn forget_requests(&self, done_before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::DoneAt, done_before).await
    }

    /// Marks every request of an account for a password done: it was chosen.
    pub async fn close_requests_of(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::DoneAt, Expr::value(Some(now.as_millis())))
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::Wish.ne(OWN_ACCOUNT))
            .filter(Column::DoneAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }
}
