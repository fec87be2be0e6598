//! As whom an app wants in that waits to be approved, and which ended tokens Jellyfin must still be told of.
use sea_orm::sea_query::{ColumnDef, IndexCreateStatement, Table, TableAlterStatement};

use super::index;

/// A press without a user is the owner's. `sign_out_from` is empty for a token that Jellyfin has ended, or that lives.
pub(super) fn columns() -> Vec<TableAlterStatement> {
    let added = |table: &'static str, column: ColumnDef| {
        Table::alter().table(table).add_column(column).to_owned()
    };
    vec![
        added("press", ColumnDef::new("jellyfin_user").uuid().to_owned()),
        added(
            "token",
            ColumnDef::new("sign_out_from").big_integer().to_owned(),
        ),
    ]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![index("token", &["sign_out_from"])]
}
