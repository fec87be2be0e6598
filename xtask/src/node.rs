//! The tests under `tests/`: the official SDK, old clients and a real browser, against the program itself.
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use cargo_metadata::MetadataCommand;

/// Builds the program and runs the tests whose needs are met. Answers what could not be had, for the list of what was not run.
pub(crate) fn run(root: &Path, missing: &[&'static str]) -> Result<Vec<&'static str>> {
    if missing.contains(&"nodejs") || missing.contains(&"npm") {
        return Ok(Vec::new());
    }
    let folder = root.join("tests");
    let mut install = Command::new("npm");
    install.args(["ci", "--no-audit", "--no-fund"]);
    if !install.current_dir(&folder).status()?.success() {
        return Ok(vec!["the npm packages of tests/"]);
    }
    let built = Command::new("cargo")
        .args(["build", "--package", "usher"])
        .current_dir(root)
        .status()?;
    ensure!(built.success(), "the program cannot be built");

    let mut files = tests_in(&folder, "clients")?;
    if !missing.contains(&"chromium") && !missing.contains(&"curl") {
        files.extend(tests_in(&folder, "browser")?);
    }
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()?;
    let passed = Command::new("node")
        .arg("--test")
        .args(files)
        .env("USHER", metadata.target_directory.join("debug/usher"))
        .current_dir(&folder)
        .status()
        .context("node")?
        .success();
    ensure!(passed, "a test under tests/ failed");
    Ok(Vec::new())
}

/// The test files of a folder, by name: what `node --test` makes of a folder differs between its versions.
fn tests_in(tests: &Path, folder: &str) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(tests.join(folder))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.mjs") {
            files.push(format!("{folder}/{name}"));
        }
    }
    files.sort();
    Ok(files)
}
