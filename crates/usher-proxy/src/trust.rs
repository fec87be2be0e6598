//! Who is really there: the visitor's address, scheme and host behind proxies (R53).
//!
//! Pure functions over the peer's address and the headers. A header of a peer that is not listed is never believed;
//! that it was there is told, because then a proxy is probably missing from the list.
use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use usher_domain::network::is_private;

use crate::rules::Scheme;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// What the headers and the connection tell of a visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The nearest hop that is not one of our own proxies.
    pub address: IpAddr,
    /// `false` where an unlisted peer on a private network sends forwarding headers, as a proxy does, and where a listed one
    /// names nobody.
    pub is_exact: bool,
    /// The scheme that the visitor used.
    pub scheme: Scheme,
    /// The host that the visitor typed, where a trusted proxy names it.
    pub host: Option<String>,
}

/// Reads who is there. `scheme` is that of the connection itself.
pub fn origin(peer: IpAddr, scheme: Scheme, headers: &HeaderMap, trusted: &[IpNet]) -> Origin {
    let peer = peer.to_canonical();
    if !is_trusted(peer, trusted) {
        let is_exact = !(is_private(peer) && has_forwarding(headers));
        return Origin {
            address: peer,
            is_exact,
            scheme,
            host: None,
        };
    }
    let proto = last_of(headers, &FORWARDED_PROTO).or_else(|| parameter(headers, "proto"));
    let scheme = match proto.as_deref() {
        Some("https" | "wss") => Scheme::Https,
        Some("http" | "ws") => Scheme::Http,
        Some(_) | None => scheme,
    };
    let host = last_of(headers, &FORWARDED_HOST).or_else(|| parameter(headers, "host"));
    let named = nearest_stranger(headers, trusted);
    Origin {
        address: named.unwrap_or(peer),
        // A proxy that does not say for whom it asks may stand there for anybody.
        is_exact: named.is_some(),
        scheme,
        host,
    }
}

/// Whether an address is one of our own proxies.
pub fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted
        .iter()
        .any(|net| net.contains(&address.to_canonical()))
}

/// Whether a header only tells what proxies say of a visitor. None of a client's goes upstream.
pub fn is_forwarding(name: &HeaderName) -> bool {
    let name = name.as_str();
    name.starts_with("x-forwarded-")
        || name.starts_with("cf-")
        || name.starts_with("x-original-")
        || matches!(
            name,
            "forwarded" | "x-real-ip" | "true-client-ip" | "x-client-ip" | "x-rewrite-url"
        )
        || name.ends_with("-method-override")
}

/// Walks from the right past trusted hops. What is not an address ends the walk at the last good hop: nothing before
/// it can be believed. `None`: no hop is named.
fn nearest_stranger(headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let mut nearest = None;
    for hop in hops(headers).iter().rev() {
        let Some(address) = address_of(hop) else {
            return nearest;
        };
        nearest = Some(address);
        if !is_trusted(address, trusted) {
            return nearest;
        }
    }
    nearest
}

/// Every hop in order: `X-Forwarded-For` with all its lines joined, else the `for=` of `Forwarded`.
fn hops(headers: &HeaderMap) -> Vec<String> {
    let joined = |name: &HeaderName| -> Vec<String> {
        let lines = headers.get_all(name).iter();
        let lines = lines.map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned());
        lines
            .flat_map(|line| {
                line.split(',')
                    .map(|hop| hop.trim().to_owned())
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    let plain = joined(&FORWARDED_FOR);
    if !plain.is_empty() {
        return plain;
    }
    let elements = joined(&header::FORWARDED);
    elements
        .iter()
        .map(|element| pair(element, "for").unwrap_or_default())
        .collect()
}

fn address_of(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_matches('"');
    let unbracketed = bare
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(bare);
    let address = unbracketed.parse().ok();
    address
        .or_else(|| bare.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .map(|ip: IpAddr| ip.to_canonical())
}

fn last_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    line.rsplit(',')
        .next()
        .map(|value| value.trim().to_ascii_lowercase())
}

/// A parameter of the last element of `Forwarded`.
fn parameter(headers: &HeaderMap, name: &str) -> Option<String> {
    pair(&last_of(headers, &header::FORWARDED)?, name)
}

fn pair(element: &str, name: &str) -> Option<String> {
    element.split(';').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn has_forwarding(headers: &HeaderMap) -> bool {
    headers.keys().any(is_forwarding)
}

#[cfg(test)]
mod tests;
