//! All SQL of Usher, for SQLite and PostgreSQL alike.
//!
//! Invariant: entities and database errors never leave this crate; methods take and answer domain values.
//! Invariant: every write goes through [`Tx`], and what may be used once is consumed by one conditional update whose
//! row count decides.
mod dialect;
mod entity;
mod error;
mod migration;
mod setting;
mod tx;

pub use error::StoreError;
pub use tx::{Store, StoreOptions, Tx};
