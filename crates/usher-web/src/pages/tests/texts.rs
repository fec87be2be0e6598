//! Every text that a page of the way in names is there.
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn sources(folder: &str, found: &mut Vec<PathBuf>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            found.push(path);
        }
    }
}

#[test]
fn every_text_that_is_named_exists_and_every_text_of_the_way_in_is_named() {
    let mut files = Vec::new();
    sources("src/pages", &mut files);
    sources("templates/page", &mut files);
    let mut named = BTreeSet::new();
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        for part in source.split('"').filter(|part| part.starts_with("web-")) {
            named.insert(part.to_owned());
        }
    }
    let there: BTreeSet<String> = usher_text::keys()
        .into_iter()
        .filter(|key| key.starts_with("web-"))
        .map(ToOwned::to_owned)
        .collect();
    let missing: Vec<_> = named.difference(&there).collect();
    assert!(missing.is_empty(), "named and not there: {missing:?}");
    let unused: Vec<_> = there.difference(&named).collect();
    assert!(unused.is_empty(), "there and not named: {unused:?}");
}
