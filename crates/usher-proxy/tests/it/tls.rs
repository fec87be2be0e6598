//! Native TLS: the version of HTTP is agreed upon in the handshake, and both are answered alike.
use std::sync::Arc;

use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use usher_proxy::listen::ProxyProtocol;
use usher_proxy::tls::Tls;

use crate::stage::{Stage, status};

/// A stage behind TLS, and a client that believes its certificate.
pub(crate) async fn stage() -> (Stage, Arc<RootCertStore>) {
    let made = rcgen::generate_simple_self_signed(vec!["films.example".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (
        folder.path().join("cert.pem"),
        folder.path().join("key.pem"),
    );
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let tls = Tls::from_files(&certificate, &key).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let stage = Stage::behind(Some(tls), ProxyProtocol::Off, |_config| {}).await;
    (stage, Arc::new(roots))
}

pub(crate) async fn connect(
    stage: &Stage,
    roots: &Arc<RootCertStore>,
    alpn: &[u8],
) -> TlsStream<TcpStream> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(Arc::clone(roots))
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.to_vec()];
    let name = ServerName::try_from("films.example").unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    connector
        .connect(name, stage.connect().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn http_1_behind_tls_is_known_as_https() {
    let (stage, roots) = stage().await;
    let mut stream = connect(&stage, &roots, b"http/1.1").await;
    let request = "GET /web/main.js HTTP/1.1\r\nHost: films.example\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!(status(&answer), 200, "{answer}");
    assert!(answer.contains("strict-transport-security"), "{answer}");
    assert_eq!(stage.origin.last().headers["x-forwarded-proto"], "https");
}

#[tokio::test]
async fn http_2_goes_the_same_way_several_requests_at_a_time() {
    let (stage, roots) = stage().await;
    let stream = connect(&stage, &roots, b"h2").await;
    let (sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    let serving = tokio::spawn(connection);
    let ask = |target: &'static str, token: &'static str| {
        let mut sender = sender.clone();
        async move {
            let request = http::Request::get(format!("https://films.example{target}"))
                .header("x-emby-token", token);
            let request = request.body(Empty::<bytes::Bytes>::new()).unwrap();
            let answer = sender.send_request(request).await.unwrap();
            let status = answer.status().as_u16();
            (
                status,
                answer.into_body().collect().await.unwrap().to_bytes(),
            )
        }
    };
    let (page, items, stranger) = tokio::join!(
        ask("/usher/", "good"),
        ask("/Items", "good"),
        ask("/Items", "foreign"),
    );
    assert_eq!(
        (page.0, page.1.as_ref()),
        (200, b"a page of Usher".as_ref())
    );
    assert_eq!((items.0, stranger.0), (200, 401));
    assert_eq!(stage.origin.last().headers["host"], "films.example");
    stage.stop.cancel();
    stage.serving.await.unwrap();
    drop(sender);
    let _ended = serving.await.unwrap();
}
