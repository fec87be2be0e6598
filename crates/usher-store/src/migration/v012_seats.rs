//! At which profile's seat a browser is, and under which device id a screen asked to be let in.
use sea_orm::sea_query::{ColumnDef, Table, TableAlterStatement};

/// `seat` is the Jellyfin user of a profile, absent for the owner's; `owner_shown_at` is when the owner's PIN was right there.
pub(super) fn columns() -> Vec<TableAlterStatement> {
    let seat = ColumnDef::new("seat").uuid().to_owned();
    let owner_shown = ColumnDef::new("owner_shown_at").big_integer().to_owned();
    let device_id = ColumnDef::new("device_id").text().to_owned();
    vec![
        Table::alter()
            .table("web_session")
            .add_column(seat)
            .to_owned(),
        Table::alter()
            .table("web_session")
            .add_column(owner_shown)
            .to_owned(),
        Table::alter()
            .table("quick_connect")
            .add_column(device_id)
            .to_owned(),
    ]
}
