//! What no lint looks for: long files, unfinished places, swallowed errors, escaping switched off.
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Lines that a file may have, tests included.
const LINES_MAX: usize = 600;

/// Fails with a list of everything that is wrong.
pub(crate) fn check(root: &Path) -> Result<()> {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output()
        .context("git ls-files")?;
    let names = String::from_utf8(listed.stdout)?;
    let mut wrong = Vec::new();
    for name in names.split('\0').filter(|name| is_ours(name)) {
        let Ok(text) = std::fs::read_to_string(root.join(name)) else {
            continue;
        };
        let lines = text.lines().count();
        if lines > LINES_MAX {
            wrong.push(format!("{name}: {lines} lines, {LINES_MAX} are the limit"));
        }
        for (number, line) in text.lines().enumerate() {
            if let Some(what) = fault(name, line) {
                wrong.push(format!("{name}:{}: {what}", number + 1));
            }
        }
    }
    ensure!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    Ok(())
}

fn is_ours(name: &str) -> bool {
    let ending = Path::new(name)
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    matches!(ending, "rs" | "html" | "css" | "js" | "mjs" | "ftl")
        && !name.starts_with("xtask/src/tidy")
}

fn fault(name: &str, line: &str) -> Option<&'static str> {
    // A rating is called `XXX`, too.
    if ["TODO", "FIXME", "XXX:", "XXX "]
        .iter()
        .any(|mark| line.contains(mark))
    {
        return Some("unfinished: finish it, or write an issue");
    }
    if name.starts_with("crates/usher-store/src") && line.contains(".ok()") {
        return Some("a database error is never \"not found\"");
    }
    if name.contains("/templates/") && line.replace(' ', "").contains("|safe") {
        return Some("escaping stays on");
    }
    None
}
