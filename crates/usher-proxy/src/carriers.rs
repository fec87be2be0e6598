//! Seven carriers of a credential in, one out (design, section 3; reference, 1.3).
//!
//! Jellyfin's versions differ in which carrier wins and which they still take. Here all are read, two that disagree are
//! refused, all are removed, and one canonical `Authorization: MediaBrowser …` goes upstream. So clients that 12.0 has
//! locked out work again.
use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use usher_domain::secret::SecretText;

use crate::identity::ClientIdentity;
use crate::query::{form_decode, form_decoded};

const EMBY_AUTHORIZATION: HeaderName = HeaderName::from_static("x-emby-authorization");
const TOKEN_HEADERS: [HeaderName; 2] = [
    HeaderName::from_static("x-emby-token"),
    HeaderName::from_static("x-mediabrowser-token"),
];

/// What a request carried.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// The one credential.
    pub token: Option<SecretText>,
    /// The identity that the client gave.
    pub identity: Option<ClientIdentity>,
    /// The query without credentials, as it goes upstream.
    pub query: Option<String>,
    /// Whether a credential stood in the query.
    pub key_in_query: bool,
}

/// Why a request's credentials are refused with 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusedCarriers {
    /// Two carriers with different tokens.
    #[error("the request carries two different credentials")]
    Conflict,
    /// The whole query is encoded as one key: Jellyfin decodes it after it has looked for a token.
    #[error("the query is encoded as a whole")]
    EncodedQuery,
}

/// Reads every carrier and removes it from the headers. `query` is the raw query.
pub fn take(headers: &mut HeaderMap, query: Option<&str>) -> Result<Carried, RefusedCarriers> {
    let mut carried = Carried::default();
    let mut tokens: Vec<String> = Vec::new();
    for name in [header::AUTHORIZATION, EMBY_AUTHORIZATION] {
        for value in headers.get_all(&name) {
            let Some((identity, token)) = parse_authorization(&text(value)) else {
                continue;
            };
            carried.identity.get_or_insert(identity);
            tokens.extend(token);
        }
        headers.remove(&name);
    }
    for name in TOKEN_HEADERS {
        for value in headers.get_all(&name) {
            tokens.push(text(value).trim().to_owned());
        }
        headers.remove(&name);
    }
    if let Some(query) = query {
        let before = tokens.len();
        carried.query = take_from_query(query, &mut tokens)?;
        carried.key_in_query = tokens.len() > before;
    }
    tokens.retain(|token| !token.is_empty());
    tokens.dedup();
    let mut tokens = tokens.into_iter();
    let token = tokens.next();
    if tokens.any(|other| Some(&other) != token.as_ref()) {
        return Err(RefusedCarriers::Conflict);
    }
    carried.token = token.map(SecretText::new);
    Ok(carried)
}

/// Writes the one carrier that goes upstream.
pub fn put(headers: &mut HeaderMap, identity: Option<&ClientIdentity>, token: Option<&SecretText>) {
    if identity.is_none() && token.is_none() {
        return;
    }
    let token = token.map(SecretText::reveal);
    let text = match identity {
        Some(identity) => identity.header(token),
        None => ClientIdentity::default().header(token),
    };
    if let Ok(mut value) = HeaderValue::try_from(text) {
        value.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, value);
    }
}

/// The query with exactly one `ApiKey`: for streams, playlists and sockets, which hand it on to what they name.
pub fn query_with_key(query: Option<&str>, token: &SecretText) -> String {
    let key: String =
        percent_encoding::utf8_percent_encode(token.reveal(), percent_encoding::NON_ALPHANUMERIC)
            .collect();
    match query {
        Some(rest) if !rest.is_empty() => format!("{rest}&ApiKey={key}"),
        Some(_) | None => format!("ApiKey={key}"),
    }
}

fn take_from_query(
    query: &str,
    tokens: &mut Vec<String>,
) -> Result<Option<String>, RefusedCarriers> {
    let mut kept: Vec<&str> = Vec::new();
    for pair in query.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let key = form_decoded(key);
        if key.contains('=') || key.contains('&') {
            return Err(RefusedCarriers::EncodedQuery);
        }
        if key.eq_ignore_ascii_case("apikey") || key.eq_ignore_ascii_case("api_key") {
            tokens.push(form_decode(value).trim().to_owned());
        } else {
            kept.push(pair);
        }
    }
    Ok((!kept.is_empty()).then(|| kept.join("&")))
}

/// A header's text. iOS names devices with a curly apostrophe and sends it as it is.
fn text(value: &HeaderValue) -> Cow<'_, str> {
    String::from_utf8_lossy(value.as_bytes())
}

/// Reads `MediaBrowser …` or `Emby …` as Jellyfin does: parts `key="value"` or `key=value` between commas, values
/// form-decoded. Swift sends them unquoted with blanks and in any order, Kodi unquoted and encoded, Finamp without a
/// blank after the comma. `None` for any other scheme.
fn parse_authorization(value: &str) -> Option<(ClientIdentity, Option<String>)> {
    let (scheme, parts) = value.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("MediaBrowser") && !scheme.eq_ignore_ascii_case("Emby") {
        return None;
    }
    let mut identity = ClientIdentity::default();
    let mut token = None;
    for (key, value) in split_parts(parts) {
        let value = form_decode(value.trim().trim_matches('"'));
        match key {
            "Client" => identity.client = value,
            "Device" => identity.device = value,
            "DeviceId" => identity.device_id = value,
            "Version" => identity.version = value,
            "Token" => token = Some(value),
            _unknown => {}
        }
    }
    Some((identity, token))
}

/// Splits at commas outside of quotes.
fn split_parts(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut quoted = false;
    text.split(move |letter| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    })
    .filter_map(|part| part.split_once('='))
    .map(|(key, value)| (key.trim(), value))
}

#[cfg(test)]
mod tests;
