//! Profiles that are to become accounts of their own.
use sea_orm::sea_query::{ColumnDef, IndexCreateStatement, Table, TableCreateStatement};

/// One for each profile. `approved_at` is set from the moment an administrator approves until the account is there.
pub(super) fn tables() -> Vec<TableCreateStatement> {
    let table = Table::create()
        .table("promotion")
        .col(ColumnDef::new("profile").uuid().not_null().primary_key())
        .col(ColumnDef::new("request").uuid().not_null().unique_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("email").text().not_null())
        .col(ColumnDef::new("language").text().not_null())
        .col(ColumnDef::new("approved_at").big_integer())
        .col(ColumnDef::new("by_whom").uuid())
        .to_owned();
    vec![table]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![super::index("promotion", &["account"])]
}
