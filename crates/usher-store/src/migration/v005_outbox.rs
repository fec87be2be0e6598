//! Mails that wait or that died, and those that a demo kept instead of sending.
use sea_orm::sea_query::{ColumnDef, IndexCreateStatement, Table, TableCreateStatement};

use super::index;

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![outbox(), mailbox()]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![index("outbox", &["state", "due_at"])]
}

fn outbox() -> TableCreateStatement {
    Table::create()
        .table("outbox")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("recipient").text().not_null())
        .col(ColumnDef::new("language").text().not_null())
        .col(ColumnDef::new("kind").text().not_null())
        .col(ColumnDef::new("urgency").big_integer().not_null())
        .col(ColumnDef::new("payload").binary())
        .col(ColumnDef::new("state").text().not_null())
        .col(ColumnDef::new("queued_at").big_integer().not_null())
        .col(ColumnDef::new("due_at").big_integer().not_null())
        .col(ColumnDef::new("worthless_at").big_integer().not_null())
        .col(ColumnDef::new("tries").big_integer().not_null())
        .col(ColumnDef::new("lease_until").big_integer().not_null())
        .col(ColumnDef::new("ended_at").big_integer())
        .col(ColumnDef::new("reason").text())
        .to_owned()
}

fn mailbox() -> TableCreateStatement {
    Table::create()
        .table("mailbox")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("recipient").text().not_null())
        .col(ColumnDef::new("kind").text().not_null())
        .col(ColumnDef::new("subject").text().not_null())
        .col(ColumnDef::new("body_text").text().not_null())
        .col(ColumnDef::new("body_html").text().not_null())
        .col(ColumnDef::new("code").text())
        .col(ColumnDef::new("link").text())
        .col(ColumnDef::new("kept_at").big_integer().not_null())
        .to_owned()
}
