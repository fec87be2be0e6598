//! Whose device a screen becomes that is let in by Quick Connect.
use sea_orm::sea_query::{ColumnDef, Table, TableAlterStatement};

/// `approved_childs`: it becomes a child's device once it is signed in.
pub(super) fn columns() -> Vec<TableAlterStatement> {
    let childs = ColumnDef::new("approved_childs").boolean().to_owned();
    vec![
        Table::alter()
            .table("quick_connect")
            .add_column(childs)
            .to_owned(),
    ]
}
