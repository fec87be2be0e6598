//! From a row to a profile, and back.
use sea_orm::Set;
use usher_domain::id::{AccountId, ProfileId, UserId};
use usher_domain::profile::name::ProfileName;
use usher_domain::profile::{Picture, Profile, ProfileState};
use usher_domain::time::Timestamp;

use super::StoredProfile;
use crate::entity::profile::{ActiveModel, Model};
use crate::{StoreError, value};

const TABLE: &str = "profile";

pub(super) fn profile(row: &Model, has_pin: bool) -> Result<StoredProfile, StoreError> {
    let hidden = row.jellyfin_user.map(UserId::new);
    let missing = row.missing_at.map(Timestamp::from_millis);
    let name = ProfileName::parse(&row.name)
        .map_err(|error| StoreError::unreadable(TABLE, format!("name: {error}")))?;
    let picture = read_picture(row.picture.as_deref())?;
    let held = row.preferences_held.as_deref();
    let preferences_held = held.map(|json| value::from_json(TABLE, json));
    Ok(StoredProfile {
        profile: Profile {
            id: ProfileId::new(row.id),
            account: AccountId::new(row.account),
            user: hidden.filter(|_| missing.is_none()),
            name,
            picture,
            preset: value::from_json(TABLE, &row.preset)?,
            has_pin,
            order: u16::try_from(row.place).unwrap_or(u16::MAX),
            limits: value::from_json(TABLE, &row.limits)?,
            preferences: value::from_json(TABLE, &row.preferences)?,
            state: state(&row.state, row.since)?,
        },
        hidden,
        missing,
        revision: row.revision,
        settled: row.settled,
        picture_held: read_picture(row.picture_held.as_deref())?,
        preferences_held: preferences_held.transpose()?.unwrap_or_default(),
    })
}

pub(super) fn row(new: &Profile, lease_until: Timestamp) -> Result<ActiveModel, StoreError> {
    let (state, since) = written(new.state);
    Ok(ActiveModel {
        id: Set(new.id.as_uuid()),
        account: Set(new.account.as_uuid()),
        jellyfin_user: Set(new.user.map(UserId::as_uuid)),
        name: Set(new.name.as_str().to_owned()),
        claim: Set(Some(claim(new))),
        picture: Set(picture(new.picture.as_ref())?),
        preset: Set(value::json(TABLE, &new.preset)?),
        place: Set(i64::from(new.order)),
        limits: Set(value::json(TABLE, &new.limits)?),
        preferences: Set(value::json(TABLE, &new.preferences)?),
        state: Set(state.to_owned()),
        since: Set(since),
        missing_at: Set(None),
        lease_until: Set(lease_until.as_millis()),
        revision: Set(1),
        settled: Set(0),
        picture_held: Set(None),
        preferences_held: Set(None),
    })
}

/// The name, as no two of an account may have it.
pub(super) fn claim(profile: &Profile) -> String {
    format!("{}/{}", profile.account, profile.name.key().as_str())
}

fn read_picture(json: Option<&str>) -> Result<Option<Picture>, StoreError> {
    json.map(|json| value::from_json(TABLE, json)).transpose()
}

pub(super) fn picture(picture: Option<&Picture>) -> Result<Option<String>, StoreError> {
    picture
        .map(|picture| value::json(TABLE, picture))
        .transpose()
}

/// A state's name, and since when.
pub(super) const fn written(state: ProfileState) -> (&'static str, Option<i64>) {
    let since = match state {
        ProfileState::Creating(since)
        | ProfileState::Off(since)
        | ProfileState::Leaving(since)
        | ProfileState::Deleting(since) => Some(since.as_millis()),
        ProfileState::Ready => None,
    };
    (state.name(), since)
}

fn state(name: &str, since: Option<i64>) -> Result<ProfileState, StoreError> {
    let of_now = since.map_or(ProfileState::Ready, |since| {
        let since = Timestamp::from_millis(since);
        match name {
            "creating" => ProfileState::Creating(since),
            "off" => ProfileState::Off(since),
            "leaving" => ProfileState::Leaving(since),
            "deleting" => ProfileState::Deleting(since),
            _unknown => ProfileState::Ready,
        }
    });
    if of_now.name() == name {
        Ok(of_now)
    } else {
        Err(StoreError::unreadable(TABLE, format!("state {name}")))
    }
}
