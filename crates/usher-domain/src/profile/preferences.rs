//! How a profile likes things: what Jellyfin can hold is written to its user's configuration and display preferences;
//! the theme lives in a browser's storage there, so Usher keeps it and the script on `/web/` applies it.
use serde::{Deserialize, Serialize};

/// How many sections Jellyfin's home page has.
pub const HOME_SECTIONS: usize = 10;

/// A profile's preferences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Preferences {
    /// The language of the sound; `None` for the film's own.
    pub audio_language: Option<Language>,
    /// The language of subtitles; `None` for any.
    pub subtitle_language: Option<Language>,
    /// When subtitles are shown.
    pub subtitle_mode: SubtitleMode,
    /// The next episode begins by itself.
    pub autoplay_next: bool,
    /// The colors of the web client: the id of one of its themes; `None` for the server's choice.
    pub theme: Option<String>,
    /// The sections of the home page, from the top, at most [`HOME_SECTIONS`]; none for the client's own order.
    pub home_sections: Vec<HomeSection>,
}

impl Default for Preferences {
    /// What a new user of Jellyfin has.
    fn default() -> Self {
        Self {
            audio_language: None,
            subtitle_language: None,
            subtitle_mode: SubtitleMode::default(),
            autoplay_next: true,
            theme: None,
            home_sections: Vec::new(),
        }
    }
}

/// A language as Jellyfin names it: three letters (ISO 639-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

/// A text is no code of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a language is three letters")]
pub struct LanguageError;

impl Language {
    /// Reads a code of three ASCII letters.
    ///
    /// # Errors
    ///
    /// [`LanguageError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, LanguageError> {
        if text.len() == 3 && text.bytes().all(|letter| letter.is_ascii_alphabetic()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(LanguageError)
        }
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Language {
    type Error = LanguageError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

/// When subtitles are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubtitleMode {
    /// As the file says.
    #[default]
    Default,
    /// Always.
    Always,
    /// Only those that translate what is foreign in the film.
    OnlyForced,
    /// Never.
    None,
    /// When the sound is in another language.
    Smart,
}

impl SubtitleMode {
    /// What Jellyfin's word means.
    pub fn of_jellyfin(word: &str) -> Option<Self> {
        let all = [
            Self::Default,
            Self::Always,
            Self::OnlyForced,
            Self::None,
            Self::Smart,
        ];
        all.into_iter().find(|one| one.jellyfin() == word)
    }

    /// Jellyfin's word for it.
    pub const fn jellyfin(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::Always => "Always",
            Self::OnlyForced => "OnlyForced",
            Self::None => "None",
            Self::Smart => "Smart",
        }
    }
}

/// A section of the home page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeSection {
    /// The libraries, as tiles.
    Libraries,
    /// The libraries, as buttons.
    LibraryButtons,
    /// Films and episodes that were begun.
    Resume,
    /// Music that was begun.
    ResumeAudio,
    /// Books that were begun.
    ResumeBook,
    /// The next episode of each series.
    NextUp,
    /// What was added last.
    Latest,
    /// Recordings in progress.
    ActiveRecordings,
    /// Live television.
    LiveTelevision,
    /// Nothing.
    None,
}

impl HomeSection {
    /// The web client's own order, where a user has none.
    pub const USUAL: [Self; 7] = [
        Self::Libraries,
        Self::Resume,
        Self::ResumeAudio,
        Self::ResumeBook,
        Self::LiveTelevision,
        Self::NextUp,
        Self::Latest,
    ];

    /// What the web client's word means.
    pub fn of_jellyfin(word: &str) -> Option<Self> {
        let all = [
            Self::Libraries,
            Self::LibraryButtons,
            Self::Resume,
            Self::ResumeAudio,
            Self::ResumeBook,
            Self::NextUp,
            Self::Latest,
            Self::ActiveRecordings,
            Self::LiveTelevision,
            Self::None,
        ];
        all.into_iter().find(|one| one.jellyfin() == word)
    }

    /// The web client's word for it, in `homesection0` to `homesection9`.
    pub const fn jellyfin(self) -> &'static str {
        match self {
            Self::Libraries => "smalllibrarytiles",
            Self::LibraryButtons => "librarybuttons",
            Self::Resume => "resume",
            Self::ResumeAudio => "resumeaudio",
            Self::ResumeBook => "resumebook",
            Self::NextUp => "nextup",
            Self::Latest => "latestmedia",
            Self::ActiveRecordings => "activerecordings",
            Self::LiveTelevision => "livetv",
            Self::None => "none",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_three_letters() {
        assert_eq!(Language::parse("DEU").map(String::from), Ok("deu".into()));
        for text in ["", "de", "de-DE", "d3u", "äu"] {
            assert_eq!(Language::parse(text), Err(LanguageError), "{text}");
        }
    }
}
