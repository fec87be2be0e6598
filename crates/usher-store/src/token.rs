//! Jellyfin tokens that Usher knows of: their hash, and their value sealed by the caller.
//!
//! Invariant: a token that was ended lives again only when Jellyfin gives it out anew through Usher; adoption never
//! revives one.
//! Invariant: whoever ends tokens that Jellyfin may still take writes down, in the same transaction, that it must be told.
mod sign_out;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    Set,
};
use usher_domain::activity::Door;
use usher_domain::device::ClientIdentity;
use usher_domain::id::{AccountId, AppPasswordId, TokenId, UserId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;

use crate::entity::token::{ActiveModel, Column, Entity, Model};
use crate::entity::web_session;
use crate::error::failed;
use crate::{Store, StoreError, Tx, value};

/// A Jellyfin token and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownToken {
    /// Its identifier, for lists and as the place of the sealed value.
    pub id: TokenId,
    /// Hash of the token.
    pub digest: Hash,
    /// The token, sealed.
    pub sealed: Vec<u8>,
    /// Whose.
    pub account: AccountId,
    /// As which Jellyfin user: the account's own, or one of its profiles.
    pub user: UserId,
    /// By which door it was given out.
    pub door: Door,
    /// What the client said of itself.
    pub identity: ClientIdentity,
    /// The client's network address.
    pub address: String,
    /// Since when Usher knows it.
    pub issued: Timestamp,
    /// Last use, as exactly as the caller notes it.
    pub used: Timestamp,
    /// When it was ended.
    pub ended: Option<Timestamp>,
    /// It was found in use, not given out through Usher.
    pub adopted: bool,
    /// How sure it was who signed in, beside the password.
    pub level: FactorLevel,
    /// The app password that it was given out for, and with which it ends (R37).
    pub app_password: Option<AppPasswordId>,
}

impl KnownToken {
    /// Whether a request has come with it since it was given out.
    pub fn was_used(&self) -> bool {
        self.used > self.issued
    }
}

/// What an account's tokens tell of a device: ended ones count, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceSeen {
    /// The account never had a token.
    First,
    /// It had tokens, and none of this device since the moment that was asked about.
    New,
    /// It had one of this device.
    Known,
}

fn token(row: Model) -> Result<KnownToken, StoreError> {
    Ok(KnownToken {
        id: TokenId::new(row.id),
        digest: value::hash("token", row.digest)?,
        sealed: row.sealed,
        account: AccountId::new(row.account),
        user: UserId::new(row.jellyfin_user),
        door: door(&row.door)?,
        identity: ClientIdentity {
            client: row.client,
            device: row.device,
            device_id: row.device_id,
            version: row.version,
        },
        address: row.address,
        issued: Timestamp::from_millis(row.issued_at),
        used: Timestamp::from_millis(row.used_at),
        ended: row.ended_at.map(Timestamp::from_millis),
        adopted: row.adopted,
        level: value::level("token", &row.level)?,
        app_password: row.app_password.map(AppPasswordId::new),
    })
}

const fn door_name(door: Door) -> &'static str {
    match door {
        Door::Web => "web",
        Door::App => "app",
        Door::QuickConnect => "quick_connect",
        Door::AppPassword => "app_password",
    }
}

fn door(name: &str) -> Result<Door, StoreError> {
    [Door::Web, Door::App, Door::QuickConnect, Door::AppPassword]
        .into_iter()
        .find(|door| door_name(*door) == name)
        .ok_or_else(|| StoreError::unreadable("token", format!("unknown door {name}")))
}

impl Store {
    /// A token by its hash, ended ones too: who asks must look at `ended`, and never adopts one that is there.
    pub async fn token(&self, digest: &Hash) -> Result<Option<KnownToken>, StoreError> {
        let row = Entity::find()
            .filter(Column::Digest.eq(digest.as_bytes().to_vec()))
            .one(&self.db)
            .await
            .map_err(failed)?;
        row.map(token).transpose()
    }

    /// The users who have a live token which was issued under this device id, each once, with their accounts.
    pub async fn users_on_device(
        &self,
        device_id: &str,
    ) -> Result<Vec<(AccountId, UserId)>, StoreError> {
        let users: Vec<(uuid::Uuid, uuid::Uuid)> = Entity::find()
            .select_only()
            .column(Column::Account)
            .column(Column::JellyfinUser)
            .filter(Column::DeviceId.eq(device_id))
            .filter(Column::EndedAt.is_null())
            .distinct()
            .into_tuple()
            .all(&self.db)
            .await
            .map_err(failed)?;
        let users = users.into_iter();
        Ok(users
            .map(|(account, user)| (AccountId::new(account), UserId::new(user)))
            .collect())
    }

    /// The live tokens of an account, last used first.
    pub async fn tokens(&self, account: AccountId) -> Result<Vec<KnownToken>, StoreError> {
        Entity::find()
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::EndedAt.is_null())
            .order_by_desc(Column::UsedAt)
            .order_by_desc(Column::Id)
            .all(&self.db)
            .await
            .map_err(failed)?
            .into_iter()
            .map(token)
            .collect()
    }
}

impl Tx {
    /// Notes a token. Should its hash be there already, a token that was given out through Usher is live again under
    /// its present owner, with the identifier and sealed value of before; one that is adopted changes nothing, and the
    /// answer is `false`.
    pub async fn add_token(&self, new: &KnownToken) -> Result<bool, StoreError> {
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            digest: Set(new.digest.as_bytes().to_vec()),
            sealed: Set(new.sealed.clone()),
            account: Set(new.account.as_uuid()),
            jellyfin_user: Set(new.user.as_uuid()),
            door: Set(door_name(new.door).to_owned()),
            client: Set(new.identity.client.clone()),
            device: Set(new.identity.device.clone()),
            device_id: Set(new.identity.device_id.clone()),
            version: Set(new.identity.version.clone()),
            address: Set(new.address.clone()),
            issued_at: Set(new.issued.as_millis()),
            used_at: Set(new.used.as_millis()),
            ended_at: Set(new.ended.map(Timestamp::as_millis)),
            adopted: Set(new.adopted),
            level: Set(new.level.name().to_owned()),
            app_password: Set(new.app_password.map(AppPasswordId::as_uuid)),
            sign_out_from: Set(None),
        };
        let mut known = OnConflict::column(Column::Digest);
        if new.adopted {
            known.do_nothing();
        } else {
            known
                .update_columns([
                    Column::Account,
                    Column::JellyfinUser,
                    Column::Door,
                    Column::Client,
                    Column::Device,
                    Column::DeviceId,
                    Column::Version,
                    Column::Address,
                    Column::UsedAt,
                    Column::Adopted,
                    Column::Level,
                    Column::AppPassword,
                ])
                .value(Column::EndedAt, Expr::value(None::<i64>))
                .value(Column::SignOutFrom, Expr::value(None::<i64>));
        }
        let written = Entity::insert(row)
            .on_conflict(known)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(written == 1)
    }

    /// Whether an account has signed in with this client on this device since a moment, at whichever of its seats.
    pub async fn device_seen(
        &self,
        account: AccountId,
        device: &ClientIdentity,
        since: Timestamp,
    ) -> Result<DeviceSeen, StoreError> {
        let of_account = Entity::find().filter(Column::Account.eq(account.as_uuid()));
        let same = of_account
            .clone()
            .filter(Column::DeviceId.eq(&device.device_id))
            .filter(Column::Client.eq(&device.client))
            .filter(Column::UsedAt.gte(since.as_millis()));
        if same.one(&self.inner).await.map_err(failed)?.is_some() {
            return Ok(DeviceSeen::Known);
        }
        let any = of_account.one(&self.inner).await.map_err(failed)?;
        Ok(any.map_or(DeviceSeen::First, |_row| DeviceSeen::New))
    }

    /// The tokens that a user was given on a device since a moment, ended ones too.
    pub async fn tokens_given_on(
        &self,
        user: UserId,
        device_id: &str,
        since: Timestamp,
    ) -> Result<Vec<KnownToken>, StoreError> {
        Entity::find()
            .filter(Column::JellyfinUser.eq(user.as_uuid()))
            .filter(Column::DeviceId.eq(device_id))
            .filter(Column::IssuedAt.gte(since.as_millis()))
            .all(&self.inner)
            .await
            .map_err(failed)?
            .into_iter()
            .map(token)
            .collect()
    }

    /// Ends a token that Jellyfin has ended. `false` when it is unknown or was ended before.
    pub async fn end_token(&self, digest: &Hash, now: Timestamp) -> Result<bool, StoreError> {
        let ended = Entity::update_many()
            .col_expr(Column::EndedAt, Expr::value(Some(now.as_millis())))
            .filter(Column::Digest.eq(digest.as_bytes().to_vec()))
            .filter(Column::EndedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(ended.rows_affected == 1)
    }

    /// Ends every live token of an account but one, if one is named. Answers those that it ended. Jellyfin must be told of
    /// each.
    pub async fn end_tokens(
        &self,
        account: AccountId,
        keep: Option<&Hash>,
        now: Timestamp,
    ) -> Result<Vec<KnownToken>, StoreError> {
        let mut live = Entity::find()
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::EndedAt.is_null())
            .order_by_asc(Column::Id)
            .lock_exclusive();
        if let Some(kept) = keep {
            live = live.filter(Column::Digest.ne(kept.as_bytes().to_vec()));
        }
        self.end_all(live, now).await
    }

    /// Ends every live token that was given out for an app password. Answers those that it ended. Jellyfin must be told of
    /// each.
    pub async fn end_tokens_of_app_password(
        &self,
        id: AppPasswordId,
        now: Timestamp,
    ) -> Result<Vec<KnownToken>, StoreError> {
        let live = Entity::find()
            .filter(Column::AppPassword.eq(id.as_uuid()))
            .filter(Column::EndedAt.is_null())
            .order_by_asc(Column::Id)
            .lock_exclusive();
        self.end_all(live, now).await
    }

    /// Ends what others of an account than this user hold on a device ([`ClientIdentity::device_key`]): every live token, and
    /// every session that was opened with one of theirs, ended or not. Answers the tokens that it ended, so that Jellyfin can
    /// be told.
    pub async fn end_others_on(
        &self,
        account: AccountId,
        device_key: &str,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<KnownToken>, StoreError> {
        let opened_with = web_session::Entity::find()
            .select_only()
            .column(web_session::Column::Token)
            .filter(web_session::Column::Account.eq(account.as_uuid()))
            .filter(web_session::Column::Token.is_not_null());
        let lasts = Condition::any()
            .add(Column::EndedAt.is_null())
            .add(Column::Digest.in_subquery(opened_with.into_query()));
        let rows = Entity::find()
            .filter(Column::Account.eq(account.as_uuid()))
            .filter(Column::JellyfinUser.ne(user.as_uuid()))
            .filter(lasts)
            .all(&self.inner)
            .await
            .map_err(failed)?;
        let mut there = Vec::new();
        for row in rows {
            let digest = row.digest.clone();
            if token(row)?.identity.device_key() == device_key {
                there.push(digest);
            }
        }
        let live = Entity::find()
            .filter(Column::Digest.is_in(there.clone()))
            .filter(Column::EndedAt.is_null())
            .order_by_asc(Column::Id)
            .lock_exclusive();
        let ended = self.end_all(live, now).await?;
        self.remove::<web_session::Entity>(web_session::Column::Token.is_in(there))
            .await?;
        Ok(ended)
    }

    /// Ends a token before Jellyfin does. Answers it where it was live; Jellyfin must be told.
    pub async fn end_token_first(
        &self,
        digest: &Hash,
        now: Timestamp,
    ) -> Result<Vec<KnownToken>, StoreError> {
        let live = Entity::find()
            .filter(Column::Digest.eq(digest.as_bytes().to_vec()))
            .filter(Column::EndedAt.is_null())
            .lock_exclusive();
        self.end_all(live, now).await
    }

    async fn end_all(
        &self,
        live: Select<Entity>,
        now: Timestamp,
    ) -> Result<Vec<KnownToken>, StoreError> {
        let rows = live.all(&self.inner).await.map_err(failed)?;
        let mut ended = Vec::with_capacity(rows.len());
        for row in rows {
            Entity::update_many()
                .col_expr(Column::EndedAt, Expr::value(Some(now.as_millis())))
                .col_expr(Column::SignOutFrom, Expr::value(Some(now.as_millis())))
                .filter(Column::Id.eq(row.id))
                .exec(&self.inner)
                .await
                .map_err(failed)?;
            ended.push(KnownToken {
                ended: Some(now),
                ..token(row)?
            });
        }
        Ok(ended)
    }

    /// Ends every live token of a user on a device but one: Jellyfin revokes the older ones when it gives out a new one
    /// there.
    pub async fn end_tokens_on(
        &self,
        user: UserId,
        device_id: &str,
        keep: &Hash,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::EndedAt, Expr::value(Some(now.as_millis())))
            .filter(Column::JellyfinUser.eq(user.as_uuid()))
            .filter(Column::DeviceId.eq(device_id))
            .filter(Column::Digest.ne(keep.as_bytes().to_vec()))
            .filter(Column::EndedAt.is_null())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Notes that a token was used.
    pub async fn touch_token(&self, id: TokenId, now: Timestamp) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(now.as_millis()))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Forgets tokens that were ended before a moment. From then on such a token is a stranger again: call it for those
    /// only that Jellyfin has forgotten too.
    pub async fn forget_tokens(&self, ended_before: Timestamp) -> Result<(), StoreError> {
        self.forget::<Entity>(Column::EndedAt, ended_before).await
    }
}
