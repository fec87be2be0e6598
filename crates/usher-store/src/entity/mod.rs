//! Rows as sea-orm sees them. Private to this crate: methods of [`crate::Tx`] answer domain values.
pub(crate) mod activity;
pub(crate) mod challenge;
pub(crate) mod mailbox;
pub(crate) mod outbox;
pub(crate) mod request;
pub(crate) mod setting;
pub(crate) mod web_session;
