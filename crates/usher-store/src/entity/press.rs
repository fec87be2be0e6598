//! A sign-in at an app's form that waits for its second factor.
#![expect(unreachable_pub, reason = "sea-orm's derive needs it")]
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "press")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub slot: Option<Vec<u8>>,
    pub account: Uuid,
    pub jellyfin_user: Option<Uuid>,
    pub client: String,
    pub device: String,
    pub device_id: String,
    pub address: String,
    pub state: String,
    pub version: i64,
    pub asked_at: i64,
    pub expires_at: i64,
    pub approved_at: Option<i64>,
    pub approved_level: Option<String>,
    pub refused_at: Option<i64>,
    pub used_at: Option<i64>,
    pub mailed_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
