//! Settings, and which version the schema has.
use sea_orm::sea_query::{ColumnDef, IndexCreateStatement, Table, TableCreateStatement};

/// One row for each step that was done. Made before anything else.
pub(super) fn versions() -> TableCreateStatement {
    Table::create()
        .table("schema_version")
        .if_not_exists()
        .col(
            ColumnDef::new("version")
                .big_integer()
                .not_null()
                .primary_key(),
        )
        .to_owned()
}

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("setting")
            .col(ColumnDef::new("name").text().not_null().primary_key())
            .col(ColumnDef::new("value").binary().not_null())
            .to_owned(),
    ]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    Vec::new()
}
