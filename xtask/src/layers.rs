//! Which crate may import which, and that `ARCHITECTURE.md` says the same.
use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// Every crate of the workspace and what it may import of it. `usher` may import everything.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("usher-domain", &[]),
    ("usher-text", &["usher-domain"]),
    ("usher-config", &["usher-domain"]),
    ("usher-store", &["usher-domain"]),
    ("usher-jellyfin", &["usher-domain"]),
    ("usher-mail", &["usher-domain", "usher-text"]),
    (
        "usher-accounts",
        &[
            "usher-domain",
            "usher-text",
            "usher-store",
            "usher-mail",
            "usher-jellyfin",
        ],
    ),
    ("usher-proxy", &["usher-domain"]),
    (
        "usher-web",
        &[
            "usher-domain",
            "usher-text",
            "usher-accounts",
            "usher-proxy",
        ],
    ),
    ("usher-standin", &["usher-domain"]),
];

/// Crates from outside that only these may use.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("sea-orm", &["usher-store"]),
    ("lettre", &["usher-mail"]),
    ("webauthn-rs", &["usher-accounts"]),
    ("axum", &["usher-web", "usher-proxy", "usher-standin"]),
    ("anyhow", &["usher", "xtask"]),
];

/// Fails on an edge that the tables lack.
pub(crate) fn check(root: &Path) -> Result<()> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()?;
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        for import in imports(package) {
            let ours = import.starts_with("usher");
            let free = package.name.as_str() == "usher";
            let may = allowed
                .get(package.name.as_str())
                .is_some_and(|list| list.contains(&import.as_str()));
            if ours && !free && !may {
                wrong.push(format!("{} may not import {import}", package.name));
            }
            let only = ONLY_IN
                .iter()
                .find(|(name, _)| *name == import)
                .map(|(_, users)| *users);
            if only.is_some_and(|users| !users.contains(&package.name.as_str())) {
                wrong.push(format!("{} may not use {import}", package.name));
            }
        }
    }
    ensure!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    documented(root)
}

fn imports(package: &Package) -> Vec<String> {
    let normal = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == DependencyKind::Normal);
    normal.map(|dependency| dependency.name.clone()).collect()
}

/// The table in `ARCHITECTURE.md` has a row for each crate, with the same imports.
fn documented(root: &Path) -> Result<()> {
    let path = root.join("ARCHITECTURE.md");
    let text = std::fs::read_to_string(&path).context("ARCHITECTURE.md cannot be read")?;
    for (name, imports) in MAY_IMPORT {
        let row = text
            .lines()
            .find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.with_context(|| format!("ARCHITECTURE.md has no row for {name}"))?;
        let cell = row
            .trim_end_matches('|')
            .rsplit('|')
            .next()
            .unwrap_or_default()
            .trim();
        let mut said: Vec<String> = cell
            .split(',')
            .map(|one| format!("usher-{}", one.trim()))
            .collect();
        said.retain(|one| one != "usher-–");
        let mut meant: Vec<String> = imports.iter().map(ToString::to_string).collect();
        said.sort();
        meant.sort();
        ensure!(
            said == meant,
            "ARCHITECTURE.md says that {name} imports {said:?}, the check says {meant:?}"
        );
    }
    Ok(())
}
