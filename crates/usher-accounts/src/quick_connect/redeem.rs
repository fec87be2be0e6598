//! Redeeming a secret: once, and with a token that is known here.
use bytes::Bytes;
use serde::Deserialize;
use usher_domain::account::Account;
use usher_domain::activity::Door;
use usher_domain::device::ClientIdentity;
use usher_domain::id::UserId;
use usher_domain::profile::pin::Watcher;
use usher_domain::second_factor::{FactorLevel, Show};
use usher_domain::secret::SecretText;
use usher_domain::sign_in::{Answer, Owed, Seat};
use usher_domain::visitor::Visitor;
use usher_jellyfin::Session;
use usher_store::QuickConnectApproval;

use super::{ScreenFor, identity_of};
use crate::sign_in::{Granted, Registered};
use crate::{AccountError, Accounts};

/// Jellyfin's answer to a secret that was approved, as far as it is read here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Redeemed {
    session_info: Screen,
}

/// The device under which the token was issued.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Screen {
    device_id: String,
    #[serde(default)]
    client: String,
    #[serde(default)]
    device_name: String,
    #[serde(default)]
    application_version: String,
}

/// What became of a screen whose secret Jellyfin took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// Its token is known.
    Yes,
    /// Its user may not be let in now, or whoever approved it was not sure enough.
    No,
    /// The account has as many sessions as it may.
    NoRoom,
}

impl Accounts {
    /// Uses a secret. `false`: it was used before, and Jellyfin would hand out the same token again (contract, 105 to
    /// 109).
    pub async fn use_secret(&self, secret: &SecretText) -> Result<bool, AccountError> {
        let tx = self.inner.store.begin().await?;
        let is_first = tx.use_secret(&secret.hash(), self.now()).await?;
        tx.commit().await?;
        Ok(is_first)
    }

    /// Gives a secret back that Jellyfin did not take yet: its code is not approved.
    pub async fn give_secret_back(&self, secret: &SecretText) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        tx.give_secret_back(&secret.hash()).await?;
        Ok(tx.commit().await?)
    }

    /// Whether the screen that holds a secret is among the sessions that its account may have. Asked before the secret is
    /// used: it is good still once a session has ended elsewhere. `true` also for one that nobody here approved: whose it
    /// is shows only in Jellyfin's answer.
    pub async fn has_room_for_screen(&self, secret: &SecretText) -> Result<bool, AccountError> {
        let store = &self.inner.store;
        let Some(asked) = store.quick_connect_by_secret(&secret.hash()).await? else {
            return Ok(true);
        };
        let Some(approval) = asked.approved else {
            return Ok(true);
        };
        let Some(user) = self.inner.jellyfin.user(approval.user).await? else {
            return Ok(true);
        };
        let identity = identity_of(&asked);
        self.has_room(approval.by, &user.policy, &identity).await
    }

    /// A secret was redeemed: the token in Jellyfin's answer is known from now on, or signed out where the screen is not let
    /// in.
    ///
    /// # Errors
    ///
    /// After an error the screen must not be given the token: it is signed out as far as Jellyfin can be reached, and is
    /// nobody's here.
    pub async fn screen_signed_in(
        &self,
        secret: &SecretText,
        answer: &Bytes,
        visitor: &Visitor,
    ) -> Result<Admitted, AccountError> {
        let session = Session::from_body(answer)?;
        let redeemed: Redeemed =
            serde_json::from_slice(answer).map_err(|_unreadable| AccountError::Unreadable {
                what: "Quick Connect answer",
            })?;
        let screen = redeemed.session_info;
        let identity = ClientIdentity {
            client: screen.client,
            device: screen.device_name,
            device_id: screen.device_id,
            version: screen.application_version,
        };
        let let_in = self
            .let_screen_in(secret, &session, &identity, visitor)
            .await;
        if !matches!(let_in, Ok(Admitted::Yes)) {
            let signed_out = self.inner.jellyfin.sign_out(&session.token).await;
            if let Err(error) = signed_out {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "A token that no screen was given could not be signed out"
                );
            }
        }
        let_in
    }

    async fn let_screen_in(
        &self,
        secret: &SecretText,
        session: &Session,
        identity: &ClientIdentity,
        visitor: &Visitor,
    ) -> Result<Admitted, AccountError> {
        let approval = self.approved_for(secret, session.user.id).await?;
        let Some((account, watcher)) = self.seat_of(session, approval.as_ref()).await? else {
            return Ok(Admitted::No);
        };
        // Asked after the account's epoch was read, so that an end in between is seen here or there.
        if self.has_ended(secret).await? {
            return Ok(Admitted::No);
        }
        let policy = &session.user.policy;
        if account.is_kept_out() || self.is_closed_to(policy, visitor) {
            return Ok(Admitted::No);
        }
        if !self.has_room(account.id, policy, identity).await? {
            return Ok(Admitted::NoRoom);
        }
        let door = Door::QuickConnect;
        let owed = Owed {
            seat: match watcher {
                Watcher::Owner => Seat::Owner,
                Watcher::Profile(_) => Seat::Profile(session.user.id),
            },
            ..self.owed(&account, door).await?
        };
        // One that was approved in Jellyfin itself counts as the password alone.
        let level = approval.map_or(FactorLevel::None, |approval| approval.level);
        if owed.factor.show == Show::Yes && !level.was_shown() {
            return Ok(Admitted::No);
        }
        let Account { id, epoch, .. } = account;
        let attempt = self.begin_attempt(door, Answer::ScreenApproved(id, owed, level));
        let Some(grant) = attempt.finish(self.now()) else {
            return Ok(Admitted::No);
        };
        let granted = Granted {
            grant: &grant,
            session,
            identity,
            epoch,
            app_password: None,
            screen: approval.map(|approval| ScreenFor {
                watcher,
                device: approval.device,
            }),
        };
        let registered = self.register(&granted, visitor).await?;
        Ok(match registered {
            Registered::Yes => Admitted::Yes,
            Registered::TooLate => Admitted::No,
        })
    }

    /// Whether everything of the account that approved a secret has been ended since.
    async fn has_ended(&self, secret: &SecretText) -> Result<bool, AccountError> {
        let store = &self.inner.store;
        let asked = store.quick_connect_by_secret(&secret.hash()).await?;
        Ok(asked.is_some_and(|asked| asked.ended.is_some()))
    }

    /// Whose account a screen is let in to, and at which seat. `None`: a profile that cannot be used, or for which nobody here
    /// approved the screen.
    async fn seat_of(
        &self,
        session: &Session,
        approval: Option<&QuickConnectApproval>,
    ) -> Result<Option<(Account, Watcher)>, AccountError> {
        let user = session.user.id;
        let Some((id, profile)) = self.profile_of_user(user).await? else {
            let account = self.account_of(&session.user).await?;
            return Ok(Some((account, Watcher::Owner)));
        };
        let is_meant = approval.is_some_and(|approval| approval.by == id);
        if !is_meant || !profile.is_open() {
            return Ok(None);
        }
        let account = self.account(id).await?;
        Ok(account.map(|account| (account, Watcher::Profile(profile.id))))
    }

    /// The approval of a secret for this user.
    async fn approved_for(
        &self,
        secret: &SecretText,
        user: UserId,
    ) -> Result<Option<QuickConnectApproval>, AccountError> {
        let store = &self.inner.store;
        let asked = store.quick_connect_by_secret(&secret.hash()).await?;
        let approval = asked.and_then(|asked| asked.approved);
        Ok(approval.filter(|approval| approval.user == user))
    }
}
