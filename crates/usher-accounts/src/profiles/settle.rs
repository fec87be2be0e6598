//! What Jellyfin is told once for each change: the hidden user's name and picture, and how the profile likes things.
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use usher_domain::id::{ProfileId, UserId};
use usher_domain::name::{NameKey, UserName};
use usher_domain::profile::preferences::{HOME_SECTIONS, HomeSection, Language, Preferences};
use usher_jellyfin::{JellyfinError, Renamed, User};
use usher_store::StoredProfile;

use super::Applied;
use super::leave::is_leaving;
use crate::{AccountError, Accounts};

/// What of a profile Jellyfin is to take over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// What it may do: nobody gets a token before.
    Policy,
    /// Name, picture and preferences besides.
    Everything,
}

impl Accounts {
    /// Writes name, picture and preferences, and notes which revision Jellyfin has now.
    pub(super) async fn settle_profile(
        &self,
        stored: &StoredProfile,
        user: UserId,
        owner: &User,
    ) -> Result<(), AccountError> {
        // On the heap: every future that settles a profile would be large otherwise.
        Box::pin(self.give_preferences(stored, user)).await?;
        self.give_picture(stored, user).await?;
        self.name_hidden_user(stored, user, owner).await?;
        let tx = self.inner.store.begin().await?;
        let (id, picture) = (stored.profile.id, stored.profile.picture.as_ref());
        tx.note_picture_held(id, picture).await?;
        tx.note_settled(id, stored.revision).await?;
        Ok(tx.commit().await?)
    }

    /// Gives Jellyfin the preferences that its owner changed since they were given last. What somebody chose in Jellyfin itself
    /// stays until the owner decides anew about that very thing.
    async fn give_preferences(
        &self,
        stored: &StoredProfile,
        user: UserId,
    ) -> Result<(), AccountError> {
        let (id, wanted) = (stored.profile.id, &stored.profile.preferences);
        let maybe = may_be_held(stored);
        if maybe != stored.preferences_held {
            let tx = self.inner.store.begin().await?;
            tx.note_preferences_underway(id, &maybe).await?;
            tx.commit().await?;
        }
        let jellyfin = &self.inner.jellyfin;
        let fields = configured(wanted, &maybe);
        if !fields.is_empty() {
            let mut configuration = jellyfin.configuration(user).await?;
            configuration.extend(fields);
            jellyfin.set_configuration(user, &configuration).await?;
        }
        if is_new(wanted, &maybe, |one| &one.home_sections) {
            let sections = home_sections(&wanted.home_sections);
            jellyfin.set_web_settings(user, &sections).await?;
        }
        let tx = self.inner.store.begin().await?;
        if !tx.note_preferences_given(id, &maybe, wanted).await? {
            // The other one's may have been overwritten just now: Jellyfin may hold either, so the job gives them once more.
            if let Some(there) = tx.profile(id).await? {
                let mut maybe = there.preferences_held;
                if !maybe.contains(wanted) {
                    maybe.push(wanted.clone());
                    tx.note_preferences_underway(id, &maybe).await?;
                }
            }
        }
        Ok(tx.commit().await?)
    }

    /// Calls the hidden user after account and profile, where it is not called so.
    pub(super) async fn name_hidden_user(
        &self,
        stored: &StoredProfile,
        user: UserId,
        owner: &User,
    ) -> Result<(), AccountError> {
        let jellyfin = &self.inner.jellyfin;
        let users = jellyfin.users().await?;
        let Some(name) = name_to_be(stored, owner, &users) else {
            return Ok(());
        };
        match jellyfin.rename_user(user, name.as_str()).await? {
            Renamed::Done => Ok(()),
            Renamed::Refused => Err(JellyfinError::Inconsistent("a free name is refused").into()),
        }
    }

    /// Lets Jellyfin take over what was decided about a profile. An outage is no fault of the person who decided it: the job
    /// does it then.
    pub(super) async fn apply_profile(&self, id: ProfileId) -> Applied {
        match self.try_to_apply(id, Part::Everything).await {
            Ok(()) => Applied::Now,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "Jellyfin could not take over a profile yet");
                Applied::Later
            }
        }
    }

    /// Until what was written is what holds: somebody may decide anew between the look and the last call, and be done first.
    pub(super) async fn try_to_apply(&self, id: ProfileId, part: Part) -> Result<(), AccountError> {
        let mut stored = self.inner.store.profile(id).await?;
        while let Some(applied) = stored {
            self.apply_as_stored(&applied, part).await?;
            let now_there = self.inner.store.profile(id).await?;
            let decides = |stored: &StoredProfile| {
                let profile = &stored.profile;
                (stored.revision, profile.state, profile.limits.clone())
            };
            stored = now_there.filter(|there| decides(there) != decides(&applied));
        }
        Ok(())
    }

    async fn apply_as_stored(
        &self,
        stored: &StoredProfile,
        part: Part,
    ) -> Result<(), AccountError> {
        self.forget_profile(stored);
        let is_left_alone = is_leaving(stored.profile.state);
        let Some(user) = stored.profile.user.filter(|_| !is_left_alone) else {
            return Ok(());
        };
        let jellyfin = &self.inner.jellyfin;
        let account = stored.profile.account;
        let (Some(owner), Some(current)) = (
            jellyfin.user(account.owner()).await?,
            jellyfin.user(user).await?,
        ) else {
            return Ok(());
        };
        self.keep_policy(&stored.profile, &current, &owner).await?;
        match part {
            Part::Policy => Ok(()),
            Part::Everything if stored.is_unsettled() => {
                self.settle_profile(stored, user, &owner).await
            }
            Part::Everything => self.name_hidden_user(stored, user, &owner).await,
        }
    }
}

/// What a hidden user is to be called, among all users of Jellyfin; `None`: that is its name.
pub(super) fn name_to_be<'a>(
    stored: &StoredProfile,
    owner: &User,
    users: impl IntoIterator<Item = &'a User>,
) -> Option<UserName> {
    let (own, others): (Vec<&User>, Vec<&User>) = users
        .into_iter()
        .partition(|one| Some(one.id) == stored.hidden);
    let taken: BTreeSet<NameKey> = others.iter().map(|one| NameKey::of(&one.name)).collect();
    let name = stored.profile.name.hidden_user(&owner.name, &taken);
    let is_called_so = own.iter().any(|own| own.name == name.as_str());
    (!is_called_so).then_some(name)
}

/// What Jellyfin may hold of a profile's preferences while they are given to it. A new user has what the defaults say.
pub(super) fn may_be_held(stored: &StoredProfile) -> Vec<Preferences> {
    let mut maybe = stored.preferences_held.clone();
    if maybe.is_empty() {
        maybe.push(Preferences::default());
    }
    let wanted = &stored.profile.preferences;
    if !maybe.contains(wanted) {
        maybe.push(wanted.clone());
    }
    maybe
}

/// Whether Jellyfin may hold something else than what is wanted.
pub(super) fn is_new<T: PartialEq>(
    wanted: &Preferences,
    maybe: &[Preferences],
    part: impl Fn(&Preferences) -> &T,
) -> bool {
    maybe.iter().any(|held| part(held) != part(wanted))
}

/// The fields of a user's configuration in which Jellyfin may hold something else than what is wanted.
fn configured(wanted: &Preferences, maybe: &[Preferences]) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    if is_new(wanted, maybe, |one| &one.audio_language) {
        let audio = wanted.audio_language.as_ref().map(Language::as_str);
        put("AudioLanguagePreference", json!(audio.unwrap_or_default()));
        // Else Jellyfin takes the track that a film marks as its default, in whatever language.
        put("PlayDefaultAudioTrack", json!(audio.is_none()));
    }
    if is_new(wanted, maybe, |one| &one.subtitle_language) {
        let subtitle = wanted.subtitle_language.as_ref().map(Language::as_str);
        let subtitle = json!(subtitle.unwrap_or_default());
        put("SubtitleLanguagePreference", subtitle);
    }
    if is_new(wanted, maybe, |one| &one.subtitle_mode) {
        put("SubtitleMode", json!(wanted.subtitle_mode.jellyfin()));
    }
    if is_new(wanted, maybe, |one| &one.autoplay_next) {
        put("EnableNextEpisodeAutoPlay", json!(wanted.autoplay_next));
    }
    fields
}

/// Every place of the home page: an empty text leaves it to the client.
fn home_sections(sections: &[HomeSection]) -> Vec<(String, String)> {
    let rest = if sections.is_empty() {
        ""
    } else {
        HomeSection::None.jellyfin()
    };
    (0..HOME_SECTIONS)
        .map(|place| {
            let section = sections
                .get(place)
                .map_or(rest, |section| section.jellyfin());
            (format!("homesection{place}"), section.to_owned())
        })
        .collect()
}
