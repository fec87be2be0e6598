//! A running stand-in: its listener, its handle, its end.
use std::net::SocketAddr;
use std::sync::{Arc, MutexGuard};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::fault::Faults;
use crate::scene::Scene;
use crate::server::Server;
use crate::state::State;

/// A server that runs until it is stopped or dropped.
pub struct Standin {
    server: Arc<Server>,
    stop: CancellationToken,
    accepting: JoinHandle<()>,
}

/// Starts a server on a free port of the loopback address.
pub async fn start(scene: Scene) -> std::io::Result<Standin> {
    start_on(scene, SocketAddr::from(([127, 0, 0, 1], 0))).await
}

/// Starts a server on this address.
pub async fn start_on(scene: Scene, address: SocketAddr) -> std::io::Result<Standin> {
    let listener = TcpListener::bind(address).await?;
    let server = Arc::new(Server::new(&scene, listener.local_addr()?));
    let stop = CancellationToken::new();
    let accepting = tokio::spawn(accept(listener, Arc::clone(&server), stop.clone()));
    Ok(Standin {
        server,
        stop,
        accepting,
    })
}

impl Standin {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// The address as a URL, with the base URL and without a slash at the end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The server's id, 32 hexadecimal digits.
    pub fn id(&self) -> &str {
        &self.server.id
    }

    /// Faults and counters.
    pub fn faults(&self) -> &Faults {
        &self.server.faults
    }

    /// What the server remembers, to look at or to change; nobody is answered while this is held.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.server.state()
    }

    /// The clock that the server goes by.
    pub fn clock(&self) -> &dyn usher_domain::time::Clock {
        &*self.server.clock
    }

    /// Says something over the sockets of a device, as a plugin could to anybody.
    pub fn say(&self, device_id: &str, kind: &str, data: &serde_json::Value) {
        let mut state = self.server.state();
        let session = state.sessions.iter().find(|one| one.device.id == device_id);
        let Some(session) = session.map(|session| session.id.clone()) else {
            return;
        };
        let id = self.server.now().hex(16);
        let message = serde_json::json!({ "MessageType": kind, "MessageId": id, "Data": data });
        state.say(&session, &message);
    }

    /// What a restart does: base URL and known proxies take effect. Tokens and sessions stay.
    pub fn restart(&self) {
        self.server.take_network();
    }

    /// Ends all connections and gives the port back.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if (&mut self.accepting).await.is_err() {
            tracing::debug!("The stand-in had already ended");
        }
    }
}

impl Drop for Standin {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn accept(listener: TcpListener, server: Arc<Server>, stop: CancellationToken) {
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, peer)) => {
                tokio::spawn(serve(stream, peer, Arc::clone(&server), stop.clone()));
            }
            Err(error) => {
                // One connection that was reset, or too many open files: the others go on and give some back.
                tracing::warn!(%error, "The stand-in could not accept a connection");
                tokio::task::yield_now().await;
            }
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, server: Arc<Server>, stop: CancellationToken) {
    let service = service_fn(move |request| Arc::clone(&server).answer(peer, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    if let Some(Err(error)) = stop.run_until_cancelled(connection).await {
        tracing::debug!(%error, "A connection of the stand-in ended early");
    }
}
