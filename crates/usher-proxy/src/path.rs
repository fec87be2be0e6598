//! The one reading of a path.
//!
//! Jellyfin decodes, removes dot segments, folds case and strips prefixes; version 10.11 even decodes a second time
//! behind `/emby`. Here that is done once: the decision is taken on the result, and the result is what goes upstream.
//! What no honest client sends and two programs could read in two ways is refused (R55).
use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Everything that may not stand bare in a path segment.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Stands for an encoded slash inside a decoded segment: a character that cannot be sent (it is refused in UTF-8 input).
const ENCODED_SLASH: char = '\u{1}';

/// A path in its one reading, without base URL, legacy prefix and trailing slash.
#[derive(Clone, PartialEq, Eq)]
pub struct CanonicalPath {
    /// Decoded segments in their own case, each after a slash; an encoded slash is [`ENCODED_SLASH`].
    decoded: String,
    /// The same in lower case, for matching only.
    folded: String,
}

/// Why a path is refused with 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusedPath {
    /// Not a path: an absolute-form target, an authority, an asterisk.
    #[error("the target is not a path")]
    NotAPath,
    /// An encoding that no client needs and that could be read twice: `%2e`, `%25` before two hex digits.
    #[error("the path is encoded in a way that could be read twice")]
    Ambiguous,
    /// A backslash, an empty segment, a control character, text that is not UTF-8, a cut escape.
    #[error("the path holds what no client sends")]
    Malformed,
    /// A legacy prefix behind a legacy prefix, or glued to the next word: upstream would strip it once more.
    #[error("the path has a prefix where none belongs")]
    Prefix,
    /// Outside of the base URL.
    #[error("the path lies outside of the base URL")]
    OutsideBase,
}

impl CanonicalPath {
    /// Reads the raw path of a request (without its query) below a base URL such as `/jellyfin` (empty for none).
    pub fn parse(raw: &str, base: &str) -> Result<Self, RefusedPath> {
        if !raw.starts_with('/') {
            return Err(RefusedPath::NotAPath);
        }
        let decoded = decode(raw)?;
        let plain = remove_dot_segments(&decoded);
        let inside = strip_base(&plain, base).ok_or(RefusedPath::OutsideBase)?;
        let route = strip_legacy_prefix(inside)?;
        let trimmed = match route.strip_suffix('/') {
            Some(rest) if !rest.is_empty() && keeps_meaning_without_slash(route) => rest,
            Some(_) | None => route,
        };
        let decoded = if trimmed.is_empty() { "/" } else { trimmed }.to_owned();
        Ok(Self {
            folded: decoded.to_lowercase(),
            decoded,
        })
    }

    /// The path in lower case, for matching. An encoded slash never equals a slash.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The segments in their own case, decoded.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.decoded.split('/').skip(1)
    }

    /// The path as it goes upstream: in its own case, encoded again, `%2F` still encoded.
    pub fn upstream(&self) -> String {
        let mut path = String::with_capacity(self.decoded.len() + 8);
        for (place, part) in self.decoded.split(ENCODED_SLASH).enumerate() {
            if place > 0 {
                path.push_str("%2F");
            }
            path.extend(utf8_percent_encode(part, SEGMENT));
        }
        path
    }
}

impl fmt::Debug for CanonicalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CanonicalPath")
            .field(&self.upstream())
            .finish()
    }
}

/// `/web/` and the root are other places than `/web`: Jellyfin answers the latter with a redirect. So are addresses of ours:
/// the links of our pages are relative.
fn keeps_meaning_without_slash(path: &str) -> bool {
    const OWN: &str = "/usher/";
    let is_own = path
        .get(..OWN.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(OWN));
    !is_own && !path.eq_ignore_ascii_case("/web/")
}

fn decode(raw: &str) -> Result<String, RefusedPath> {
    let bytes = raw.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, tail)) = rest.split_first() {
        if byte != b'%' {
            if byte.is_ascii_control() || matches!(byte, b' ' | b'\\' | b'#') || !byte.is_ascii() {
                return Err(RefusedPath::Malformed);
            }
            decoded.push(byte);
            rest = tail;
            continue;
        }
        let (value, tail) = escape(tail).ok_or(RefusedPath::Malformed)?;
        match value {
            b'.' => return Err(RefusedPath::Ambiguous),
            b'%' if escape(tail).is_some() => return Err(RefusedPath::Ambiguous),
            b'\\' | 0..=31 | 127 => return Err(RefusedPath::Malformed),
            b'/' => decoded.push(1),
            other => decoded.push(other),
        }
        rest = tail;
    }
    let decoded = String::from_utf8(decoded)
        .ok()
        .ok_or(RefusedPath::Malformed)?;
    // Letters that become ASCII when their case changes would match a route for one program and not for the other.
    let treacherous =
        |letter: char| matches!(letter, '\u{17f}' | '\u{212a}' | '\u{131}' | '\u{130}');
    if decoded.contains("//") || decoded.chars().any(treacherous) {
        return Err(RefusedPath::Malformed);
    }
    Ok(decoded)
}

/// The byte that two hex digits at the start of `text` stand for, and what follows them.
fn escape(text: &[u8]) -> Option<(u8, &[u8])> {
    let ([high, low], rest) = text.split_first_chunk::<2>()?;
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let value = digit(high)? * 16 + digit(low)?;
    Some((u8::try_from(value).ok()?, rest))
}

fn remove_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut ends_open = false;
    for segment in path.split('/').skip(1) {
        ends_open = matches!(segment, "." | ".." | "");
        match segment {
            "." | "" => {}
            ".." => {
                kept.pop();
            }
            other => kept.push(other),
        }
    }
    let mut plain = String::with_capacity(path.len());
    for segment in &kept {
        plain.push('/');
        plain.push_str(segment);
    }
    if ends_open {
        plain.push('/');
    }
    plain
}

fn strip_base<'a>(path: &'a str, base: &str) -> Option<&'a str> {
    if base.is_empty() {
        return Some(path);
    }
    let head = path.get(..base.len())?;
    let rest = path.get(base.len()..)?;
    let inside = head.eq_ignore_ascii_case(base) && (rest.is_empty() || rest.starts_with('/'));
    inside.then_some(rest)
}

/// `/emby` and `/mediabrowser` are stripped once, as 10.11 does; on 12.0, which has dropped them, they work again.
fn strip_legacy_prefix(path: &str) -> Result<&str, RefusedPath> {
    // The one route whose own name begins with the prefix.
    if path.eq_ignore_ascii_case("/embywebsocket") {
        return Ok(path);
    }
    let Some(rest) = behind_legacy_prefix(path) else {
        return Ok(path);
    };
    let glued = !rest.is_empty() && !rest.starts_with('/');
    if glued || behind_legacy_prefix(rest).is_some() {
        return Err(RefusedPath::Prefix);
    }
    Ok(rest)
}

fn behind_legacy_prefix(path: &str) -> Option<&str> {
    ["/emby", "/mediabrowser"].into_iter().find_map(|prefix| {
        let head = path.get(..prefix.len())?;
        if head.eq_ignore_ascii_case(prefix) {
            path.get(prefix.len()..)
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests;
