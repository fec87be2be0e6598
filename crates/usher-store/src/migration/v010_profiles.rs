//! Profiles, the PINs before them, how long they watched, and which device is whose.
use sea_orm::sea_query::{ColumnDef, Index, IndexCreateStatement, Table, TableCreateStatement};

use super::index;

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![
        profile(),
        profile_rule(),
        pin(),
        screen_time(),
        profile_choice(),
        child_device(),
        time_request(),
    ]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("profile", &["account"]),
        index("pin", &["account"]),
        index("screen_time", &["day"]),
        index("profile_choice", &["profile"]),
        index("child_device", &["profile"]),
        index("time_request", &["account"]),
        index("time_request", &["profile"]),
    ]
}

/// `claim` is the account with the name's key while the profile is not deleted: so no two of an account share a name.
fn profile() -> TableCreateStatement {
    Table::create()
        .table("profile")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("jellyfin_user").uuid().unique_key())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("claim").text().unique_key())
        .col(ColumnDef::new("picture").text())
        .col(ColumnDef::new("preset").text().not_null())
        .col(ColumnDef::new("place").big_integer().not_null())
        .col(ColumnDef::new("limits").text().not_null())
        .col(ColumnDef::new("preferences").text().not_null())
        .col(ColumnDef::new("state").text().not_null())
        .col(ColumnDef::new("since").big_integer())
        .col(ColumnDef::new("missing_at").big_integer())
        .col(ColumnDef::new("lease_until").big_integer().not_null())
        .col(ColumnDef::new("revision").big_integer().not_null())
        .col(ColumnDef::new("settled").big_integer().not_null())
        .to_owned()
}

fn profile_rule() -> TableCreateStatement {
    Table::create()
        .table("profile_rule")
        .col(ColumnDef::new("account").uuid().not_null().primary_key())
        .col(ColumnDef::new("rule").text().not_null())
        .to_owned()
}

/// `seat` is the profile, or the account for its owner; without a hash, the owner declined to have one.
fn pin() -> TableCreateStatement {
    Table::create()
        .table("pin")
        .col(ColumnDef::new("seat").uuid().not_null().primary_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("hash").text())
        .col(ColumnDef::new("tally").text().not_null())
        .to_owned()
}

fn screen_time() -> TableCreateStatement {
    Table::create()
        .table("screen_time")
        .col(ColumnDef::new("profile").uuid().not_null())
        .col(ColumnDef::new("day").text().not_null())
        .col(ColumnDef::new("replica").text().not_null())
        .col(ColumnDef::new("state").text().not_null())
        .primary_key(Index::create().col("profile").col("day").col("replica"))
        .to_owned()
}

fn profile_choice() -> TableCreateStatement {
    Table::create()
        .table("profile_choice")
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("device_id").text().not_null())
        .col(ColumnDef::new("profile").uuid())
        .col(ColumnDef::new("chosen_at").big_integer().not_null())
        .primary_key(Index::create().col("account").col("device_id"))
        .to_owned()
}

fn child_device() -> TableCreateStatement {
    Table::create()
        .table("child_device")
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("device_id").text().not_null())
        .col(ColumnDef::new("profile").uuid().not_null())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("since").big_integer().not_null())
        .primary_key(Index::create().col("account").col("device_id"))
        .to_owned()
}

fn time_request() -> TableCreateStatement {
    Table::create()
        .table("time_request")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("account").uuid().not_null())
        .col(ColumnDef::new("profile").uuid().not_null())
        .col(ColumnDef::new("asked_at").big_integer().not_null())
        .col(ColumnDef::new("decided_at").big_integer())
        .col(ColumnDef::new("granted").big_integer())
        .to_owned()
}
