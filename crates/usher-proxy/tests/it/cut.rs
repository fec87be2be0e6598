//! A film that may no longer be seen is cut off though nobody reads it (R47): a paused player keeps nothing.
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::{TcpSocket, TcpStream};
use usher_proxy::rules::MediaVerdict;

use crate::stage::{Stage, read_until};
use crate::tls;

const FILM: &str = "/Videos/0123456789abcdef0123456789abcdef/stream?ApiKey=good";
/// One piece of a film, in bytes.
const PIECE: usize = 64 * 1024;
/// What a paused client takes by itself: the system doubles it.
const TAKEN: u32 = 64 * 1024;
/// Longer than anything here takes, and shorter than a connection may be silent.
const PATIENCE: Duration = Duration::from_secs(8);

async fn in_time<T>(waited_for: impl Future<Output = T>) -> T {
    let come = tokio::time::timeout(PATIENCE, waited_for).await;
    come.expect("what is waited for does not come")
}

/// A client that asked for a film of so many pieces, read its beginning, and paused.
async fn paused(stage: &Stage, pieces: usize) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(TAKEN).unwrap();
    let mut client = socket.connect(stage.address).await.unwrap();
    let request = format!("GET {FILM} HTTP/1.1\r\nHost: h\r\n\r\n");
    client.write_all(request.as_bytes()).await.unwrap();
    stage.film(pieces, PIECE);
    read_until(&mut client, "200 OK").await;
    client
}

/// Waits until the gateway takes no more of the film: between two judgments nothing was given out.
async fn full(stage: &Stage) {
    let judged = || stage.known.judged.load(Ordering::SeqCst);
    let given = || stage.origin.given.load(Ordering::SeqCst);
    let no_more = async {
        let mut before = usize::MAX;
        while given() != before {
            before = given();
            let now = judged();
            while judged() < now + 2 {
                tokio::task::yield_now().await;
            }
        }
    };
    in_time(no_more).await;
}

/// Waits until the connection is reset, and tells how much had come by then.
async fn reset(mut client: TcpStream) -> usize {
    in_time(client.ready(Interest::ERROR)).await.unwrap();
    let mut came = Vec::new();
    let ended = client.read_to_end(&mut came).await;
    assert!(
        ended.is_err(),
        "a cut film must not look like a finished one"
    );
    came.len()
}

#[tokio::test]
async fn r47_a_film_that_is_paused_is_cut_off() {
    let stage = Stage::start().await;
    let client = paused(&stage, 1000).await;
    full(&stage).await;
    *stage.known.verdict.lock().unwrap() = Some(MediaVerdict::Closed);
    let came = reset(client).await;
    assert!(came < 8 * PIECE, "{came}");
    stage.origin.left.notified().await;
}

/// Jellyfin has given all of it away: it waits in buffers.
#[tokio::test]
async fn r47_the_end_of_a_film_that_is_paused_is_thrown_away() {
    let mut stage = Stage::start().await;
    let client = paused(&stage, 16).await;
    stage.end_film();
    stage.origin.left.notified().await;
    *stage.known.verdict.lock().unwrap() = Some(MediaVerdict::Closed);
    let came = reset(client).await;
    assert!(came < 8 * PIECE, "{came}");
}

#[tokio::test]
async fn r47_a_film_that_nobody_can_judge_for_a_fault_of_ours_is_cut_off() {
    let stage = Stage::start().await;
    let client = paused(&stage, 1000).await;
    stage.known.panics.store(true, Ordering::SeqCst);
    reset(client).await;
}

#[tokio::test]
async fn a_film_that_was_read_is_watched_over_no_more_once_its_connection_asks_anew() {
    let mut stage = Stage::start().await;
    let mut client = paused(&stage, 2).await;
    stage.end_film();
    read_until(&mut client, "\r\n0\r\n\r\n").await;
    let judged = stage.known.judged.load(Ordering::SeqCst);
    let again = async {
        while stage.known.judged.load(Ordering::SeqCst) < judged + 2 {
            tokio::task::yield_now().await;
        }
    };
    in_time(again).await;
    let watched = Arc::strong_count(&stage.known);
    let next = "GET /System/Ping HTTP/1.1\r\nHost: h\r\n\r\n";
    client.write_all(next.as_bytes()).await.unwrap();
    read_until(&mut client, "200 OK").await;
    let given_up = async {
        while Arc::strong_count(&stage.known) >= watched {
            tokio::task::yield_now().await;
        }
    };
    in_time(given_up).await;
}

/// Its window is closed: nobody asks for more of the body.
#[tokio::test]
async fn r47_in_http_2_the_film_alone_is_cut_off() {
    let (stage, roots) = tls::stage().await;
    let stream = tls::connect(&stage, &roots, b"h2").await;
    let mut client = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    client.initial_stream_window_size(TAKEN);
    let (mut sender, connection) = client.handshake(TokioIo::new(stream)).await.unwrap();
    let serving = tokio::spawn(connection);
    let request = |target: &str| {
        let request = http::Request::get(format!("https://films.example{target}"));
        request.body(Empty::<Bytes>::new()).unwrap()
    };
    let film = sender.send_request(request(FILM)).await.unwrap();
    stage.film(1000, PIECE);
    full(&stage).await;
    *stage.known.verdict.lock().unwrap() = Some(MediaVerdict::Closed);
    in_time(stage.origin.left.notified()).await;
    let whole = film.into_body().collect().await;
    assert!(
        whole.is_err(),
        "a cut film must not look like a finished one"
    );
    let next = sender.send_request(request("/System/Ping")).await.unwrap();
    assert_eq!(next.status(), 200);
    drop(sender);
    let _ended = serving.await.unwrap();
}
