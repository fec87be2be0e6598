//! The language that somebody is spoken to in.
use std::fmt;

use fluent_bundle::{FluentArgs, FluentValue};
use fluent_langneg::{NegotiationStrategy, negotiate_languages, parse_accepted_languages};
use jiff::tz::TimeZone;
use unic_langid::LanguageIdentifier;
use usher_domain::time::Timestamp;

use crate::language::{self, Language};

/// A chosen language. Free to copy: the texts are read once for the whole program.
#[derive(Clone, Copy)]
pub struct Tongue(&'static Language);

impl Tongue {
    /// English: where nothing is known of the reader.
    pub fn english() -> Self {
        Self(language::english())
    }

    /// Every language, English first.
    pub fn all() -> impl Iterator<Item = Self> {
        language::all().iter().map(Self)
    }

    /// The language of a code as [`code`](Self::code) gives it; English for one that is not on offer, so that a stored
    /// choice outlives the language.
    pub fn of(code: &str) -> Self {
        Self::all()
            .find(|tongue| tongue.code() == code)
            .unwrap_or_else(Self::english)
    }

    /// The best for a visitor: what they chose (a cookie, an account) before what their browser says in
    /// `Accept-Language`. Both may hold anything.
    pub fn negotiate(accept_language: &str, chosen: Option<&str>) -> Self {
        let chosen = chosen.and_then(|code| Self::all().find(|tongue| tongue.code() == code));
        chosen.unwrap_or_else(|| Self::accepted(accept_language))
    }

    fn accepted(accept_language: &str) -> Self {
        let header: String = accept_language.chars().take(200).collect();
        let wanted = parse_accepted_languages(&header);
        let offered: Vec<&LanguageIdentifier> = language::all()
            .iter()
            .map(|language| &language.id)
            .collect();
        let best = negotiate_languages(&wanted, &offered, None, NegotiationStrategy::Lookup);
        let found = best
            .first()
            .and_then(|id| language::all().iter().find(|language| language.id == ***id));
        found.map_or_else(Self::english, Self)
    }

    /// Its code for `lang` attributes, cookies and rows: `en`, `de`.
    pub const fn code(&self) -> &'static str {
        self.0.code
    }

    /// A text without variables.
    pub fn t(&self, key: &str) -> String {
        self.text(key, None)
    }

    /// A text with its variables: `tongue.with("greeting", &[("name", name.into())])`. Numbers choose plural forms.
    pub fn with(&self, key: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
        let arguments: FluentArgs<'_> = variables
            .iter()
            .map(|(name, value)| (*name, value.clone()))
            .collect();
        self.text(key, Some(&arguments))
    }

    /// A moment with its time zone, for a mail or a list: "24 November 2026, 14:05 UTC".
    pub fn moment(&self, at: Timestamp, zone: &TimeZone) -> String {
        let at = at.to_jiff().to_zoned(zone.clone());
        let time = at.strftime("%H:%M %Z").to_string();
        self.with(
            "moment",
            &[("date", self.date(&at).into()), ("time", time.into())],
        )
    }

    /// The day of a moment: "24 November 2026".
    pub fn day(&self, at: Timestamp, zone: &TimeZone) -> String {
        self.date(&at.to_jiff().to_zoned(zone.clone()))
    }

    /// A span: "5 minutes".
    pub fn minutes(&self, minutes: u64) -> String {
        self.with("span-minutes", &[("n", minutes.into())])
    }

    /// A span: "3 hours".
    pub fn hours(&self, hours: u64) -> String {
        self.with("span-hours", &[("n", hours.into())])
    }

    /// A span: "7 days".
    pub fn days(&self, days: u64) -> String {
        self.with("span-days", &[("n", days.into())])
    }

    fn date(self, at: &jiff::Zoned) -> String {
        let month = self.with("month", &[("n", at.month().into())]);
        // As texts: a number might be written with marks for thousands one day.
        let (day, year) = (at.day().to_string(), at.year().to_string());
        self.with(
            "date",
            &[
                ("day", day.into()),
                ("month", month.into()),
                ("year", year.into()),
            ],
        )
    }

    fn text(self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let found = self
            .0
            .text(key, arguments)
            .or_else(|| language::english().text(key, arguments));
        found.unwrap_or_else(|| key.to_owned())
    }
}

impl fmt::Debug for Tongue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tongue").field(&self.code()).finish()
    }
}
