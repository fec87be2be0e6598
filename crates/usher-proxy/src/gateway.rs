//! A request's way through the gateway, step by step: read, identify, gate, then by its class.
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use http::header::{CONTENT_LENGTH, LOCATION};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use tokio_util::sync::CancellationToken;

use crate::arrival::Arrival;
use crate::body::{Body, empty, full};
use crate::config::{Config, MediaGate};
use crate::forward::{Upstream, UpstreamError};
use crate::guard::{Guarded, Holder};
use crate::headers::{self, Answer};
use crate::refusal::Refusal;
use crate::routes::{Class, Route};
use crate::rules::{
    Before, Caller, CallerKind, Identified, MediaRequest, MediaVerdict, Rules, Scheme, Visit,
};
use crate::{carriers, media, rewrite, upgrade};

/// Answers up to this size are over before anybody would look again.
const UNGUARDED_MAX: u64 = 64 * 1024;

/// The gateway.
pub struct Gateway {
    pub(crate) config: Config,
    /// The base URL below which people reach Usher.
    base: String,
    rules: Arc<dyn Rules>,
    upstream: Upstream,
    /// Cancelled when Usher stops: sockets end then, streams may finish.
    pub(crate) stopping: CancellationToken,
}

impl Gateway {
    /// A gateway that asks `rules`. Nothing is connected yet.
    pub fn new(config: Config, rules: Arc<dyn Rules>) -> Result<Self, UpstreamError> {
        let upstream = Upstream::new(&config)?;
        Ok(Self {
            base: config.base_path(),
            config,
            rules,
            upstream,
            stopping: CancellationToken::new(),
        })
    }

    /// Answers one request of `peer`, whose connection is of `scheme`.
    pub fn handle(
        &self,
        request: Request<Body>,
        peer: IpAddr,
        scheme: Scheme,
    ) -> BoxFuture<'_, Response<Body>> {
        Box::pin(self.lead(request, peer, scheme))
    }

    async fn lead(&self, request: Request<Body>, peer: IpAddr, scheme: Scheme) -> Response<Body> {
        let arrival = match Arrival::read(request, peer, scheme, &self.config, &self.base) {
            Ok(arrival) => arrival,
            Err(Refusal::OutsideBase) => return self.lead_inside(),
            Err(refusal) => return refusal.answer(),
        };
        let visit = Arc::clone(&arrival.visit);
        match self.answer(arrival).await {
            Ok(answer) => answer,
            Err(refusal) if refusal.is_fault() => self.rules.fault_page(&visit, refusal.status()),
            Err(refusal) => refusal.answer(),
        }
    }

    async fn answer(&self, arrival: Arrival) -> Result<Response<Body>, Refusal> {
        let visit = Arc::clone(&arrival.visit);
        match visit.class {
            Class::Block => Err(Refusal::NotFound),
            Class::Public => self.pass(arrival, None, None).await,
            Class::Page => {
                let caller = self.known(&visit).await.ok().flatten();
                Ok(self
                    .rules
                    .page(
                        &visit,
                        caller,
                        rebuilt(&visit, &arrival.headers, arrival.body)?,
                    )
                    .await)
            }
            Class::OwnPublic => {
                let caller = self.known(&visit).await?;
                self.own(arrival, caller).await
            }
            Class::Own => {
                let caller = self.required(&visit).await?;
                self.own(arrival, Some(caller)).await
            }
            Class::FilterPublic if is_rewritten(visit.route) => self.rewritten(arrival, None).await,
            Class::FilterPublic => {
                let caller = self.known(&visit).await?;
                self.filter(arrival, caller).await
            }
            Class::Filter => {
                let caller = Some(self.required(&visit).await?);
                if is_rewritten(visit.route) {
                    return self.rewritten(arrival, caller).await;
                }
                self.filter(arrival, caller).await
            }
            Class::Media => self.media(arrival).await,
            Class::Socket => self.socket(arrival).await,
            Class::Session => {
                let caller = self.required(&visit).await?;
                self.may_drive(&visit, &caller).await?;
                self.pass(arrival, Some(caller), None).await
            }
            Class::Administrator => {
                let caller = self.required(&visit).await?;
                if !caller.is_administrator() {
                    return Err(Refusal::Forbidden);
                }
                self.pass(arrival, Some(caller), None).await
            }
            Class::Pass => {
                let caller = self.required(&visit).await?;
                self.pass(arrival, Some(caller), None).await
            }
        }
    }

    /// Whose token the request carries; `None` for none and for nobody's.
    async fn known(&self, visit: &Visit) -> Result<Option<Arc<Caller>>, Refusal> {
        let Some(token) = &visit.token else {
            return Ok(None);
        };
        match self.rules.identify(token, visit).await {
            Identified::Known(caller) => Ok(Some(caller)),
            Identified::Unknown => Ok(None),
            Identified::Unavailable => Err(Refusal::Unidentified),
        }
    }

    async fn required(&self, visit: &Visit) -> Result<Arc<Caller>, Refusal> {
        self.known(visit).await?.ok_or(Refusal::Unauthorized)
    }

    /// One's own screens, or the right to control others'. Nobody but those who have it adds somebody else to a screen.
    async fn may_drive(&self, visit: &Visit, caller: &Arc<Caller>) -> Result<(), Refusal> {
        let controls_others = matches!(
            caller.kind,
            CallerKind::User {
                controls_others: true,
                ..
            }
        );
        if caller.is_administrator() || controls_others {
            return Ok(());
        }
        if let Some(added) = media::added_user(visit)
            && Some(added?) != caller.user()
        {
            return Err(Refusal::Forbidden);
        }
        let Some(target) = media::session_target(visit)? else {
            return Ok(());
        };
        let is_own = self.rules.owns_session(caller, visit, &target).await;
        is_own.then_some(()).ok_or(Refusal::Forbidden)
    }

    async fn own(
        &self,
        arrival: Arrival,
        caller: Option<Arc<Caller>>,
    ) -> Result<Response<Body>, Refusal> {
        let body = collected(arrival.body, self.config.limits.own_body_max).await?;
        let request = rebuilt(&arrival.visit, &arrival.headers, body)?;
        Ok(self.rules.own(&arrival.visit, caller, request).await)
    }

    async fn filter(
        &self,
        mut arrival: Arrival,
        caller: Option<Arc<Caller>>,
    ) -> Result<Response<Body>, Refusal> {
        let visit = Arc::clone(&arrival.visit);
        let body = std::mem::replace(&mut arrival.body, empty());
        let mut sent = collected(body, self.config.limits.seen_body_max).await?;
        let request = rebuilt(&visit, &arrival.headers, sent.clone())?;
        match self.rules.before(&visit, caller.as_ref(), &request).await {
            Before::Pass => {}
            Before::PassBody(body) => sent = body,
            Before::Answer(answer) => return Ok(answer),
        }
        arrival.headers.remove(CONTENT_LENGTH);
        arrival.body = full(sent.clone());
        let answer = self
            .ask(&mut arrival, caller.as_ref(), Answer::Read)
            .await?;
        self.notice_refusal(&visit, caller.as_ref(), answer.status());
        let answer = self.read(answer).await?;
        let mut answer = self
            .rules
            .after(&visit, caller.as_ref(), &sent, answer)
            .await;
        headers::body_changed(answer.headers_mut());
        Ok(answer.map(full))
    }

    /// Whether there is anything to change in the answer.
    fn has_changes(&self, route: Route) -> bool {
        route == Route::SystemInfo
            || (route == Route::Branding && self.config.sign_in_line.is_some())
            || (route == Route::WebConfig && !self.config.menu_links.is_empty())
            || (route == Route::WebIndex && self.config.script.is_some())
    }

    async fn rewritten(
        &self,
        mut arrival: Arrival,
        caller: Option<Arc<Caller>>,
    ) -> Result<Response<Body>, Refusal> {
        if !self.has_changes(arrival.visit.route) {
            return self.pass(arrival, caller, None).await;
        }
        let visit = Arc::clone(&arrival.visit);
        let answer = self
            .ask(&mut arrival, caller.as_ref(), Answer::Read)
            .await?;
        self.notice_refusal(&visit, caller.as_ref(), answer.status());
        let mut answer = self.read(answer).await?;
        if answer.status() == StatusCode::OK {
            headers::body_changed(answer.headers_mut());
            answer = answer.map(|body| self.rewrite(&visit, body));
        }
        Ok(answer.map(full))
    }

    fn rewrite(&self, visit: &Visit, body: Bytes) -> Bytes {
        let config = &self.config;
        match (visit.route, &config.sign_in_line, &config.script) {
            (Route::SystemInfo, ..) => rewrite::local_address(body, &self.address_for(visit)),
            (Route::WebConfig, ..) => rewrite::menu_links(body, &config.menu_links),
            (Route::Branding, Some(line), _) => rewrite::sign_in_line(body, line),
            (Route::WebIndex, _, Some(source)) => rewrite::script(body, source),
            _unchanged => body,
        }
    }

    /// The address that a client is told: the one it came by where that is a listed one, else the public one.
    fn address_for(&self, visit: &Visit) -> String {
        let scheme = match visit.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        let typed = format!("{scheme}://{}{}", visit.host, self.base);
        if self.config.other_addresses.contains(&typed) {
            typed
        } else {
            self.config.public_url.clone()
        }
    }

    async fn media(&self, arrival: Arrival) -> Result<Response<Body>, Refusal> {
        let visit = Arc::clone(&arrival.visit);
        let caller = self.known(&visit).await?;
        if self.config.media_gate == MediaGate::Compat {
            return self.pass(arrival, caller, None).await;
        }
        let named = media::request(&visit)?;
        match self.rules.media(&visit, caller.as_ref(), &named).await {
            MediaVerdict::Open => self.pass(arrival, caller, Some(named)).await,
            MediaVerdict::NoHolder => Err(Refusal::Unauthorized),
            MediaVerdict::Hidden => Err(Refusal::NotFound),
            MediaVerdict::Closed => Err(Refusal::Forbidden),
            MediaVerdict::Unavailable => Err(Refusal::Unidentified),
        }
    }

    /// The sign-in page of 12.0 opens a socket without a token again and again and expects 403: that is no attack.
    async fn socket(&self, mut arrival: Arrival) -> Result<Response<Body>, Refusal> {
        let visit = Arc::clone(&arrival.visit);
        let caller = self.known(&visit).await?.ok_or(Refusal::Forbidden)?;
        if !self.rules.still_welcome(&visit, &caller).await {
            return Err(Refusal::Forbidden);
        }
        let Some(client) = arrival.upgrade.take() else {
            return self.pass(arrival, Some(caller), None).await;
        };
        upgrade::ask(&mut arrival.headers);
        let answer = self
            .ask(&mut arrival, Some(&caller), Answer::Streamed)
            .await?;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Ok(passed_on(answer));
        }
        let holder = Holder {
            visit,
            caller: Some(caller),
            media: None,
        };
        let unwelcome = holder.until_unwelcome(Arc::clone(&self.rules), self.config.limits.recheck);
        Ok(upgrade::join(
            client,
            answer,
            self.stopping.clone().run_until_cancelled_owned(unwelcome),
        ))
    }

    /// Streams both ways. What stays open is guarded.
    async fn pass(
        &self,
        mut arrival: Arrival,
        caller: Option<Arc<Caller>>,
        media: Option<MediaRequest>,
    ) -> Result<Response<Body>, Refusal> {
        let visit = Arc::clone(&arrival.visit);
        arrival.upgrade = None;
        let answer = self
            .ask(&mut arrival, caller.as_ref(), Answer::Streamed)
            .await?;
        self.notice_refusal(&visit, caller.as_ref(), answer.status());
        let is_short = http_body::Body::size_hint(answer.body())
            .upper()
            .is_some_and(|size| size <= UNGUARDED_MAX);
        let answer = passed_on(answer);
        if is_short || (caller.is_none() && media.is_none()) {
            return Ok(answer);
        }
        let unwelcome = Holder {
            visit,
            caller,
            media,
        }
        .until_unwelcome(Arc::clone(&self.rules), self.config.limits.recheck);
        Ok(answer.map(|body| Guarded::new(body, unwelcome).boxed_unsync()))
    }

    /// Sends the request on in its canonical form, with one credential and our own word on where it comes from.
    async fn ask(
        &self,
        arrival: &mut Arrival,
        caller: Option<&Arc<Caller>>,
        answer: Answer,
    ) -> Result<Response<Incoming>, Refusal> {
        let visit = &arrival.visit;
        let token = caller.and(visit.token.as_ref());
        let mut headers = std::mem::take(&mut arrival.headers);
        headers::for_upstream(&mut headers, visit, answer);
        carriers::put(&mut headers, visit.client.as_ref(), token);
        let is_socket = visit.class == Class::Socket;
        let hands_on = arrival.key_in_query && (is_socket || visit.class == Class::Media);
        let query = match token {
            Some(token) if hands_on => {
                Some(carriers::query_with_key(visit.query.as_deref(), token))
            }
            Some(_) | None => visit.query.clone(),
        };
        // 10.11 knows only this one of the two doors.
        let path = if is_socket {
            "/socket".to_owned()
        } else {
            visit.path.upstream()
        };
        // 12.0 has dropped the GET form of Initiate, which Finamp still uses.
        let method = if visit.route == Route::QuickConnectInitiate {
            Method::POST
        } else {
            visit.method.clone()
        };
        let mut request = Request::new(std::mem::replace(&mut arrival.body, empty()));
        *request.method_mut() = method;
        *request.uri_mut() = self.upstream.address(&path, query.as_deref())?;
        *request.headers_mut() = headers;
        self.upstream.send(request, self.patience(visit)).await
    }

    const fn patience(&self, visit: &Visit) -> Duration {
        match (visit.class, visit.route) {
            (Class::Media, _) => self.config.limits.media_answer_time,
            (_, Route::AuthenticateWithQuickConnect) => self.config.limits.sign_in_answer_time,
            _others => self.config.limits.answer_time,
        }
    }

    /// An answer that Usher looks at, as a whole.
    async fn read(&self, answer: Response<Incoming>) -> Result<Response<Bytes>, Refusal> {
        let (mut parts, body) = answer.into_parts();
        headers::clean_answer(&mut parts.headers);
        let body = Limited::new(body, self.config.limits.seen_answer_max)
            .collect()
            .await;
        let body = body.ok().ok_or(Refusal::BrokeOff)?.to_bytes();
        Ok(Response::from_parts(parts, body))
    }

    /// Jellyfin did not take a token that is known here: somebody looks, while the visitor already has the answer.
    fn notice_refusal(&self, visit: &Arc<Visit>, caller: Option<&Arc<Caller>>, status: StatusCode) {
        if status != StatusCode::UNAUTHORIZED || caller.is_none() {
            return;
        }
        let (rules, visit) = (Arc::clone(&self.rules), Arc::clone(visit));
        tokio::spawn(async move {
            if let Some(token) = &visit.token {
                rules.token_refused(token, &visit).await;
            }
        });
    }

    /// Whatever lies outside the base URL is led inside, as Jellyfin does it (contract, 274 to 290).
    fn lead_inside(&self) -> Response<Body> {
        let mut answer = Refusal::OutsideBase.answer();
        if let Ok(place) = HeaderValue::from_str(&format!("{}/web/", self.base)) {
            answer.headers_mut().insert(LOCATION, place);
        }
        answer
    }
}

/// Whether the gateway answers for the contents by itself, without asking those who know.
const fn is_rewritten(route: Route) -> bool {
    matches!(
        route,
        Route::SystemInfo | Route::Branding | Route::WebConfig | Route::WebIndex
    )
}

/// The request in its canonical form, for those who answer it themselves.
fn rebuilt<B>(visit: &Visit, headers: &http::HeaderMap, body: B) -> Result<Request<B>, Refusal> {
    let path = visit.path.upstream();
    let target = match &visit.query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut request = Request::new(body);
    *request.method_mut() = visit.method.clone();
    *request.uri_mut() = target
        .try_into()
        .ok()
        .ok_or(Refusal::Malformed("The target is not a path."))?;
    *request.headers_mut() = headers.clone();
    Ok(request)
}

async fn collected(mut body: Body, bytes_max: usize) -> Result<Bytes, Refusal> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_broken| Refusal::Malformed("The body cannot be read."))?;
        // Trailers say nothing to those who read a whole body.
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > bytes_max {
            return Err(Refusal::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.freeze())
}

fn passed_on(answer: Response<Incoming>) -> Response<Body> {
    let (mut parts, body) = answer.into_parts();
    headers::clean_answer(&mut parts.headers);
    Response::from_parts(parts, body.map_err(Into::into).boxed_unsync())
}
