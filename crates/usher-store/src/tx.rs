//! Opening the database, and the one way to write to it.
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use sea_orm::sea_query::IntoCondition;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectOptions, Database, DatabaseConnection,
    DatabaseTransaction, EntityTrait, QueryFilter, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use usher_domain::time::Timestamp;

use crate::error::{StoreError, failed};
use crate::{dialect, migration};

/// Which database.
#[derive(Clone)]
pub enum StoreOptions {
    /// One SQLite file; made when it is missing.
    Sqlite(PathBuf),
    /// PostgreSQL by URL, which may hold a password.
    Postgres(String),
}

impl fmt::Debug for StoreOptions {
    /// The file's path, or that it is PostgreSQL: a URL may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(..)"),
        }
    }
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) db: DatabaseConnection,
}

/// A transaction: everything in it happens, or nothing. Dropped without [`commit`](Tx::commit), it is undone.
#[derive(Debug)]
pub struct Tx {
    pub(crate) inner: DatabaseTransaction,
}

impl Store {
    /// Opens the database and brings its schema to this program's version.
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let mut connect = ConnectOptions::new(match options {
            StoreOptions::Sqlite(path) => format!("sqlite://{}?mode=rwc", path.display()),
            StoreOptions::Postgres(url) => url.clone(),
        });
        connect
            .acquire_timeout(Duration::from_secs(5))
            .connect_timeout(Duration::from_secs(5))
            .sqlx_logging(false);
        dialect::configure(&mut connect);
        let db = Database::connect(connect).await.map_err(failed)?;
        migration::run(&db).await?;
        Ok(Self { db })
    }

    /// Begins a transaction. SQLite takes the write lock at once, so that a read followed by a write cannot fail half
    /// way.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let inner = self.db.begin_with_options(options).await.map_err(failed)?;
        Ok(Tx { inner })
    }
}

impl Tx {
    /// Makes everything in the transaction last.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await.map_err(failed)
    }

    /// Adds a row, by one statement whatever the database: SQLite is not asked for the row again.
    pub(crate) async fn add<Row: ActiveModelTrait>(&self, row: Row) -> Result<(), StoreError> {
        <Row::Entity as EntityTrait>::insert(row)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Forgets the rows of a table whose moment in this column lies before another. Rows without a moment stay.
    pub(crate) async fn forget<Table: EntityTrait>(
        &self,
        moment: Table::Column,
        before: Timestamp,
    ) -> Result<(), StoreError> {
        self.remove::<Table>(moment.lt(before.as_millis())).await?;
        Ok(())
    }

    /// Removes the rows of a table that meet a condition. Answers how many there were.
    pub(crate) async fn remove<Table: EntityTrait>(
        &self,
        which: impl IntoCondition,
    ) -> Result<u64, StoreError> {
        let removed = Table::delete_many()
            .filter(which.into_condition())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(removed.rows_affected)
    }
}
