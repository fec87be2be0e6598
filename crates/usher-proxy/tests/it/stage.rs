//! Origin, gateway and a client that writes bytes as they are.
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use usher_proxy::listen::{Door, ProxyProtocol, serve};
use usher_proxy::tls::Tls;
use usher_proxy::{Config, Gateway};

use crate::origin::Origin;
use crate::rules::Known;

pub(crate) struct Stage {
    pub(crate) origin: Origin,
    pub(crate) known: Arc<Known>,
    pub(crate) address: SocketAddr,
    pub(crate) stop: CancellationToken,
    pub(crate) serving: JoinHandle<()>,
}

impl Stage {
    pub(crate) async fn start() -> Self {
        Self::with(ProxyProtocol::Off, |_config| {}).await
    }

    pub(crate) async fn with(
        proxy_protocol: ProxyProtocol,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        Self::behind(None, proxy_protocol, change).await
    }

    pub(crate) async fn behind(
        tls: Option<Tls>,
        proxy_protocol: ProxyProtocol,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let origin = Origin::start().await;
        let known = Arc::new(Known::default());
        let mut config = Config::new(
            &format!("http://{}", origin.address),
            "https://films.example",
        )
        .unwrap();
        config.limits.recheck = Duration::from_millis(5);
        change(&mut config);
        let gateway = Arc::new(Gateway::new(config, known.clone()).unwrap());
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let stop = CancellationToken::new();
        let door = Door {
            socket,
            tls,
            proxy_protocol,
        };
        let serving = tokio::spawn(serve(gateway, vec![door], stop.clone()));
        Self {
            origin,
            known,
            address,
            stop,
            serving,
        }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends a request as it is written and reads until the gateway closes.
    pub(crate) async fn raw(&self, request: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// One request with these header lines, each ended by a line break.
    pub(crate) async fn ask(&self, method: &str, target: &str, lines: &str, body: &str) -> String {
        let length = if body.is_empty() {
            String::new()
        } else {
            format!("Content-Length: {}\r\n", body.len())
        };
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{lines}{length}\r\n{body}"
        );
        self.raw(&request).await
    }

    /// Asks for a page of Usher's under its public address.
    pub(crate) async fn page(&self, target: &str, lines: &str) -> String {
        let request = format!(
            "GET {target} HTTP/1.1\r\nHost: films.example\r\nConnection: close\r\n{lines}\r\n"
        );
        self.raw(&request).await
    }

    /// Lets so many pieces of the film flow, each of so many bytes. It does not end.
    pub(crate) fn film(&self, pieces: usize, size: usize) {
        let piece: &'static str = "f".repeat(size).leak();
        for _ in 0..pieces {
            self.origin.chunks.send(piece).unwrap();
        }
    }

    /// No further piece comes.
    pub(crate) fn end_film(&mut self) {
        (self.origin.chunks, _) = mpsc::unbounded_channel();
    }

    pub(crate) async fn get(&self, target: &str) -> String {
        self.ask("GET", target, "", "").await
    }
}

/// The status of a raw answer.
pub(crate) fn status(answer: &str) -> u16 {
    answer
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse().ok())
        .unwrap_or(0)
}

/// Reads until `wanted` was read.
pub(crate) async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut read = String::new();
    let mut buffer = [0; 4096];
    while !read.contains(wanted) {
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(length > 0, "closed before {wanted:?} came: {read:?}");
        read.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    read
}
