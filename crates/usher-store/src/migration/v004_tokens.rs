//! Jellyfin tokens that Usher knows of, tickets for streams without a token, and Quick Connect.
use sea_orm::sea_query::{ColumnDef, Index, IndexCreateStatement, Table, TableCreateStatement};

use super::index;

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![token(), ticket(), quick_connect()]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("token", &["account"]),
        index("token", &["jellyfin_user", "device_id"]),
        index("ticket", &["used_at"]),
        index("quick_connect", &["code"]),
    ]
}

fn token() -> TableCreateStatement {
    Table::create()
        .table("token")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("digest").binary().not_null().unique_key())
        .col(ColumnDef::new("sealed").binary().not_null())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("jellyfin_user").uuid().not_null())
        .col(ColumnDef::new("door").text().not_null())
        .col(ColumnDef::new("client").text().not_null())
        .col(ColumnDef::new("device").text().not_null())
        .col(ColumnDef::new("device_id").text().not_null())
        .col(ColumnDef::new("version").text().not_null())
        .col(ColumnDef::new("address").text().not_null())
        .col(ColumnDef::new("issued_at").big_integer().not_null())
        .col(ColumnDef::new("used_at").big_integer().not_null())
        .col(ColumnDef::new("ended_at").big_integer())
        .col(ColumnDef::new("adopted").boolean().not_null())
        .to_owned()
}

fn ticket() -> TableCreateStatement {
    Table::create()
        .table("ticket")
        .col(ColumnDef::new("address").text().not_null())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("token").binary().not_null())
        .col(ColumnDef::new("used_at").big_integer().not_null())
        .primary_key(Index::create().col("address").col("name"))
        .to_owned()
}

fn quick_connect() -> TableCreateStatement {
    Table::create()
        .table("quick_connect")
        .col(ColumnDef::new("secret").binary().not_null().primary_key())
        .col(ColumnDef::new("code").text())
        .col(ColumnDef::new("client").text().not_null())
        .col(ColumnDef::new("device").text().not_null())
        .col(ColumnDef::new("address").text().not_null())
        .col(ColumnDef::new("asked_at").big_integer().not_null())
        .col(ColumnDef::new("approved_by").uuid())
        .col(ColumnDef::new("approved_at").big_integer())
        .col(ColumnDef::new("used_at").big_integer())
        .to_owned()
}
