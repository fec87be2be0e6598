//! The PIN before a seat of an account.
#![expect(unreachable_pub, reason = "sea-orm's derive needs it")]
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pin")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seat: Uuid,
    pub account: Uuid,
    pub hash: Option<String>,
    pub tally: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
