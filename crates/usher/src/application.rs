//! The gateway with everything it needs, listening.
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use usher_accounts::gatekeeper::Gatekeeper;
use usher_domain::time::Clock;
use usher_jellyfin::Jellyfin;
use usher_proxy::listen::{Door as ListeningDoor, ProxyProtocol, serve};
use usher_proxy::tls::Tls;
use usher_proxy::{Config, Gateway};
use usher_web::Door;

/// A gateway that has its socket and waits to be run.
pub struct Application {
    gateway: Arc<Gateway>,
    door: ListeningDoor,
    address: SocketAddr,
}

impl Application {
    /// Builds the gateway on a socket that is listened on; nothing is answered before [`run`](Self::run).
    pub fn build(config: Config, socket: TcpListener, clock: Arc<dyn Clock>) -> Result<Self> {
        let jellyfin = Jellyfin::new(&config.upstream)?;
        let rules = Arc::new(Door::new(Gatekeeper::new(jellyfin, clock)));
        let gateway = Arc::new(Gateway::new(config, rules)?);
        let address = socket.local_addr()?;
        let door = ListeningDoor {
            socket,
            tls: None,
            proxy_protocol: ProxyProtocol::Off,
        };
        Ok(Self {
            gateway,
            door,
            address,
        })
    }

    /// Answers by TLS.
    #[must_use]
    pub fn with_tls(mut self, tls: Option<Tls>) -> Self {
        self.door.tls = tls;
        self
    }

    /// Wants the PROXY protocol of trusted proxies.
    #[must_use]
    pub const fn with_proxy_protocol(mut self, protocol: ProxyProtocol) -> Self {
        self.door.proxy_protocol = protocol;
        self
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is cancelled; open answers then have 30 s to finish.
    pub async fn run(self, stop: CancellationToken) {
        serve(self.gateway, vec![self.door], stop).await;
    }
}

/// Takes an address to listen on.
pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    let taken = TcpListener::bind(address).await;
    taken.with_context(|| {
        format!("{address} cannot be listened on; is another program using the port?")
    })
}

/// Cancelled when the program is asked to end (Ctrl-C, SIGTERM).
pub fn asked_to_stop() -> Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let stop = CancellationToken::new();
    let asked = stop.clone();
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        tokio::select! {
            _pressed = tokio::signal::ctrl_c() => {}
            _sent = terminate.recv() => {}
        }
        tracing::info!("Stopping; open answers have 30 s to finish");
        asked.cancel();
    });
    Ok(stop)
}
