//! Where an account is signed in, and how that ends (R48).
//!
//! Invariant: a token ends here first, and the gate refuses it from then on; Jellyfin is told at once, or later by the job
//! (`account/sign_out.rs`). It may be away, or, outside the hours of a user, refuse every word with its token.
//!
//! No fresh proof is asked for: R38 names the sessions of others, which the console guards, and whoever finds a strange
//! device in the list ends it at once. A stolen session gains nothing by it that signing in again does not give back.
use std::collections::HashMap;

use usher_domain::activity::{Activity, Door};
use usher_domain::id::{AccountId, SessionId, UserId};
use usher_domain::visitor::Visitor;
use usher_store::{ChildDevice, KnownToken, WebSession};

use super::{PlaceId, PlaceSeat, SignedInPlace};
use crate::account::But;
use crate::{AccountError, Accounts};

impl Accounts {
    /// Where the account of a session is signed in, last used first.
    pub(super) async fn places(
        &self,
        here: &WebSession,
    ) -> Result<Vec<SignedInPlace>, AccountError> {
        self.places_of(here.account, Some(here.id)).await
    }

    /// Where an account is signed in, last used first. `here`: the session of the browser that shows it.
    pub(crate) async fn places_of(
        &self,
        account: AccountId,
        here: Option<SessionId>,
    ) -> Result<Vec<SignedInPlace>, AccountError> {
        let mut sessions = self.web_sessions(account).await?;
        let tokens = self.inner.store.tokens(account).await?;
        let seats = self.seats_of(account).await?;
        let kept = self.inner.store.child_devices(account).await?;
        let is_shared = |token: &KnownToken| {
            let device_key = token.identity.device_key();
            let watching = seats.get(&token.user).and_then(|seat| seat.profile);
            let is_alone = |profile| {
                let same =
                    |one: &ChildDevice| one.device_key == device_key && one.profile == profile;
                kept.iter().any(same)
            };
            !device_key.is_empty() && watching.is_some_and(|profile| !is_alone(profile))
        };
        let seat = |user: UserId| seats.get(&user).cloned();
        let mut places = Vec::with_capacity(tokens.len() + sessions.len());
        for token in &tokens {
            let at = sessions
                .iter()
                .position(|session| session.token == Some(token.digest));
            let session = at.map(|at| sessions.swap_remove(at));
            places.push(SignedInPlace {
                seat: seat(token.user),
                is_shared: is_shared(token),
                ..place_of(token, session.as_ref(), here)
            });
        }
        places.extend(sessions.iter().map(|session| SignedInPlace {
            id: PlaceId::Session(session.id),
            door: Door::Web,
            client: session.client.clone(),
            device: String::new(),
            device_key: String::new(),
            address: session.address.clone(),
            since: session.opened,
            used: session.used,
            seat: seat(session.user).map(|seat| PlaceSeat {
                watches: false,
                ..seat
            }),
            is_shared: false,
            level: session.level,
            is_adopted: false,
            is_this: Some(session.id) == here,
        }));
        places.sort_by_key(|place| std::cmp::Reverse(place.used));
        Ok(places)
    }

    /// The seats of an account by their Jellyfin users, also of profiles that cannot be used at present. Empty where the owner's
    /// is the only one: then nobody asks whose a place is.
    pub(crate) async fn seats_of(
        &self,
        account: AccountId,
    ) -> Result<HashMap<UserId, PlaceSeat>, AccountError> {
        let profiles = self.inner.store.profiles_of(account).await?;
        let mut seats = HashMap::new();
        for stored in profiles {
            if let Some(user) = stored.hidden {
                let profile = stored.profile;
                let seat = PlaceSeat {
                    name: profile.name.as_str().to_owned(),
                    profile: profile.is_open().then_some(profile.id),
                    picture: profile.picture,
                    watches: true,
                };
                seats.insert(user, seat);
            }
        }
        if !seats.is_empty()
            && let Some(owner) = self.account(account).await?
        {
            let seat = PlaceSeat {
                name: owner.seen.name,
                picture: None,
                profile: None,
                watches: true,
            };
            seats.insert(account.owner(), seat);
        }
        Ok(seats)
    }

    /// Ends one place where the account is signed in. `false`: it has no such place.
    pub async fn end_place(
        &self,
        session: &WebSession,
        place: PlaceId,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let tokens = self.inner.store.tokens(session.account).await?;
        match place {
            PlaceId::Token(id) => match tokens.iter().find(|token| token.id == id) {
                Some(token) => self.end_token_of(token, visitor).await,
                None => Ok(false),
            },
            PlaceId::Session(id) => {
                let all = self.inner.store.web_sessions(session.account).await?;
                let meant = all.into_iter().find(|one| one.id == id);
                match meant {
                    Some(meant) => self.end_browser(&meant, visitor).await,
                    None => Ok(false),
                }
            }
        }
    }

    /// Ends every place but this browser. Answers how many.
    pub async fn end_other_places(
        &self,
        session: &WebSession,
        visitor: &Visitor,
    ) -> Result<usize, AccountError> {
        let places = self.places(session).await?;
        let others = places.iter().filter(|place| !place.is_this).count();
        let id = session.account;
        let tx = self.inner.store.begin().await?;
        let but = But::Browser(session);
        let ended = self.end_all(&tx, id, but).await?.tokens;
        let what = Activity::SignedOutEverywhere;
        self.note(&tx, id, None, what, visitor).await?;
        tx.commit().await?;
        self.forget_tokens(&ended);
        self.sign_out_after_all(&ended).await;
        Ok(others)
    }

    /// Signs this browser out, at Usher and in Jellyfin.
    pub async fn sign_out(
        &self,
        session: &WebSession,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        self.end_browser(session, visitor).await?;
        Ok(())
    }

    /// Ends the session of a browser together with its token, where that is live.
    async fn end_browser(
        &self,
        session: &WebSession,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let token = match &session.token {
            Some(digest) => self.inner.store.token(digest).await?,
            None => None,
        };
        match token.filter(|token| token.ended.is_none()) {
            Some(token) => self.end_token_of(&token, visitor).await,
            None => {
                self.end_web_session(session.account, session.id, visitor)
                    .await
            }
        }
    }

    /// Ends a token, and the session at Usher that was opened together with it.
    async fn end_token_of(
        &self,
        token: &KnownToken,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let tx = self.inner.store.begin().await?;
        let ended = tx.end_token_first(&token.digest, self.now()).await?;
        tx.end_web_sessions_of_token(&token.digest).await?;
        if !ended.is_empty() {
            let what = Activity::SignedOut;
            self.note(&tx, token.account, None, what, visitor).await?;
        }
        tx.commit().await?;
        self.forget_tokens(&ended);
        self.sign_out_after_all(&ended).await;
        Ok(!ended.is_empty())
    }
}

/// A token and, in a browser, the session that belongs to it.
fn place_of(
    token: &KnownToken,
    session: Option<&WebSession>,
    here: Option<SessionId>,
) -> SignedInPlace {
    let (client, device) = match session {
        Some(session) => (session.client.clone(), String::new()),
        None => (token.identity.client.clone(), token.identity.device.clone()),
    };
    SignedInPlace {
        id: PlaceId::Token(token.id),
        door: token.door,
        client,
        device,
        device_key: token.identity.device_key().into_owned(),
        address: token.address.clone(),
        since: token.issued,
        used: session.map_or(token.used, |session| session.used.max(token.used)),
        seat: None,
        is_shared: false,
        level: token.level,
        is_adopted: token.adopted,
        is_this: session.is_some_and(|session| Some(session.id) == here),
    }
}
