//! Whose tokens are known, where their holders may be now, and which streams have a ticket (design, 3 and 3.1).
//!
//! A token's row and Jellyfin's word are both needed, and both stand for five seconds: so long may a revocation take to
//! reach every replica. Invariant: only Jellyfin's 401 says that a token is nobody's; an outage is never remembered (R74).
mod dangerous;
mod item;
mod known;
mod named;
mod ticket;

pub use item::{Play, Purpose, Viewer, Watch};
pub use ticket::Seat;
pub use usher_jellyfin::Answer;

pub(crate) use item::Verdicts;
pub(crate) use known::Known;
pub(crate) use ticket::Tickets;

use std::net::IpAddr;

use bytes::Bytes;
use http::StatusCode;
use usher_domain::account::{Account, Epoch};
use usher_domain::activity::Door;
use usher_domain::device::ClientIdentity;
use usher_domain::id::{AccountId, TokenId, UserId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::{Hash, SecretText};
use usher_domain::visitor::Visitor;
use usher_jellyfin::{Credential, JellyfinError, Me};
use usher_store::KnownToken;

use crate::profiles::Driver;
use crate::sign_in::token_place;
use crate::{AccountError, Accounts};
use known::Entry;

/// Who holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person.
    User {
        /// The account.
        account: AccountId,
        /// The Jellyfin user.
        user: UserId,
        /// Administers the server.
        administrator: bool,
        /// May drive other people's sessions.
        controls_others: bool,
        /// The device id under which the token was issued.
        device_id: String,
    },
    /// An API key of the server.
    ApiKey,
}

/// Whether the holder of a token may be here now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Yes.
    Welcome,
    /// Switched off, outside the hours, or from a network that the holder may not come from.
    Closed,
}

/// A call to Jellyfin on a client's behalf.
#[derive(Debug)]
pub struct Call<'a> {
    /// Path and query.
    pub path: &'a str,
    /// The client, as it names itself.
    pub identity: Option<&'a ClientIdentity>,
    /// Its token.
    pub token: Option<&'a SecretText>,
    /// The body of a POST; `None` asks by GET.
    pub body: Option<Bytes>,
}

/// The last use of a token is kept to the minute. The first is kept at once: it tells that somebody received the token.
const TOUCH: std::time::Duration = std::time::Duration::from_mins(1);

impl Accounts {
    /// Who holds a token; `None`: nobody. A foreign one is adopted at first sight where that is allowed. An error is an
    /// outage and no verdict.
    pub async fn holder(
        &self,
        token: &SecretText,
        identity: Option<&ClientIdentity>,
        visitor: &Visitor,
    ) -> Result<Option<Holder>, AccountError> {
        let entry = self.entry(token, identity, Some(visitor)).await?;
        Ok(entry.holder_from(visitor.address, visitor.address_is_exact))
    }

    /// Who holds a token, coming from this address, from memory alone: the way of nearly every request. `None`: it must be
    /// looked up.
    pub fn remembered(
        &self,
        token: &Hash,
        address: IpAddr,
        address_is_exact: bool,
    ) -> Option<Option<Holder>> {
        let entry = self.memory.known.standing(token, self.now())?;
        Some(entry.holder_from(address, address_is_exact))
    }

    /// Whether the holder of a token may be here now, coming from this address; `None`: nobody holds it.
    pub async fn standing(
        &self,
        token: &SecretText,
        address: IpAddr,
        address_is_exact: bool,
    ) -> Result<Option<Standing>, AccountError> {
        let entry = self.entry(token, None, None).await?;
        let holder = entry.holder_from(address, address_is_exact);
        let is_far =
            !entry.remote_access && !Visitor::new(address, address_is_exact, "").is_private();
        Ok(holder.map(|_| match entry.standing {
            Standing::Welcome if is_far => Standing::Closed,
            Standing::Welcome | Standing::Closed => entry.standing,
        }))
    }

    /// Jellyfin said 401 to a known token: asks again, and drops it only when `GET /Users/Me` is 401 too. A live token
    /// gets 401 on a forbidden `parentId`, too (contract).
    pub async fn token_refused(&self, token: &SecretText) -> Result<(), AccountError> {
        self.memory.known.forget(&token.hash());
        self.entry(token, None, None).await?;
        Ok(())
    }

    /// Jellyfin has ended a token: so has the session at Usher that was opened together with it.
    async fn token_has_ended(&self, token: &SecretText) -> Result<(), AccountError> {
        let (hash, now) = (token.hash(), self.now());
        let tx = self.inner.store.begin().await?;
        tx.end_token(&hash, now).await?;
        tx.end_web_sessions_of_token(&hash).await?;
        tx.commit().await?;
        self.memory.known.forget(&hash);
        Ok(())
    }

    /// Whether a session of Jellyfin belongs to the user of the token: Jellyfin lists only one's own.
    pub async fn owns_session(
        &self,
        token: &SecretText,
        session: &str,
    ) -> Result<bool, AccountError> {
        let own = self.inner.jellyfin.sessions(token).await?;
        Ok(own.iter().any(|one| one.id.eq_ignore_ascii_case(session)))
    }

    /// Whether somebody may end what plays on a device. It is the own one where a token of the driver's was issued under
    /// its id, or the request itself comes under it (Android TV uses three), and nobody else's was. A play session that
    /// Usher gave decides alone, because Jellyfin then looks at no device. To an owner, the account's profiles are nobody
    /// else; to a profile, everybody is.
    pub async fn owns_device(
        &self,
        driver: &Driver,
        device: &DeviceClaim<'_>,
    ) -> Result<bool, AccountError> {
        let is_own = |account: AccountId, user: UserId| {
            account == driver.account && (driver.is_owner() || user == driver.user)
        };
        if let Some(session) = device.play_session
            && let Some((account, user)) = self.holder_of_play_session(session).await?
        {
            return Ok(is_own(account, user));
        }
        let users = self.inner.store.users_on_device(device.id).await?;
        let is_shared = users.iter().any(|(account, user)| !is_own(*account, *user));
        Ok(!is_shared && (device.is_named || !users.is_empty()))
    }

    /// Asks Jellyfin on a client's behalf; its answer, whatever it is.
    pub async fn ask_jellyfin(&self, call: Call<'_>) -> Result<Answer, AccountError> {
        let credential = Credential {
            identity: call.identity,
            token: call.token,
        };
        let jellyfin = &self.inner.jellyfin;
        Ok(match call.body {
            Some(body) => jellyfin.post(call.path, &credential, body).await?,
            None => jellyfin.get(call.path, &credential).await?,
        })
    }

    /// The token of a row, opened.
    pub(crate) fn open_token(&self, row: &KnownToken) -> Result<SecretText, AccountError> {
        let plain = self.inner.key.open(&token_place(row.id), &row.sealed)?;
        let text = String::from_utf8(plain)
            .map_err(|_not_text| AccountError::Unreadable { what: "token" })?;
        Ok(SecretText::new(text))
    }

    pub(crate) async fn entry(
        &self,
        token: &SecretText,
        identity: Option<&ClientIdentity>,
        visitor: Option<&Visitor>,
    ) -> Result<Entry, AccountError> {
        let (hash, now) = (token.hash(), self.now());
        if let Some(entry) = self.memory.known.standing(&hash, now) {
            return Ok(entry);
        }
        let row = self.inner.store.token(&hash).await?;
        let entry = match row {
            Some(row) if row.ended.is_some() => Entry::nobody(now),
            Some(row) => self.look_at_known(token, &row).await?,
            None if !self.memory.known.may_ask(visitor, now) => return Ok(Entry::nobody(now)),
            None => self.look_at_foreign(token, identity, visitor).await?,
        };
        self.memory.known.remember(hash, entry.clone());
        Ok(entry)
    }

    /// A token that was issued through Usher, or adopted: Jellyfin must still take it.
    async fn look_at_known(
        &self,
        token: &SecretText,
        row: &KnownToken,
    ) -> Result<Entry, AccountError> {
        let now = self.now();
        let waits = self.account(row.account).await?;
        if waits.is_none_or(|account| account.set_up.is_some() || account.gone.is_some()) {
            return Ok(Entry::nobody(now));
        }
        let me = match self.inner.jellyfin.me(token).await {
            Ok(me) => me.filter(|me| me.id == row.user),
            // The token is good, but not at this hour.
            Err(JellyfinError::Status(StatusCode::FORBIDDEN)) => {
                return Ok(Entry::closed(row, now));
            }
            Err(fault) => return Err(fault.into()),
        };
        let Some(me) = me else {
            self.token_has_ended(token).await?;
            return Ok(Entry::nobody(now));
        };
        self.memory.verdicts.note(me.id, me.policy.reach);
        if !row.was_used() || now.since(row.used) > TOUCH {
            let tx = self.inner.store.begin().await?;
            tx.touch_token(row.id, now).await?;
            tx.commit().await?;
        }
        self.entry_of(row, &me).await
    }

    /// A token that Usher did not issue: Jellyfin's word adopts it while adoption lasts, or it is an API key.
    async fn look_at_foreign(
        &self,
        token: &SecretText,
        identity: Option<&ClientIdentity>,
        visitor: Option<&Visitor>,
    ) -> Result<Entry, AccountError> {
        let now = self.now();
        let Some(me) = self.inner.jellyfin.me(token).await? else {
            let is_key = self.inner.jellyfin.is_api_key(token).await?;
            return if is_key {
                self.look_at_key(&token.hash(), visitor).await
            } else {
                Ok(Entry::nobody(now))
            };
        };
        self.memory.verdicts.note(me.id, me.policy.reach);
        let account = AccountId::of_owner(me.id);
        if self.profile_of_user(me.id).await?.is_some() {
            // A profile is nobody's but by a token that Usher gave out (design, section 3).
            return Ok(Entry::nobody(now));
        }
        let known = self.account(account).await?;
        if !self.adopts_now().await? || !known.as_ref().is_none_or(is_adoptable) {
            return Ok(Entry::nobody(now));
        }
        if let Some(account) = &known
            && self.asks_for_factor(account).await?
        {
            // Nobody knows whether a factor was shown for it (design, section 3).
            return Ok(Entry::nobody(now));
        }
        if known.is_none() {
            self.look_at_users().await?;
        }
        let identity = identity.cloned().unwrap_or_default();
        let address = visitor.map(|visitor| visitor.address.to_string());
        let is_adopted = self
            .adopt(token, &me, &identity, address.unwrap_or_default())
            .await?;
        Ok(if is_adopted {
            Entry::of(account, &identity.device_id, &me, now)
        } else {
            Entry::nobody(now)
        })
    }

    /// An API key of the server: from where it may come, and, where it does, that it came.
    async fn look_at_key(
        &self,
        digest: &Hash,
        visitor: Option<&Visitor>,
    ) -> Result<Entry, AccountError> {
        let now = self.now();
        let known = self.inner.store.api_key(digest).await?;
        let seen = known.as_ref().and_then(|key| key.seen);
        let networks = known.map(|key| key.networks).unwrap_or_default();
        let come = visitor
            .filter(|visitor| networks.allow(visitor.address, visitor.address_is_exact))
            .filter(|_| seen.is_none_or(|seen| now.since(seen) > TOUCH));
        if let Some(visitor) = come {
            let tx = self.inner.store.begin().await?;
            tx.see_api_key(digest, &visitor.address.to_string(), now)
                .await?;
            tx.commit().await?;
        }
        Ok(Entry::api_key(networks, now))
    }

    /// Keeps a foreign token. `false`: everything of its account was ended since Jellyfin vouched for it, or the device is
    /// a child's.
    async fn adopt(
        &self,
        token: &SecretText,
        me: &Me,
        identity: &ClientIdentity,
        address: String,
    ) -> Result<bool, AccountError> {
        let now = self.now();
        let id = TokenId::generate(now, &*self.inner.entropy);
        let value = token.reveal().as_bytes();
        let sealed = self
            .inner
            .key
            .seal(&token_place(id), value, &*self.inner.entropy);
        let account = AccountId::of_owner(me.id);
        let tx = self.inner.store.begin().await?;
        if !tx.account(account).await?.as_ref().is_none_or(is_adoptable) {
            return Ok(false);
        }
        if !self
            .may_be_on(&tx, account, &identity.device_key(), me.id)
            .await?
        {
            return Ok(false);
        }
        tx.add_token(&KnownToken {
            id,
            digest: token.hash(),
            sealed,
            account,
            user: me.id,
            door: Door::App,
            identity: identity.clone(),
            address,
            issued: now,
            used: now,
            ended: None,
            adopted: true,
            level: FactorLevel::None,
            app_password: None,
        })
        .await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Whether a token of the account that Usher has never seen may be taken for one from before Usher. Jellyfin does not tell
/// when a token was made: once everything of the account was ended, an unseen one may be what was to end.
fn is_adoptable(account: &Account) -> bool {
    !account.is_kept_out() && account.epoch == Epoch::FIRST
}

/// A device that a request names.
#[derive(Clone, Copy, Debug)]
pub struct DeviceClaim<'a> {
    /// The device id as written.
    pub id: &'a str,
    /// The request's own identity header names the same.
    pub is_named: bool,
    /// `playSessionId`, where the request has one.
    pub play_session: Option<&'a str>,
}
