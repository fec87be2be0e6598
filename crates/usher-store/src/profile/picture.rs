//! Pictures that owners gave to profiles, and which one Jellyfin has.
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use usher_domain::id::ProfileId;
use usher_domain::profile::{Picture, PictureKey};

use super::row;
use crate::entity::{picture, profile};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

impl Store {
    /// The JPEG of a picture.
    pub async fn picture(&self, key: &PictureKey) -> Result<Option<Vec<u8>>, StoreError> {
        let row = picture::Entity::find()
            .filter(picture::Column::Name.eq(key.as_str()))
            .one(&self.db)
            .await
            .map_err(failed)?;
        Ok(row.map(|row| row.jpeg))
    }
}

impl Tx {
    /// Keeps the picture of a profile, in place of the one before.
    pub async fn put_picture(
        &self,
        id: ProfileId,
        key: &PictureKey,
        jpeg: Vec<u8>,
    ) -> Result<(), StoreError> {
        self.remove_picture(id).await?;
        let row = picture::ActiveModel {
            profile: Set(id.as_uuid()),
            name: Set(key.as_str().to_owned()),
            jpeg: Set(jpeg),
        };
        row.insert(&self.inner).await.map_err(failed)?;
        Ok(())
    }

    /// Forgets the picture that was given to a profile, if one was.
    pub async fn remove_picture(&self, id: ProfileId) -> Result<(), StoreError> {
        self.remove::<picture::Entity>(picture::Column::Profile.eq(id.as_uuid()))
            .await?;
        Ok(())
    }

    /// Notes which picture Jellyfin has been given.
    pub async fn note_picture_held(
        &self,
        id: ProfileId,
        held: Option<&Picture>,
    ) -> Result<(), StoreError> {
        profile::Entity::update_many()
            .col_expr(
                profile::Column::PictureHeld,
                Expr::value(row::picture(held)?),
            )
            .filter(profile::Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(())
    }
}
