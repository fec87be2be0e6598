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

async fn until(is_so: impl Fn() -> bool) {
    in_time(async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// A client that asked for something of so many pieces, read its beginning, and paused.
async fn paused(stage: &Stage, target: &str, pieces: usize) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(TAKEN).unwrap();
    let mut client = socket.connect(stage.address).await.unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nHost: h\r\n\r\n");
    client.write_all(request.as_bytes()).await.unwrap();
    stage.film(pieces, PIECE);
    read_until(&mut client, "200 OK").await;
    client
}

/// Waits until the film was judged twice more.
async fn judged(stage: &Stage) {
    let judged = || stage.known.judged.load(Ordering::SeqCst);
    let now = judged();
    until(|| judged() >= now + 2).await;
}

/// How many pieces of a film the gateway took to pass them on.
fn passed(stage: &Stage) -> usize {
    usize::try_from(stage.known.bytes.load(Ordering::SeqCst)).unwrap() / PIECE
}

/// Waits until the gateway takes no more: between two judgments nothing passed. Tells how many pieces did.
async fn full(stage: &Stage) -> usize {
    loop {
        let before = passed(stage);
        judged(stage).await;
        if before > 0 && passed(stage) == before {
            return before;
        }
    }
}

fn close(stage: &Stage) {
    *stage.known.verdict.lock().unwrap() = Some(MediaVerdict::Closed);
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
    let client = paused(&stage, FILM, 1000).await;
    let passed = full(&stage).await;
    assert!(passed < 32, "{passed} pieces wait for somebody who paused");
    close(&stage);
    let came = reset(client).await;
    assert!(came < 8 * PIECE, "{came}");
    in_time(stage.origin.left.notified()).await;
}

/// The gateway has all of it: it waits in buffers.
#[tokio::test]
async fn r47_the_end_of_a_film_that_is_paused_is_thrown_away() {
    const ALL: usize = 6;
    let mut stage = Stage::start().await;
    let client = paused(&stage, FILM, ALL).await;
    stage.end_film();
    until(|| passed(&stage) == ALL).await;
    close(&stage);
    let came = reset(client).await;
    assert!(came < ALL * PIECE, "{came}");
}

#[tokio::test]
async fn r47_a_film_that_cannot_be_judged_for_a_fault_of_ours_is_cut_off() {
    let stage = Stage::start().await;
    let client = paused(&stage, FILM, 1000).await;
    stage.known.panics.store(true, Ordering::SeqCst);
    reset(client).await;
}

#[tokio::test]
async fn a_film_that_was_read_is_watched_over_no_more_once_its_connection_asks_anew() {
    let mut stage = Stage::start().await;
    let mut client = paused(&stage, FILM, 2).await;
    stage.end_film();
    in_time(read_until(&mut client, "\r\n0\r\n\r\n")).await;
    until(|| passed(&stage) == 2).await;
    judged(&stage).await;
    let watched = Arc::strong_count(&stage.known);
    let next = "GET /System/Ping HTTP/1.1\r\nHost: h\r\n\r\n";
    client.write_all(next.as_bytes()).await.unwrap();
    in_time(read_until(&mut client, "200 OK")).await;
    until(|| Arc::strong_count(&stage.known) < watched).await;
}

#[tokio::test]
async fn what_is_no_film_is_watched_over_to_its_end() {
    let mut stage = Stage::start().await;
    let nobody = Arc::strong_count(&stage.known);
    let mut client = paused(&stage, "/Items/slow?ApiKey=good", 2).await;
    until(|| Arc::strong_count(&stage.known) > nobody).await;
    stage.end_film();
    in_time(read_until(&mut client, "\r\n0\r\n\r\n")).await;
    until(|| Arc::strong_count(&stage.known) == nobody).await;
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
    let film = in_time(sender.send_request(request(FILM))).await.unwrap();
    stage.film(1000, PIECE);
    full(&stage).await;
    close(&stage);
    in_time(stage.origin.left.notified()).await;
    let whole = in_time(film.into_body().collect()).await;
    assert!(
        whole.is_err(),
        "a cut film must not look like a finished one"
    );
    let next = in_time(sender.send_request(request("/System/Ping"))).await;
    assert_eq!(next.unwrap().status(), 200);
    drop(sender);
    let _ended = serving.await.unwrap();
}
