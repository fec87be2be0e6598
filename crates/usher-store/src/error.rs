//! What can go wrong with the database, as far as a caller can act on it.
use sea_orm::{DbErr, SqlErr};

/// A database operation failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique value (an address, a name) belongs to another row. The transaction must be given up: PostgreSQL
    /// refuses everything after it.
    #[error("the value is already taken")]
    Taken,
    /// A row holds what this program cannot read: a newer program wrote it, or another master key.
    #[error("a row of {table} cannot be read: {reason}")]
    Unreadable {
        /// Which table.
        table: &'static str,
        /// Why, without the value.
        reason: String,
    },
    /// The schema is newer than this program (R77).
    #[error(
        "the database is of a newer version ({found}) than this program knows ({known}); use the newer program"
    )]
    TooNew {
        /// Version found.
        found: i64,
        /// Newest version known.
        known: i64,
    },
    /// The database could not be asked: down, locked, disk full.
    #[error("the database failed")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    pub(crate) fn unreadable(table: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Unreadable {
            table,
            reason: reason.to_string(),
        }
    }
}

pub(crate) fn failed(error: DbErr) -> StoreError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => StoreError::Taken,
        Some(_) | None => StoreError::Database(Box::new(error)),
    }
}
