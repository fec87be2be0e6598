//! Accepting connections: limits, time-outs, TLS, PROXY protocol, and an end that lets streams finish (R76).
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use proxy_header::ParseConfig;
use proxy_header::io::ProxiedStream;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::body::text;
use crate::config::Limits;
use crate::gateway::Gateway;
use crate::rules::Scheme;
use crate::tls::Tls;
use crate::trust;

/// Buffer of a connection, and so the upper bound of what streams read at once.
const BUFFER: usize = 256 * 1024;
/// Streams of one HTTP/2 connection at the same time.
const STREAMS_MAX: u32 = 128;
/// How often certificate files are looked at.
const CERTIFICATE_LOOK: Duration = Duration::from_mins(1);

/// A socket that is listened on.
pub struct Door {
    /// The socket.
    pub socket: TcpListener,
    /// The certificate, for `https`.
    pub tls: Option<Tls>,
    /// Whether connections begin with the PROXY protocol (v1 or v2).
    pub proxy_protocol: ProxyProtocol,
}

/// Whether connections begin with the PROXY protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProxyProtocol {
    /// No.
    #[default]
    Off,
    /// Those of trusted proxies must; all others are closed.
    Required,
}

/// Serves until `stop` is cancelled. Then no new connection is taken, sockets end, and open answers have
/// [`Limits::stop_time`] to finish.
pub async fn serve(gateway: Arc<Gateway>, doors: Vec<Door>, stop: CancellationToken) {
    let open = GracefulShutdown::new();
    let crowd = Arc::new(Crowd::default());
    let certificates = doors
        .iter()
        .filter_map(|door| door.tls.clone())
        .map(|tls| keep_certificate(tls, &stop));
    let certificates = join_all(certificates.collect::<Vec<_>>());
    let doors = join_all(
        doors
            .into_iter()
            .map(|door| accept(&gateway, door, &crowd, &open, &stop)),
    );
    tokio::join!(certificates, doors);
    gateway.stopping.cancel();
    if tokio::time::timeout(gateway.config.limits.stop_time, open.shutdown())
        .await
        .is_err()
    {
        tracing::info!("Connections that were still open have been cut");
    }
}

async fn keep_certificate(tls: Tls, stop: &CancellationToken) {
    while stop
        .run_until_cancelled(tokio::time::sleep(CERTIFICATE_LOOK))
        .await
        .is_some()
    {
        if let Err(error) = tls.reload_if_changed() {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "The new certificate is not used"
            );
        }
    }
}

async fn accept(
    gateway: &Arc<Gateway>,
    door: Door,
    crowd: &Arc<Crowd>,
    open: &GracefulShutdown,
    stop: &CancellationToken,
) {
    let Door {
        socket,
        tls,
        proxy_protocol,
    } = door;
    while let Some(accepted) = stop.run_until_cancelled(socket.accept()).await {
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // One connection that was reset, or too many open files: the next may be well, a moment later.
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "A connection could not be taken"
                );
                tokio::task::yield_now().await;
                continue;
            }
        };
        let connection = Connection {
            gateway: Arc::clone(gateway),
            crowd: Arc::clone(crowd),
            open: open.watcher(),
            tls: tls.clone(),
            proxy_protocol,
        };
        tokio::spawn(connection.run(stream, peer));
    }
}

struct Connection {
    gateway: Arc<Gateway>,
    crowd: Arc<Crowd>,
    open: Watcher,
    tls: Option<Tls>,
    proxy_protocol: ProxyProtocol,
}

impl Connection {
    async fn run(self, stream: TcpStream, peer: SocketAddr) {
        // Without it small answers wait for more; a socket that refuses is about to fail anyway.
        let _ = stream.set_nodelay(true);
        let is_proxy = trust::is_trusted(peer.ip(), &self.gateway.config.trusted_proxies);
        match self.proxy_protocol {
            ProxyProtocol::Off => self.greet(stream, peer.ip()).await,
            ProxyProtocol::Required if is_proxy => {
                let time = self.gateway.config.limits.header_time;
                let read = ProxiedStream::create_from_tokio(stream, ParseConfig::default());
                let Ok(Ok(stream)) = tokio::time::timeout(time, read).await else {
                    return;
                };
                let named = stream
                    .proxy_header()
                    .proxied_address()
                    .map(|named| named.source.ip());
                self.greet(stream, named.unwrap_or(peer.ip())).await;
            }
            ProxyProtocol::Required => {}
        }
    }

    async fn greet<Io>(self, stream: Io, peer: IpAddr)
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let config = &self.gateway.config;
        let counted = !trust::is_trusted(peer, &config.trusted_proxies);
        let place = Crowd::enter(&self.crowd, peer, config.limits.connections_per_address);
        if counted && place.is_none() {
            return;
        }
        match self.tls.clone() {
            None => self.converse(stream, peer, Scheme::Http).await,
            Some(tls) => {
                let greeted =
                    tokio::time::timeout(config.limits.header_time, tls.acceptor().accept(stream))
                        .await;
                if let Ok(Ok(stream)) = greeted {
                    self.converse(stream, peer, Scheme::Https).await;
                }
            }
        }
        drop(place);
    }

    async fn converse<Io>(self, stream: Io, peer: IpAddr, scheme: Scheme)
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let server = server(&self.gateway.config.limits);
        let gateway = self.gateway;
        let service = service_fn(move |request: Request<Incoming>| {
            let gateway = Arc::clone(&gateway);
            async move {
                let request = request.map(|body| body.map_err(Into::into).boxed_unsync());
                // A panic costs this one request its answer and nothing else (R76).
                let answer = AssertUnwindSafe(gateway.handle(request, peer, scheme))
                    .catch_unwind()
                    .await;
                Ok::<_, Infallible>(
                    answer.unwrap_or_else(|_panic| text(StatusCode::INTERNAL_SERVER_ERROR, "")),
                )
            }
        });
        let connection = server
            .serve_connection_with_upgrades(TokioIo::new(stream), service)
            .into_owned();
        // A connection that breaks is the client's affair.
        let _ = self.open.watch(connection).await;
    }
}

fn server(limits: &Limits) -> Builder<TokioExecutor> {
    let mut server = Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_headers(limits.headers_max)
        .max_buf_size(BUFFER);
    server
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.header_bytes_max).unwrap_or(u32::MAX))
        .max_concurrent_streams(STREAMS_MAX)
        .adaptive_window(true)
        .keep_alive_interval(Some(Duration::from_secs(20)));
    server
}

/// How many connections each address has open.
#[derive(Default)]
struct Crowd(Mutex<HashMap<IpAddr, usize>>);

struct Place {
    crowd: Arc<Crowd>,
    key: IpAddr,
}

impl Crowd {
    /// A place for one more connection, held until it is dropped; `None` where the address has too many.
    fn enter(crowd: &Arc<Self>, peer: IpAddr, most: usize) -> Option<Place> {
        let key = network_of(peer);
        let mut open = crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(key).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place {
            crowd: Arc::clone(crowd),
            key,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.key);
            }
        }
    }
}

/// One household: an IPv4 address, or an IPv6 /64.
fn network_of(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}
