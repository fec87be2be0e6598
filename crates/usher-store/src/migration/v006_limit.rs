//! How often something was tried lately. One row for each account, name, address or network that failed.
use sea_orm::sea_query::{ColumnDef, IndexCreateStatement, Table, TableCreateStatement};

use super::index;

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("limit_tally")
            .col(ColumnDef::new("id").binary().not_null().primary_key())
            .col(ColumnDef::new("state").text().not_null())
            .col(ColumnDef::new("touched_at").big_integer().not_null())
            .to_owned(),
    ]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![index("limit_tally", &["touched_at"])]
}
