//! Every text that a page names is there, and every text of a page is named.
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use usher_accounts::admin::WARNINGS;

/// What the keys of pages begin with.
const BEGINNINGS: [&str; 7] = [
    "apps-", "factor-", "leave-", "profile-", "seat-", "watched-", "web-",
];

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The sources of all pages and their templates, but for these tests.
fn sources() -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src/pages", "templates"] {
        collect(&here.join(folder), &mut files);
    }
    let tests = here.join("src/pages/tests");
    files.retain(|file| !file.starts_with(&tests));
    files
}

#[test]
fn every_text_that_is_named_exists_and_every_text_of_a_page_is_named() {
    let sources = sources().into_iter().map(std::fs::read_to_string);
    let sources: Vec<String> = sources.collect::<Result<_, _>>().unwrap();
    for beginning in BEGINNINGS {
        let parts = sources.iter().flat_map(|source| source.split('"'));
        let named: BTreeSet<&str> = parts.filter(|part| part.starts_with(beginning)).collect();
        let keys = usher_text::keys().into_iter();
        let there: BTreeSet<&str> = keys.filter(|key| key.starts_with(beginning)).collect();
        assert!(!there.is_empty(), "{beginning}");
        let missing: Vec<_> = named.difference(&there).collect();
        assert!(missing.is_empty(), "named and not there: {missing:?}");
        let unused: Vec<_> = there.difference(&named).collect();
        assert!(unused.is_empty(), "there and not named: {unused:?}");
    }
}

/// Names of pages begin with the same words, so only templates tell which of them are keys.
#[test]
fn every_text_of_accounts_and_the_console_that_is_named_exists_and_is_used() {
    let of = |text: &str| text.starts_with("account-") || text.starts_with("console-");
    let there: BTreeSet<&str> = usher_text::keys()
        .into_iter()
        .filter(|key| of(key))
        .collect();
    let mut named: BTreeSet<String> = WARNINGS.map(ToOwned::to_owned).into();
    for file in sources() {
        let source = std::fs::read_to_string(&file).unwrap();
        if let Some("html") = file.extension().and_then(|ending| ending.to_str()) {
            let keys = source.split("frame.").skip(1);
            let keys = keys.filter_map(|rest| {
                let (method, rest) = rest.split_once("(\"")?;
                let is_method = method.bytes().all(|letter| letter.is_ascii_lowercase());
                is_method.then(|| rest.split('"').next())?
            });
            for key in keys.filter(|key| of(key)) {
                assert!(there.contains(key), "{key} is named and not there");
            }
        }
        named.extend(
            source
                .split('"')
                .filter(|part| of(part))
                .map(ToOwned::to_owned),
        );
    }
    let unused: Vec<_> = there.iter().filter(|key| !named.contains(**key)).collect();
    assert!(unused.is_empty(), "there and not named: {unused:?}");
}
