//! Which preferences of a profile Jellyfin was given.
use sea_orm::sea_query::{ColumnDef, Table, TableAlterStatement};

/// `preferences_held`: a list of what stands in `preferences`; none where nothing was given yet.
pub(super) fn columns() -> Vec<TableAlterStatement> {
    let held = ColumnDef::new("preferences_held").text().to_owned();
    vec![Table::alter().table("profile").add_column(held).to_owned()]
}
