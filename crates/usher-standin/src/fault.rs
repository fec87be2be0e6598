//! Faults on demand, and how often the server was asked.
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;
use tokio::sync::Notify;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The answer comes after this time.
    Slow(Duration),
    /// The answer is made, and comes only when this is lifted.
    Held,
    /// This status with the text of the exception handler.
    Status(u16),
    /// The connection ends in the middle of the body.
    Cut,
    /// The body never ends, as that of a film that is transcoded while somebody watches it.
    Endless,
    /// The body ends early, though the answer looks whole.
    BrokenJson,
    /// The connection is closed without a word.
    Refuse,
}

impl Fault {
    /// Reads `{"fault": "slow", "ms": 500}`; `None` for an unknown one.
    pub(crate) fn read(body: &Value) -> Option<Self> {
        Some(match body["fault"].as_str()? {
            "slow" => Self::Slow(Duration::from_millis(body["ms"].as_u64()?)),
            "held" => Self::Held,
            "status" => Self::Status(u16::try_from(body["status"].as_u64()?).ok()?),
            "cut" => Self::Cut,
            "endless" => Self::Endless,
            "broken_json" => Self::BrokenJson,
            "refuse" => Self::Refuse,
            _ => return None,
        })
    }
}

#[derive(Default)]
struct Board {
    faults: Vec<(String, Fault)>,
    counts: HashMap<String, usize>,
}

/// The switches of faults and the counters of a running server.
#[derive(Default)]
pub struct Faults {
    board: Mutex<Board>,
    lifted: Notify,
}

impl Faults {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes every request go wrong whose canonical path begins with `prefix` (any letter case); an empty prefix is all of them.
    pub fn set(&self, prefix: &str, fault: Fault) {
        let prefix = prefix.to_ascii_lowercase();
        let mut board = self.board();
        board.faults.retain(|(known, _)| *known != prefix);
        board.faults.push((prefix, fault));
    }

    /// Lifts the fault of one prefix.
    pub fn lift(&self, prefix: &str) {
        self.board()
            .faults
            .retain(|(known, _)| !known.eq_ignore_ascii_case(prefix));
        self.lifted.notify_waiters();
    }

    /// Lifts all faults.
    pub fn lift_all(&self) {
        self.board().faults.clear();
        self.lifted.notify_waiters();
    }

    /// How often a route was asked, named as in the table of routes: `POST /Users/AuthenticateByName`.
    pub fn asked(&self, route: &str) -> usize {
        self.board().counts.get(route).copied().unwrap_or(0)
    }

    /// How often anything was asked.
    pub fn asked_in_all(&self) -> usize {
        self.board().counts.values().sum()
    }

    /// Sets all counters to zero.
    pub fn forget_counts(&self) {
        self.board().counts.clear();
    }

    pub(crate) fn counts(&self) -> HashMap<String, usize> {
        self.board().counts.clone()
    }

    pub(crate) fn count(&self, route: String) {
        *self.board().counts.entry(route).or_default() += 1;
    }

    /// Waits until answers for a path are no longer held.
    pub(crate) async fn until_lifted(&self, path: &str) {
        loop {
            let lifted = self.lifted.notified();
            if self.of(path) != Some(Fault::Held) {
                return;
            }
            lifted.await;
        }
    }

    /// The fault for a path; the longest prefix wins.
    pub(crate) fn of(&self, path: &str) -> Option<Fault> {
        let path = path.to_ascii_lowercase();
        let board = self.board();
        let fitting = board
            .faults
            .iter()
            .filter(|(prefix, _)| path.starts_with(prefix.as_str()));
        fitting
            .max_by_key(|(prefix, _)| prefix.len())
            .map(|(_, fault)| fault.clone())
    }
}

/// Lets an answer go on without an end, and with nothing more to say.
pub(crate) async fn keep_open(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    parts.headers.remove(http::header::CONTENT_LENGTH);
    let said = futures_util::stream::iter([Ok::<_, std::io::Error>(whole)]);
    let never = futures_util::stream::pending();
    let body = futures_util::StreamExt::chain(said, never);
    Response::from_parts(parts, Body::from_stream(body))
}

/// Ends the body of an answer halfway, with or without the connection.
pub(crate) async fn halve(response: Response, fault: &Fault) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    let half = whole.slice(..whole.len() / 2);
    if *fault == Fault::BrokenJson {
        parts.headers.remove(http::header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::from(half));
    }
    let cut = std::io::Error::other("cut on demand");
    let chunks: [Result<Bytes, std::io::Error>; 2] = [Ok(half), Err(cut)];
    Response::from_parts(parts, Body::from_stream(futures_util::stream::iter(chunks)))
}

/// The status of a fault; 500 for a number that is none.
pub(crate) fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
