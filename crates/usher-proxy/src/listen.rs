//! Accepting connections: limits, time-outs, TLS, PROXY protocol, and an end that lets streams finish (R76).
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use http::header::{CONNECTION, TRANSFER_ENCODING};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use proxy_header::ParseConfig;
use proxy_header::io::ProxiedStream;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::arrival::{Crooked, Wire};
use crate::body::{Body, text};
use crate::config::Limits;
use crate::crowd::{Crowd, Queue, Turn};
use crate::cut::{Cuttable, Cutter, Streams};
use crate::gateway::Gateway;
use crate::heard::Ear;
use crate::rules::Scheme;
use crate::tls::Tls;
use crate::trust;

/// Buffer of a connection, and so the upper bound of what streams read at once.
const BUFFER: usize = 256 * 1024;
/// Lines of headers that the parser has room for by itself.
const PARSER_HEADERS_MAX: usize = 100;
/// Streams of one HTTP/2 connection at the same time.
const STREAMS_MAX: u32 = 128;
/// How often a silent HTTP/2 connection is asked whether it is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
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
    let open = TaskTracker::new();
    let crowd = Arc::new(Crowd::default());
    let queue = Arc::new(Queue::new(gateway.config.limits.connections_waiting));
    let certificates = doors
        .iter()
        .filter_map(|door| door.tls.clone())
        .map(|tls| keep_certificate(tls, &stop));
    let certificates = join_all(certificates.collect::<Vec<_>>());
    let doors = doors.into_iter().map(|door| {
        let connection = Connection {
            gateway: Arc::clone(&gateway),
            crowd: Arc::clone(&crowd),
            queue: Arc::clone(&queue),
            tls: door.tls,
            proxy_protocol: door.proxy_protocol,
        };
        accept(door.socket, connection, &open, &stop)
    });
    let doors = join_all(doors.collect::<Vec<_>>());
    tokio::join!(certificates, doors);
    gateway.stopping.cancel();
    open.close();
    if tokio::time::timeout(gateway.config.limits.stop_time, open.wait())
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
    socket: TcpListener,
    connection: Connection,
    open: &TaskTracker,
    stop: &CancellationToken,
) {
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
        open.spawn(connection.clone().run(stream, peer));
    }
}

#[derive(Clone)]
struct Connection {
    gateway: Arc<Gateway>,
    crowd: Arc<Crowd>,
    queue: Arc<Queue>,
    tls: Option<Tls>,
    proxy_protocol: ProxyProtocol,
}

impl Connection {
    async fn run(self, stream: TcpStream, peer: SocketAddr) {
        // Without it small answers wait for more; a socket that refuses is about to fail anyway.
        let _ = stream.set_nodelay(true);
        let (stream, cutter) = Cuttable::new(stream);
        let is_proxy = trust::is_trusted(peer.ip(), &self.gateway.config.trusted_proxies);
        match self.proxy_protocol {
            ProxyProtocol::Off => self.greet(stream, peer.ip(), cutter).await,
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
                let peer = named.unwrap_or(peer.ip());
                self.greet(stream, peer, cutter).await;
            }
            ProxyProtocol::Required => {}
        }
    }

    async fn greet<Io>(self, stream: Io, peer: IpAddr, cutter: Cutter)
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let config = &self.gateway.config;
        let counted = !trust::is_trusted(peer, &config.trusted_proxies);
        let place = Crowd::enter(&self.crowd, peer, config.limits.connections_per_address);
        if counted && place.is_none() {
            return;
        }
        let turn = Turn::new(&self.queue, self.gateway.stopping.child_token());
        let wire = |scheme| Wire {
            peer,
            scheme,
            cutter,
        };
        match self.tls.clone() {
            None => self.converse(stream, wire(Scheme::Http), turn).await,
            Some(tls) => {
                let greeting = tls.acceptor().accept(stream);
                let greeting = tokio::time::timeout(config.limits.header_time, greeting);
                let Some(Ok(Ok(stream))) = turn.end.run_until_cancelled(greeting).await else {
                    return;
                };
                if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                    self.converse_in_h2(stream, peer, turn).await;
                } else {
                    self.converse(stream, wire(Scheme::Https), turn).await;
                }
            }
        }
        drop(place);
    }

    /// HTTP/1: in plain text nobody speaks anything else, so nobody waits for the first bytes to tell.
    async fn converse<Io>(self, stream: Io, wire: Wire, turn: Arc<Turn>)
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (stream, ear) = Ear::listen(stream);
        let server = http1(&self.gateway.config.limits);
        let gateway = self.gateway;
        let (of_service, cutter) = (Arc::clone(&turn), wire.cutter.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            let (gateway, busy) = (Arc::clone(&gateway), Turn::busy(&of_service));
            let wire = wire.clone();
            let may_ask = wire.cutter.lift();
            if !ear.was_straight(request.headers()) {
                request.extensions_mut().insert(Crooked);
            }
            let is_last = request.headers().contains_key(TRANSFER_ENCODING);
            let ear = ear.clone();
            async move {
                if !may_ask {
                    // The connection is about to go.
                    std::future::pending::<()>().await;
                }
                let mut answer = answer(&gateway, request, wire).await;
                if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
                    ear.stop();
                } else if is_last {
                    let close = HeaderValue::from_static("close");
                    answer.headers_mut().insert(CONNECTION, close);
                }
                drop(busy);
                Ok::<_, Infallible>(answer)
            }
        });
        let connection = server.serve_connection(TokioIo::new(stream), service);
        let finish = http1::UpgradeableConnection::graceful_shutdown;
        let attended = attend(connection.with_upgrades(), finish, turn);
        cutter.serve(attended).await;
    }

    async fn converse_in_h2<Io>(self, stream: Io, peer: IpAddr, turn: Arc<Turn>)
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let server = http2(&self.gateway.config.limits);
        let gateway = self.gateway;
        let of_service = Arc::clone(&turn);
        let service = service_fn(move |request: Request<Incoming>| {
            let (gateway, busy) = (Arc::clone(&gateway), Turn::busy(&of_service));
            async move {
                let wire = Wire {
                    peer,
                    scheme: Scheme::Https,
                    cutter: Cutter::of_stream(),
                };
                let answer = answer(&gateway, request, wire).await;
                drop(busy);
                Ok::<_, Infallible>(answer)
            }
        });
        let connection = server.serve_connection(TokioIo::new(stream), service);
        attend(connection, http2::Connection::graceful_shutdown, turn).await;
    }
}

/// A panic costs this one request its answer and nothing else (R76).
async fn answer(gateway: &Gateway, request: Request<Incoming>, wire: Wire) -> Response<Body> {
    let request = request.map(|body| body.map_err(Into::into).boxed_unsync());
    let answer = AssertUnwindSafe(gateway.handle(request, wire)).catch_unwind();
    let failed = |_panic| text(StatusCode::INTERNAL_SERVER_ERROR, "");
    answer.await.unwrap_or_else(failed)
}

/// Serves a connection until it ends or must go. Then what it is answering is finished first; of one that has never
/// asked for anything there is nothing to finish. Boxed, so that the compiler can tell that it may move between threads.
fn attend<C>(connection: C, finish: fn(Pin<&mut C>), turn: Arc<Turn>) -> BoxFuture<'static, ()>
where
    C: Future<Output: Send> + Send + 'static,
{
    Box::pin(async move {
        let mut connection = pin!(connection);
        let served = turn.end.run_until_cancelled(connection.as_mut()).await;
        // A connection that breaks is the client's affair.
        if served.is_none() && turn.has_asked() {
            finish(connection.as_mut());
            let _ = connection.await;
        }
    })
}

/// No recognition of the version by its first bytes: that waits for them without a limit of time.
fn http1(limits: &Limits) -> http1::Builder {
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_buf_size(BUFFER);
    // Naming another number than the parser's own costs a memory allocation for each request.
    if limits.headers_max != PARSER_HEADERS_MAX {
        server.max_headers(limits.headers_max);
    }
    server
}

fn http2(limits: &Limits) -> http2::Builder<Streams> {
    let mut server = http2::Builder::new(Streams);
    server
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.header_bytes_max).unwrap_or(u32::MAX))
        .max_concurrent_streams(STREAMS_MAX)
        .adaptive_window(true)
        .keep_alive_interval(Some(KEEP_ALIVE));
    server
}
