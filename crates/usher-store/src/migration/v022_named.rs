//! What answers of Jellyfin named to whom, to be played: live television is judged by it.
use sea_orm::sea_query::{ColumnDef, Index, IndexCreateStatement, Table, TableCreateStatement};

use super::index;

/// `item`: of which the answer spoke; none where nobody can say.
pub(super) fn tables() -> Vec<TableCreateStatement> {
    let table = Table::create()
        .table("named")
        .col(ColumnDef::new("jellyfin_user").uuid().not_null())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("item").uuid())
        .col(ColumnDef::new("used_at").big_integer().not_null())
        .primary_key(Index::create().col("jellyfin_user").col("name"))
        .to_owned();
    vec![table]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![index("named", &["used_at"])]
}
