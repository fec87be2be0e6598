//! What is asked of each proxy: many small answers by `wrk`, whole films and uploads by `curl`.
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::origin::{ITEM, TOKEN};
use super::process::{Cores, on};

/// Connections of the small requests: a household's, all busy.
const CONNECTIONS: &str = "16";

/// One run of small requests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Small {
    /// Answered in all.
    pub requests: f64,
    /// Answered in a second.
    pub per_second: f64,
    /// Half of the answers came within this.
    pub p50: Duration,
    /// All but a hundredth came within this.
    pub p99: Duration,
}

/// How an app names itself and its token.
pub(super) fn credential() -> String {
    format!(
        "Authorization: MediaBrowser Client=\"Bench\", Device=\"Bench\", DeviceId=\"bench\", Version=\"1.0\", Token=\"{TOKEN}\""
    )
}

/// Asks for the small answer for so many seconds.
pub(super) fn small(port: u16, seconds: u32) -> Result<Small> {
    let output = on(Cores::Others, "timeout")
        .args(["120", "wrk", "--latency", "-t1", "-c", CONNECTIONS])
        .args(["-d", &format!("{seconds}s"), "-H", &credential()])
        .arg(format!("http://127.0.0.1:{port}/UserViews"))
        .output()
        .context("wrk")?;
    let text = String::from_utf8(output.stdout)?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success() && !text.contains("Non-2xx") && !text.contains("Socket errors"),
        "wrk, {}: not every request was answered well:\n{text}{errors}",
        output.status
    );
    read_small(&text).with_context(|| format!("wrk said something else:\n{text}"))
}

fn read_small(text: &str) -> Option<Small> {
    let line = |mark: &str| {
        text.lines()
            .map(str::trim)
            .find_map(|line| line.strip_prefix(mark))
    };
    let requests = text.lines().find(|line| line.contains(" requests in "))?;
    Some(Small {
        requests: requests.split_whitespace().next()?.parse().ok()?,
        per_second: line("Requests/sec:")?.trim().parse().ok()?,
        p50: read_time(line("50%")?.trim())?,
        p99: read_time(line("99%")?.trim())?,
    })
}

/// `812.00us`, `1.24ms` or `1.02s`.
fn read_time(text: &str) -> Option<Duration> {
    let (number, unit) = if let Some(number) = text.strip_suffix("us") {
        (number, 1e-6)
    } else if let Some(number) = text.strip_suffix("ms") {
        (number, 1e-3)
    } else {
        (text.strip_suffix('s')?, 1.0)
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * unit).ok()
}

/// Reads a film of so many bytes to its end, at most at `pace` (curl's words; `0` for as fast as it comes). Answers how
/// long that took.
pub(super) fn stream(port: u16, file: &str, bytes: u64, pace: &str) -> Result<Duration> {
    let address = format!(
        "http://127.0.0.1:{port}/Videos/{ITEM}/stream?static=true&file={file}&ApiKey={TOKEN}"
    );
    let output = on(Cores::Others, "curl")
        .args([
            "-s",
            "-f",
            "-o",
            "/dev/null",
            "-m",
            "120",
            "--limit-rate",
            pace,
        ])
        .args(["-w", "%{size_download} %{time_total}", &address])
        .output()
        .context("curl")?;
    let text = String::from_utf8(output.stdout)?;
    let (size, time) = text.split_once(' ').context("curl said something else")?;
    ensure!(
        output.status.success() && size == bytes.to_string(),
        "the film broke off after {size} bytes"
    );
    Ok(Duration::try_from_secs_f64(time.parse()?)?)
}

/// Sends a file as the body of a request.
pub(super) fn upload(port: u16, file: &Path) -> Result<()> {
    let status = on(Cores::Others, "curl")
        .args(["-s", "-f", "-o", "/dev/null", "-m", "120", "-X", "POST"])
        .args(["-H", "Expect:", "-H", &credential(), "-T"])
        .arg(file)
        .arg(format!("http://127.0.0.1:{port}/ClientLog/Document"))
        .stderr(Stdio::null())
        .status()
        .context("curl")?;
    ensure!(status.success(), "an upload failed");
    Ok(())
}

/// The status of an answer to a request without a credential.
pub(super) fn status_of_a_stranger(port: u16, path: &str) -> Result<String> {
    let output = on(Cores::Others, "curl")
        .args(["-s", "-o", "/dev/null", "-m", "20", "-w", "%{http_code}"])
        .arg(format!("http://127.0.0.1:{port}{path}"))
        .output()
        .context("curl")?;
    Ok(String::from_utf8(output.stdout)?)
}

/// Takes uploads and throws them away, until this program ends: nginx by itself answers before it has read a body.
pub(super) fn swallow(socket: TcpListener) {
    std::thread::spawn(move || {
        for stream in socket.incoming().flatten() {
            // Whoever uploads learns of a failure by the missing answer.
            std::thread::spawn(move || swallow_one(stream));
        }
    });
}

fn swallow_one(mut stream: TcpStream) -> Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut head = Vec::new();
    let end = loop {
        let read = stream.read(&mut buffer)?;
        ensure!(read > 0, "the head broke off");
        head.extend_from_slice(&buffer[..read]);
        if let Some(end) = head.windows(4).position(|part| part == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let text = String::from_utf8_lossy(&head[..end]).to_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.context("no length is told")?.trim().parse()?;
    let mut left = length.saturating_sub(head.len() - end);
    while left > 0 {
        let read = stream.read(&mut buffer)?;
        ensure!(read > 0, "the body broke off");
        left = left.saturating_sub(read);
    }
    stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrk_says_is_read() {
        let said = "  Latency Distribution\n     50%  812.00us\n     75%    1.00ms\n     99%    1.50ms\n  \
                    3000 requests in 10.00s, 4.00MB read\nRequests/sec:    299.5\nTransfer/sec:      0.40MB\n";
        let small = read_small(said).unwrap();
        assert!((small.requests - 3000.0).abs() < f64::EPSILON);
        assert!((small.per_second - 299.5).abs() < f64::EPSILON);
        assert_eq!(small.p50, Duration::from_micros(812));
        assert_eq!(small.p99, Duration::from_micros(1500));
        assert!(read_small("unable to connect").is_none());
    }
}
