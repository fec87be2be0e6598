//! Whether the sign-in of a browser still tells who sits there.
use sea_orm::sea_query::{ColumnDef, Table, TableAlterStatement};

/// `level_counts`: no profile's seat was taken since the sign-in. Of browsers that are signed in already nobody knows.
pub(super) fn columns() -> Vec<TableAlterStatement> {
    let counts = ColumnDef::new("level_counts")
        .boolean()
        .not_null()
        .default(false)
        .to_owned();
    vec![
        Table::alter()
            .table("web_session")
            .add_column(counts)
            .to_owned(),
    ]
}
