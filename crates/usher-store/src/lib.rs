//! All SQL of Usher, for SQLite and PostgreSQL alike.
//!
//! Invariant: entities and database errors never leave this crate; methods take and answer domain values.
//! Invariant: every write goes through [`Tx`], and what may be used once is consumed by one conditional update whose
//! row count decides.
mod account;
mod activity;
mod attempt;
mod challenge;
mod creation;
mod dialect;
mod entity;
mod error;
mod limit;
mod mailbox;
mod migration;
mod outbox;
mod quick_connect;
mod request;
mod setting;
mod ticket;
mod token;
mod tx;
mod value;
mod web_session;

pub use account::{AccountCounts, AccountSearch, AccountState, Claim};
pub use activity::ActivityLine;
pub use attempt::{NewAttempt, StoredAttempt};
pub use challenge::{Challenge, NewChallenge};
pub use creation::Creation;
pub use error::StoreError;
pub use mailbox::KeptMail;
pub use outbox::{LeasedMail, MailState, NewMail, OutboxCounts, OutboxMail};
pub use quick_connect::QuickConnectAsked;
pub use request::OpenRequest;
pub use token::KnownToken;
pub use tx::{Store, StoreOptions, Tx};
pub use web_session::WebSession;
