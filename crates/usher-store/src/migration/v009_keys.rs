//! What is known of API keys, and what is remembered of Jellyfin's own activity log.
use sea_orm::sea_query::{ColumnDef, IndexCreateStatement, Table, TableCreateStatement};

use super::index;

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![api_key(), noticed(), own_change()]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("own_change", &["account"]),
        index("activity", &["at"]),
    ]
}

fn api_key() -> TableCreateStatement {
    Table::create()
        .table("api_key")
        .col(ColumnDef::new("digest").binary().not_null().primary_key())
        .col(ColumnDef::new("networks").text().not_null())
        .col(ColumnDef::new("seen_at").big_integer())
        .col(ColumnDef::new("address").text().not_null())
        .to_owned()
}

fn noticed() -> TableCreateStatement {
    Table::create()
        .table("noticed")
        .col(ColumnDef::new("log").text().not_null().primary_key())
        .col(ColumnDef::new("entry").big_integer().not_null())
        .to_owned()
}

fn own_change() -> TableCreateStatement {
    Table::create()
        .table("own_change")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("made_at").big_integer().not_null())
        .to_owned()
}
