//! All SQL of Usher, for SQLite and PostgreSQL alike.
//!
//! Invariant: entities and database errors never leave this crate; methods take and answer domain values.
//! Invariant: every write goes through [`Tx`], and what may be used once is consumed by one conditional update whose
//! row count decides.
mod activity;
mod challenge;
mod dialect;
mod entity;
mod error;
mod mailbox;
mod migration;
mod outbox;
mod request;
mod setting;
mod tx;
mod web_session;

pub use activity::ActivityLine;
pub use challenge::{Challenge, NewChallenge};
pub use error::StoreError;
pub use mailbox::KeptMail;
pub use outbox::{LeasedMail, MailState, NewMail, OutboxCounts, OutboxMail};
pub use request::OpenRequest;
pub use tx::{Store, StoreOptions, Tx};
pub use web_session::WebSession;
