//! A Jellyfin token that Usher knows of.
#![expect(unreachable_pub, reason = "sea-orm's derive needs it")]
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub digest: Vec<u8>,
    pub sealed: Vec<u8>,
    pub account: Uuid,
    pub jellyfin_user: Uuid,
    pub door: String,
    pub client: String,
    pub device: String,
    pub device_id: String,
    pub version: String,
    pub address: String,
    pub issued_at: i64,
    pub used_at: i64,
    pub ended_at: Option<i64>,
    pub adopted: bool,
    pub level: String,
    pub app_password: Option<Uuid>,
    pub sign_out_from: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
