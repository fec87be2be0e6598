//! A profile that is to become an account of its own.
#![expect(unreachable_pub, reason = "sea-orm's derive needs it")]
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promotion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub profile: Uuid,
    pub request: Uuid,
    pub account: Uuid,
    pub name: String,
    pub email: String,
    pub language: String,
    pub approved_at: Option<i64>,
    pub by_whom: Option<Uuid>,
    pub declined_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
