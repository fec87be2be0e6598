//! A screen that asked to be let in by Quick Connect.
#![expect(unreachable_pub, reason = "sea-orm's derive needs it")]
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quick_connect")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub secret: Vec<u8>,
    pub code: Option<String>,
    pub client: String,
    pub device: String,
    pub address: String,
    pub asked_at: i64,
    pub approved_by: Option<Uuid>,
    pub approved_at: Option<i64>,
    pub used_at: Option<i64>,
    pub approved_level: Option<String>,
    pub approved_for: Option<Uuid>,
    pub device_id: Option<String>,
    pub ended_at: Option<i64>,
    pub approved_childs: Option<bool>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
