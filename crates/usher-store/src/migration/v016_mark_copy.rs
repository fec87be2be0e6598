//! Watched marks that one seat of an account takes over from another.
use sea_orm::sea_query::{ColumnDef, Index, IndexCreateStatement, Table, TableCreateStatement};

use super::index;

/// `reached_at` and `reached_item` name the last mark that was looked at, in the order in which they are.
pub(super) fn tables() -> Vec<TableCreateStatement> {
    let table = Table::create()
        .table("mark_copy")
        .col(ColumnDef::new("source").uuid().not_null())
        .col(ColumnDef::new("target").uuid().not_null())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("asked_at").big_integer().not_null())
        .col(ColumnDef::new("reached_at").big_integer().not_null())
        .col(ColumnDef::new("reached_item").uuid().not_null())
        .col(ColumnDef::new("lease_until").big_integer().not_null())
        .primary_key(Index::create().col("source").col("target"))
        .to_owned();
    vec![table]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("mark_copy", &["account"]),
        index("mark_copy", &["target"]),
    ]
}
