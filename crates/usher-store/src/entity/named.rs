//! What an answer named to a user, to be played.
#![expect(unreachable_pub, reason = "sea-orm's derive needs it")]
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "named")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub jellyfin_user: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub item: Option<Uuid>,
    pub used_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
