//! The few places where SQLite and PostgreSQL differ, each with its reason.
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, DbBackend};

use crate::error::{StoreError, failed};

/// Number of Usher's advisory lock in PostgreSQL: any constant that nobody else uses.
const MIGRATION_LOCK: i64 = 0x0075_7368_6572;

/// SQLite loses nothing that was committed (`synchronous = FULL`, R61), lets readers go on beside a writer (WAL), and
/// waits for another writer instead of failing at once.
pub(crate) fn configure(connect: &mut ConnectOptions) {
    connect.map_sqlx_sqlite_opts(|options| {
        options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
    });
}

/// Lets one program at a time migrate. SQLite's immediate transaction is such a lock already.
pub(crate) async fn lock_migrations(tx: &impl ConnectionTrait) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
        tx.execute_unprepared(&lock).await.map_err(failed)?;
    }
    Ok(())
}
