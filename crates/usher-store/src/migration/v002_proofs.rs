//! One-time codes and links, web sessions, the activity log, and what people ask administrators for.
use sea_orm::sea_query::{ColumnDef, IndexCreateStatement, Table, TableCreateStatement};

use super::index;

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![challenge(), web_session(), activity(), request()]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("challenge", &["digest"]),
        index("challenge", &["flow", "purpose"]),
        index("challenge", &["account", "purpose"]),
        index("web_session", &["account"]),
        index("activity", &["account", "id"]),
        index("request", &["account"]),
    ]
}

fn challenge() -> TableCreateStatement {
    Table::create()
        .table("challenge")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("digest").binary().not_null())
        .col(ColumnDef::new("flow").binary())
        .col(ColumnDef::new("account").uuid())
        .col(ColumnDef::new("purpose").text().not_null())
        .col(ColumnDef::new("target").text().not_null())
        .col(ColumnDef::new("issued_at").big_integer().not_null())
        .col(ColumnDef::new("expires_at").big_integer().not_null())
        .col(ColumnDef::new("tries").big_integer().not_null())
        .col(ColumnDef::new("lease_until").big_integer().not_null())
        .col(ColumnDef::new("consumed_at").big_integer())
        .to_owned()
}

fn web_session() -> TableCreateStatement {
    Table::create()
        .table("web_session")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("digest").binary().not_null().unique_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("client").text().not_null())
        .col(ColumnDef::new("address").text().not_null())
        .col(ColumnDef::new("token").binary())
        .col(ColumnDef::new("opened_at").big_integer().not_null())
        .col(ColumnDef::new("used_at").big_integer().not_null())
        .col(ColumnDef::new("proved_at").big_integer().not_null())
        .to_owned()
}

fn activity() -> TableCreateStatement {
    Table::create()
        .table("activity")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("account").uuid())
        .col(ColumnDef::new("actor").uuid())
        .col(ColumnDef::new("at").big_integer().not_null())
        .col(ColumnDef::new("what").text().not_null())
        .col(ColumnDef::new("client").text().not_null())
        .col(ColumnDef::new("address").text().not_null())
        .to_owned()
}

fn request() -> TableCreateStatement {
    Table::create()
        .table("request")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("wish").text().not_null())
        .col(ColumnDef::new("asked_at").big_integer().not_null())
        .col(ColumnDef::new("done_at").big_integer())
        .to_owned()
}
