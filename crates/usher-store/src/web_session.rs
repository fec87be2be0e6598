//! Browsers that are signed in to Usher. Only the hash of the cookie is kept (R44).
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set,
};
use usher_domain::id::{AccountId, SessionId, UserId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;

use crate::entity::web_session::{ActiveModel, Column, Entity, Model};
use crate::error::{StoreError, failed};
use crate::{Store, Tx, value};

/// A browser's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebSession {
    /// Its identifier, for lists.
    pub id: SessionId,
    /// Whose.
    pub account: AccountId,
    /// What the person sees of the browser.
    pub client: String,
    /// Its address when it was opened.
    pub address: String,
    /// The Jellyfin token that was handed over to this browser.
    pub token: Option<Hash>,
    /// Since when.
    pub opened: Timestamp,
    /// Last use, to the minute.
    pub used: Timestamp,
    /// When the person last proved who they are: at sign-in or step-up.
    pub proved: Timestamp,
    /// How sure it was who signed in, beside the password.
    pub level: FactorLevel,
    /// Whether that still tells who sits there: not once the browser was at a profile's seat.
    pub level_counts: bool,
    /// How sure it was who last proved who they are.
    pub proved_level: FactorLevel,
    /// At whose seat the browser is: the owner's user, or that of one of the account's profiles.
    pub user: UserId,
    /// When the owner's PIN was right in it, since it took a profile's seat.
    pub owner_shown: Option<Timestamp>,
}

impl WebSession {
    /// Whether the browser is at the seat of a profile, and not at the owner's.
    pub fn is_at_profile(&self) -> bool {
        self.user != self.account.owner()
    }
}

/// A browser takes a seat: with a cookie and a token of its own.
#[derive(Clone, Copy, Debug)]
pub struct Seating<'a> {
    /// Hash of the new cookie; the old one is dead at once (R44).
    pub digest: &'a Hash,
    /// At whose seat.
    pub user: UserId,
    /// The token that is handed over to it.
    pub token: &'a Hash,
    /// The token that it held before: of two requests at once, one is first.
    pub former: Option<&'a Hash>,
    /// When.
    pub now: Timestamp,
}

fn session(row: Model) -> Result<WebSession, StoreError> {
    let token = match row.token.map(<[u8; 32]>::try_from) {
        None => None,
        Some(Ok(bytes)) => Some(Hash::from_bytes(bytes)),
        Some(Err(_other_length)) => return Err(StoreError::unreadable("web_session", "token")),
    };
    let account = AccountId::new(row.account);
    Ok(WebSession {
        id: SessionId::new(row.id),
        account,
        client: row.client,
        address: row.address,
        token,
        opened: Timestamp::from_millis(row.opened_at),
        used: Timestamp::from_millis(row.used_at),
        proved: Timestamp::from_millis(row.proved_at),
        level: value::level("web_session", &row.level)?,
        level_counts: row.level_counts,
        proved_level: value::level("web_session", &row.proved_level)?,
        user: row.seat.map_or(account.owner(), UserId::new),
        owner_shown: row.owner_shown_at.map(Timestamp::from_millis),
    })
}

impl Store {
    /// The session of a cookie, whatever its age.
    pub async fn web_session(&self, digest: &Hash) -> Result<Option<WebSession>, StoreError> {
        let row = Entity::find()
            .filter(Column::Digest.eq(digest.as_bytes().to_vec()))
            .one(&self.db)
            .await
            .map_err(failed)?;
        row.map(session).transpose()
    }

    /// All sessions of an account, newest use first.
    pub async fn web_sessions(&self, account: AccountId) -> Result<Vec<WebSession>, StoreError> {
        of_account(&self.db, account).await
    }
}

impl Tx {
    /// As [`Store::web_sessions`], in the transaction.
    pub async fn web_sessions(&self, account: AccountId) -> Result<Vec<WebSession>, StoreError> {
        of_account(&self.inner, account).await
    }

    /// Opens a session under the hash of its cookie.
    pub async fn add_web_session(&self, digest: &Hash, new: &WebSession) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            digest: Set(digest.as_bytes().to_vec()),
            account: Set(new.account.as_uuid()),
            client: Set(new.client.clone()),
            address: Set(new.address.clone()),
            token: Set(new.token.map(|token| token.as_bytes().to_vec())),
            opened_at: Set(new.opened.as_millis()),
            used_at: Set(new.used.as_millis()),
            proved_at: Set(new.proved.as_millis()),
            level: Set(new.level.name().to_owned()),
            proved_level: Set(new.proved_level.name().to_owned()),
            seat: Set(seat(new.account, new.user)),
            owner_shown_at: Set(new.owner_shown.map(Timestamp::as_millis)),
            level_counts: Set(new.level_counts),
        };
        row.insert(&self.inner).await.map_err(failed)?;
        Ok(())
    }

    /// Notes that a session was used.
    pub async fn touch_web_session(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(now.as_millis()))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Gives a session a new cookie, and notes the proof that it follows: the old cookie is dead at once (R44).
    pub async fn renew_web_session(
        &self,
        id: SessionId,
        digest: &Hash,
        level: FactorLevel,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = Entity::update_many()
            .col_expr(Column::Digest, Expr::value(digest.as_bytes().to_vec()))
            .col_expr(Column::ProvedAt, Expr::value(now.as_millis()))
            .col_expr(Column::ProvedLevel, Expr::value(level.name()))
            .col_expr(Column::UsedAt, Expr::value(now.as_millis()))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }

    /// Forgets when the person last proved who they are: the next sensitive act asks again.
    pub async fn forget_proof(&self, id: SessionId) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::ProvedAt, Expr::value(0_i64))
            .col_expr(Column::ProvedLevel, Expr::value(FactorLevel::None.name()))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Puts a browser at a seat. At a profile's nothing of what was proved before counts any more, be it at the sign-in: whoever
    /// sits there now may be somebody else, also when the owner's seat is taken again. `false`: the session has ended, or another request was faster.
    pub async fn seat_web_session(
        &self,
        id: SessionId,
        account: AccountId,
        to: &Seating<'_>,
    ) -> Result<bool, StoreError> {
        let token = to.token.as_bytes().to_vec();
        let seat = seat(account, to.user);
        let mut taking = Entity::update_many()
            .col_expr(Column::Digest, Expr::value(to.digest.as_bytes().to_vec()))
            .col_expr(Column::Seat, Expr::value(seat))
            .col_expr(Column::Token, Expr::value(Some(token)))
            .col_expr(Column::OwnerShownAt, Expr::value(None::<i64>))
            .col_expr(Column::UsedAt, Expr::value(to.now.as_millis()))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Account.eq(account.as_uuid()));
        taking = match to.former {
            Some(former) => taking.filter(Column::Token.eq(former.as_bytes().to_vec())),
            None => taking.filter(Column::Token.is_null()),
        };
        if seat.is_some() {
            taking = taking
                .col_expr(Column::ProvedAt, Expr::value(0_i64))
                .col_expr(Column::ProvedLevel, Expr::value(FactorLevel::None.name()))
                .col_expr(Column::LevelCounts, Expr::value(false));
        }
        let done = taking.exec(&self.inner).await.map_err(failed)?;
        Ok(done.rows_affected == 1)
    }

    /// Notes that the owner's PIN was right in a browser, which gets a new cookie (R44). `false`: the session has ended.
    pub async fn show_owner(
        &self,
        id: SessionId,
        digest: &Hash,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = Entity::update_many()
            .col_expr(Column::Digest, Expr::value(digest.as_bytes().to_vec()))
            .col_expr(Column::OwnerShownAt, Expr::value(Some(now.as_millis())))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }

    /// Forgets that the owner's PIN was right in a browser.
    pub async fn hide_owner(&self, id: SessionId) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::OwnerShownAt, Expr::value(None::<i64>))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// As [`forget_proof`](Self::forget_proof), in every browser of an account but one, if one is named.
    pub async fn forget_proofs(
        &self,
        account: AccountId,
        but: Option<SessionId>,
    ) -> Result<(), StoreError> {
        let mut forgetting = Entity::update_many()
            .col_expr(Column::ProvedAt, Expr::value(0_i64))
            .col_expr(Column::ProvedLevel, Expr::value(FactorLevel::None.name()))
            .filter(Column::Account.eq(account.as_uuid()));
        if let Some(kept) = but {
            forgetting = forgetting.filter(Column::Id.ne(kept.as_uuid()));
        }
        forgetting.exec(&self.inner).await.map_err(failed)?;
        Ok(())
    }

    /// Ends one session of an account. `false` when the account has no such session (R71).
    pub async fn end_web_session(
        &self,
        account: AccountId,
        id: SessionId,
    ) -> Result<bool, StoreError> {
        let done = self
            .remove::<Entity>(
                Column::Id
                    .eq(id.as_uuid())
                    .and(Column::Account.eq(account.as_uuid())),
            )
            .await?;
        Ok(done == 1)
    }

    /// Ends the session of a cookie. `false`: it is none's, or not any more.
    pub async fn end_web_session_of_cookie(&self, digest: &Hash) -> Result<bool, StoreError> {
        let done = self
            .remove::<Entity>(Column::Digest.eq(digest.as_bytes().to_vec()))
            .await?;
        Ok(done == 1)
    }

    /// Ends every session of an account but one, if one is named.
    pub async fn end_web_sessions(
        &self,
        account: AccountId,
        but: Option<SessionId>,
    ) -> Result<(), StoreError> {
        let mut ending = Entity::delete_many().filter(Column::Account.eq(account.as_uuid()));
        if let Some(kept) = but {
            ending = ending.filter(Column::Id.ne(kept.as_uuid()));
        }
        ending.exec(&self.inner).await.map_err(failed)?;
        Ok(())
    }

    /// Ends the sessions that hold this Jellyfin token: its owner signed out in the client.
    pub async fn end_web_sessions_of_token(&self, token: &Hash) -> Result<(), StoreError> {
        self.remove::<Entity>(Column::Token.eq(token.as_bytes().to_vec()))
            .await?;
        Ok(())
    }

    /// Forgets sessions that were not used since `before`.
    pub async fn forget_web_sessions(&self, before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::UsedAt, before).await
    }
}

/// The owner's seat is no profile's.
fn seat(account: AccountId, user: UserId) -> Option<uuid::Uuid> {
    (user != account.owner()).then(|| user.as_uuid())
}

async fn of_account(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<WebSession>, StoreError> {
    let rows = Entity::find()
        .filter(Column::Account.eq(account.as_uuid()))
        .order_by_desc(Column::UsedAt)
        .order_by_desc(Column::Id)
        .all(db)
        .await
        .map_err(failed)?;
    rows.into_iter().map(session).collect()
}
