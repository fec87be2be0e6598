//! [`Rules`] over the gatekeeper: what passes to Jellyfin, what is answered in its place, what is refused.
mod own;
mod seen;

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use usher_accounts::gatekeeper::{Gatekeeper, Holder, Standing};
use usher_domain::id::AccountId;
use usher_domain::secret::SecretText;
use usher_proxy::body::Body;
use usher_proxy::rules::{
    Before, Caller, CallerKind, Identified, MediaRequest, MediaVerdict, Rules, SessionTarget, Visit,
};

use crate::fault;
use crate::pages::{self, Services};

/// Answers what the gateway asks.
pub struct Door {
    keeper: Arc<Gatekeeper>,
    pages: Router,
}

impl Door {
    /// A door kept by this gatekeeper.
    pub fn new(keeper: Gatekeeper) -> Self {
        let keeper = Arc::new(keeper);
        let pages = pages::router(Services {
            keeper: Arc::clone(&keeper),
        });
        Self { keeper, pages }
    }

    /// Whether a token is good for a stream now.
    async fn judge(&self, token: &SecretText, visit: &Visit) -> MediaVerdict {
        match self.keeper.standing(token, visit.address).await {
            Ok(Some(Standing::Welcome)) => MediaVerdict::Open,
            Ok(Some(Standing::Closed)) => MediaVerdict::Closed,
            Ok(None) => MediaVerdict::NoHolder,
            Err(_outage) => MediaVerdict::Unavailable,
        }
    }
}

#[async_trait]
impl Rules for Door {
    async fn identify(&self, token: &SecretText, visit: &Visit) -> Identified {
        let kind = match self.keeper.holder(token).await {
            Ok(Some(Holder::ApiKey)) => CallerKind::ApiKey,
            Ok(Some(Holder::User {
                user,
                administrator,
                controls_others,
                remote_access: _,
            })) => CallerKind::User {
                account: AccountId::of_owner(user),
                user,
                administrator,
                controls_others,
            },
            Ok(None) => return Identified::Unknown,
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "Jellyfin could not be asked for a token"
                );
                return Identified::Unavailable;
            }
        };
        let device_id = visit
            .client
            .as_ref()
            .map(|client| client.device_id.clone())
            .unwrap_or_default();
        Identified::Known(Arc::new(Caller {
            token: token.hash(),
            kind,
            device_id,
        }))
    }

    async fn page(
        &self,
        visit: &Visit,
        _caller: Option<Arc<Caller>>,
        request: Request<Body>,
    ) -> Response<Body> {
        pages::answer(&self.pages, visit, request).await
    }

    async fn own(
        &self,
        visit: &Visit,
        caller: Option<Arc<Caller>>,
        request: Request<Bytes>,
    ) -> Response<Body> {
        own::answer(&self.keeper, visit, caller.as_deref(), request.body()).await
    }

    async fn before(
        &self,
        visit: &Visit,
        caller: Option<&Arc<Caller>>,
        request: &Request<Bytes>,
    ) -> Before {
        seen::before(&self.keeper, visit, caller.map(Arc::as_ref), request.body()).await
    }

    async fn after(
        &self,
        visit: &Visit,
        _caller: Option<&Arc<Caller>>,
        sent: &Bytes,
        answer: Response<Bytes>,
    ) -> Response<Bytes> {
        seen::after(&self.keeper, visit, sent, answer)
    }

    async fn media(
        &self,
        visit: &Visit,
        _caller: Option<&Arc<Caller>>,
        media: &MediaRequest,
    ) -> MediaVerdict {
        if let Some(token) = &visit.token {
            return self.judge(token, visit).await;
        }
        match media
            .item
            .and_then(|item| self.keeper.ticket(visit.address, item))
        {
            Some(token) => self.judge(&token, visit).await,
            None => MediaVerdict::NoHolder,
        }
    }

    async fn still_welcome(&self, visit: &Visit, _caller: &Arc<Caller>) -> bool {
        match &visit.token {
            Some(token) => matches!(
                self.judge(token, visit).await,
                MediaVerdict::Open | MediaVerdict::Unavailable
            ),
            None => false,
        }
    }

    async fn token_refused(&self, token: &SecretText, _visit: &Visit) {
        self.keeper.doubt(token);
    }

    async fn owns_session(
        &self,
        caller: &Arc<Caller>,
        visit: &Visit,
        target: &SessionTarget,
    ) -> bool {
        match (target, &visit.token) {
            (SessionTarget::Session(id), Some(token)) => {
                self.keeper.owns_session(token, id).await.unwrap_or(false)
            }
            (SessionTarget::Device { device_id, .. }, Some(_)) => *device_id == caller.device_id,
            (_, None) => false,
        }
    }

    fn fault_page(&self, visit: &Visit, status: StatusCode) -> Response<Body> {
        fault::answer(visit, status)
    }
}
