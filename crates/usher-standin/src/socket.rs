//! The WebSocket: opened on any path with a valid token, closed when the session ends.
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::ask::Who;
use crate::library::bare;
use crate::limit::may_come_from;
use crate::server::Server;
use crate::session::session_json;
use crate::state::Device;

/// How many seconds a client may stay silent, as the first message tells it.
const KEEP_ALIVE_SECONDS: u32 = 60;

/// Upgrades a request whose token was found good.
pub(crate) async fn open(
    server: Arc<Server>,
    parts: &mut Parts,
    who: Who,
    device: &Device,
    address: IpAddr,
) -> Response {
    let (sender, messages) = unbounded_channel();
    {
        let mut state = server.state();
        let is_allowed = who
            .user()
            .and_then(|id| state.user(id))
            .is_none_or(|user| may_come_from(user, address));
        if !is_allowed {
            return bare(StatusCode::FORBIDDEN);
        }
        let id = device.session_id();
        if let Some(session) = state.sessions.iter_mut().find(|session| session.id == id) {
            session.sockets.push(sender.clone());
        }
    }
    // A key of the server has no session that could keep the sender alive.
    let kept = matches!(&who, Who::Key(_)).then_some(sender);
    match WebSocketUpgrade::from_request_parts(parts, &()).await {
        Ok(upgrade) => upgrade.on_upgrade(move |socket| async move {
            converse(socket, messages, (&server, &who)).await;
            drop(kept);
        }),
        Err(rejection) => rejection.into_response(),
    }
}

async fn converse(
    mut socket: WebSocket,
    mut messages: UnboundedReceiver<Value>,
    (server, who): (&Server, &Who),
) {
    let hello = json!({ "MessageId": server.now().hex(16), "Data": KEEP_ALIVE_SECONDS, "MessageType": "ForceKeepAlive" });
    if socket.send(Message::text(hello.to_string())).await.is_err() {
        return;
    }
    loop {
        let reply = tokio::select! {
            // What was said before a client's message comes before the reply to it.
            biased;
            sent = messages.recv() => match sent {
                Some(message) => Some(message),
                None => break,
            },
            received = socket.recv() => match received {
                Some(Ok(Message::Text(text))) => match serde_json::from_str::<Value>(&text) {
                    Ok(message) => reply_to(&message, server, who),
                    Err(_) => break,
                },
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_))) => None,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
        };
        if let Some(reply) = reply
            && socket.send(Message::text(reply.to_string())).await.is_err()
        {
            return;
        }
    }
    let farewell = CloseFrame {
        code: close_code::NORMAL,
        reason: "".into(),
    };
    if socket.send(Message::Close(Some(farewell))).await.is_err() {
        tracing::debug!("A socket of the stand-in was gone before its farewell");
    }
}

fn reply_to(message: &Value, server: &Server, who: &Who) -> Option<Value> {
    let (kind, id) = (message["MessageType"].as_str()?, server.now().hex(16));
    match kind {
        "KeepAlive" => Some(json!({ "MessageId": id, "MessageType": "KeepAlive" })),
        // A plain user's subscription is not answered.
        "SessionsStart" if who.rules() => {
            let state = server.state();
            let sessions = state.sessions.iter();
            let sessions: Vec<Value> = sessions
                .map(|session| session_json(server, &state, session))
                .collect();
            Some(json!({ "MessageId": id, "Data": sessions, "MessageType": "Sessions" }))
        }
        _unanswered => None,
    }
}
