//! A WebSocket: after the switch, bytes go both ways until either side ends or the holder is no longer welcome. What comes
//! from Jellyfin is read on its way.
use std::sync::Arc;

use http::header::{CONNECTION, SEC_WEBSOCKET_EXTENSIONS, UPGRADE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

use crate::body::{Body, empty};
use crate::frames::{self, Listener};
use crate::rules::{Caller, Rules, Told, Visit};

const BUFFER: usize = 16 * 1024;

/// Asks for the switch, in the headers that go upstream. Extensions are not: a packed message could not be read.
pub(crate) fn ask(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.remove(SEC_WEBSOCKET_EXTENSIONS);
}

/// Whose socket it is, and who knows what that person may be told.
pub(crate) struct Ears {
    /// Who knows.
    pub rules: Arc<dyn Rules>,
    /// The request that opened the socket.
    pub visit: Arc<Visit>,
    /// Who opened it.
    pub caller: Arc<Caller>,
}

impl Listener for Ears {
    async fn told(&self, message: &str) -> Told {
        self.rules.told(&self.visit, &self.caller, message).await
    }
}

/// Joins both sides, and gives the answer that switches the client's. The tunnel ends by itself when `end` comes.
pub(crate) fn join<End>(
    client: OnUpgrade,
    answer: Response<Incoming>,
    ears: Ears,
    end: End,
) -> Response<Body>
where
    End: Future<Output: Send> + Send + 'static,
{
    let mut switched = Response::new(empty());
    *switched.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    *switched.headers_mut() = answer.headers().clone();
    tokio::spawn(async move {
        let both = futures_util::future::try_join(client, hyper::upgrade::on(answer)).await;
        let Ok((client, upstream)) = both else { return };
        let (from_client, to_client) = tokio::io::split(TokioIo::new(client));
        let (from_upstream, to_upstream) = tokio::io::split(TokioIo::new(upstream));
        let from_upstream = BufReader::with_capacity(BUFFER, from_upstream);
        let both = futures_util::future::try_join(
            copy(from_client, to_upstream),
            frames::relay(from_upstream, to_client, &ears),
        );
        tokio::select! {
            // Either side may go without a word; there is nobody left to tell.
            _ended = both => {}
            _over = end => {}
        }
    });
    switched
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
) -> std::io::Result<()> {
    tokio::io::copy(&mut from, &mut to).await?;
    to.shutdown().await
}
