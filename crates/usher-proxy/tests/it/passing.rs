//! Bytes pass in both directions, as they come.
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::stage::{Stage, read_until, status};

const ANNA: &str = "X-Emby-Token: good\r\n";

#[tokio::test]
async fn an_answer_comes_chunk_by_chunk() {
    let stage = Stage::start().await;
    let mut stream = stage.connect().await;
    stream
        .write_all(b"GET /Items/slow?ApiKey=good HTTP/1.1\r\nHost: h\r\n\r\n")
        .await
        .unwrap();
    for word in ["first", "second"] {
        stage.origin.chunks.send(word).unwrap();
        read_until(&mut stream, word).await;
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_stops_the_stream_upstream() {
    let stage = Stage::start().await;
    let mut stream = stage.connect().await;
    stream
        .write_all(b"GET /Items/slow?ApiKey=good HTTP/1.1\r\nHost: h\r\n\r\n")
        .await
        .unwrap();
    stage.origin.chunks.send("first").unwrap();
    read_until(&mut stream, "first").await;
    drop(stream);
    stage.origin.left.notified().await;
}

#[tokio::test]
async fn ranges_uploads_and_heads_pass() {
    let stage = Stage::start().await;
    let part = stage
        .ask(
            "GET",
            "/Items/part",
            &format!("{ANNA}Range: bytes=2-3\r\n"),
            "",
        )
        .await;
    assert_eq!(status(&part), 206, "{part}");
    assert!(
        part.contains("bytes=2-3") && part.contains("content-range: bytes 2-3/9"),
        "{part}"
    );
    let upload = stage
        .ask(
            "POST",
            "/Items/x/Images/Primary",
            ANNA,
            &"a".repeat(200_000),
        )
        .await;
    assert_eq!(status(&upload), 200);
    assert_eq!(stage.origin.last().body.len(), 200_000);
    let head = stage.ask("HEAD", "/Items/x", ANNA, "").await;
    assert_eq!(
        (status(&head), stage.origin.last().method.as_str()),
        (200, "HEAD")
    );
    let chunked = format!("{ANNA}Transfer-Encoding: chunked\r\n");
    let chunked = format!(
        "POST /Items/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{chunked}\r\n3\r\nabc\r\n0\r\n\r\n"
    );
    assert_eq!(status(&stage.raw(&chunked).await), 200);
    assert_eq!(stage.origin.last().body, "abc");
}

#[tokio::test]
async fn r54_headers_of_the_connection_end_at_the_gateway() {
    let stage = Stage::start().await;
    let lines = format!(
        "{ANNA}X-Forwarded-For: 1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\nX-Original-URL: /Users\r\n"
    );
    let answer = stage.ask("GET", "/Items/hop", &lines, "").await;
    assert!(
        answer.contains("x-public") && !answer.contains("x-private"),
        "{answer}"
    );
    let asked = stage.origin.last();
    assert_eq!(asked.headers["x-forwarded-for"], "127.0.0.1");
    assert_eq!(asked.headers["x-forwarded-host"], "h");
    assert!(
        !asked.headers.contains_key("x-real-ip") && !asked.headers.contains_key("x-original-url")
    );
}

#[tokio::test]
async fn one_canonical_path_and_one_credential_go_upstream() {
    let stage = Stage::start().await;
    stage
        .get("/emby/items/./X%41%2fb/?a=1&api_key=good&b=%2F")
        .await;
    let asked = stage.origin.last();
    assert_eq!(asked.target, "/items/XA%2Fb?a=1&b=%2F");
    assert_eq!(
        asked.headers["authorization"],
        "MediaBrowser Token=\"good\""
    );
    stage
        .get("/Videos/0123456789abcdef0123456789abcdef/main.m3u8?x=1&API_KEY=good")
        .await;
    assert_eq!(
        stage.origin.last().target,
        "/Videos/0123456789abcdef0123456789abcdef/main.m3u8?x=1&ApiKey=good"
    );
}

#[tokio::test]
async fn the_old_form_of_initiate_is_sent_on_as_the_new_one() {
    let stage = Stage::start().await;
    stage.get("/QuickConnect/Initiate").await;
    assert_eq!(stage.origin.last().method, "POST");
}

/// With small first letters in its keys, nobody in a list would be found whom others are not to see.
#[tokio::test]
async fn what_is_read_here_comes_in_the_usual_spelling_of_its_keys() {
    let stage = Stage::start().await;
    let camel = "application/json; Profile=\"CamelCase\"";
    let both = format!("text/html\r\nAccept: {camel}");
    let plain = "application/json, */*;q=0.5";
    for (target, asked, sent) in [
        ("/Users", camel, "application/json"),
        ("/Sessions", &both, "application/json"),
        ("/Users/me", plain, plain),
        ("/Items", camel, camel),
    ] {
        let lines = format!("X-Emby-Token: good\r\nAccept: {asked}\r\n");
        stage.ask("GET", target, &lines, "").await;
        let accepted = stage.origin.last().headers;
        let accepted: Vec<_> = accepted.get_all("accept").iter().collect();
        assert_eq!(accepted, [sent], "{target}");
    }
}

#[tokio::test]
async fn answers_with_jellyfins_own_address_are_rewritten() {
    let stage = Stage::with(usher_proxy::listen::ProxyProtocol::Off, |config| {
        config.script = Some("/usher/static/door.js".to_owned());
    })
    .await;
    let info = stage
        .ask(
            "GET",
            "/System/Info/Public",
            "Accept-Encoding: gzip\r\n",
            "",
        )
        .await;
    assert!(
        info.contains(r#""LocalAddress":"https://films.example""#),
        "{info}"
    );
    assert!(!stage.origin.last().headers.contains_key("accept-encoding"));
    let page = stage.get("/web/index.html").await;
    assert!(
        page.contains(r#"<script src="/usher/static/door.js"></script></head>"#),
        "{page}"
    );
    assert!(!page.contains("etag"), "{page}");
}

#[tokio::test]
async fn r74_a_dead_jellyfin_is_told_as_such() {
    let stage = Stage::with(usher_proxy::listen::ProxyProtocol::Off, |config| {
        config.upstream = "http://127.0.0.1:1".parse().unwrap();
    })
    .await;
    let answer = stage.ask("GET", "/Items", ANNA, "").await;
    assert_eq!(status(&answer), 503, "{answer}");
    assert!(answer.contains("the media server is away"));
}

#[tokio::test]
async fn a_jellyfin_that_takes_too_long_is_told_as_such() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let stage = Stage::with(usher_proxy::listen::ProxyProtocol::Off, |config| {
        config.upstream = format!("http://{address}").parse().unwrap();
        config.limits.answer_time = std::time::Duration::from_millis(20);
    })
    .await;
    assert_eq!(status(&stage.ask("GET", "/Items", ANNA, "").await), 504);
}

#[tokio::test]
async fn a_stream_may_end_after_usher_was_told_to_stop() {
    let stage = Stage::start().await;
    let mut stream = stage.connect().await;
    stream
        .write_all(b"GET /Items/slow?ApiKey=good HTTP/1.1\r\nHost: h\r\n\r\n")
        .await
        .unwrap();
    stage.origin.chunks.send("first").unwrap();
    read_until(&mut stream, "first").await;
    stage.stop.cancel();
    let chunks = stage.origin.chunks;
    chunks.send("last").unwrap();
    drop(chunks);
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(
        rest.contains("last") && rest.ends_with("0\r\n\r\n"),
        "{rest}"
    );
    stage.serving.await.unwrap();
}
