//! One Jellyfin user, and what Usher knows of it.
#![expect(unreachable_pub, reason = "sea-orm's derive needs it")]
#![expect(
    clippy::struct_excessive_bools,
    reason = "a row has the columns that it has"
)]
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub name_key: String,
    pub administrator: bool,
    pub disabled: bool,
    pub elsewhere: bool,
    pub passwordless: Option<bool>,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub proof: Option<String>,
    pub address_own: bool,
    pub address_claim: Option<String>,
    pub address_skipped_at: Option<i64>,
    pub set_up_way: Option<String>,
    pub set_up_until: i64,
    pub set_up_anywhere: bool,
    pub set_up_lease: i64,
    pub recovery_off: bool,
    pub language: Option<String>,
    pub first_seen_at: i64,
    pub signed_in_at: Option<i64>,
    pub gone_at: Option<i64>,
    pub epoch: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
