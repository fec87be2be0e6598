//! How often everything that lets somebody in to an account was ended.
use sea_orm::sea_query::{ColumnDef, Table, TableAlterStatement};

pub(super) fn columns() -> Vec<TableAlterStatement> {
    let epoch = ColumnDef::new("epoch")
        .big_integer()
        .not_null()
        .default(0)
        .to_owned();
    vec![Table::alter().table("account").add_column(epoch).to_owned()]
}
