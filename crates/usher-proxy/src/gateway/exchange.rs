//! One exchange with Jellyfin: the request in its canonical form, and what becomes of the answer.
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;

use super::Gateway;
use crate::arrival::Arrival;
use crate::body::{Body, empty};
use crate::carriers;
use crate::headers::{self, Answer};
use crate::refusal::Refusal;
use crate::routes::{Class, Route};
use crate::rules::{Caller, Rules, Visit};

impl Gateway {
    /// Sends the request on and waits for the head of the answer.
    pub(super) async fn ask(
        &self,
        arrival: &mut Arrival,
        caller: Option<&Arc<Caller>>,
        answer: Answer,
    ) -> Result<Response<Incoming>, Refusal> {
        let request = self.prepare(arrival, caller, answer)?;
        let patience = self.patience(&arrival.visit);
        self.upstream.send(request, patience).await
    }

    /// The request in its canonical form, with one credential and our own word on where it comes from.
    pub(super) fn prepare(
        &self,
        arrival: &mut Arrival,
        caller: Option<&Arc<Caller>>,
        answer: Answer,
    ) -> Result<Request<Body>, Refusal> {
        let visit = &arrival.visit;
        let token = caller.and(visit.token.as_ref());
        let mut headers = std::mem::take(&mut arrival.headers);
        headers::for_upstream(&mut headers, visit, answer);
        carriers::put(&mut headers, visit.client.as_ref(), token);
        let is_socket = visit.class == Class::Socket;
        let hands_on = arrival.key_in_query && (is_socket || visit.class == Class::Media);
        let with_key = token
            .filter(|_| hands_on)
            .map(|token| carriers::query_with_key(visit.query.as_deref(), token));
        let query = with_key.as_deref().or(visit.query.as_deref());
        // 10.11 knows only this one of the two doors.
        let address = if is_socket {
            self.upstream.address("/socket", query)?
        } else {
            self.upstream.address(&visit.path.upstream(), query)?
        };
        // 12.0 has dropped the GET form of Initiate, which Finamp still uses.
        let method = if visit.route == Route::QuickConnectInitiate {
            Method::POST
        } else {
            visit.method.clone()
        };
        let mut request = Request::new(std::mem::replace(&mut arrival.body, empty()));
        *request.method_mut() = method;
        *request.uri_mut() = address;
        *request.headers_mut() = headers;
        Ok(request)
    }

    pub(super) const fn patience(&self, visit: &Visit) -> Duration {
        match (visit.class, visit.route) {
            (Class::Media, _) => self.config.limits.media_answer_time,
            (_, Route::AuthenticateWithQuickConnect) => self.config.limits.sign_in_answer_time,
            _others => self.config.limits.answer_time,
        }
    }
}

/// An answer that Usher looks at, as a whole.
pub(super) async fn read(
    answer: Response<Incoming>,
    visit: &Visit,
    bytes_max: usize,
) -> Result<Response<Bytes>, Refusal> {
    let (mut parts, body) = answer.into_parts();
    headers::clean_answer(&mut parts.headers, visit);
    let body = Limited::new(body, bytes_max).collect().await;
    let body = body.ok().ok_or(Refusal::BrokeOff)?.to_bytes();
    Ok(Response::from_parts(parts, body))
}

/// An answer that is passed on as it comes.
pub(super) fn passed_on(answer: Response<Incoming>, visit: &Visit) -> Response<Body> {
    let (mut parts, body) = answer.into_parts();
    headers::clean_answer(&mut parts.headers, visit);
    Response::from_parts(parts, body.map_err(Into::into).boxed_unsync())
}

/// Jellyfin did not take a token that is known here: somebody looks, while the visitor already has the answer.
pub(super) fn notice_refusal(
    rules: &Arc<dyn Rules>,
    visit: &Arc<Visit>,
    caller: Option<&Arc<Caller>>,
    status: StatusCode,
) {
    if status != StatusCode::UNAUTHORIZED || caller.is_none() {
        return;
    }
    let (rules, visit) = (Arc::clone(rules), Arc::clone(visit));
    tokio::spawn(async move {
        if let Some(token) = &visit.token {
            rules.token_refused(token, &visit).await;
        }
    });
}
