//! Users that are being created in Jellyfin: the row is there before Jellyfin is asked, and goes when all is done, so
//! that a crash leaves a trace and no user without an owner.
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use usher_domain::account::SetUpWay;
use usher_domain::address::EmailAddress;
use usher_domain::id::UserId;
use usher_domain::name::{NameKey, UserName};
use usher_domain::time::Timestamp;

use crate::account::set_up_way;
use crate::entity::creation::{ActiveModel, Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

/// A user that is being created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Creation {
    /// The name to be.
    pub name: UserName,
    /// How the person will get in.
    pub way: SetUpWay,
    /// Where the invitation goes, or what the administrator wrote down.
    pub address: Option<EmailAddress>,
    /// Code of the language of its mails.
    pub language: Option<String>,
    /// Whether an open account can be claimed from any network.
    pub anywhere: bool,
    /// Which administrator creates it; `None` for a command on the server.
    pub by: Option<UserId>,
    /// Since when.
    pub begun: Timestamp,
}

fn creation(row: Model) -> Result<Creation, StoreError> {
    let unreadable = |error: &dyn std::fmt::Display| StoreError::unreadable("creation", error);
    let address = row.address.map(|text| EmailAddress::parse(&text));
    Ok(Creation {
        name: UserName::parse(&row.name).map_err(|error| unreadable(&error))?,
        way: set_up_way("creation", &row.way)?,
        address: address.transpose().map_err(|error| unreadable(&error))?,
        language: row.language,
        anywhere: row.anywhere,
        by: row.by_whom.map(UserId::new),
        begun: Timestamp::from_millis(row.begun_at),
    })
}

impl Store {
    /// What was begun before a moment and has not ended, oldest first: a crash left it, or Jellyfin is slow.
    pub async fn creations(&self, begun_before: Timestamp) -> Result<Vec<Creation>, StoreError> {
        Entity::find()
            .filter(Column::BegunAt.lt(begun_before.as_millis()))
            .order_by_asc(Column::BegunAt)
            .order_by_asc(Column::NameKey)
            .all(&self.db)
            .await
            .map_err(failed)?
            .into_iter()
            .map(creation)
            .collect()
    }
}

impl Tx {
    /// Notes that a user is about to be created. `false` when one of the same name is being created already. Commit
    /// before Jellyfin is asked.
    pub async fn begin_creation(&self, new: &Creation) -> Result<bool, StoreError> {
        let row = ActiveModel {
            name_key: Set(new.name.key().as_str().to_owned()),
            name: Set(new.name.as_str().to_owned()),
            way: Set(new.way.name().to_owned()),
            address: Set(new.address.as_ref().map(|it| it.as_str().to_owned())),
            language: Set(new.language.clone()),
            anywhere: Set(new.anywhere),
            by_whom: Set(new.by.map(UserId::as_uuid)),
            begun_at: Set(new.begun.as_millis()),
        };
        let first = OnConflict::column(Column::NameKey).do_nothing().to_owned();
        let added = Entity::insert(row)
            .on_conflict(first)
            .exec_without_returning(&self.inner)
            .await
            .map_err(failed)?;
        Ok(added == 1)
    }

    /// The user is there with all that belongs to it, or was taken back.
    pub async fn end_creation(&self, name: &NameKey) -> Result<(), StoreError> {
        Entity::delete_by_id(name.as_str().to_owned())
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }
}
