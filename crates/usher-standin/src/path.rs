//! A path as Kestrel and the server's middleware read it: decoded once, dot segments removed, prefixes taken off.
//!
//! Invariant: `%2F` survives every decoding; on 10.11 what follows `/emby` and `/mediabrowser` is decoded a second time.
use crate::scene::Version;

/// What became of a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A path below the base URL.
    Path(String),
    /// Outside the base URL; the decoded path.
    Outside(String),
    /// The server closes the door before it looks at routes: 400 without a body.
    Malformed,
    /// The prefix middleware threw: 400 with the text of the exception handler.
    BadPrefix,
    /// The second decoding met a zero byte: 500 with the same text.
    BadSecondDecoding,
}

/// Reads the path of a request line.
pub(crate) fn read(raw: &str, base: &str, version: Version) -> Reading {
    let Some(decoded) = decode(raw).filter(|_| raw.is_ascii()) else {
        return Reading::Malformed;
    };
    let path = remove_dots(&decoded);
    let below = if base.is_empty() {
        Some(path.as_str())
    } else {
        strip(&path, base).filter(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let Some(below) = below else {
        return Reading::Outside(path);
    };
    if version == Version::V12_0 {
        return Reading::Path(below.to_owned());
    }
    let Some(rest) = strip(below, "/emby").or_else(|| strip(below, "/mediabrowser")) else {
        return Reading::Path(below.to_owned());
    };
    if !rest.is_empty() && !rest.starts_with('/') {
        return Reading::BadPrefix;
    }
    decode(rest).map_or(Reading::BadSecondDecoding, Reading::Path)
}

/// Takes off a prefix in any letter case.
fn strip<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    let head = path.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &path[prefix.len()..])
}

/// One decoding: everything but `%2F`; what is no valid UTF-8 stays as it is. `None` for a zero byte.
fn decode(raw: &str) -> Option<String> {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(letter) = rest.chars().next() {
        let taken = encoded_letter(rest);
        match taken {
            Some(('\0', _)) => return None,
            Some((decoded, length)) if decoded != '/' => {
                text.push(decoded);
                rest = &rest[length..];
            }
            Some(_) | None => {
                text.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
    }
    Some(text)
}

/// The letter that is percent-encoded at the beginning, and how many bytes it takes.
fn encoded_letter(text: &str) -> Option<(char, usize)> {
    let byte = |place: usize| {
        let code = text.get(place..place + 3)?.strip_prefix('%')?;
        code.bytes()
            .all(|digit| digit.is_ascii_hexdigit())
            .then(|| u8::from_str_radix(code, 16).ok())?
    };
    let first = byte(0)?;
    let count: usize = match first {
        0..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let bytes: Vec<u8> = (0..count)
        .map(|place| byte(place * 3))
        .collect::<Option<_>>()?;
    let letter = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    Some((letter, count * 3))
}

/// Removes `.` and `..` as RFC 3986 says.
fn remove_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    let last = segments.len().saturating_sub(1);
    for (place, segment) in segments.into_iter().enumerate() {
        match segment {
            "." if place == last => kept.push(""),
            "." => {}
            ".." => {
                kept.pop();
                if place == last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

/// The segments that routes are matched against; one trailing slash counts for nothing.
pub(crate) fn segments(path: &str) -> Vec<String> {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if inner.is_empty() {
        Vec::new()
    } else {
        inner.split('/').map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(raw: &str, version: Version) -> Reading {
        read(raw, "", version)
    }

    #[test]
    fn dot_segments_count_after_decoding() {
        assert_eq!(
            path("/x/%2e%2e/Users/./Me", Version::V12_0),
            Reading::Path("/Users/Me".into())
        );
    }

    #[test]
    fn what_follows_emby_is_decoded_twice_on_10_11_only() {
        assert_eq!(
            path("/Users%2FMe", Version::V10_11),
            Reading::Path("/Users%2FMe".into())
        );
        assert_eq!(
            path("/emby/Users/M%2565", Version::V10_11),
            Reading::Path("/Users/Me".into())
        );
        assert_eq!(
            path("/emby/Users", Version::V12_0),
            Reading::Path("/emby/Users".into())
        );
    }

    #[test]
    fn the_base_url_is_matched_in_any_letter_case() {
        assert_eq!(
            read("/%6aELLYFIN/web/", "/jellyfin", Version::V12_0),
            Reading::Path("/web/".into())
        );
        assert_eq!(
            read("/web/", "/jellyfin", Version::V12_0),
            Reading::Outside("/web/".into())
        );
    }
}
