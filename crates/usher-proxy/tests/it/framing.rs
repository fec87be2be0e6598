//! Bytes that two parsers could read in two ways (R55), and limits (R76).
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::stage::{Stage, read_until, status};

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

/// The parser drops one of two lengths in silence; another program may drop the other.
#[tokio::test]
async fn r55_two_lengths_are_refused_and_smuggle_nothing() {
    let stage = Stage::start().await;
    for lengths in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 5\r\ncontent-length: 5",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ] {
        let request = format!(
            "POST /System/Ping HTTP/1.1\r\nHost: h\r\n{lengths}\r\n\r\n0\r\n\r\nGET /System/Ping?second HTTP/1.1\r\nHost: h\r\n\r\n"
        );
        let answer = stage.raw(&request).await;
        assert_eq!(status(&answer), 400, "{lengths}: {answer}");
        assert_eq!(
            answer.matches("HTTP/1.1 ").count(),
            1,
            "{lengths}: {answer}"
        );
    }
    assert!(stage.origin.asked().is_empty());
}

#[tokio::test]
async fn r55_a_line_that_ends_without_a_carriage_return_is_refused_in_any_request() {
    let stage = Stage::start().await;
    for request in [
        "GET /System/Ping HTTP/1.1\nHost: h\r\n\r\n",
        "GET /System/Ping HTTP/1.1\r\nHost: h\nX: 1\r\n\r\n",
        "GET /System/Ping HTTP/1.1\r\nHost: h\r\n\n",
    ] {
        assert_eq!(status(&stage.raw(request).await), 400, "{request:?}");
    }
    let mut stream = stage.connect().await;
    let first = "POST /System/Ping HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n\n\nok";
    stream.write_all(first.as_bytes()).await.unwrap();
    read_until(&mut stream, "\n\nok").await;
    let second = "GET /System/Ping HTTP/1.1\r\nHost: h\r\n\r\n";
    stream.write_all(second.as_bytes()).await.unwrap();
    read_until(&mut stream, "200 OK").await;
    let third = "GET /System/Ping HTTP/1.1\nHost: h\r\n\r\n";
    stream.write_all(third.as_bytes()).await.unwrap();
    read_until(&mut stream, "400 Bad Request").await;
    assert_eq!(stage.origin.asked().len(), 2);
}

/// Where chunks end only the parser knows: what came behind them could not be looked at.
#[tokio::test]
async fn a_connection_over_which_chunks_came_is_closed() {
    let stage = Stage::start().await;
    let request = "POST /System/Ping HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    let answer = stage.raw(request).await;
    assert!(answer.contains("connection: close"), "{answer}");
    assert_eq!(stage.origin.last().body, "ok");
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
    read_until(&mut first, "200 OK").await;
    let mut second = stage.connect().await;
    let mut rest = Vec::new();
    second.read_to_end(&mut rest).await.unwrap();
    assert!(rest.is_empty());
}

#[tokio::test]
async fn r76_slow_headers_end_the_connection() {
    let stage = Stage::with(usher_proxy::listen::ProxyProtocol::Off, |config| {
        config.limits.header_time = Duration::from_millis(20);
    })
    .await;
    let answer = stage.raw("GET /System/Ping HTTP/1.1\r\nHost:").await;
    assert!(!answer.contains("200"), "{answer}");
}

#[tokio::test]
async fn r76_who_says_nothing_is_closed_before_and_after_a_request() {
    let stage = Stage::with(usher_proxy::listen::ProxyProtocol::Off, |config| {
        config.limits.header_time = Duration::from_millis(20);
    })
    .await;
    assert_eq!(stage.raw("").await, "");
    let kept = stage
        .raw("GET /System/Ping HTTP/1.1\r\nHost: h\r\n\r\n")
        .await;
    assert_eq!(status(&kept), 200, "and then the connection ended: {kept}");
}

#[tokio::test]
async fn r76_silent_connections_keep_nobody_out() {
    let stage = Stage::with(usher_proxy::listen::ProxyProtocol::Off, |config| {
        config.limits.connections_waiting = 2;
        config.limits.header_time = Duration::from_hours(1);
    })
    .await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(stage.connect().await);
    }
    let mut busy = stage.connect().await;
    busy.write_all(b"GET /Items/slow?ApiKey=good HTTP/1.1\r\nHost: h\r\n\r\n")
        .await
        .unwrap();
    stage.origin.chunks.send("first").unwrap();
    read_until(&mut busy, "first").await;
    for mut stream in silent.drain(..18) {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
    }
    assert_eq!(status(&stage.get("/System/Ping").await), 200);
    for _ in 0..5 {
        silent.push(stage.connect().await);
    }
    assert_eq!(status(&stage.get("/System/Ping").await), 200);
    stage.origin.chunks.send("second").unwrap();
    read_until(&mut busy, "second").await;
}

#[tokio::test]
async fn r76_a_body_that_does_not_come_is_not_waited_for() {
    let stage = Stage::with(usher_proxy::listen::ProxyProtocol::Off, |config| {
        config.limits.own_body_time = Duration::from_millis(20);
    })
    .await;
    let slow = "POST /Users/AuthenticateByName HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n{";
    let answer = stage.raw(slow).await;
    assert_eq!(status(&answer), 408, "{answer}");
    let form = "POST /usher/sign-in HTTP/1.1\r\nHost: films.example\r\nConnection: close\r\nContent-Length: 9\r\n\r\na";
    let answer = stage.raw(form).await;
    assert!(answer.contains("the form did not come"), "{answer}");
    assert!(stage.origin.asked().is_empty());
}

#[tokio::test]
async fn r76_json_that_is_nested_too_deeply_is_refused_on_own_routes() {
    let stage = Stage::start().await;
    for (levels, expected) in [(16, 200), (17, 400)] {
        let body = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let answer = stage
            .ask("POST", "/Users/AuthenticateByName", "", &body)
            .await;
        assert_eq!(status(&answer), expected, "{levels}");
    }
}
