//! Rows as sea-orm sees them. Private to this crate: methods of [`crate::Tx`] answer domain values.
pub(crate) mod setting;
