//! What the owner changes of a profile.
use usher_domain::activity::{ProfileDeed, ProfileLine, ProfilePart};
use usher_domain::id::ProfileId;
use usher_domain::profile::limits::Limits;
use usher_domain::profile::name::ProfileName;
use usher_domain::profile::pin::Watcher;
use usher_domain::profile::preferences::{HOME_SECTIONS, Preferences};
use usher_domain::profile::{AgePreset, Picture, Profile};
use usher_domain::visitor::Visitor;
use usher_store::StoreError;

use super::make::is_owners;
use super::settle::may_be_held;
use super::{Applied, is_ending, own_profile};
use crate::web_session::ProvenOwner;
use crate::{AccountError, Accounts};

/// What is to be different; `None`: as it is (R71).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// Its name.
    pub name: Option<ProfileName>,
    /// Its face; `Some(None)` for the first letter of its name.
    pub picture: Option<Option<Picture>>,
    /// For whom it is. The limits stay as they are, unless they are changed with it.
    pub preset: Option<AgePreset>,
    /// What it may see.
    pub limits: Option<Limits>,
    /// How it likes things.
    pub preferences: Option<Preferences>,
    /// How it liked things when that was decided. What differs from it is given to Jellyfin even where the owner had decided
    /// the very same before, and the profile's person another thing since.
    pub preferences_shown: Option<Preferences>,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditedProfile {
    /// It is written down.
    Done(Applied),
    /// The account has another profile of this name.
    NameTaken,
    /// The owner is called so.
    OwnersName,
    /// The account has no such profile, or it is deleted.
    Unknown,
}

impl Accounts {
    /// Changes a profile.
    pub async fn edit_profile(
        &self,
        by: ProvenOwner,
        id: ProfileId,
        change: &ProfileChange,
        visitor: &Visitor,
    ) -> Result<EditedProfile, AccountError> {
        let tx = self.inner.store.begin().await?;
        let owner = tx.account(by.account).await?;
        let stored = own_profile(&tx, by.account, id).await?;
        let Some(stored) = stored.filter(|stored| !is_ending(stored.profile.state)) else {
            return Ok(EditedProfile::Unknown);
        };
        let named = change.name.as_ref();
        if owner.is_some_and(|owner| named.is_some_and(|name| is_owners(&owner, name))) {
            return Ok(EditedProfile::OwnersName);
        }
        let mut may_hold = may_be_held(&stored);
        let before = stored.profile;
        let edited = changed(&before, change);
        let shown = change.preferences_shown.as_ref();
        let overruled = shown.filter(|shown| **shown != edited.preferences);
        if edited == before && overruled.is_none() {
            return Ok(EditedProfile::Done(Applied::Now));
        }
        match tx.edit_profile(&edited).await {
            Err(StoreError::Taken) => return Ok(EditedProfile::NameTaken),
            written => written?,
        };
        let has_picture = edited.picture == before.picture;
        if !has_picture {
            tx.remove_picture(id).await?;
        }
        if let Some(shown) = overruled.filter(|shown| !may_hold.contains(shown)) {
            may_hold.push(shown.clone());
            tx.note_preferences_underway(id, &may_hold).await?;
        }
        let likes_other = edited.preferences != before.preferences || overruled.is_some();
        if !has_picture || edited.name != before.name || likes_other {
            tx.revise_profile(id).await?;
        }
        let line = ProfileLine {
            was: (before.name != edited.name).then(|| before.name.as_str().to_owned()),
            parts: parts(&before, &edited, shown),
            ..ProfileDeed::Changed.into()
        };
        let about = Watcher::Profile(id);
        self.note_deed(&tx, by.account, line, about, visitor)
            .await?;
        tx.commit().await?;
        Ok(EditedProfile::Done(self.apply_profile(id).await))
    }

    /// Puts the account's profiles into this order; those that are not named come after them, as they stood.
    pub async fn order_profiles(
        &self,
        by: ProvenOwner,
        order: &[ProfileId],
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        tx.account(by.account).await?;
        let here = tx.profiles_of(by.account).await?;
        let here: Vec<ProfileId> = here.iter().map(|stored| stored.profile.id).collect();
        let mut whole: Vec<ProfileId> = Vec::with_capacity(here.len());
        for id in order.iter().chain(&here) {
            if here.contains(id) && !whole.contains(id) {
                whole.push(*id);
            }
        }
        tx.order_profiles(by.account, &whole).await?;
        Ok(tx.commit().await?)
    }
}

fn changed(before: &Profile, change: &ProfileChange) -> Profile {
    let mut preferences = change.preferences.clone();
    if let Some(preferences) = &mut preferences {
        preferences.home_sections.truncate(HOME_SECTIONS);
    }
    Profile {
        name: change.name.clone().unwrap_or_else(|| before.name.clone()),
        picture: change
            .picture
            .clone()
            .unwrap_or_else(|| before.picture.clone()),
        preset: change.preset.unwrap_or(before.preset),
        limits: change
            .limits
            .clone()
            .unwrap_or_else(|| before.limits.clone()),
        preferences: preferences.unwrap_or_else(|| before.preferences.clone()),
        ..before.clone()
    }
}

/// What the owner has changed: beside what is different now, what the page showed otherwise.
fn parts(before: &Profile, edited: &Profile, shown: Option<&Preferences>) -> Vec<ProfilePart> {
    let (old, new) = (&before.limits, &edited.limits);
    let chose = &edited.preferences;
    let likes = |differs: fn(&Preferences, &Preferences) -> bool| {
        differs(&before.preferences, chose) || shown.is_some_and(|shown| differs(shown, chose))
    };
    let all = [
        (ProfilePart::Name, before.name != edited.name),
        (ProfilePart::Picture, before.picture != edited.picture),
        (ProfilePart::Age, before.preset != edited.preset),
        (
            ProfilePart::Ratings,
            (&old.rating, &old.blocked_unrated) != (&new.rating, &new.blocked_unrated),
        ),
        (
            ProfilePart::Tags,
            (&old.blocked_tags, &old.allowed_tags) != (&new.blocked_tags, &new.allowed_tags),
        ),
        (ProfilePart::Libraries, old.libraries != new.libraries),
        (
            ProfilePart::LiveTelevision,
            old.live_television != new.live_television,
        ),
        (ProfilePart::Hours, old.hours != new.hours),
        (ProfilePart::ScreenTime, old.screen_time != new.screen_time),
        (
            ProfilePart::Languages,
            likes(|one, other| {
                let audio = one.audio_language != other.audio_language;
                let subtitles = one.subtitle_language != other.subtitle_language;
                audio || subtitles || one.subtitle_mode != other.subtitle_mode
            }),
        ),
        (
            ProfilePart::Autoplay,
            likes(|one, other| one.autoplay_next != other.autoplay_next),
        ),
        (
            ProfilePart::Theme,
            likes(|one, other| one.theme != other.theme),
        ),
        (
            ProfilePart::Home,
            likes(|one, other| one.home_sections != other.home_sections),
        ),
    ];
    let changed = all.into_iter().filter(|(_, is_changed)| *is_changed);
    changed.map(|(part, _)| part).collect()
}
