//! Second factors, what stands in for one, and sign-ins that wait for one.
use sea_orm::sea_query::{
    ColumnDef, Index, IndexCreateStatement, Table, TableAlterStatement, TableCreateStatement,
};

use super::index;

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![
        factor(),
        factor_rule(),
        ceremony(),
        recovery_code(),
        trusted_browser(),
        trusted_browser_spent(),
        app_password(),
        press(),
        unfinished(),
    ]
}

pub(super) fn columns() -> Vec<TableAlterStatement> {
    let level = |name: &'static str| {
        ColumnDef::new(name)
            .text()
            .not_null()
            .default("none")
            .to_owned()
    };
    let added = |table: &'static str, column: ColumnDef| {
        Table::alter().table(table).add_column(column).to_owned()
    };
    vec![
        added("token", level("level")),
        added("token", ColumnDef::new("app_password").uuid().to_owned()),
        added("web_session", level("level")),
        added("web_session", level("proved_level")),
        added(
            "quick_connect",
            ColumnDef::new("approved_level").text().to_owned(),
        ),
        added(
            "quick_connect",
            ColumnDef::new("approved_for").uuid().to_owned(),
        ),
        added(
            "quick_connect",
            ColumnDef::new("ended_at").big_integer().to_owned(),
        ),
    ]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("factor", &["account"]),
        index("ceremony", &["account"]),
        index("ceremony", &["expires_at"]),
        index("recovery_code", &["account", "selector"]),
        index("trusted_browser", &["account"]),
        index("trusted_browser_spent", &["account"]),
        index("app_password", &["account"]),
        index("press", &["account"]),
        index("unfinished", &["told_at", "since"]),
        index("unfinished", &["account"]),
        index("token", &["app_password"]),
        index("web_session", &["token"]),
    ]
}

fn factor() -> TableCreateStatement {
    Table::create()
        .table("factor")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("kind").text().not_null())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("secret").binary().not_null())
        .col(ColumnDef::new("credential").binary().unique_key())
        .col(ColumnDef::new("last_step").big_integer())
        .col(ColumnDef::new("added_at").big_integer().not_null())
        .col(ColumnDef::new("used_at").big_integer())
        .to_owned()
}

fn factor_rule() -> TableCreateStatement {
    Table::create()
        .table("factor_rule")
        .col(ColumnDef::new("account").uuid().not_null().primary_key())
        .col(ColumnDef::new("rule").text().not_null())
        .col(ColumnDef::new("since").big_integer())
        .to_owned()
}

fn ceremony() -> TableCreateStatement {
    Table::create()
        .table("ceremony")
        .col(ColumnDef::new("flow").binary().not_null())
        .col(ColumnDef::new("kind").text().not_null())
        .col(ColumnDef::new("account").uuid())
        .col(ColumnDef::new("state").binary().not_null())
        .col(ColumnDef::new("expires_at").big_integer().not_null())
        .primary_key(Index::create().col("flow").col("kind"))
        .to_owned()
}

fn recovery_code() -> TableCreateStatement {
    Table::create()
        .table("recovery_code")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("selector").text().not_null())
        .col(ColumnDef::new("hash").text().not_null())
        .col(ColumnDef::new("made_at").big_integer().not_null())
        .col(ColumnDef::new("used_at").big_integer())
        .to_owned()
}

fn trusted_browser() -> TableCreateStatement {
    Table::create()
        .table("trusted_browser")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("digest").binary().not_null().unique_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("client").text().not_null())
        .col(ColumnDef::new("address").text().not_null())
        .col(ColumnDef::new("since").big_integer().not_null())
        .col(ColumnDef::new("used_at").big_integer().not_null())
        .col(ColumnDef::new("expires_at").big_integer().not_null())
        .to_owned()
}

fn trusted_browser_spent() -> TableCreateStatement {
    Table::create()
        .table("trusted_browser_spent")
        .col(ColumnDef::new("digest").binary().not_null().primary_key())
        .col(ColumnDef::new("browser").uuid().not_null())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("spent_at").big_integer().not_null())
        .col(ColumnDef::new("expires_at").big_integer().not_null())
        .to_owned()
}

fn app_password() -> TableCreateStatement {
    Table::create()
        .table("app_password")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("digest").binary().not_null().unique_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("jellyfin_user").uuid().not_null())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("made_at").big_integer().not_null())
        .col(ColumnDef::new("used_at").big_integer())
        .col(ColumnDef::new("expires_at").big_integer())
        .to_owned()
}

/// `slot` says whose press it is and from where; only one that waits holds it.
fn press() -> TableCreateStatement {
    Table::create()
        .table("press")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("slot").binary().unique_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("client").text().not_null())
        .col(ColumnDef::new("device").text().not_null())
        .col(ColumnDef::new("device_id").text().not_null())
        .col(ColumnDef::new("address").text().not_null())
        .col(ColumnDef::new("state").text().not_null())
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("asked_at").big_integer().not_null())
        .col(ColumnDef::new("expires_at").big_integer().not_null())
        .col(ColumnDef::new("approved_at").big_integer())
        .col(ColumnDef::new("approved_level").text())
        .col(ColumnDef::new("refused_at").big_integer())
        .col(ColumnDef::new("used_at").big_integer())
        .col(ColumnDef::new("mailed_at").big_integer())
        .to_owned()
}

fn unfinished() -> TableCreateStatement {
    Table::create()
        .table("unfinished")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("door").text().not_null())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("device").text().not_null())
        .col(ColumnDef::new("address").text().not_null())
        .col(ColumnDef::new("since").big_integer().not_null())
        .col(ColumnDef::new("told_at").big_integer())
        .to_owned()
}
