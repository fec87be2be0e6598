//! Checks of the workspace, the one command that runs every test, and the one that measures.
//!
//! `cargo xtask layers` · `cargo xtask tidy` · `cargo xtask test` · `cargo xtask bench`
mod bench;
mod debian;
mod layers;
mod node;
mod test;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let task = std::env::args().nth(1).unwrap_or_default();
    let done = match task.as_str() {
        "layers" => layers::check(&root()),
        "tidy" => tidy::check(&root()),
        "test" => test::run(&root()),
        "bench" => bench::run(&root(), std::env::args().skip(2)),
        _unknown => {
            eprintln!("cargo xtask layers | tidy | test | bench");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{task}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's root: the folder above this crate's.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), PathBuf::from)
}
