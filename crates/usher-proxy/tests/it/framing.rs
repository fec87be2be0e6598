//! Bytes that two parsers could read in two ways (R55), and limits (R76).
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::stage::{Stage, status};

#[tokio::test]
async fn r55_what_is_malformed_is_refused_and_the_connection_closed() {
    let stage = Stage::start().await;
    for request in [
        "GET /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "GET /x HTTP/1.1\r\nHost: h\r\nX: 1\r\n folded\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: h\r\nX : 1\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /x HTTP/1.1\r\n\r\n",
        "GET http://h/System/Info/Public HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET //System/Info/Public HTTP/1.1\r\nHost: h\r\n\r\n",
        "get /System/Info/Public HTTP/1.1\r\nHost: h\r\n\r\n",
        "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /Users/AuthenticateByName HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let answer = stage.raw(request).await;
        assert_eq!(status(&answer), 400, "{request:?}: {answer}");
    }
    assert!(stage.origin.asked().is_empty());
}

/// The parser takes the chunks for the body and closes: the second request is never read as one.
#[tokio::test]
async fn r55_two_lengths_smuggle_nothing() {
    let stage = Stage::start().await;
    for lengths in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
    ] {
        let request = format!(
            "POST /System/Ping HTTP/1.1\r\nHost: h\r\n{lengths}\r\n\r\n0\r\n\r\nGET /System/Ping?second HTTP/1.1\r\nHost: h\r\n\r\n"
        );
        let answer = stage.raw(&request).await;
        assert_eq!(
            answer.matches("HTTP/1.1 ").count(),
            1,
            "{lengths}: {answer}"
        );
    }
    assert!(
        stage
            .origin
            .asked()
            .iter()
            .all(|asked| !asked.target.contains("second"))
    );
}

#[tokio::test]
async fn r76_too_many_headers_are_refused() {
    let stage = Stage::start().await;
    let lines = "X-Line: 1\r\n".repeat(101);
    assert_eq!(
        status(&stage.ask("GET", "/System/Ping", &lines, "").await),
        431
    );
    let long = format!("X-Line: {}\r\n", "a".repeat(33 * 1024));
    assert_eq!(
        status(&stage.ask("GET", "/System/Ping", &long, "").await),
        431
    );
    assert!(stage.origin.asked().is_empty());
}

#[tokio::test]
async fn r76_one_address_has_a_limit_of_connections() {
    let stage = Stage::with(usher_proxy::listen::ProxyProtocol::Off, |config| {
        config.limits.connections_per_address = 1;
    })
    .await;
    let mut first = stage.connect().await;
    first
        .write_all(b"GET /System/Ping HTTP/1.1\r\nHost: h\r\n\r\n")
        .await
        .unwrap();
    crate::stage::read_until(&mut first, "200 OK").await;
    let mut second = stage.connect().await;
    let mut rest = Vec::new();
    second.read_to_end(&mut rest).await.unwrap();
    assert!(rest.is_empty());
}

#[tokio::test]
async fn r76_slow_headers_end_the_connection() {
    let stage = Stage::with(usher_proxy::listen::ProxyProtocol::Off, |config| {
        config.limits.header_time = std::time::Duration::from_millis(20);
    })
    .await;
    let answer = stage.raw("GET /System/Ping HTTP/1.1\r\nHost:").await;
    assert!(!answer.contains("200"), "{answer}");
}
