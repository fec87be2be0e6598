//! Files in parts: `Range`, `HEAD` and 416, as a real server answers them.
//!
//! Absent on purpose: several ranges in one request, which are answered with the whole file.
use std::borrow::Cow;
use std::ops::RangeInclusive;

use axum::body::Body;
use axum::response::Response;
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, RANGE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::library::{bare, typed};

enum Asked {
    Whole,
    Part(RangeInclusive<usize>),
    Nothing,
}

/// A file, or the part of it that was asked for.
pub(super) fn answer(
    method: &Method,
    headers: &HeaderMap,
    content_type: &'static str,
    file: Cow<'static, [u8]>,
) -> Response {
    let asked = headers
        .get(RANGE)
        .and_then(|value| value.to_str().ok())
        .map_or(Asked::Whole, |value| read(value, file.len()));
    let size = file.len();
    let (status, part, content_range) = match asked {
        Asked::Whole => (StatusCode::OK, file.into_owned(), None),
        Asked::Part(part) => {
            let named = format!("bytes {}-{}/{size}", part.start(), part.end());
            let bytes = file.get(part).map(<[u8]>::to_vec).unwrap_or_default();
            (StatusCode::PARTIAL_CONTENT, bytes, Some(named))
        }
        Asked::Nothing => (
            StatusCode::RANGE_NOT_SATISFIABLE,
            Vec::new(),
            Some(format!("bytes */{size}")),
        ),
    };
    let length = part.len();
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        Body::from(part)
    };
    let mut response = typed(status, content_type, body);
    let headers = response.headers_mut();
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(named) = content_range {
        match HeaderValue::from_str(&named) {
            Ok(value) => headers.insert(CONTENT_RANGE, value),
            Err(_) => return bare(StatusCode::INTERNAL_SERVER_ERROR),
        };
    }
    response
}

fn read(value: &str, size: usize) -> Asked {
    let Some((start, end)) = value
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
    else {
        return Asked::Whole;
    };
    let last = size.saturating_sub(1);
    let (start, end) = match (start.trim().parse::<usize>(), end.trim().parse::<usize>()) {
        (Ok(start), Ok(end)) if end >= start => (start, end.min(last)),
        (Ok(start), Err(_)) if end.trim().is_empty() => (start, last),
        (Err(_), Ok(count)) if start.trim().is_empty() && count > 0 => {
            (size.saturating_sub(count), last)
        }
        _ => return Asked::Whole,
    };
    if start < size {
        Asked::Part(start..=end)
    } else {
        Asked::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &'static str) -> (u16, String, usize) {
        let headers = HeaderMap::from_iter([(RANGE, HeaderValue::from_static(range))]);
        let response = answer(
            &Method::HEAD,
            &headers,
            "video/mp4",
            Cow::Owned(vec![7; 100]),
        );
        let text = |name| {
            response
                .headers()
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        (
            response.status().as_u16(),
            text(CONTENT_RANGE),
            text(CONTENT_LENGTH).parse().unwrap_or(usize::MAX),
        )
    }

    #[test]
    fn a_range_is_answered_with_that_part() {
        assert_eq!(asked("bytes=0-9"), (206, "bytes 0-9/100".into(), 10));
        assert_eq!(asked("bytes=90-"), (206, "bytes 90-99/100".into(), 10));
        assert_eq!(asked("bytes=-5"), (206, "bytes 95-99/100".into(), 5));
        assert_eq!(asked("bytes=50-1000"), (206, "bytes 50-99/100".into(), 50));
    }

    #[test]
    fn a_range_beyond_the_end_is_416_and_nonsense_is_the_whole_file() {
        assert_eq!(asked("bytes=100-"), (416, "bytes */100".into(), 0));
        assert_eq!(asked("bytes=9-2"), (200, String::new(), 100));
        assert_eq!(asked("lines=1-2"), (200, String::new(), 100));
    }
}
