//! Reading back, and writing, what several tables hold.
use serde::Serialize;
use serde::de::DeserializeOwned;
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::Hash;

use crate::StoreError;

/// A hash of 32 bytes.
pub(crate) fn hash(table: &'static str, bytes: Vec<u8>) -> Result<Hash, StoreError> {
    <[u8; 32]>::try_from(bytes)
        .map(Hash::from_bytes)
        .map_err(|other| StoreError::unreadable(table, format!("{} bytes of hash", other.len())))
}

/// How sure a sign-in was, by its name.
pub(crate) fn level(table: &'static str, name: &str) -> Result<FactorLevel, StoreError> {
    FactorLevel::ALL
        .into_iter()
        .find(|level| level.name() == name)
        .ok_or_else(|| StoreError::unreadable(table, format!("unknown factor level {name}")))
}

/// A value as JSON.
pub(crate) fn json(table: &'static str, value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| unreadable(table, &error))
}

/// A value out of JSON.
pub(crate) fn from_json<Value: DeserializeOwned>(
    table: &'static str,
    text: &str,
) -> Result<Value, StoreError> {
    serde_json::from_str(text).map_err(|error| unreadable(table, &error))
}

/// Says where, but not what: it may hold an address.
fn unreadable(table: &'static str, error: &serde_json::Error) -> StoreError {
    StoreError::unreadable(table, format!("JSON at column {}", error.column()))
}
