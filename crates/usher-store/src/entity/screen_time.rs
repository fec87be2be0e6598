//! What one process knows of a profile's screen time on one day.
#![expect(unreachable_pub, reason = "sea-orm's derive needs it")]
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "screen_time")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub profile: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub replica: String,
    pub state: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
