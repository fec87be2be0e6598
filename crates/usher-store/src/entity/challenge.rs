//! A one-time code or link.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "challenge")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub digest: Vec<u8>,
    pub flow: Option<Vec<u8>>,
    pub account: Option<Uuid>,
    pub purpose: String,
    pub target: String,
    pub issued_at: i64,
    pub expires_at: i64,
    pub tries: i64,
    pub lease_until: i64,
    pub consumed_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
