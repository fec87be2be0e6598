//! Which language is heard and read, when subtitles are shown, and whether the next episode begins by itself.
use askama::Template;
use serde::Deserialize;
use usher_domain::profile::preferences::{Language, Preferences, SubtitleMode};

use super::setting::{Head, carried, decided, save_preferences, shown};
use super::{Opened, Query, open};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Typed};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-languages";

/// Languages to choose from: Jellyfin's code, and what those who speak it call it. One that is not among them, and was
/// chosen elsewhere, is offered besides.
const LANGUAGES: [(&str, &str); 42] = [
    ("ara", "العربية"),
    ("ben", "বাংলা"),
    ("bul", "Български"),
    ("cat", "Català"),
    ("ces", "Čeština"),
    ("dan", "Dansk"),
    ("deu", "Deutsch"),
    ("est", "Eesti"),
    ("ell", "Ελληνικά"),
    ("eng", "English"),
    ("spa", "Español"),
    ("fas", "فارسی"),
    ("fra", "Français"),
    ("heb", "עברית"),
    ("hin", "हिन्दी"),
    ("hrv", "Hrvatski"),
    ("ind", "Indonesia"),
    ("isl", "Íslenska"),
    ("ita", "Italiano"),
    ("jpn", "日本語"),
    ("kor", "한국어"),
    ("lav", "Latviešu"),
    ("lit", "Lietuvių"),
    ("hun", "Magyar"),
    ("msa", "Melayu"),
    ("nld", "Nederlands"),
    ("nor", "Norsk"),
    ("pol", "Polski"),
    ("por", "Português"),
    ("ron", "Română"),
    ("rus", "Русский"),
    ("slk", "Slovenčina"),
    ("slv", "Slovenščina"),
    ("srp", "Српски"),
    ("fin", "Suomi"),
    ("swe", "Svenska"),
    ("tam", "தமிழ்"),
    ("tha", "ไทย"),
    ("tur", "Türkçe"),
    ("ukr", "Українська"),
    ("vie", "Tiếng Việt"),
    ("zho", "中文"),
];

/// When subtitles are shown: what the form sends, and the key of its name.
const MODES: [(SubtitleMode, &str, &str); 5] = [
    (
        SubtitleMode::Default,
        "default",
        "profile-subtitles-default",
    ),
    (SubtitleMode::Always, "always", "profile-subtitles-always"),
    (
        SubtitleMode::OnlyForced,
        "only_forced",
        "profile-subtitles-forced",
    ),
    (SubtitleMode::Smart, "smart", "profile-subtitles-smart"),
    (SubtitleMode::None, "none", "profile-subtitles-none"),
];

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    audio: String,
    subtitles: String,
    mode: SubtitleMode,
    /// `yes` where it is ticked.
    #[serde(default)]
    autoplay: String,
    /// What the page showed.
    before: String,
}

#[derive(Template)]
#[template(path = "account/profile_languages.html")]
pub(in crate::pages) struct LanguagesPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) head: Head<'a>,
    pub(in crate::pages) preferences: &'a Preferences,
}

/// A language to choose.
struct Offer<'a> {
    code: &'a str,
    name: &'a str,
    is_chosen: bool,
}

impl LanguagesPage<'_> {
    fn shown(&self) -> String {
        carried(self.preferences)
    }

    fn audio(&self) -> Vec<Offer<'_>> {
        offers(self.preferences.audio_language.as_ref())
    }

    fn subtitles(&self) -> Vec<Offer<'_>> {
        offers(self.preferences.subtitle_language.as_ref())
    }

    fn modes(&self) -> [(&'static str, &'static str, bool); 5] {
        MODES.map(|(mode, field, name)| (field, name, self.preferences.subtitle_mode == mode))
    }
}

fn offers(chosen: Option<&Language>) -> Vec<Offer<'_>> {
    let chosen = chosen.map_or("", Language::as_str);
    let is_known = LANGUAGES.iter().any(|(code, _)| *code == chosen);
    let known = LANGUAGES.iter().map(|(code, name)| (*code, *name));
    let other = (!is_known && !chosen.is_empty()).then_some((chosen, chosen));
    known
        .chain(other)
        .map(|(code, name)| Offer {
            code,
            name,
            is_chosen: code == chosen,
        })
        .collect()
}

/// `GET /usher/account-profile-languages`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let SignedIn { page, account, .. } = signed_in;
    let accounts = &page.services.accounts;
    let preferences = accounts.preferences_that_hold(&entry.profile).await?;
    let frame = page.frame.clone();
    let texts = ("profile-languages", "profile-languages-body");
    Ok(page.show(&LanguagesPage {
        frame: &frame,
        head: Head::of(&account, &entry, HERE, texts),
        preferences: &preferences,
    }))
}

/// `POST /usher/account-profile-languages`.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<Form>,
) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let (kept, before) = (&entry.profile.preferences, shown(&typed.before)?);
    let audio = language(&typed.audio)?;
    let audio = decided(audio, before.audio_language, &kept.audio_language);
    let subtitles = language(&typed.subtitles)?;
    let subtitles = decided(subtitles, before.subtitle_language, &kept.subtitle_language);
    let mode = decided(typed.mode, before.subtitle_mode, &kept.subtitle_mode);
    let autoplay = typed.autoplay == "yes";
    let autoplay = decided(autoplay, before.autoplay_next, &kept.autoplay_next);
    let preferences = Preferences {
        audio_language: audio.0,
        subtitle_language: subtitles.0,
        subtitle_mode: mode.0,
        autoplay_next: autoplay.0,
        ..kept.clone()
    };
    let shown = Preferences {
        audio_language: audio.1,
        subtitle_language: subtitles.1,
        subtitle_mode: mode.1,
        autoplay_next: autoplay.1,
        ..kept.clone()
    };
    save_preferences(signed_in, &entry, preferences, shown).await
}

fn language(code: &str) -> Result<Option<Language>, Fault> {
    if code.is_empty() {
        return Ok(None);
    }
    let language = Language::parse(code).map_err(|_no_page_sends_it| Fault::Form)?;
    Ok(Some(language))
}
