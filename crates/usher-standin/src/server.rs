//! From a raw request to its answer: path, faults, base URL, caller, policy, handler.
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HOST,
    LOCATION, ORIGIN, SERVER, UPGRADE,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, request::Parts};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use serde_json::{Value, json};
use usher_domain::entropy::Entropy;
use usher_domain::time::Clock;

use crate::ask::{Ask, Who};
use crate::fault::{self, Fault, Faults};
use crate::library::{Call, Caller, Library, Limits, Query, bare, failed, json_answer, typed};
use crate::limit::Now;
use crate::path::{self, Reading};
use crate::refusal::{Answer, Refusal};
use crate::route::{Match, Route, Routes};
use crate::scene::{Scene, Television, Version};
use crate::state::State;
use crate::{json as spelling, socket, web};

/// The largest body that is read, as Kestrel's default.
const BODY_BYTES_MAX: usize = 30_000_000;

/// The connection is to be closed without an answer.
#[derive(Debug)]
pub(crate) struct HangUp;

impl std::fmt::Display for HangUp {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("closed on demand")
    }
}

impl std::error::Error for HangUp {}

/// Settings that count from one start to the next.
#[derive(Default)]
struct Network {
    base: String,
    proxies: Vec<IpAddr>,
}

/// One server.
pub(crate) struct Server {
    pub(crate) version: Version,
    pub(crate) address: SocketAddr,
    pub(crate) id: String,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) faults: Faults,
    pub(crate) library: Library,
    entropy: Arc<dyn Entropy>,
    routes: Routes,
    network: RwLock<Network>,
    state: Mutex<State>,
}

impl Server {
    pub(crate) fn new(scene: &Scene, address: SocketAddr) -> Self {
        let id = Now {
            clock: &*scene.clock,
            entropy: &*scene.entropy,
        }
        .hex(16);
        let server = Self {
            version: scene.version,
            address,
            clock: Arc::clone(&scene.clock),
            faults: Faults::default(),
            library: match scene.television {
                Television::None => Library::demo(&id),
                Television::Tuner => Library::demo(&id).with_tuner(),
            },
            id,
            entropy: Arc::clone(&scene.entropy),
            routes: Routes::of(scene.version),
            network: RwLock::default(),
            state: Mutex::new(State::of_scene(scene)),
        };
        server.take_network();
        server
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> Now<'_> {
        Now {
            clock: &*self.clock,
            entropy: &*self.entropy,
        }
    }

    /// Lets the network settings take effect.
    pub(crate) fn take_network(&self) {
        let settings = self.state().network.clone();
        let base = settings
            .get("BaseUrl")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim_matches('/')
            .to_owned();
        let proxies = settings
            .get("KnownProxies")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let network = Network {
            base: if base.is_empty() {
                base
            } else {
                format!("/{base}")
            },
            proxies: proxies
                .iter()
                .filter_map(|proxy| proxy.as_str()?.parse().ok())
                .collect(),
        };
        *self.network.write().unwrap_or_else(PoisonError::into_inner) = network;
    }

    fn base(&self) -> String {
        self.network
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .base
            .clone()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}{}", self.address, self.base())
    }

    /// The address of the client: the peer, or what a known proxy says it is.
    fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let network = self.network.read().unwrap_or_else(PoisonError::into_inner);
        if !network.proxies.contains(&peer) {
            return peer;
        }
        let chain: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        let addresses = chain
            .iter()
            .rev()
            .map_while(|text| text.trim().parse().ok());
        addresses
            .fold(None, |found: Option<IpAddr>, address| {
                found
                    .filter(|found| !network.proxies.contains(found))
                    .or(Some(address))
            })
            .unwrap_or(peer)
    }

    /// Answers one request.
    pub(crate) async fn answer(
        self: Arc<Self>,
        peer: SocketAddr,
        request: hyper::Request<Incoming>,
    ) -> Result<Response, HangUp> {
        let (mut parts, body) = request.into_parts();
        let reading = path::read(parts.uri.path(), &self.base(), self.version);
        let below = match &reading {
            Reading::Path(path) => path.clone(),
            Reading::Outside(_)
            | Reading::Malformed
            | Reading::BadPrefix
            | Reading::BadSecondDecoding => parts.uri.path().to_owned(),
        };
        let is_control = below.starts_with("/standin/");
        let fault = if is_control {
            None
        } else {
            self.faults.of(&below)
        };
        match fault {
            Some(Fault::Refuse) => return Err(HangUp),
            Some(Fault::Slow(span)) => tokio::time::sleep(span).await,
            Some(Fault::Status(code)) => return Ok(failed(fault::status(code))),
            Some(Fault::Held | Fault::Cut | Fault::Endless | Fault::BrokenJson) | None => {}
        }
        let response = match reading {
            _ if names_another_host(&parts) => bare(StatusCode::BAD_REQUEST),
            Reading::Malformed => bare(StatusCode::BAD_REQUEST),
            Reading::BadPrefix => failed(StatusCode::BAD_REQUEST),
            Reading::BadSecondDecoding => failed(StatusCode::INTERNAL_SERVER_ERROR),
            Reading::Outside(path) => self.outside(&path),
            Reading::Path(_) if wants_socket(&parts) => {
                Arc::clone(&self).open_socket(peer, &mut parts).await
            }
            Reading::Path(path) => {
                let Ok(body) = Limited::new(body, BODY_BYTES_MAX).collect().await else {
                    return Ok(bare(StatusCode::PAYLOAD_TOO_LARGE));
                };
                let body = body.to_bytes();
                if is_control {
                    self.control(&parts, &path, &body)
                } else {
                    self.below_base(peer, &parts, &path, &body)
                }
            }
        };
        let response = dress(response, &parts).await;
        Ok(match fault {
            Some(fault @ (Fault::Cut | Fault::BrokenJson)) => fault::halve(response, &fault).await,
            Some(Fault::Endless) => fault::keep_open(response).await,
            Some(Fault::Held) => {
                self.faults.until_lifted(&below).await;
                response
            }
            Some(Fault::Slow(_) | Fault::Status(_) | Fault::Refuse) | None => response,
        })
    }

    /// Faults and counters over HTTP, on a path that no Jellyfin has.
    fn control(&self, parts: &Parts, path: &str, body: &Bytes) -> Response {
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        match (parts.method.as_str(), path) {
            ("POST", "/standin/faults") => match Fault::read(&asked) {
                Some(fault) => self
                    .faults
                    .set(asked["path"].as_str().unwrap_or_default(), fault),
                None => return bare(StatusCode::BAD_REQUEST),
            },
            ("DELETE", "/standin/faults") => self.faults.lift_all(),
            ("GET", "/standin/counts") => return json_answer(&json!(self.faults.counts())),
            _ => return bare(StatusCode::NOT_FOUND),
        }
        bare(StatusCode::NO_CONTENT)
    }

    /// What lies outside the base URL is sent to the web client.
    fn outside(&self, path: &str) -> Response {
        let base = self.base();
        if path
            .get(..base.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(&base))
        {
            return bare(StatusCode::NOT_FOUND);
        }
        if path.eq_ignore_ascii_case("/health") {
            return redirect(StatusCode::FOUND, &format!("{base}/health"));
        }
        redirect(StatusCode::FOUND, &relative(path, &format!("{base}/web/")))
    }

    fn below_base(&self, peer: SocketAddr, parts: &Parts, path: &str, body: &Bytes) -> Response {
        if parts.method == Method::OPTIONS && parts.headers.contains_key(ORIGIN) {
            return bare(StatusCode::NO_CONTENT);
        }
        let segments = path::segments(path);
        let lower: Vec<String> = segments
            .iter()
            .map(|segment| segment.to_ascii_lowercase())
            .collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        match lower.as_slice() {
            [] => {
                return redirect(
                    StatusCode::FOUND,
                    &relative(
                        &format!("{}{path}", self.base()),
                        &format!("{}/web/", self.base()),
                    ),
                );
            }
            ["health"] => {
                let mut response = typed(StatusCode::OK, "text/plain", "Healthy");
                response.headers_mut().insert(
                    CACHE_CONTROL,
                    HeaderValue::from_static("no-store, no-cache"),
                );
                return response;
            }
            ["robots.txt"] => return redirect(StatusCode::FOUND, "web/robots.txt"),
            ["web"] if !path.ends_with('/') => {
                let host = parts
                    .headers
                    .get(HOST)
                    .and_then(|host| host.to_str().ok())
                    .map_or_else(|| self.address.to_string(), str::to_owned);
                return redirect(
                    StatusCode::MOVED_PERMANENTLY,
                    &format!("http://{host}{}/web/", self.base()),
                );
            }
            ["web", "configurationpage" | "configurationpages"] => {}
            ["web", ..] => {
                return web::answer(&parts.method, &parts.headers, &segments[1..].join("/"));
            }
            _ => {}
        }
        self.routed(peer, parts, &segments, body)
    }

    fn routed(
        &self,
        peer: SocketAddr,
        parts: &Parts,
        segments: &[String],
        body: &Bytes,
    ) -> Response {
        let (route, parameters) = match self.routes.find(&parts.method, segments) {
            Match::Found(route, parameters) => (route, parameters),
            Match::OtherMethods(methods) => {
                let methods: Vec<&str> = methods.into_iter().map(Method::as_str).collect();
                let mut response = bare(StatusCode::METHOD_NOT_ALLOWED);
                if let Ok(allow) = HeaderValue::from_str(&methods.join(", ")) {
                    response.headers_mut().insert(ALLOW, allow);
                }
                return response;
            }
            Match::Nothing => return bare(StatusCode::NOT_FOUND),
        };
        self.faults
            .count(format!("{} {}", parts.method, route.path));
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let address = self.client_address(peer.ip(), &parts.headers);
        let (who, device) = self.identify(&parts.headers, &query, address);
        let ask = Ask {
            method: &parts.method,
            headers: &parts.headers,
            query,
            body,
            parameters,
            segments,
            who,
            device,
            address,
        };
        let answer = self
            .authorize(route.needs, &ask)
            .and_then(|()| self.act(route, &ask));
        answer.unwrap_or_else(|refusal| {
            refusal.into_response(&format!(
                "00-{}-{}-00",
                self.now().hex(16),
                self.now().hex(8)
            ))
        })
    }

    /// Runs the action of a route.
    fn act(&self, route: &Route, ask: &Ask<'_>) -> Answer {
        let (controller, action) = route.action.split_once('.').unwrap_or_default();
        let own = match controller {
            "User" => self.user_action(action, ask),
            "QuickConnect" => self.quick_connect_action(action, ask),
            "Session" => self.session_action(action, ask),
            "SyncPlay" => self.sync_play_action(action, ask),
            "Startup" => self.startup_action(action, ask),
            "DisplayPreferences" => self.preference_action(action, ask),
            "Image" => self.user_image_action(action, ask),
            "ApiKey" | "Devices" => self.device_action(action, ask),
            _ => self.system_action(action, ask),
        };
        own.unwrap_or_else(|| self.library_answer(ask))
    }

    /// What the library answers; 404 for what no part of the stand-in knows.
    fn library_answer(&self, ask: &Ask<'_>) -> Answer {
        let limits_of = |id| {
            self.state()
                .user(id)
                .map(|user| Limits::of_policy(&Value::Object(user.policy.clone())))
        };
        let caller = match &ask.who {
            Who::Nobody => None,
            Who::Key(token) => Some(Caller {
                user: None,
                token: token.clone(),
                device_id: ask.device.id.clone(),
            }),
            Who::User { id, token, .. } => Some(Caller {
                user: Some(*id),
                token: token.clone(),
                device_id: ask.device.id.clone(),
            }),
        };
        let mut call = Call {
            method: ask.method,
            path: ask
                .segments
                .iter()
                .map(|segment| segment.to_ascii_lowercase())
                .collect(),
            query: ask.query.clone(),
            headers: ask.headers,
            body: ask.body,
            caller,
            limits_of: &limits_of,
            now: self.now().at(),
        };
        let answer = self
            .library
            .answer_media(&call)
            .or_else(|| self.library.answer(&mut call));
        match call.path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["sessions", "playing", "ping"] => {}
            ["sessions", "playing", "stopped"] => self.note_playing(ask, None),
            ["playingitems", ..] if *ask.method == Method::DELETE => self.note_playing(ask, None),
            ["sessions", "playing", ..] | ["playingitems", ..] => {
                self.note_playing(ask, self.library.played(&call));
            }
            _ => {}
        }
        answer.ok_or(Refusal::NOT_FOUND)
    }

    async fn open_socket(self: Arc<Self>, peer: SocketAddr, parts: &mut Parts) -> Response {
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let address = self.client_address(peer.ip(), &parts.headers);
        let (who, device) = self.identify(&parts.headers, &query, address);
        if who == Who::Nobody {
            return failed(StatusCode::FORBIDDEN);
        }
        socket::open(self, parts, who, &device, address).await
    }
}

/// Whether an absolute target and the `Host` header disagree.
fn names_another_host(parts: &Parts) -> bool {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    parts
        .uri
        .authority()
        .is_some_and(|authority| Some(authority.as_str()) != host)
}

fn wants_socket(parts: &Parts) -> bool {
    parts
        .headers
        .get(UPGRADE)
        .is_some_and(|upgrade| upgrade.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

fn redirect(status: StatusCode, target: &str) -> Response {
    let mut response = bare(status);
    if let Ok(target) = HeaderValue::from_str(target) {
        response.headers_mut().insert(LOCATION, target);
    }
    response
}

/// The target as seen from a path, as .NET's `MakeRelativeUri` writes it.
fn relative(from: &str, target: &str) -> String {
    let folders = |path: &str| {
        path.rsplit_once('/').map_or_else(Vec::new, |(folder, _)| {
            folder
                .split('/')
                .skip(1)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
    };
    let (here, there) = (folders(from), folders(target));
    let shared = here
        .iter()
        .zip(&there)
        .take_while(|(one, other)| one == other)
        .count();
    let up = "../".repeat(here.len() - shared);
    there[shared..]
        .iter()
        .fold(up, |path, folder| path + folder + "/")
}

/// What every answer wears: the server's name, CORS, and camel case where it was asked for.
async fn dress(mut response: Response, parts: &Parts) -> Response {
    response
        .headers_mut()
        .insert(SERVER, HeaderValue::from_static("Kestrel"));
    if parts.headers.contains_key(ORIGIN) {
        response
            .headers_mut()
            .insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    let accept = parts
        .headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json; charset"));
    if !(is_json && response.status().is_success() && accept.contains("profile=\"camelcase\"")) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    head.headers.remove(CONTENT_LENGTH);
    head.headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json; profile=\"CamelCase\"; charset=utf-8"),
    );
    let value = serde_json::from_slice(&body)
        .map(spelling::camel_case)
        .unwrap_or_default();
    Response::from_parts(head, Body::from(value.to_string()))
}
