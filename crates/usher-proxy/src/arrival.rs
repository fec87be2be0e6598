//! A request on its way in: one reading of path, credentials and origin, before anybody asks who it is.
use std::net::IpAddr;
use std::sync::Arc;

use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING, UPGRADE, USER_AGENT};
use http::{HeaderMap, HeaderName, Method, Request, Version};
use hyper::upgrade::OnUpgrade;

use crate::body::Body;
use crate::carriers;
use crate::config::{Config, Limits};
use crate::cut::Cutter;
use crate::headers;
use crate::path::{CanonicalPath, RefusedPath};
use crate::refusal::Refusal;
use crate::routes;
use crate::rules::{Scheme, Visit};
use crate::trust;

/// Bytes of a `User-Agent` that are kept.
const USER_AGENT_MAX: usize = 256;
/// With which a browser loads the script of a service worker.
const SERVICE_WORKER: HeaderName = HeaderName::from_static("service-worker");

/// Marks a request whose head was not written as the standard wants it, though the parser repaired it (R55).
#[derive(Clone, Copy)]
pub(crate) struct Crooked;

/// The connection that a request came over.
#[derive(Clone)]
pub(crate) struct Wire {
    /// Who is at its other end.
    pub peer: IpAddr,
    /// How the two speak.
    pub scheme: Scheme,
    /// Cuts the answer off.
    pub cutter: Cutter,
}

/// A request that was read.
pub(crate) struct Arrival {
    /// What is known of it.
    pub visit: Arc<Visit>,
    /// Whether the credential came in the query (also): playlists hand it on to what they name.
    pub key_in_query: bool,
    /// Headers without carriers, hop-by-hop and forwarding ones.
    pub headers: HeaderMap,
    /// The body, unread.
    pub body: Body,
    /// Where a WebSocket was asked for: the connection after the switch.
    pub upgrade: Option<OnUpgrade>,
    /// Cuts the answer off.
    pub cutter: Cutter,
}

impl Arrival {
    /// Reads a request. Nothing of it has been believed before.
    pub(crate) fn read(
        request: Request<Body>,
        wire: Wire,
        config: &Config,
        base: &str,
    ) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        if parts.extensions.get::<Crooked>().is_some() {
            return Err(Refusal::Malformed("The head of the request is malformed."));
        }
        check_framing(&parts.method, &parts.headers)?;
        check_size(&parts.headers, &config.limits)?;
        if parts.version < Version::HTTP_2 && parts.uri.scheme().is_some() {
            return Err(Refusal::Malformed("The target is not a path."));
        }
        let path =
            CanonicalPath::parse(parts.uri.path(), base).map_err(|refused| match refused {
                RefusedPath::OutsideBase => Refusal::OutsideBase,
                RefusedPath::NotAPath
                | RefusedPath::Ambiguous
                | RefusedPath::Malformed
                | RefusedPath::Prefix => {
                    Refusal::Malformed("The path is written in a way that is not taken.")
                }
            })?;
        let query = parts.uri.query();
        if query.is_some_and(|query| !query.is_ascii()) {
            return Err(Refusal::Malformed("The query is not encoded."));
        }
        check_worker(&parts.headers, &path)?;
        let host = host(&parts)?;
        let origin = trust::origin(
            wire.peer,
            wire.scheme,
            &parts.headers,
            &config.trusted_proxies,
        );
        let wants_socket = parts
            .headers
            .get(UPGRADE)
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
        let upgrade = if wants_socket {
            parts.extensions.remove::<OnUpgrade>()
        } else {
            None
        };
        let carried = carriers::take(&mut parts.headers, query).map_err(|_refused| {
            Refusal::Malformed("The request carries credentials that cannot be read as one.")
        })?;
        headers::clean_request(&mut parts.headers);
        let matched = routes::classify(&parts.method, &path);
        let visit = Visit {
            address: origin.address,
            address_is_exact: origin.is_exact,
            scheme: origin.scheme,
            host: origin.host.unwrap_or(host),
            user_agent: user_agent(&parts.headers),
            base: base.to_owned(),
            method: parts.method,
            path,
            class: matched.class,
            route: matched.route,
            danger: matched.danger,
            client: carried.identity,
            token: carried.token,
            query: carried.query,
        };
        Ok(Self {
            visit: Arc::new(visit),
            key_in_query: carried.key_in_query,
            headers: parts.headers,
            body,
            upgrade,
            cutter: wire.cutter,
        })
    }
}

/// Methods in capitals only: Jellyfin would take `post` for `POST`, the table of routes would not.
fn check_framing(method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::OPTIONS,
    ];
    if !known.contains(method) {
        return Err(Refusal::Malformed("The method is not known."));
    }
    let lengths = headers.get_all(CONTENT_LENGTH).iter().count();
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let coding = codings.next();
    if lengths > 1 || (lengths == 1 && coding.is_some()) || codings.next().is_some() {
        return Err(Refusal::Malformed("The length of the body is told twice."));
    }
    if coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"chunked")) {
        return Err(Refusal::Malformed("The coding of the body is not taken."));
    }
    Ok(())
}

/// A service worker sees every later request of its folder. Only the web client's own may be loaded (R52): not a file
/// that somebody uploaded.
fn check_worker(headers: &HeaderMap, path: &CanonicalPath) -> Result<(), Refusal> {
    if headers.contains_key(SERVICE_WORKER) && !path.folded().starts_with("/web/") {
        return Err(Refusal::Forbidden);
    }
    Ok(())
}

fn check_size(headers: &HeaderMap, limits: &Limits) -> Result<(), Refusal> {
    let line = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        name.as_str().len() + value.len() + 4
    };
    let size: usize = headers.iter().map(line).sum();
    if size > limits.header_bytes_max || headers.len() > limits.headers_max {
        Err(Refusal::HeadersTooLarge)
    } else {
        Ok(())
    }
}

/// The host that was asked for: `:authority` in HTTP/2, one `Host` header in HTTP/1.
fn host(parts: &http::request::Parts) -> Result<String, Refusal> {
    let mut lines = parts.headers.get_all(HOST).iter();
    let line = lines.next().map(|line| line.to_str());
    let line = line
        .transpose()
        .map_err(|_not_text| Refusal::Malformed("The host is not text."))?;
    let authority = parts.uri.authority().map(http::uri::Authority::as_str);
    if lines.next().is_some()
        || matches!((line, authority), (Some(line), Some(authority)) if !line.eq_ignore_ascii_case(authority))
    {
        return Err(Refusal::Malformed("Two hosts are named."));
    }
    let host = authority.or(line).filter(|host| !host.is_empty());
    host.map(str::to_owned)
        .ok_or(Refusal::Malformed("No host is named."))
}

fn user_agent(headers: &HeaderMap) -> String {
    let value = headers
        .get(USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    let mut text = value.unwrap_or_default().into_owned();
    let cut = (0..=USER_AGENT_MAX.min(text.len()))
        .rev()
        .find(|place| text.is_char_boundary(*place))
        .unwrap_or(0);
    text.truncate(cut);
    text
}
