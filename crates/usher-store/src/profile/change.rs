//! The life of a profile, step by step. Every step is one conditional update whose row count decides.
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, UpdateMany};
use usher_domain::id::{AccountId, ProfileId, UserId};
use usher_domain::profile::preferences::Preferences;
use usher_domain::profile::{Profile, ProfileState};
use usher_domain::time::Timestamp;

use super::{PASSWORD_KNOWN, row};
use crate::entity::profile::{Column, Entity};
use crate::error::failed;
use crate::{StoreError, Tx, value};

impl Tx {
    /// Adds a profile, held by whoever adds it until `lease_until`. Commit before Jellyfin is asked.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when the account has a profile of this name that is not deleted.
    pub async fn add_profile(
        &self,
        new: &Profile,
        lease_until: Timestamp,
    ) -> Result<(), StoreError> {
        let row = row::row(new, lease_until)?;
        row.insert(&self.inner).await.map_err(failed)?;
        Ok(())
    }

    /// Holds a profile whose Jellyfin user is to be changed in several steps. `false` when somebody else holds it at
    /// `now`, or it is gone.
    pub async fn lease_profile(
        &self,
        id: ProfileId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let held = Entity::update_many()
            .col_expr(Column::LeaseUntil, Expr::value(until.as_millis()))
            .filter(Column::LeaseUntil.lte(now.as_millis()));
        self.change_profile(held, id).await
    }

    /// Lets go of a profile.
    pub async fn release_profile(&self, id: ProfileId) -> Result<(), StoreError> {
        let free = Entity::update_many().col_expr(Column::LeaseUntil, Expr::value(0_i64));
        self.change_profile(free, id).await?;
        Ok(())
    }

    /// Notes the hidden user that was made. `false` when the profile is gone, or has one already: then the user that was
    /// made is nobody's.
    pub async fn set_hidden_user(&self, id: ProfileId, user: UserId) -> Result<bool, StoreError> {
        let made = Entity::update_many()
            .col_expr(Column::JellyfinUser, Expr::value(Some(user.as_uuid())))
            .filter(Column::JellyfinUser.is_null());
        self.change_profile(made, id).await
    }

    /// Moves a profile on. `false` when it is not in the state `from` (since whenever), or gone.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when it comes back from deletion, and its name belongs to another one by now.
    pub async fn move_profile(
        &self,
        profile: &Profile,
        from: ProfileState,
        to: ProfileState,
    ) -> Result<bool, StoreError> {
        let (name, since) = row::written(to);
        let mut moved = Entity::update_many()
            .col_expr(Column::State, Expr::value(name))
            .col_expr(Column::Since, Expr::value(since))
            .filter(Column::State.eq(from.name()));
        // While it is deleted, and only then, others may take its name and nobody gives it another one.
        let (is_back, is_gone) = (is_deleting(from), is_deleting(to));
        if is_back != is_gone {
            let claim = is_back.then(|| row::claim(profile));
            moved = moved.col_expr(Column::Claim, Expr::value(claim));
        }
        self.change_profile(moved, profile.id).await
    }

    /// Writes what the owner decides: name, picture, preset, limits and preferences. `false` when it is deleted or gone.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when another profile of the account has the name.
    pub async fn edit_profile(&self, edited: &Profile) -> Result<bool, StoreError> {
        let json = (
            value::json("profile", &edited.preset)?,
            value::json("profile", &edited.limits)?,
            value::json("profile", &edited.preferences)?,
        );
        let written = Entity::update_many()
            .col_expr(Column::Name, Expr::value(edited.name.as_str()))
            .col_expr(Column::Claim, Expr::value(Some(row::claim(edited))))
            .col_expr(
                Column::Picture,
                Expr::value(row::picture(edited.picture.as_ref())?),
            )
            .col_expr(Column::Preset, Expr::value(json.0))
            .col_expr(Column::Limits, Expr::value(json.1))
            .col_expr(Column::Preferences, Expr::value(json.2))
            .filter(Column::Claim.is_not_null());
        self.change_profile(written, edited.id).await
    }

    /// Puts the profiles of an account into this order. Others keep their places.
    pub async fn order_profiles(
        &self,
        account: AccountId,
        order: &[ProfileId],
    ) -> Result<(), StoreError> {
        for (place, id) in (0_i64..).zip(order) {
            let placed = Entity::update_many()
                .col_expr(Column::Place, Expr::value(place))
                .filter(Column::Account.eq(account.as_uuid()));
            self.change_profile(placed, *id).await?;
        }
        Ok(())
    }

    /// Notes that name, picture or preferences were changed, so that Jellyfin is told once more.
    pub async fn revise_profile(&self, id: ProfileId) -> Result<(), StoreError> {
        let next = Expr::col(Column::Revision).add(1);
        let revised = Entity::update_many().col_expr(Column::Revision, next);
        self.change_profile(revised, id).await?;
        Ok(())
    }

    /// Notes that somebody set a password for a hidden user: a new one that nobody knows is owed, and then all the rest.
    pub async fn note_password_known(&self, id: ProfileId) -> Result<(), StoreError> {
        let known = Entity::update_many().col_expr(Column::Settled, Expr::value(PASSWORD_KNOWN));
        self.change_profile(known, id).await?;
        Ok(())
    }

    /// Notes that nobody knows the password any more.
    pub async fn note_password_unknown(&self, id: ProfileId) -> Result<(), StoreError> {
        let unknown = Entity::update_many()
            .col_expr(Column::Settled, Expr::value(0))
            .filter(Column::Settled.eq(PASSWORD_KNOWN));
        self.change_profile(unknown, id).await?;
        Ok(())
    }

    /// Notes which preferences Jellyfin may hold from now on: those that are about to be given, and those of before. Commit
    /// before Jellyfin is told.
    pub async fn note_preferences_underway(
        &self,
        id: ProfileId,
        maybe: &[Preferences],
    ) -> Result<(), StoreError> {
        let json = value::json("profile", &maybe)?;
        let noted =
            Entity::update_many().col_expr(Column::PreferencesHeld, Expr::value(Some(json)));
        self.change_profile(noted, id).await?;
        Ok(())
    }

    /// Notes that Jellyfin was given these preferences. `false`: somebody else began to give others meanwhile, or was done
    /// with it, and nobody knows whose it holds. Then nothing is noted.
    pub async fn note_preferences_given(
        &self,
        id: ProfileId,
        maybe: &[Preferences],
        given: &Preferences,
    ) -> Result<bool, StoreError> {
        let before = value::json("profile", &maybe)?;
        let json = value::json("profile", &[given])?;
        let noted = Entity::update_many()
            .col_expr(Column::PreferencesHeld, Expr::value(Some(json)))
            .filter(Column::PreferencesHeld.eq(before));
        self.change_profile(noted, id).await
    }

    /// Notes that Jellyfin has name, picture and preferences of this revision. A password that is owed stays owed.
    pub async fn note_settled(&self, id: ProfileId, revision: i64) -> Result<(), StoreError> {
        let settled = Entity::update_many()
            .col_expr(Column::Settled, Expr::value(revision))
            .filter(Column::Settled.lt(revision))
            .filter(Column::Settled.ne(PASSWORD_KNOWN));
        self.change_profile(settled, id).await?;
        Ok(())
    }

    /// Notes that Jellyfin does not know the hidden user of a profile any more. `false` when that was noted before, or the
    /// profile has another user by now.
    pub async fn note_missing(
        &self,
        id: ProfileId,
        user: UserId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let lost = Entity::update_many()
            .col_expr(Column::MissingAt, Expr::value(Some(now.as_millis())))
            .filter(Column::JellyfinUser.eq(user.as_uuid()))
            .filter(Column::MissingAt.is_null());
        self.change_profile(lost, id).await
    }

    /// Notes that Jellyfin knows the hidden user again: a backup brought it back.
    pub async fn note_found(&self, id: ProfileId) -> Result<(), StoreError> {
        let found = Entity::update_many().col_expr(Column::MissingAt, Expr::value(None::<i64>));
        self.change_profile(found, id).await?;
        Ok(())
    }

    /// Begins the creation of a lost user anew, held until `lease_until`. `false` when it is not lost, or the profile is
    /// deleted.
    pub async fn make_hidden_user_anew(
        &self,
        id: ProfileId,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<bool, StoreError> {
        let (state, since) = row::written(ProfileState::Creating(now));
        let anew = Entity::update_many()
            .col_expr(Column::JellyfinUser, Expr::value(None::<uuid::Uuid>))
            .col_expr(Column::MissingAt, Expr::value(None::<i64>))
            .col_expr(Column::State, Expr::value(state))
            .col_expr(Column::Since, Expr::value(since))
            .col_expr(Column::LeaseUntil, Expr::value(lease_until.as_millis()))
            .col_expr(Column::Settled, Expr::value(0_i64))
            .col_expr(Column::PictureHeld, Expr::value(None::<String>))
            .col_expr(Column::PreferencesHeld, Expr::value(None::<String>))
            .filter(Column::MissingAt.is_not_null())
            .filter(Column::Claim.is_not_null());
        self.change_profile(anew, id).await
    }

    async fn change_profile(
        &self,
        change: UpdateMany<Entity>,
        id: ProfileId,
    ) -> Result<bool, StoreError> {
        let done = change
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.inner)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected == 1)
    }
}

const fn is_deleting(state: ProfileState) -> bool {
    matches!(state, ProfileState::Deleting(_))
}
