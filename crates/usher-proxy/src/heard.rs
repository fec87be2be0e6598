//! What a connection says, as it says it, for the one question that the parser does not answer (R55).
//!
//! The parser decides what a request is. It repairs some heads in silence: of two lengths it drops one, and it takes
//! a line that ends without a carriage return. Another program may repair them in another way; so such a head is
//! refused. Here the bytes of each head are kept until the parser has read it, and looked through once.
use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use tokio::io::AsyncRead;
use tokio_util::io::InspectReader;

/// What was said and not yet looked at.
#[derive(Clone, Default)]
pub(crate) struct Ear(Arc<Mutex<Said>>);

#[derive(Default)]
struct Said {
    words: Vec<u8>,
    /// So many bytes still belong to a body: nobody looks at those.
    skip: u64,
}

impl Ear {
    /// Listens to a connection.
    pub(crate) fn listen<Io: AsyncRead>(
        connection: Io,
    ) -> (InspectReader<Io, impl FnMut(&[u8])>, Self) {
        let ear = Self::default();
        let heard = ear.clone();
        let heard = InspectReader::new(connection, move |words: &[u8]| heard.hear(words));
        (heard, ear)
    }

    /// Whether the head that the parser has just read was written straight: each line ended by both characters, and the
    /// length of the body told once at most. `headers` are the parser's.
    ///
    /// Where a body of chunks ends only the parser knows, so nothing after it can be looked at: the connection must be
    /// closed after the answer.
    pub(crate) fn was_straight(&self, headers: &HeaderMap) -> bool {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((is_straight, length)) = read_head(&said.words) else {
            return false;
        };
        said.words.drain(..length);
        let body = if headers.contains_key(TRANSFER_ENCODING) {
            u64::MAX
        } else {
            let told = headers.get(CONTENT_LENGTH);
            let told = told.and_then(|length| length.to_str().ok()?.parse().ok());
            told.unwrap_or(0)
        };
        said.pass_over(body);
        is_straight
    }

    /// The connection has become a socket.
    pub(crate) fn stop(&self) {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        said.pass_over(u64::MAX);
    }

    fn hear(&self, words: &[u8]) {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let skipped = usize::try_from(said.skip).map_or(words.len(), |skip| skip.min(words.len()));
        said.skip -= skipped as u64;
        said.words.extend_from_slice(&words[skipped..]);
    }
}

impl Said {
    /// Leaves a body out: what has come of it, and what is still to come.
    fn pass_over(&mut self, body: u64) {
        let here =
            usize::try_from(body).map_or(self.words.len(), |body| body.min(self.words.len()));
        self.words.drain(..here);
        self.skip = body - here as u64;
        if self.words.is_empty() {
            self.words.shrink_to(KEPT);
        }
    }
}

/// Capacity that is kept between two requests: most heads fit into it.
const KEPT: usize = 2 * 1024;

/// Whether the head at the start is straight, and its length with the empty line; `None` where it does not end.
fn read_head(words: &[u8]) -> Option<(bool, usize)> {
    // Parsers pass over empty lines before a request.
    let start = words
        .iter()
        .position(|byte| !matches!(byte, b'\r' | b'\n'))?;
    let (mut is_straight, mut lengths, mut place) = (true, 0, start);
    loop {
        let rest = &words[place..];
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        let line = &rest[..end];
        place += end + 1;
        let Some(text) = line.strip_suffix(b"\r") else {
            if line.is_empty() {
                return Some((false, place));
            }
            is_straight = false;
            continue;
        };
        if text.is_empty() {
            return Some((is_straight && lengths <= 1, place));
        }
        if tells_length(text) {
            lengths += 1;
        }
    }
}

fn tells_length(line: &[u8]) -> bool {
    let named = |name: &str| {
        let head = line.get(..name.len());
        line.get(name.len()) == Some(&b':')
            && head.is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()))
    };
    named("content-length") || named("transfer-encoding")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r55_a_crooked_head_is_told_from_a_straight_one() {
        for (head, expected) in [
            ("GET / HTTP/1.1\r\nHost: h\r\n\r\nrest", Some((true, 27))),
            ("\r\nGET / HTTP/1.1\r\n\r\n", Some((true, 20))),
            ("GET / HTTP/1.1\nHost: h\r\n\r\n", Some((false, 26))),
            ("GET / HTTP/1.1\r\nHost: h\r\n\n", Some((false, 26))),
            (
                "A\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\n",
                Some((false, 43)),
            ),
            (
                "A\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
                Some((false, 52)),
            ),
            (
                "A\r\nContent-Length-X: 1\r\nContent-Length: 1\r\n\r\n",
                Some((true, 45)),
            ),
            ("GET / HTTP/1.1\r\nHost: h\r\n", None),
            ("\r\n\r\n", None),
        ] {
            assert_eq!(read_head(head.as_bytes()), expected, "{head:?}");
        }
    }

    #[test]
    fn a_body_is_passed_over_and_the_next_head_looked_at() {
        let ear = Ear::default();
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_LENGTH, 6.into());
        ear.hear(b"A\r\nContent-Length: 6\r\n\r\n\n\n");
        assert!(ear.was_straight(&headers));
        ear.hear(b"\n\n\n\nB\r\n\r\nC\n\n");
        assert!(ear.was_straight(&HeaderMap::new()));
        assert!(!ear.was_straight(&HeaderMap::new()));
        headers.insert(TRANSFER_ENCODING, "chunked".parse().unwrap());
        ear.hear(b"D\r\n\r\n");
        assert!(ear.was_straight(&headers));
        ear.hear(b"E\r\n\r\n");
        assert!(!ear.was_straight(&HeaderMap::new()), "nobody can say");
    }
}
