//! A further profile of an account.
#![expect(unreachable_pub, reason = "sea-orm's derive needs it")]
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "profile")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account: Uuid,
    pub jellyfin_user: Option<Uuid>,
    pub name: String,
    pub claim: Option<String>,
    pub picture: Option<String>,
    pub preset: String,
    pub place: i64,
    pub limits: String,
    pub preferences: String,
    pub state: String,
    pub since: Option<i64>,
    pub missing_at: Option<i64>,
    pub lease_until: i64,
    pub revision: i64,
    pub settled: i64,
    pub picture_held: Option<String>,
    pub preferences_held: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
