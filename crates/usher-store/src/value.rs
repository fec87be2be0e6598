//! Reading back what several tables hold.
use usher_domain::secret::Hash;

use crate::StoreError;

/// A hash of 32 bytes.
pub(crate) fn hash(table: &'static str, bytes: Vec<u8>) -> Result<Hash, StoreError> {
    <[u8; 32]>::try_from(bytes)
        .map(Hash::from_bytes)
        .map_err(|other| StoreError::unreadable(table, format!("{} bytes of hash", other.len())))
}
