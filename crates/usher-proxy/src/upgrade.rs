//! A WebSocket: after the switch, bytes go both ways until either side ends or the holder is no longer welcome.
use http::header::{CONNECTION, UPGRADE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;

use crate::body::{Body, empty};

const BUFFER: usize = 16 * 1024;

/// Asks for the switch, in the headers that go upstream.
pub(crate) fn ask(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
}

/// Joins both sides, and gives the answer that switches the client's. The tunnel ends by itself when `end` comes.
pub(crate) fn join<End>(client: OnUpgrade, answer: Response<Incoming>, end: End) -> Response<Body>
where
    End: Future<Output: Send> + Send + 'static,
{
    let mut switched = Response::new(empty());
    *switched.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    *switched.headers_mut() = answer.headers().clone();
    tokio::spawn(async move {
        let both = futures_util::future::try_join(client, hyper::upgrade::on(answer)).await;
        let Ok((client, upstream)) = both else { return };
        let (mut client, mut upstream) = (TokioIo::new(client), TokioIo::new(upstream));
        let copied =
            tokio::io::copy_bidirectional_with_sizes(&mut client, &mut upstream, BUFFER, BUFFER);
        tokio::select! {
            // Either side may go without a word; there is nobody left to tell.
            _ended = copied => {}
            _over = end => {}
        }
    });
    switched
}
