//! The way to Jellyfin and back: one pool of connections, HTTP/1.1, bodies as streams in both directions.
//!
//! A request is tried again only by the pool, and only when nothing of it was sent because a kept connection had just
//! been closed. Nothing else is repeated.
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::uri::{Authority, Parts, PathAndQuery, Scheme};
use http::{Request, Response, Uri, Version};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::body::Body;
use crate::config::{Config, base_of};
use crate::refusal::Refusal;

/// Idle connections are given up before Jellyfin closes them (it waits 130 s).
const IDLE_MAX: Duration = Duration::from_secs(90);
const IDLE_CONNECTIONS_MAX: usize = 256;
/// Buffer of a connection: what an answer is read in at most at once, whatever its size.
const BUFFER: usize = 256 * 1024;

/// Jellyfin, as an address with a pool of connections.
pub(crate) struct Upstream {
    client: Client<HttpsConnector<HttpConnector>, Body>,
    scheme: Scheme,
    authority: Authority,
    base: String,
}

/// Why the way to Jellyfin cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// The address has no scheme or no host.
    #[error("Jellyfin's address must begin with http:// or https:// and name a host")]
    Address,
    /// The TLS library refuses its own defaults.
    #[error("TLS towards Jellyfin cannot be set up")]
    Tls(#[source] rustls::Error),
}

impl Upstream {
    /// A pool for the configured address. Nothing is connected yet.
    pub(crate) fn new(config: &Config) -> Result<Self, UpstreamError> {
        let address = config.upstream.clone().into_parts();
        let (Some(scheme), Some(authority)) = (address.scheme, address.authority) else {
            return Err(UpstreamError::Address);
        };
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(config.limits.connect_time));
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .map_err(UpstreamError::Tls)?
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_MAX)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            .http1_max_buf_size(BUFFER)
            .build(connector);
        let base = base_of(&config.upstream).to_owned();
        Ok(Self {
            client,
            scheme,
            authority,
            base,
        })
    }

    /// The full address of a canonical path.
    pub(crate) fn address(&self, path: &str, query: Option<&str>) -> Result<Uri, Refusal> {
        const WRONG: Refusal = Refusal::Malformed("The target is not a path.");
        let length = self.base.len() + path.len() + query.map_or(0, |query| query.len() + 1);
        let mut target = String::with_capacity(length);
        target.push_str(&self.base);
        target.push_str(path);
        if let Some(query) = query {
            target.push('?');
            target.push_str(query);
        }
        let target = PathAndQuery::from_maybe_shared(Bytes::from(target));
        let mut address = Parts::default();
        address.scheme = Some(self.scheme.clone());
        address.authority = Some(self.authority.clone());
        address.path_and_query = Some(target.ok().ok_or(WRONG)?);
        Uri::from_parts(address).ok().ok_or(WRONG)
    }

    /// Sends a request and waits for the head of the answer, `patience` at most. The future borrows nothing, so that the
    /// compiler can tell that whoever awaits it may move between threads.
    pub(crate) fn send(
        &self,
        mut request: Request<Body>,
        patience: Duration,
    ) -> BoxFuture<'static, Result<Response<Incoming>, Refusal>> {
        *request.version_mut() = Version::HTTP_11;
        let answer = self.client.request(request);
        Box::pin(async move {
            match tokio::time::timeout(patience, answer).await {
                Ok(Ok(answer)) => Ok(answer),
                Ok(Err(error)) => {
                    tracing::debug!(
                        error = &error as &dyn std::error::Error,
                        "Jellyfin did not answer"
                    );
                    Err(if error.is_connect() {
                        Refusal::Unreachable
                    } else {
                        Refusal::BrokeOff
                    })
                }
                Err(_elapsed) => Err(Refusal::TooSlow),
            }
        })
    }
}
