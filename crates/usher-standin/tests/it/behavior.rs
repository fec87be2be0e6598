//! What the recordings do not hold in order: sockets, faults, counters, who may call what.
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use usher_standin::{Fault, Scene, Standin, Version, start};

use crate::contract::folder;
use crate::wire::{Reply, send};

const KEY: &str = "0123456789abcdef0123456789abcdef";

async fn living_room(version: Version) -> Standin {
    let scene = Scene {
        api_keys: vec![(KEY.into(), "Usher".into())],
        ..Scene::living_room(version)
    };
    start(scene).await.expect("the stand-in starts")
}

pub(crate) async fn call(
    address: SocketAddr,
    method: &str,
    path: &str,
    token: &str,
    body: &Value,
) -> Reply {
    let identity =
        "MediaBrowser Client=\"Test\", Device=\"Test\", DeviceId=\"test\", Version=\"1\"";
    let shown = if token.is_empty() {
        String::new()
    } else {
        format!(", Token=\"{token}\"")
    };
    let headers = [
        ("Authorization".to_owned(), format!("{identity}{shown}")),
        ("Content-Type".to_owned(), "application/json".to_owned()),
    ];
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    send(address, method, path.as_bytes(), &headers, body.as_bytes()).await
}

pub(crate) async fn sign_in(standin: &Standin, name: &str) -> String {
    let body = json!({ "Username": name, "Pw": format!("{name}-pass-1") });
    let reply = call(
        standin.address(),
        "POST",
        "/Users/AuthenticateByName",
        "",
        &body,
    )
    .await
    .json();
    reply["AccessToken"].as_str().expect("a token").to_owned()
}

/// The status of a handshake: 101 when the socket opened and greeted, 0 when it broke.
async fn socket(standin: &Standin, path: &str) -> u16 {
    match connect_async(format!("ws://{}{path}", standin.address())).await {
        Ok((mut socket, response)) => {
            let hello = socket.next().await.expect("a greeting").expect("a message");
            assert!(hello.to_string().contains("ForceKeepAlive"));
            response.status().as_u16()
        }
        Err(tokio_tungstenite::tungstenite::Error::Http(response)) => response.status().as_u16(),
        Err(_) => 0,
    }
}

async fn sockets(version: Version, name: &str) {
    let standin = living_room(version).await;
    let token = sign_in(&standin, "anna").await;
    let recorded =
        std::fs::read(folder(name).join("websocket.json")).expect("the sockets are there");
    let recorded: Value = serde_json::from_slice(&recorded).expect("the sockets are JSON");
    for record in recorded
        .as_array()
        .into_iter()
        .flatten()
        .filter(|record| record["headers"] == json!({}))
    {
        let path = record["path"].as_str().unwrap_or_default();
        let shown = path
            .split(['=', '&'])
            .nth(1)
            .filter(|shown| !shown.starts_with("0000"))
            .unwrap_or("none");
        let status = socket(&standin, &path.replace(shown, &token)).await;
        assert_eq!(json!(status), record["status"], "{}", record["note"]);
    }
}

#[tokio::test]
async fn sockets_open_as_on_10_11() {
    sockets(Version::V10_11, "10.11").await;
}

#[tokio::test]
async fn sockets_open_as_on_12_0() {
    sockets(Version::V12_0, "12.0").await;
}

#[tokio::test]
async fn a_socket_answers_keep_alive_and_closes_with_the_session() {
    let standin = living_room(Version::V12_0).await;
    let token = sign_in(&standin, "anna").await;
    let (mut socket, _) =
        connect_async(format!("ws://{}/socket?ApiKey={token}", standin.address()))
            .await
            .expect("a socket");
    socket.next().await.expect("a greeting").expect("a message");
    socket
        .send(Message::text(r#"{"MessageType":"KeepAlive"}"#))
        .await
        .expect("a message is sent");
    let reply = socket.next().await.expect("a reply").expect("a message");
    assert!(reply.to_string().contains("KeepAlive"));
    assert_eq!(
        call(
            standin.address(),
            "POST",
            "/Sessions/Logout",
            &token,
            &Value::Null
        )
        .await
        .status,
        204
    );
    assert!(matches!(
        socket.next().await,
        Some(Ok(Message::Close(_))) | None
    ));
}

#[tokio::test]
async fn a_fault_holds_until_it_is_lifted_and_only_where_it_was_set() {
    let standin = living_room(Version::V12_0).await;
    let (at, none) = (standin.address(), Value::Null);
    standin.faults().set("/users", Fault::Status(503));
    assert_eq!(
        call(at, "GET", "/Users/Public", "", &none).await.status,
        503
    );
    assert_eq!(
        call(at, "GET", "/System/Info/Public", "", &none)
            .await
            .status,
        200
    );
    standin.faults().set("/Users", Fault::BrokenJson);
    let broken = call(at, "GET", "/Users/Public", "", &none).await;
    assert!(broken.status == 200 && serde_json::from_slice::<Value>(&broken.body).is_err());
    standin
        .faults()
        .set("", Fault::Slow(Duration::from_millis(1)));
    assert_eq!(call(at, "GET", "/System/Ping", "", &none).await.status, 200);
    let set = json!({ "path": "/System", "fault": "status", "status": 502 });
    assert_eq!(
        call(at, "POST", "/standin/faults", "", &set).await.status,
        204
    );
    assert_eq!(call(at, "GET", "/System/Ping", "", &none).await.status, 502);
    assert_eq!(
        call(at, "DELETE", "/standin/faults", "", &none)
            .await
            .status,
        204
    );
    assert_eq!(call(at, "GET", "/System/Ping", "", &none).await.status, 200);
}

#[tokio::test]
async fn requests_are_counted_by_route() {
    let standin = living_room(Version::V10_11).await;
    let token = sign_in(&standin, "anna").await;
    for path in ["/Users/Me", "/users/me/", "/emby/Users/Me"] {
        assert_eq!(
            call(standin.address(), "GET", path, &token, &Value::Null)
                .await
                .status,
            200
        );
    }
    assert_eq!(standin.faults().asked("GET /Users/Me"), 3);
    assert_eq!(standin.faults().asked("POST /Users/AuthenticateByName"), 1);
    standin.faults().forget_counts();
    assert_eq!(standin.faults().asked_in_all(), 0);
}

#[tokio::test]
async fn a_stopped_server_gives_its_port_back() {
    let standin = living_room(Version::V12_0).await;
    let address = standin.address();
    standin.stop().await;
    let again = usher_standin::start_on(Scene::living_room(Version::V12_0), address).await;
    assert_eq!(again.expect("the port is free").address(), address);
}

/// Whoever a real server turned away is turned away here, on every operation of its description.
async fn access(version: Version, name: &str) {
    let standin = living_room(version).await;
    let token = sign_in(&standin, "anna").await;
    let recorded =
        std::fs::read(folder(name).join("access.json")).expect("the operations are there");
    let recorded: Value = serde_json::from_slice(&recorded).expect("the operations are JSON");
    let is_denied = |status: u64| matches!(status, 401 | 403);
    let mut wrong = Vec::new();
    for operation in recorded.as_array().into_iter().flatten() {
        let (method, path) = (
            operation["method"].as_str().unwrap_or_default(),
            operation["path"].as_str().unwrap_or_default(),
        );
        if path == "/Sessions/Logout" || path == "/System/Restart" {
            continue;
        }
        for (who, shown) in [("anonymous", ""), ("user", token.as_str())] {
            let Some(status) = operation[who].as_u64() else {
                continue;
            };
            let reply = call(
                standin.address(),
                method,
                &filled(path),
                shown,
                &Value::Null,
            )
            .await;
            let live = u64::from(reply.status);
            let is_bare = reply.body.is_empty();
            if is_denied(status) != is_denied(live) && (is_denied(status) || is_bare) {
                wrong.push(format!(
                    "{method} {path} as {who}: {live} instead of {status}"
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} operations differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A path with an id that belongs to nothing in place of each parameter.
fn filled(path: &str) -> String {
    match path.split_once('{') {
        Some((before, rest)) => {
            let after = rest.split_once('}').map_or("", |(_, after)| after);
            format!("{before}00000000000000000000000000000001{}", filled(after))
        }
        None => path.to_owned(),
    }
}

#[tokio::test]
async fn nobody_passes_where_10_11_turned_them_away() {
    access(Version::V10_11, "10.11").await;
}

#[tokio::test]
async fn nobody_passes_where_12_0_turned_them_away() {
    access(Version::V12_0, "12.0").await;
}
