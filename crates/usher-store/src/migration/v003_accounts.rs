//! Accounts, sign-ins on their way, and users that are being created in Jellyfin.
use sea_orm::sea_query::{ColumnDef, IndexCreateStatement, Table, TableCreateStatement};

use super::index;

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![account(), attempt(), creation()]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("account", &["name_key"]),
        index("account", &["email_key"]),
        index("attempt", &["expires_at"]),
    ]
}

fn account() -> TableCreateStatement {
    Table::create()
        .table("account")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("name_key").text().not_null())
        .col(ColumnDef::new("administrator").boolean().not_null())
        .col(ColumnDef::new("disabled").boolean().not_null())
        .col(ColumnDef::new("elsewhere").boolean().not_null())
        .col(ColumnDef::new("passwordless").boolean())
        .col(ColumnDef::new("email").text())
        .col(ColumnDef::new("email_key").text())
        .col(ColumnDef::new("proof").text())
        .col(ColumnDef::new("address_own").boolean().not_null())
        .col(ColumnDef::new("address_claim").text().unique_key())
        .col(ColumnDef::new("address_skipped_at").big_integer())
        .col(ColumnDef::new("set_up_way").text())
        .col(ColumnDef::new("set_up_until").big_integer().not_null())
        .col(ColumnDef::new("set_up_anywhere").boolean().not_null())
        .col(ColumnDef::new("set_up_lease").big_integer().not_null())
        .col(ColumnDef::new("recovery_off").boolean().not_null())
        .col(ColumnDef::new("language").text())
        .col(ColumnDef::new("first_seen_at").big_integer().not_null())
        .col(ColumnDef::new("signed_in_at").big_integer())
        .col(ColumnDef::new("gone_at").big_integer())
        .to_owned()
}

fn attempt() -> TableCreateStatement {
    Table::create()
        .table("attempt")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("digest").binary().not_null().unique_key())
        .col(ColumnDef::new("state").text().not_null())
        .col(ColumnDef::new("context").text().not_null())
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("expires_at").big_integer().not_null())
        .to_owned()
}

fn creation() -> TableCreateStatement {
    Table::create()
        .table("creation")
        .col(ColumnDef::new("name_key").text().not_null().primary_key())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("way").text().not_null())
        .col(ColumnDef::new("address").text())
        .col(ColumnDef::new("language").text())
        .col(ColumnDef::new("anywhere").boolean().not_null())
        .col(ColumnDef::new("by_whom").uuid())
        .col(ColumnDef::new("begun_at").big_integer().not_null())
        .to_owned()
}
