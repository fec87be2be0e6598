//! Rows as sea-orm sees them. Private to this crate: methods of [`crate::Tx`] answer domain values.
pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod attempt;
pub(crate) mod challenge;
pub(crate) mod creation;
pub(crate) mod limit;
pub(crate) mod mailbox;
pub(crate) mod outbox;
pub(crate) mod quick_connect;
pub(crate) mod request;
pub(crate) mod setting;
pub(crate) mod ticket;
pub(crate) mod token;
pub(crate) mod web_session;
