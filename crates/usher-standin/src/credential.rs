//! Where a request carries its credential and the name of its device.
//!
//! Invariant: the header wins over the query; what 10.11 calls legacy is read only while the switch is on.
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::library::Query;
use crate::state::Device;

/// What a request says of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Claim {
    /// The device; empty fields where nothing was said.
    pub(crate) device: Device,
    /// The token; `None` where none was shown.
    pub(crate) token: Option<String>,
}

/// Whether the older carriers are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Legacy {
    /// `X-Emby-*`, `X-MediaBrowser-Token`, `api_key` and the scheme `Emby` count.
    On,
    /// Only `Authorization: MediaBrowser` and `ApiKey` count.
    Off,
}

/// Reads the claim of a request.
pub(crate) fn read(headers: &HeaderMap, query: &Query, legacy: Legacy) -> Claim {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .filter(|value| !value.is_empty())
    };
    let old = |name: &str| header(name).filter(|_| legacy == Legacy::On);
    let pairs = old("X-Emby-Authorization")
        .or_else(|| header(AUTHORIZATION.as_str()))
        .and_then(|text| parse(text, legacy))
        .unwrap_or_default();
    let value = |name: &str| {
        pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let token = Some(value("Token"))
        .filter(|token| !token.is_empty())
        .or_else(|| old("X-Emby-Token").map(str::to_owned))
        .or_else(|| old("X-MediaBrowser-Token").map(str::to_owned))
        .or_else(|| query.get("ApiKey").map(str::to_owned))
        .or_else(|| {
            query
                .get("api_key")
                .filter(|_| legacy == Legacy::On)
                .map(str::to_owned)
        });
    Claim {
        device: Device {
            id: value("DeviceId"),
            name: value("Device"),
            client: value("Client"),
            version: value("Version"),
        },
        token,
    }
}

/// The pairs of `MediaBrowser Key="value", …`; `None` for another scheme.
fn parse(text: &str, legacy: Legacy) -> Option<Vec<(String, String)>> {
    let (scheme, rest) = text.split_once(' ')?;
    let is_known = scheme.eq_ignore_ascii_case("MediaBrowser")
        || (legacy == Legacy::On && scheme.eq_ignore_ascii_case("Emby"));
    is_known.then(|| {
        split(rest)
            .into_iter()
            .filter_map(|part| pair(&part))
            .collect()
    })
}

/// Splits at commas outside quotes.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut part, mut is_quoted) = (Vec::new(), String::new(), false);
    for letter in text.chars() {
        match letter {
            ',' if !is_quoted => parts.push(std::mem::take(&mut part)),
            _ => {
                is_quoted ^= letter == '"';
                part.push(letter);
            }
        }
    }
    parts.push(part);
    parts
}

fn pair(part: &str) -> Option<(String, String)> {
    let (key, value) = part.split_once('=')?;
    let value = value.trim().trim_matches('"');
    let value = percent_encoding::percent_decode_str(value)
        .decode_utf8_lossy()
        .into_owned();
    Some((key.trim().to_owned(), value))
}
