//! How a profile likes things now: as somebody chose it in Jellyfin itself, or as its owner did, whichever was last.
use serde_json::{Map, Value};
use usher_domain::id::UserId;
use usher_domain::profile::Profile;
use usher_domain::profile::preferences::{
    HOME_SECTIONS, HomeSection, Language, Preferences, SubtitleMode,
};
use usher_jellyfin::JellyfinError;

use super::settle::{is_new, may_be_held};
use crate::{AccountError, Accounts};

impl Accounts {
    /// The preferences that hold: Jellyfin's word, but for what the owner decided and Jellyfin does not have yet. While
    /// Jellyfin does not answer, what the owner decided last. The theme is the owner's in any case: another one is known to
    /// nobody but a browser.
    pub async fn preferences_that_hold(
        &self,
        profile: &Profile,
    ) -> Result<Preferences, AccountError> {
        let stored = self.inner.store.profile(profile.id).await?;
        let Some((stored, user)) = stored.and_then(|stored| {
            let user = stored.hidden?;
            Some((stored, user))
        }) else {
            return Ok(profile.preferences.clone());
        };
        let maybe = may_be_held(&stored);
        let wanted = stored.profile.preferences;
        let held = match self.preferences_in_jellyfin(user).await {
            Ok(held) => held,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::debug!(error, "What Jellyfin holds of a profile could not be read");
                return Ok(wanted);
            }
        };
        Ok(Preferences {
            audio_language: newest(&wanted, &maybe, &held, |one| &one.audio_language),
            subtitle_language: newest(&wanted, &maybe, &held, |one| &one.subtitle_language),
            subtitle_mode: newest(&wanted, &maybe, &held, |one| &one.subtitle_mode),
            autoplay_next: newest(&wanted, &maybe, &held, |one| &one.autoplay_next),
            home_sections: newest(&wanted, &maybe, &held, |one| &one.home_sections),
            theme: wanted.theme,
        })
    }

    async fn preferences_in_jellyfin(&self, user: UserId) -> Result<Preferences, JellyfinError> {
        let configuration = self.inner.jellyfin.configuration(user).await?;
        let settings = self.inner.jellyfin.web_settings(user).await?;
        let language = |name| Language::parse(text(&configuration, name)).ok();
        let usual = Preferences::default();
        let autoplay = configuration.get("EnableNextEpisodeAutoPlay");
        Ok(Preferences {
            audio_language: language("AudioLanguagePreference"),
            subtitle_language: language("SubtitleLanguagePreference"),
            subtitle_mode: SubtitleMode::of_jellyfin(text(&configuration, "SubtitleMode"))
                .unwrap_or(usual.subtitle_mode),
            autoplay_next: autoplay
                .and_then(Value::as_bool)
                .unwrap_or(usual.autoplay_next),
            theme: None,
            home_sections: home_sections(&settings),
        })
    }
}

/// What the owner decided, where Jellyfin may not have it yet; else what Jellyfin has.
fn newest<T: Clone + PartialEq>(
    wanted: &Preferences,
    maybe: &[Preferences],
    held: &Preferences,
    part: impl Fn(&Preferences) -> &T,
) -> T {
    let is_underway = is_new(wanted, maybe, &part);
    part(if is_underway { wanted } else { held }).clone()
}

/// The sections of the home page; none where every place is left to the client.
fn home_sections(settings: &Map<String, Value>) -> Vec<HomeSection> {
    let words: Vec<&str> = (0..HOME_SECTIONS)
        .map(|place| text(settings, &format!("homesection{place}")))
        .collect();
    if words.iter().all(|word| word.is_empty()) {
        return Vec::new();
    }
    let usual = HomeSection::USUAL.into_iter();
    let usual = usual.chain(std::iter::repeat(HomeSection::None));
    let mut sections: Vec<HomeSection> = words
        .into_iter()
        .zip(usual)
        .map(|(word, usual)| match word {
            "" => usual,
            word => HomeSection::of_jellyfin(word).unwrap_or(HomeSection::None),
        })
        .collect();
    let shown = sections.iter().rposition(|one| *one != HomeSection::None);
    sections.truncate(shown.map_or(1, |last| last + 1));
    sections
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> &'a str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}
