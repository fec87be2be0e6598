//! Watched marks on their way from one Jellyfin user to another.
#![expect(unreachable_pub, reason = "sea-orm's derive needs it")]
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mark_copy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub target: Uuid,
    pub account: Uuid,
    pub asked_at: i64,
    pub reached_at: i64,
    pub reached_item: Uuid,
    pub lease_until: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
