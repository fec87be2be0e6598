//! Pictures that owners gave to profiles, and which one Jellyfin has.
use sea_orm::sea_query::{ColumnDef, Table, TableAlterStatement, TableCreateStatement};

/// A profile has one at most. `name` is what its address says, and changes with it.
pub(super) fn tables() -> Vec<TableCreateStatement> {
    let picture = Table::create()
        .table("picture")
        .col(ColumnDef::new("profile").uuid().not_null().primary_key())
        .col(ColumnDef::new("name").text().not_null().unique_key())
        .col(ColumnDef::new("jpeg").binary().not_null())
        .to_owned();
    vec![picture]
}

pub(super) fn columns() -> Vec<TableAlterStatement> {
    let held = ColumnDef::new("picture_held").text().to_owned();
    vec![Table::alter().table("profile").add_column(held).to_owned()]
}
