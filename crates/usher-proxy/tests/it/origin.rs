//! A tiny Jellyfin: tells what it was asked, streams, takes uploads, opens sockets.
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};

type Stream = BoxStream<'static, Result<Frame<Bytes>, Infallible>>;

/// What the origin was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

pub(crate) struct Origin {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// The chunks of `/Items/slow`, sent one by one.
    pub(crate) chunks: mpsc::UnboundedSender<&'static str>,
    /// Told when the reader of `/Items/slow` has gone.
    pub(crate) left: Arc<Notify>,
    /// Told when `/Devices` was asked for, which is answered when `answer` is told.
    pub(crate) came: Arc<Notify>,
    pub(crate) answer: Arc<Notify>,
}

struct Scene {
    asked: Arc<Mutex<Vec<Asked>>>,
    chunks: Mutex<Option<mpsc::UnboundedReceiver<&'static str>>>,
    left: Arc<Notify>,
    came: Arc<Notify>,
    answer: Arc<Notify>,
}

/// Tells when it is dropped: the stream that holds it is no longer read.
struct Leaving(Arc<Notify>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl Origin {
    pub(crate) async fn start() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let (chunks, receiver) = mpsc::unbounded_channel();
        let (asked, left) = (Arc::default(), Arc::new(Notify::new()));
        let (came, may_answer) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let chunks_in = Mutex::new(Some(receiver));
        let scene = Arc::new(Scene {
            asked: Arc::clone(&asked),
            chunks: chunks_in,
            left: Arc::clone(&left),
            came: Arc::clone(&came),
            answer: Arc::clone(&may_answer),
        });
        tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                let scene = Arc::clone(&scene);
                let service = service_fn(move |request| answer(Arc::clone(&scene), request));
                let serving = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .with_upgrades();
                tokio::spawn(serving);
            }
        });
        Self {
            address,
            asked,
            chunks,
            left,
            came,
            answer: may_answer,
        }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn last(&self) -> Asked {
        self.asked().pop().expect("the origin was asked")
    }
}

async fn answer(
    scene: Arc<Scene>,
    mut request: Request<Incoming>,
) -> Result<Response<StreamBody<Stream>>, Infallible> {
    let path = request.uri().path().to_owned();
    let switch = request
        .headers()
        .contains_key("upgrade")
        .then(|| hyper::upgrade::on(&mut request));
    let (parts, body) = request.into_parts();
    let body = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    let asked = Asked {
        method: parts.method.to_string(),
        target: parts.uri.to_string(),
        headers: parts.headers.clone(),
        body: body.clone(),
    };
    scene.asked.lock().unwrap().push(asked);
    if let Some(switch) = switch {
        tokio::spawn(async move {
            let mut io = TokioIo::new(switch.await.unwrap());
            let (mut from, mut to) = tokio::io::split(&mut io);
            let _ = tokio::io::copy(&mut from, &mut to).await;
        });
        let switched = Response::builder().status(StatusCode::SWITCHING_PROTOCOLS);
        let switched = switched
            .header("connection", "upgrade")
            .header("upgrade", "websocket");
        return Ok(switched.body(whole(Bytes::new())).unwrap());
    }
    if path == "/Devices" {
        scene.came.notify_one();
        scene.answer.notified().await;
    }
    Ok(match path.as_str() {
        "/Items/slow" | "/Videos/0123456789abcdef0123456789abcdef/stream" => slow(&scene),
        "/Items/refused" => status(StatusCode::UNAUTHORIZED),
        "/System/Info/Public" => {
            json(br#"{"LocalAddress":"http://10.0.0.7:8096","ProductName":"Jellyfin Server"}"#)
        }
        "/web/index.html" => json(b"<html><head></head></html>"),
        "/Items/part" => {
            let range = parts.headers.get("range").cloned();
            let answer = Response::builder()
                .status(StatusCode::PARTIAL_CONTENT)
                .header("content-range", "bytes 2-3/9");
            answer
                .body(whole(Bytes::from(format!("{range:?}"))))
                .unwrap()
        }
        "/Items/hop" => {
            let answer = Response::builder()
                .header("connection", "x-private")
                .header("x-private", "1");
            answer
                .header("x-public", "1")
                .body(whole(Bytes::from_static(b"hop")))
                .unwrap()
        }
        _other => Response::new(whole(body)),
    })
}

fn slow(scene: &Arc<Scene>) -> Response<StreamBody<Stream>> {
    let receiver = scene
        .chunks
        .lock()
        .unwrap()
        .take()
        .expect("the slow stream is read once");
    let state = (receiver, Leaving(Arc::clone(&scene.left)));
    let stream = stream::unfold(state, |(mut receiver, leaving)| async move {
        let chunk = receiver.recv().await?;
        Some((
            Ok(Frame::data(Bytes::from_static(chunk.as_bytes()))),
            (receiver, leaving),
        ))
    });
    Response::new(StreamBody::new(stream.boxed()))
}

fn whole(bytes: Bytes) -> StreamBody<Stream> {
    StreamBody::new(stream::once(async { Ok(Frame::data(bytes)) }).boxed())
}

fn status(status: StatusCode) -> Response<StreamBody<Stream>> {
    Response::builder()
        .status(status)
        .body(whole(Bytes::new()))
        .unwrap()
}

fn json(bytes: &'static [u8]) -> Response<StreamBody<Stream>> {
    Response::builder()
        .header("etag", "\"1\"")
        .header("service-worker-allowed", "/")
        .body(whole(Bytes::from_static(bytes)))
        .unwrap()
}
