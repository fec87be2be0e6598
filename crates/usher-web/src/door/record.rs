//! Records of JSON as Jellyfin reads them: the letter case of a key counts for nothing.
use bytes::Bytes;
use serde_json::{Map, Value};

/// The record of a body; an empty one where the body is none.
pub(super) fn read(body: &Bytes) -> Map<String, Value> {
    serde_json::from_slice(body).unwrap_or_default()
}

/// The last value of a key: so Jellyfin reads JSON.
pub(super) fn value<'a>(record: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    record
        .iter()
        .rfind(|(name, _)| name.eq_ignore_ascii_case(key))
        .map(|(_, value)| value)
}

/// Every text under a key: which of several Jellyfin takes is not guessed.
pub(super) fn texts(record: &Map<String, Value>, key: &str) -> Vec<String> {
    let found = record
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(key));
    let texts = found.filter_map(|(_, value)| value.as_str());
    texts
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Every list under a key.
pub(super) fn lists<'a>(
    record: &'a mut Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = &'a mut Vec<Value>> {
    let found = record
        .iter_mut()
        .filter(move |(name, _)| name.eq_ignore_ascii_case(key));
    found.filter_map(|(_, value)| value.as_array_mut())
}
