//! A browser that is signed in to Usher.
#![expect(unreachable_pub, reason = "sea-orm's derive needs it")]
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "web_session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub digest: Vec<u8>,
    pub account: Uuid,
    pub client: String,
    pub address: String,
    pub token: Option<Vec<u8>>,
    pub opened_at: i64,
    pub used_at: i64,
    pub proved_at: i64,
    pub level: String,
    pub proved_level: String,
    pub seat: Option<Uuid>,
    pub owner_shown_at: Option<i64>,
    pub level_counts: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
