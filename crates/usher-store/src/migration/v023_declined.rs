//! That an administrator declined a wish for an account of its own.
use sea_orm::sea_query::{ColumnDef, Table, TableAlterStatement};

/// `declined_at`: when; none while it waits, or is approved. The row stays until the profile asks again, or is gone.
pub(super) fn columns() -> Vec<TableAlterStatement> {
    let declined = ColumnDef::new("declined_at").big_integer().to_owned();
    let table = Table::alter()
        .table("promotion")
        .add_column(declined)
        .to_owned();
    vec![table]
}
