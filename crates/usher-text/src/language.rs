//! The files of each language, read once.
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast::Entry;
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

/// Languages on offer. The first is where a text comes from that another language lacks.
const CODES: [&str; 2] = ["en", "de"];

#[derive(RustEmbed)]
#[folder = "i18n/"]
struct Files;

/// One language: its code and all its texts.
pub(crate) struct Language {
    pub(crate) code: &'static str,
    pub(crate) id: LanguageIdentifier,
    pub(crate) files: Vec<(String, Arc<FluentResource>)>,
    /// What is wrong with the files; a test wants none.
    pub(crate) faults: Vec<String>,
    bundle: FluentBundle<Arc<FluentResource>>,
}

static LANGUAGES: LazyLock<Vec<Language>> =
    LazyLock::new(|| CODES.into_iter().map(Language::read).collect());

/// All languages, English first.
pub(crate) fn all() -> &'static [Language] {
    &LANGUAGES
}

/// The language that has every text.
pub(crate) fn english() -> &'static Language {
    &LANGUAGES[0]
}

impl Language {
    fn read(code: &'static str) -> Self {
        let mut language = Self::empty(code);
        for name in Files::iter().filter(|name| name.starts_with(code) && name.ends_with(".ftl")) {
            if let Some(file) = Files::get(&name) {
                language.add(&name, &String::from_utf8_lossy(&file.data));
            }
        }
        language
    }

    pub(crate) fn empty(code: &'static str) -> Self {
        // Two ASCII letters are always a language's name; a test sees that each one is.
        let id: LanguageIdentifier = code.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id.clone()]);
        // Marks around variables would be visible in mails and in attributes.
        bundle.set_use_isolating(false);
        Self {
            code,
            id,
            files: Vec::new(),
            faults: Vec::new(),
            bundle,
        }
    }

    /// Adds the texts of a file. A key that is there already, in this file or in another, is a fault: one of the two texts would
    /// silently win.
    pub(crate) fn add(&mut self, name: &str, source: &str) {
        let resource = Arc::new(FluentResource::try_new(source.to_owned()).unwrap_or_else(
            |(rest, errors)| {
                self.faults
                    .extend(errors.iter().map(|error| format!("{name}: {error}")));
                rest
            },
        ));
        if let Err(errors) = self.bundle.add_resource(Arc::clone(&resource)) {
            self.faults
                .extend(errors.iter().map(|error| format!("{name}: {error}")));
        }
        let area = name.trim_start_matches(self.code).trim_start_matches('/');
        self.files.push((area.to_owned(), resource));
    }

    /// The text of a key, if this language has it.
    pub(crate) fn text(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        Some(
            self.bundle
                .format_pattern(pattern, arguments, &mut errors)
                .into_owned(),
        )
    }

    /// Its keys.
    pub(crate) fn keys(&self) -> BTreeSet<&str> {
        let entries = self.files.iter().flat_map(|(_, file)| file.entries());
        entries
            .filter_map(|entry| {
                if let Entry::Message(message) = entry {
                    Some(message.id.name)
                } else {
                    None
                }
            })
            .collect()
    }
}
