//! The smallest client there is: one request on one connection, and how long its answer took.
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// No answer takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer, and how long it took from the last byte of the request to its own.
pub(super) struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
    pub took: Duration,
}

impl Answer {
    /// The body read as JSON.
    pub(super) fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body)
            .with_context(|| format!("{} is no JSON: {}", self.status, self.body))
    }

    /// Values of a header, as they came.
    pub(super) fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.head.lines().filter_map(move |line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// Asks a port of this machine. The length of the body and the host are added to the headers.
pub(super) fn ask(port: u16, line: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut request = format!(
        "{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        write!(request, "{name}: {value}\r\n")?;
    }
    request.push_str("\r\n");
    request.push_str(body);
    stream.write_all(request.as_bytes())?;
    let sent = Instant::now();
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let took = sent.elapsed();
    let (head, body) = text.split_once("\r\n\r\n").context("no answer")?;
    let status = head.split(' ').nth(1).context("no status")?.parse()?;
    ensure!(
        !head.to_ascii_lowercase().contains("transfer-encoding"),
        "{line}: an answer in pieces"
    );
    Ok(Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
        took,
    })
}
