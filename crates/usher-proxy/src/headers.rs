//! Which headers go on, in either direction (R54).
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, COOKIE, ETAG, EXPECT, HOST,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, STRICT_TRANSPORT_SECURITY, TE, TRANSFER_ENCODING, UPGRADE,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::rules::{Scheme, Visit};
use crate::trust;

/// Headers of one connection, which end here; those named in `Connection` come on top.
const HOP_BY_HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    http::header::PROXY_AUTHENTICATE,
    http::header::PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-connection"),
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
/// Would let a service worker see more than its own folder (R52).
const SERVICE_WORKER_ALLOWED: HeaderName = HeaderName::from_static("service-worker-allowed");
const HTTPS_FOR_A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Whether Usher reads the answer itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is passed on as it comes.
    Streamed,
    /// It is read here: so it must come whole, unpacked and in the usual spelling.
    Read,
}

/// Cleans a request's headers on their way in: what belongs to the connection, to proxies and to Usher's cookies.
/// A `Content-Length` stays.
pub(crate) fn clean_request(headers: &mut HeaderMap) {
    drop_hop_by_hop(headers);
    headers.remove(EXPECT);
    let forwarding: Vec<HeaderName> = headers
        .keys()
        .filter(|name| trust::is_forwarding(name))
        .cloned()
        .collect();
    for name in forwarding {
        headers.remove(name);
    }
}

/// Writes what Jellyfin must know of the visitor, and takes out what only Usher may see.
pub(crate) fn for_upstream(headers: &mut HeaderMap, visit: &Visit, answer: Answer) {
    drop_own_cookies(headers);
    let scheme = HeaderValue::from_static(match visit.scheme {
        Scheme::Http => "http",
        Scheme::Https => "https",
    });
    headers.insert(FORWARDED_PROTO, scheme);
    set(headers, FORWARDED_FOR, &visit.address.to_string());
    if let Ok(host) = HeaderValue::from_str(&visit.host) {
        headers.insert(FORWARDED_HOST, host.clone());
        headers.insert(HOST, host);
    }
    if answer == Answer::Read {
        for name in [
            ACCEPT_ENCODING,
            IF_NONE_MATCH,
            IF_MODIFIED_SINCE,
            http::header::RANGE,
        ] {
            headers.remove(name);
        }
        spell_plainly(headers);
    }
}

/// Has an answer that is read here come with Jellyfin's own spelling of its keys: a client can ask for another one by a
/// profile of the media type, and what is kept from it would be overlooked. None of the field asks for that alone.
fn spell_plainly(headers: &mut HeaderMap) {
    let asks = |accepted: &HeaderValue| {
        let accepted = accepted.as_bytes().to_ascii_lowercase();
        accepted.windows(7).any(|word| word == b"profile")
    };
    if headers.get_all(ACCEPT).iter().any(asks) {
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    }
}

/// Cleans an answer's headers on their way out, and adds what Jellyfin's own pages lack (R51): nothing that would change
/// how they are framed or what they may load.
pub(crate) fn clean_answer(headers: &mut HeaderMap, visit: &Visit) {
    drop_hop_by_hop(headers);
    headers.remove(SERVICE_WORKER_ALLOWED);
    if is_page(visit.path.folded()) {
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if visit.scheme == Scheme::Https {
            headers.insert(STRICT_TRANSPORT_SECURITY, HTTPS_FOR_A_YEAR);
        }
    }
}

/// The web client and what it is made of.
fn is_page(path: &str) -> bool {
    path == "/" || path == "/web" || path.starts_with("/web/")
}

/// For an answer whose body was changed.
pub(crate) fn body_changed(headers: &mut HeaderMap) {
    for name in [CONTENT_LENGTH, ETAG, http::header::LAST_MODIFIED] {
        headers.remove(name);
    }
}

/// For an answer that another browser, or another person in this one, would get otherwise: nobody keeps it.
pub(crate) fn for_one_browser(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(VARY, HeaderValue::from_static("Accept-Language, Cookie"));
}

fn drop_hop_by_hop(headers: &mut HeaderMap) {
    if headers.contains_key(CONNECTION) {
        let named: Vec<HeaderName> = headers
            .get_all(CONNECTION)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .filter_map(|name| name.trim().parse().ok())
            // These decide what a request is: a client cannot have them dropped.
            .filter(|name| *name != CONTENT_LENGTH && *name != HOST)
            .collect();
        for name in named {
            headers.remove(name);
        }
    }
    for name in &HOP_BY_HOP {
        headers.remove(name);
    }
}

/// Usher's cookies are no business of Jellyfin's plugins.
fn drop_own_cookies(headers: &mut HeaderMap) {
    let Some(value) = headers.get(COOKIE).and_then(|value| value.to_str().ok()) else {
        return;
    };
    let is_own = |cookie: &str| {
        let name = cookie.split('=').next().unwrap_or_default();
        name.trim_start_matches("__Host-").starts_with("usher")
    };
    let kept: Vec<&str> = value
        .split(';')
        .map(str::trim)
        .filter(|cookie| !is_own(cookie))
        .collect();
    let kept = kept.join("; ");
    if kept.is_empty() {
        headers.remove(COOKIE);
    } else {
        set(headers, COOKIE, &kept);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r54_what_connection_names_ends_here_but_what_decides_stays() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Secret, Content-Length"),
            ("x-secret", "1"),
            ("content-length", "3"),
            ("x-forwarded-for", "1.1.1.1"),
            ("x-http-method-override", "DELETE"),
            ("x-original-url", "/Users"),
            ("accept", "*/*"),
        ] {
            headers.append(name, value.parse().unwrap());
        }
        clean_request(&mut headers);
        let mut left: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["accept", "content-length"]);
    }

    #[test]
    fn ushers_cookies_do_not_reach_jellyfin() {
        let mut headers = HeaderMap::new();
        headers.insert(
            COOKIE,
            "__Host-usher_session=abc; theme=dark; usher_session=abc"
                .parse()
                .unwrap(),
        );
        drop_own_cookies(&mut headers);
        assert_eq!(headers[COOKIE], "theme=dark");
    }
}
