//! A request's way through the gateway, step by step: read, identify, gate, then by its class.
mod exchange;
mod seen;

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body_util::BodyExt;
use tokio_util::sync::CancellationToken;

use crate::arrival::{Arrival, Wire};
use crate::body::{Body, Pace, timed};
use crate::config::{Config, MediaGate};
use crate::forward::{Upstream, UpstreamError};
use crate::guard::{Guard, Guarded, Holder, Passed};
use crate::headers::{self, Answer};
use crate::hosts::Hosts;
use crate::refusal::Refusal;
use crate::routes::{Class, Danger, Route};
use crate::rules::{
    Caller, CallerKind, Carries, Flow, Identified, ListVerdict, MediaRequest, MediaVerdict, Rules,
    SessionTarget, Visit,
};
use crate::upgrade::Ears;
use crate::{json, listed, media, upgrade};

/// Answers up to this size are over before anybody would look again.
const UNGUARDED_MAX: u64 = 64 * 1024;

/// The gateway.
pub struct Gateway {
    pub(crate) config: Config,
    /// The base URL below which people reach Usher.
    base: String,
    rules: Arc<dyn Rules>,
    upstream: Upstream,
    hosts: Hosts,
    /// Cancelled when Usher stops: sockets end then, streams may finish.
    pub(crate) stopping: CancellationToken,
}

impl Gateway {
    /// A gateway that asks `rules`. Nothing is connected yet.
    pub fn new(config: Config, rules: Arc<dyn Rules>) -> Result<Self, UpstreamError> {
        let upstream = Upstream::new(&config)?;
        Ok(Self {
            base: config.base_path(),
            hosts: Hosts::of(&config),
            config,
            rules,
            upstream,
            stopping: CancellationToken::new(),
        })
    }

    /// Answers one request.
    pub(crate) fn handle(
        &self,
        request: Request<Body>,
        wire: Wire,
    ) -> BoxFuture<'_, Response<Body>> {
        Box::pin(self.lead(request, wire))
    }

    async fn lead(&self, request: Request<Body>, wire: Wire) -> Response<Body> {
        let arrival = match Arrival::read(request, wire, &self.config, &self.base) {
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
        if visit.danger == Danger::Administrator {
            let caller = self.required(&visit).await?;
            let refused = self.rules.danger(&visit, &caller, &arrival.headers).await;
            if let Some(refused) = refused {
                return Ok(refused);
            }
        }
        match visit.class {
            Class::Block => Err(Refusal::NotFound),
            Class::Public => self.pass(arrival, None, None).await,
            Class::Page => self.page(arrival).await,
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
                let caller = self.required(&visit).await?;
                if is_rewritten(visit.route) {
                    return self.rewritten(arrival, Some(caller)).await;
                }
                let arrival = self.narrowed(arrival, &caller).await?;
                self.filter(arrival, Some(caller)).await
            }
            Class::Observe => {
                let caller = self.required(&visit).await?;
                self.observe(arrival, caller).await
            }
            Class::Media => self.media(arrival).await,
            Class::Socket => self.socket(arrival).await,
            Class::Session => {
                let caller = self.required(&visit).await?;
                self.may_drive(&visit, &caller).await?;
                let arrival = self.narrowed(arrival, &caller).await?;
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
                let arrival = self.narrowed(arrival, &caller).await?;
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

    /// One's own screens, or the right to control others' (but no profiles'). Nobody but those who have it adds somebody else
    /// to a screen: what plays there is in that person's history, too.
    async fn may_drive(&self, visit: &Visit, caller: &Arc<Caller>) -> Result<(), Refusal> {
        let controls_others = matches!(
            caller.kind,
            CallerKind::User {
                controls_others: true,
                ..
            }
        );
        if caller.is_administrator() {
            return Ok(());
        }
        if let Some(added) = media::added_user(visit) {
            let added = added?;
            let target = SessionTarget::Added(added);
            let may_add = Some(added) == caller.user()
                || (controls_others && self.rules.may_drive(caller, visit, &target).await);
            if !may_add {
                return Err(Refusal::Forbidden);
            }
        }
        let Some(target) = media::session_target(visit)? else {
            return Ok(());
        };
        if controls_others && matches!(target, SessionTarget::Device { .. }) {
            return Ok(());
        }
        let may = self.rules.may_drive(caller, visit, &target).await;
        may.then_some(()).ok_or(Refusal::Forbidden)
    }

    /// The request without what its caller may not see.
    async fn narrowed(
        &self,
        mut arrival: Arrival,
        caller: &Arc<Caller>,
    ) -> Result<Arrival, Refusal> {
        let Some(listed) = listed::named(&arrival.visit)? else {
            return Ok(arrival);
        };
        match self.rules.listing(&arrival.visit, caller, &listed).await {
            ListVerdict::Open => {}
            ListVerdict::Only(ids) => {
                let mut visit = Visit::clone(&arrival.visit);
                visit.query = visit.query.map(|query| listed::with_ids(&query, &ids));
                arrival.visit = Arc::new(visit);
            }
            ListVerdict::Hidden => return Err(Refusal::NotFound),
            ListVerdict::Closed => return Err(Refusal::Forbidden),
            ListVerdict::Unavailable => return Err(Refusal::Unidentified),
        }
        Ok(arrival)
    }

    /// A page of Usher's, under a host that is one of Usher's. A person whose token cannot be judged now gets it too.
    async fn page(&self, arrival: Arrival) -> Result<Response<Body>, Refusal> {
        let visit = arrival.visit;
        if !self.hosts.know(&visit.host) {
            return Err(Refusal::Misdirected);
        }
        let caller = self.known(&visit).await.ok().flatten();
        let body = if http_body::Body::is_end_stream(&arrival.body) {
            arrival.body
        } else {
            let pace = Pace {
                time: self.config.limits.own_body_time,
                rate: self.config.limits.own_body_rate,
            };
            timed(arrival.body, pace)
        };
        let request = rebuilt(&visit, arrival.headers, body)?;
        let rules = Arc::clone(&self.rules);
        if request.method().is_safe() {
            return Ok(rules.page(&visit, caller, request).await);
        }
        to_its_end(async move { Ok(rules.page(&visit, caller, request).await) }).await
    }

    async fn own(
        &self,
        arrival: Arrival,
        caller: Option<Arc<Caller>>,
    ) -> Result<Response<Body>, Refusal> {
        let limits = &self.config.limits;
        let body = collected(arrival.body, limits.own_body_max, limits.own_body_time).await?;
        if !json::is_shallow(&body, limits.own_json_depth) {
            return Err(Refusal::Malformed("The body is nested too deeply."));
        }
        let request = rebuilt(&arrival.visit, arrival.headers, body)?;
        let (rules, visit) = (Arc::clone(&self.rules), arrival.visit);
        if visit.route == Route::AuthenticateByName {
            // It holds its answer for as long as the app waits, and has to notice when it does no longer.
            return Ok(rules.own(&visit, caller, request).await);
        }
        to_its_end(async move { Ok(rules.own(&visit, caller, request).await) }).await
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
        exchange::notice_refusal(&self.rules, &visit, Some(&caller), answer.status());
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Ok(exchange::passed_on(answer, &visit));
        }
        let ears = Ears {
            rules: Arc::clone(&self.rules),
            visit: Arc::clone(&visit),
            caller: Arc::clone(&caller),
        };
        let holder = Arc::new(Holder {
            visit,
            caller: Some(caller),
            media: None,
            of: None,
        });
        let rules = Arc::clone(&self.rules);
        let nothing = Arc::new(Passed::default());
        let unwelcome = holder.until_unwelcome(rules, self.config.limits.recheck, nothing);
        Ok(upgrade::join(
            client,
            answer,
            ears,
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
        exchange::notice_refusal(&self.rules, &visit, caller.as_ref(), answer.status());
        let size = http_body::Body::size_hint(answer.body()).upper();
        let short = size.filter(|size| *size <= UNGUARDED_MAX);
        let of = media::whole_size(&visit, &answer);
        if let Some(media) = &media
            && answer.status().is_success()
            && (media.carries != Carries::Beside || media.segments.is_some())
        {
            let bytes = short.unwrap_or(0);
            let flow = Flow {
                bytes,
                of,
                ..Flow::default()
            };
            self.rules
                .flowed(&visit, caller.as_ref(), media, flow)
                .await;
        }
        if short.is_some() || (caller.is_none() && media.is_none()) {
            return Ok(exchange::passed_on(answer, &visit));
        }
        let (mut parts, body) = answer.into_parts();
        headers::clean_answer(&mut parts.headers, &visit);
        let guard = Guard {
            holder: Arc::new(Holder {
                visit,
                caller,
                media,
                of,
            }),
            rules: Arc::clone(&self.rules),
            every: self.config.limits.recheck,
            cutter: arrival.cutter,
        };
        let body = Guarded::new(body, guard).boxed_unsync();
        Ok(Response::from_parts(parts, body))
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
fn rebuilt<B>(visit: &Visit, headers: HeaderMap, body: B) -> Result<Request<B>, Refusal> {
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
    *request.headers_mut() = headers;
    Ok(request)
}

/// A body as a whole: at most so many bytes, in at most this time.
async fn collected(body: Body, bytes_max: usize, time: Duration) -> Result<Bytes, Refusal> {
    if http_body::Body::is_end_stream(&body) {
        return Ok(Bytes::new());
    }
    let collected = tokio::time::timeout(time, collected_slowly(body, bytes_max)).await;
    collected.ok().ok_or(Refusal::SlowBody)?
}

async fn collected_slowly(mut body: Body, bytes_max: usize) -> Result<Bytes, Refusal> {
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

/// Runs on when whoever waits for it has gone. A panic inside is one of the request's own.
async fn to_its_end(
    work: impl Future<Output = Result<Response<Body>, Refusal>> + Send + 'static,
) -> Result<Response<Body>, Refusal> {
    match tokio::spawn(work).await {
        Ok(answer) => answer,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_stopping) => Err(Refusal::BrokeOff),
        },
    }
}
