//! The schema, step by step. A step is never edited after a release; there is no way back but a backup (R77).
//!
//! A new step is a file `vNNN_what.rs` with `pub(super) fn tables()` and `indexes()`, or `columns()` that tables of before
//! get besides, and a line in [`STEPS`]. A new column is nullable or has a default, one `ALTER TABLE` for each (SQLite
//! takes no more). Columns are `uuid`, `text`, `big_integer` (milliseconds, counters), `boolean` and `binary`; nothing
//! else, so that both databases hold the same.
mod v001_meta;
mod v002_proofs;
mod v003_accounts;
mod v004_tokens;
mod v005_outbox;
mod v006_limit;
mod v007_stamps;
mod v008_factors;
mod v009_keys;
mod v010_profiles;
mod v011_ended;
mod v012_seats;
mod v014_pictures;
mod v016_mark_copy;
mod v017_promotion;
mod v018_seat_taken;
mod v019_screen_use;
mod v021_preferences_held;
mod v022_named;
mod v023_declined;

use sea_orm::sea_query::{
    Expr, ExprTrait, Index, IndexCreateStatement, Query, TableAlterStatement, TableCreateStatement,
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use crate::dialect;
use crate::error::{StoreError, failed};

struct Step {
    version: i64,
    tables: fn() -> Vec<TableCreateStatement>,
    columns: fn() -> Vec<TableAlterStatement>,
    indexes: fn() -> Vec<IndexCreateStatement>,
}

const STEPS: &[Step] = &[
    Step {
        version: 1,
        tables: v001_meta::tables,
        columns: Vec::new,
        indexes: v001_meta::indexes,
    },
    Step {
        version: 2,
        tables: v002_proofs::tables,
        columns: Vec::new,
        indexes: v002_proofs::indexes,
    },
    Step {
        version: 3,
        tables: v003_accounts::tables,
        columns: Vec::new,
        indexes: v003_accounts::indexes,
    },
    Step {
        version: 4,
        tables: v004_tokens::tables,
        columns: Vec::new,
        indexes: v004_tokens::indexes,
    },
    Step {
        version: 5,
        tables: v005_outbox::tables,
        columns: Vec::new,
        indexes: v005_outbox::indexes,
    },
    Step {
        version: 6,
        tables: v006_limit::tables,
        columns: Vec::new,
        indexes: v006_limit::indexes,
    },
    Step {
        version: 7,
        tables: Vec::new,
        columns: v007_stamps::columns,
        indexes: Vec::new,
    },
    Step {
        version: 8,
        tables: v008_factors::tables,
        columns: v008_factors::columns,
        indexes: v008_factors::indexes,
    },
    Step {
        version: 9,
        tables: v009_keys::tables,
        columns: Vec::new,
        indexes: v009_keys::indexes,
    },
    Step {
        version: 10,
        tables: v010_profiles::tables,
        columns: Vec::new,
        indexes: v010_profiles::indexes,
    },
    Step {
        version: 11,
        tables: Vec::new,
        columns: v011_ended::columns,
        indexes: v011_ended::indexes,
    },
    Step {
        version: 12,
        tables: Vec::new,
        columns: v012_seats::columns,
        indexes: Vec::new,
    },
    Step {
        version: 14,
        tables: v014_pictures::tables,
        columns: v014_pictures::columns,
        indexes: Vec::new,
    },
    Step {
        version: 16,
        tables: v016_mark_copy::tables,
        columns: Vec::new,
        indexes: v016_mark_copy::indexes,
    },
    Step {
        version: 17,
        tables: v017_promotion::tables,
        columns: Vec::new,
        indexes: v017_promotion::indexes,
    },
    Step {
        version: 18,
        tables: Vec::new,
        columns: v018_seat_taken::columns,
        indexes: Vec::new,
    },
    Step {
        version: 19,
        tables: Vec::new,
        columns: v019_screen_use::columns,
        indexes: Vec::new,
    },
    Step {
        version: 21,
        tables: Vec::new,
        columns: v021_preferences_held::columns,
        indexes: Vec::new,
    },
    Step {
        version: 22,
        tables: v022_named::tables,
        columns: Vec::new,
        indexes: v022_named::indexes,
    },
    Step {
        version: 23,
        tables: Vec::new,
        columns: v023_declined::columns,
        indexes: Vec::new,
    },
];

/// Brings the schema to the newest version in one transaction: `kill -9` leaves the old schema or the new one.
pub(crate) async fn run(db: &DatabaseConnection) -> Result<(), StoreError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = db.begin_with_options(options).await.map_err(failed)?;
    dialect::lock_migrations(&tx).await?;
    tx.execute(&v001_meta::versions()).await.map_err(failed)?;
    let newest = Query::select()
        .expr(Expr::col("version").max())
        .from("schema_version")
        .to_owned();
    let row = tx.query_one(&newest).await.map_err(failed)?;
    let found = match row {
        Some(row) => row
            .try_get_by_index::<Option<i64>>(0)
            .map_err(failed)?
            .unwrap_or(0),
        None => 0,
    };
    let known = STEPS.last().map_or(0, |step| step.version);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for step in STEPS.iter().filter(|step| step.version > found) {
        for table in (step.tables)() {
            tx.execute(&table).await.map_err(failed)?;
        }
        for column in (step.columns)() {
            tx.execute(&column).await.map_err(failed)?;
        }
        for index in (step.indexes)() {
            tx.execute(&index).await.map_err(failed)?;
        }
        let done = Query::insert()
            .into_table("schema_version")
            .columns(["version"])
            .values_panic([step.version.into()])
            .to_owned();
        tx.execute(&done).await.map_err(failed)?;
    }
    tx.commit().await.map_err(failed)
}

/// An index over columns of a table, named after both.
fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(format!("{table}_by_{}", columns.join("_")))
        .table(table);
    for column in columns {
        index.col(*column);
    }
    index
}
