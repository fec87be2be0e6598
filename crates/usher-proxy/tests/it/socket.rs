//! Sockets: two doors, a token, and an end.
use std::sync::atomic::Ordering;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::stage::{Stage, read_until, status};

const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n";

async fn open(stage: &Stage, target: &str) -> tokio::net::TcpStream {
    let mut stream = stage.connect().await;
    let request = format!("GET {target} HTTP/1.1\r\nHost: h\r\n{UPGRADE}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_socket_carries_bytes_both_ways_by_either_door() {
    let stage = Stage::start().await;
    for target in [
        "/socket?api_key=good&deviceId=tv",
        "/EmbyWebSocket?ApiKey=good&deviceId=tv",
    ] {
        let mut stream = open(&stage, target).await;
        read_until(&mut stream, "101 Switching Protocols").await;
        assert_eq!(
            stage.origin.last().target,
            "/socket?deviceId=tv&ApiKey=good"
        );
        stream.write_all(&text("echo")).await.unwrap();
        read_until(&mut stream, "echo").await;
    }
}

/// A text message in one frame, as a server sends it.
fn text(message: &str) -> Vec<u8> {
    let length = u8::try_from(message.len()).unwrap();
    [&[0x81, length], message.as_bytes()].concat()
}

#[tokio::test]
async fn what_comes_down_a_socket_is_heard_first_and_comes_unpacked() {
    let stage = Stage::start().await;
    let mut stream = stage.connect().await;
    let packed = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
    let request = format!("GET /socket?ApiKey=good HTTP/1.1\r\nHost: h\r\n{UPGRADE}{packed}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let head = read_until(&mut stream, "\r\n\r\n").await;
    assert!(head.contains("101 Switching Protocols"), "{head}");
    let asked = stage.origin.last().headers;
    assert!(!asked.contains_key("sec-websocket-extensions"));
    // The origin echoes what it is sent.
    for message in ["whisper", "shout", "hush"] {
        stream.write_all(&text(message)).await.unwrap();
    }
    let wanted = [text("say"), text("hush")].concat();
    let mut told = vec![0; wanted.len()];
    stream.read_exact(&mut told).await.unwrap();
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn no_other_path_is_a_socket_and_none_opens_without_a_token() {
    let stage = Stage::start().await;
    let mut stream = open(&stage, "/Items?ApiKey=good").await;
    read_until(&mut stream, "200 OK").await;
    assert!(!stage.origin.last().headers.contains_key("upgrade"));
    let request =
        format!("POST /socket HTTP/1.1\r\nHost: h\r\nX-Emby-Token: good\r\n{UPGRADE}\r\n");
    let mut stream = stage.connect().await;
    stream.write_all(request.as_bytes()).await.unwrap();
    read_until(&mut stream, "200 OK").await;
    assert!(!stage.origin.last().headers.contains_key("upgrade"));
    let request = format!("GET /socket HTTP/1.1\r\nHost: h\r\n{UPGRADE}\r\n");
    let mut stream = stage.connect().await;
    stream.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(status(&read_until(&mut stream, "\r\n\r\n").await), 403);
}

#[tokio::test]
async fn r47_a_socket_ends_when_its_token_does() {
    let stage = Stage::start().await;
    let mut stream = open(&stage, "/socket?ApiKey=good").await;
    read_until(&mut stream, "101 Switching Protocols").await;
    stage.known.unwelcome.store(true, Ordering::SeqCst);
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
}
