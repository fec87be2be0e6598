//! A mail that waits, was sent, or died.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub recipient: String,
    pub language: String,
    pub kind: String,
    pub urgency: i64,
    pub payload: Option<Vec<u8>>,
    pub state: String,
    pub queued_at: i64,
    pub due_at: i64,
    pub worthless_at: i64,
    pub tries: i64,
    pub lease_until: i64,
    pub ended_at: Option<i64>,
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
