//! The end of a sign-in: a grant becomes a token, a session and a line in the activity log.
//!
//! Invariant: whoever loses the database between a token and its row signs the token out again.
//! Invariant: a grant counts in the epoch only in which its password, code or link was judged (`account/ending.rs`): where
//! everything of the account was ended meanwhile, no row is written, and the token is signed out.
use usher_domain::account::Epoch;
use usher_domain::activity::Activity;
use usher_domain::device::ClientIdentity;
use usher_domain::id::{AppPasswordId, TokenId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::sign_in::{AttemptContext, Grant};
use usher_domain::visitor::Visitor;
use usher_jellyfin::{Minted, Session};
use usher_store::{KnownToken, Tx};

use super::{Advance, Moved, SignedIn};
use crate::activity::profile_called;
use crate::quick_connect::ScreenFor;
use crate::web_session::Opened;
use crate::{AccountError, Accounts};

/// Where the value of a token is sealed to (R67).
pub(crate) fn token_place(id: TokenId) -> String {
    format!("usher:token:sealed:{id}")
}

/// A Jellyfin session that was granted, to be made known.
pub(crate) struct Granted<'a> {
    /// Proof that every step is done.
    pub(crate) grant: &'a Grant,
    /// Jellyfin's own.
    pub(crate) session: &'a Session,
    /// The device under which its token was issued.
    pub(crate) identity: &'a ClientIdentity,
    /// The account's epoch before Jellyfin was asked.
    pub(crate) epoch: Epoch,
    /// The app password that was shown: the token dies with it.
    pub(crate) app_password: Option<AppPasswordId>,
    /// For whom a screen was let in by Quick Connect.
    pub(crate) screen: Option<ScreenFor>,
}

/// The cookies of a browser that is signed in.
struct Browser {
    /// Of its session.
    cookie: OpaqueToken,
    /// By which it is trusted.
    trusted: Option<OpaqueToken>,
}

/// Whether a grant still counted when it was to be written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Registered {
    /// The token is known.
    Yes,
    /// Everything of the account was ended meanwhile, or the account is kept out. The token is signed out, and must not be
    /// handed on.
    TooLate,
}

impl Accounts {
    /// Ends a web sign-in: mints where the password's own answer cannot be used. `None`: Jellyfin does not let the user
    /// in on this device, or at present, or everything of the account was ended meanwhile; or the trust that it rests on
    /// has ended, or lets another sign-in through.
    pub(crate) async fn sign_in_web(
        &self,
        grant: &Grant,
        context: &AttemptContext,
        session: Option<Box<Session>>,
        visitor: &Visitor,
    ) -> Result<Option<SignedIn>, AccountError> {
        let trust = context.trusted_by.as_ref();
        let Some(shown) = trust.filter(|_| grant.level() == FactorLevel::Trusted) else {
            return self.finish_web(grant, context, session, visitor).await;
        };
        if !self.claim_trust(grant.account(), shown).await? {
            if let Some(session) = session {
                self.inner.jellyfin.sign_out(&session.token).await?;
            }
            return Ok(None);
        }
        let finished = self.finish_web(grant, context, session, visitor).await;
        if !matches!(finished, Ok(Some(_))) {
            self.give_trust_back(shown).await;
        }
        finished
    }

    async fn finish_web(
        &self,
        grant: &Grant,
        context: &AttemptContext,
        session: Option<Box<Session>>,
        visitor: &Visitor,
    ) -> Result<Option<SignedIn>, AccountError> {
        let identity = self.web_identity(&context.device_id, visitor).await?;
        let theme = self.theme_of(grant.user()).await?;
        let session = self.session_for(grant, session, &identity, visitor);
        let Some(session) = session.await? else {
            return Ok(None);
        };
        let granted = Granted {
            grant,
            session: &session,
            identity: &identity,
            epoch: context.epoch,
            app_password: None,
            screen: None,
        };
        let registered = self.register_web(&granted, context, visitor).await;
        if !matches!(registered, Ok(Some(_))) {
            self.sign_out_unregistered(&session.token).await;
        }
        let Some(browser) = registered? else {
            return Ok(None);
        };
        Ok(Some(SignedIn {
            cookie: browser.cookie,
            trusted: browser.trusted,
            token: session.token.clone(),
            user: session.user.id,
            server_id: session.server_id.clone(),
            next: context.next.clone(),
            device_id: context.device_id.clone(),
            theme,
        }))
    }

    /// What a page is told after an attempt was moved on and committed.
    pub(crate) async fn moved(
        &self,
        advance: Advance,
        visitor: &Visitor,
    ) -> Result<Moved, AccountError> {
        Ok(match advance {
            Advance::Next(step) => Moved::Next(step),
            Advance::Lost => Moved::Gone,
            Advance::Granted(grant, context) => {
                let signed_in = self.sign_in_web(&grant, &context, None, visitor).await?;
                signed_in.map_or(Moved::Refused, |signed_in| Moved::Done(Box::new(signed_in)))
            }
        })
    }

    /// The session of a sign-in whose every step is done: that of the password's own answer, or one that is minted. `None`:
    /// the user may not come in on this device or at present, or the account has no room for one more.
    pub(crate) async fn session_for(
        &self,
        grant: &Grant,
        direct: Option<Box<Session>>,
        identity: &ClientIdentity,
        visitor: &Visitor,
    ) -> Result<Option<Box<Session>>, AccountError> {
        let Some(session) = direct else {
            return self.mint(grant, identity, visitor).await;
        };
        let policy = &session.user.policy;
        if self.has_room(grant.account(), policy, identity).await? {
            return Ok(Some(session));
        }
        self.inner.jellyfin.sign_out(&session.token).await?;
        Ok(None)
    }

    /// A genuine token for the grant's user on the client's own device, by Quick Connect (design, "Minting").
    async fn mint(
        &self,
        grant: &Grant,
        identity: &ClientIdentity,
        visitor: &Visitor,
    ) -> Result<Option<Box<Session>>, AccountError> {
        let account = grant.account();
        if grant.user() != account.owner() {
            let owner = self.refresh_policy(grant.user()).await?;
            if owner.is_none_or(|owner| self.is_closed_to(&owner.policy, visitor)) {
                return Ok(None);
            }
        }
        let Some(user) = self.inner.jellyfin.user(grant.user()).await? else {
            return Ok(None);
        };
        // Jellyfin itself would mint for a user who is switched off (contract).
        if self.is_closed_to(&user.policy, visitor)
            || !self.has_room(account, &user.policy, identity).await?
        {
            return Ok(None);
        }
        match self.inner.jellyfin.mint(grant.user(), identity).await? {
            Minted::Session(session) => Ok(Some(session)),
            Minted::Refused => Ok(None),
            Minted::QuickConnectOff => Err(AccountError::QuickConnectOff),
        }
    }

    /// Makes a granted token known, for a door without a session at Usher.
    pub(crate) async fn register(
        &self,
        granted: &Granted<'_>,
        visitor: &Visitor,
    ) -> Result<Registered, AccountError> {
        let registered = async {
            let tx = self.inner.store.begin().await?;
            let registered = self.register_in(&tx, granted, visitor).await?;
            if matches!(registered, Registered::Yes) {
                tx.commit().await?;
                self.wake_mailer();
            }
            Ok(registered)
        };
        let registered = registered.await;
        if !matches!(registered, Ok(Registered::Yes)) {
            self.sign_out_unregistered(&granted.session.token).await;
        }
        registered
    }

    /// As [`register`](Self::register), with a session at Usher. `None`: the grant counts no more, or the trust that it
    /// rests on has ended or let another sign-in through.
    async fn register_web(
        &self,
        granted: &Granted<'_>,
        context: &AttemptContext,
        visitor: &Visitor,
    ) -> Result<Option<Browser>, AccountError> {
        let tx = self.inner.store.begin().await?;
        if let Registered::TooLate = self.register_in(&tx, granted, visitor).await? {
            return Ok(None);
        }
        let (account, level) = (granted.grant.account(), granted.grant.level());
        let opened = Opened {
            token: Some(granted.session.token.hash()),
            level,
            user: granted.grant.user(),
        };
        let cookie = self.open_web_session(&tx, account, opened, visitor).await?;
        let trusted = match &context.trusted_by {
            Some(shown) if level == FactorLevel::Trusted => {
                let Some(next) = self.renew_trust(&tx, account, shown).await? else {
                    return Ok(None);
                };
                Some(next)
            }
            _ if context.trusts_browser && level.was_shown() => {
                Some(self.trust_browser(&tx, account, visitor).await?)
            }
            _ => None,
        };
        tx.commit().await?;
        self.wake_mailer();
        Ok(Some(Browser { cookie, trusted }))
    }

    async fn register_in(
        &self,
        tx: &Tx,
        granted: &Granted<'_>,
        visitor: &Visitor,
    ) -> Result<Registered, AccountError> {
        let now = self.now();
        let (account, door) = (granted.grant.account(), granted.grant.door());
        if !self.admits(tx, granted).await? {
            return Ok(Registered::TooLate);
        }
        if let Some(id) = granted.app_password
            && !tx.touch_app_password(id, now).await?
        {
            return Ok(Registered::TooLate);
        }
        if granted.grant.level().was_shown() {
            self.pardon_name(tx, account).await?;
        }
        if let Some(to) = granted.screen {
            let id = &granted.identity;
            self.note_screen(tx, account, id, to, visitor).await?;
        }
        self.tell_new_sign_in(tx, granted, visitor).await?;
        self.know_token(tx, granted, visitor).await?;
        tx.note_sign_in(account, now).await?;
        let profile = profile_called(tx, granted.grant.user()).await?;
        let what = Activity::SignedIn { door, profile };
        self.note(tx, account, None, what, visitor).await?;
        Ok(Registered::Yes)
    }

    /// Whether a grant counts still, on this device. Locks the account's row.
    pub(crate) async fn admits(
        &self,
        tx: &Tx,
        granted: &Granted<'_>,
    ) -> Result<bool, AccountError> {
        let (account, user) = (granted.grant.account(), granted.grant.user());
        if !self.still_counts(tx, account, granted.epoch).await? {
            return Ok(false);
        }
        if user == account.owner() {
            self.see(tx, &granted.session.user).await?;
        } else {
            // Another process may have deleted the profile, and ended its tokens, since this one looked.
            let stored = tx.profile_of_user(user).await?;
            if !stored.is_some_and(|stored| stored.profile.is_open()) {
                return Ok(false);
            }
        }
        let device_key = granted.identity.device_key();
        self.may_be_on(tx, account, &device_key, user).await
    }

    /// Keeps a token that was issued through Usher. Jellyfin has ended the older one of the same user and device; on a child's
    /// device no other's stays.
    pub(crate) async fn know_token(
        &self,
        tx: &Tx,
        granted: &Granted<'_>,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let Granted {
            grant,
            session,
            identity,
            app_password,
            ..
        } = *granted;
        let now = self.now();
        let (user, digest) = (session.user.id, session.token.hash());
        let id = TokenId::generate(now, &*self.inner.entropy);
        tx.end_tokens_on(user, &identity.device_id, &digest, now)
            .await?;
        let value = session.token.reveal().as_bytes();
        let sealed = self
            .inner
            .key
            .seal(&token_place(id), value, &*self.inner.entropy);
        tx.add_token(&KnownToken {
            id,
            digest,
            sealed,
            account: grant.account(),
            user,
            door: grant.door(),
            identity: identity.clone(),
            address: visitor.address.to_string(),
            issued: now,
            used: now,
            ended: None,
            adopted: false,
            level: grant.level(),
            app_password,
        })
        .await?;
        self.clear_device(tx, grant.account(), &identity.device_key())
            .await
    }

    /// How the web client in this browser names itself.
    pub(crate) async fn web_identity(
        &self,
        device_id: &str,
        visitor: &Visitor,
    ) -> Result<ClientIdentity, AccountError> {
        let device = if visitor.client.is_empty() {
            "Browser".to_owned()
        } else {
            visitor.client.clone()
        };
        Ok(ClientIdentity {
            client: "Jellyfin Web".to_owned(),
            device,
            device_id: device_id.to_owned(),
            version: self.server().await?.version,
        })
    }

    /// A token without a row is nobody's here; that Jellyfin ends it, too, is tried once.
    pub(crate) async fn sign_out_unregistered(&self, token: &SecretText) {
        if let Err(error) = self.inner.jellyfin.sign_out(token).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "A token that nobody was given could not be signed out"
            );
        }
    }
}
