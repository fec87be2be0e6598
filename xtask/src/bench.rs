//! `cargo xtask bench`: what Usher costs beside nginx and Caddy, before the same origin, with the gate on; and whether the
//! time of its answers tells known names from unknown ones.
//!
//! The proxy that is measured has a core for itself; load and origin share the others. Everything is on the loopback, is
//! bounded in count and time, and ends with this program.
mod http;
mod load;
mod names;
mod origin;
mod process;
mod report;
mod statistics;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::debian;
use origin::{ITEM, LONG_FILM, Place, SHORT_FILM};
use process::Running;
use report::{Measured, Memory};

/// Debian packages, and what tells that each is there.
const PACKAGES: &[(&str, &str)] = &[
    ("nginx-light", "/usr/sbin/nginx"),
    ("caddy", "caddy"),
    ("wrk", "wrk"),
    ("curl", "curl"),
    ("util-linux", "taskset"),
];
/// Films of 1 GiB in a round: one alone is too short for the kernel's clock.
const FILMS: u32 = 4;
/// As fast as a film is read while memory is watched: much slower than the origin could send it.
const SLOWLY: &str = "200M";

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// What a request and a film cost.
    Load,
    /// What the time of an answer tells about a name.
    Names,
}

struct Options {
    parts: Vec<Part>,
    seconds: u32,
    rounds: u32,
    pairs: usize,
    usher: Option<PathBuf>,
    write: bool,
}

/// Measures, prints the tables, and with `--write` puts them into the document.
pub(crate) fn run(root: &Path, arguments: impl Iterator<Item = String>) -> Result<()> {
    let options = Options::read(arguments)?;
    let missing = debian::install(PACKAGES);
    for needed in ["nginx-light", "wrk", "curl", "util-linux"] {
        ensure!(
            !missing.contains(&needed),
            "{needed} is needed and could not be installed"
        );
    }
    let usher = match &options.usher {
        Some(program) => program.clone(),
        None => build(root)?,
    };
    let document = root.join("docs/performance.md");
    for part in &options.parts {
        let (mark, table) = match part {
            Part::Names => ("names", names::run(&usher, options.pairs)?),
            Part::Load => {
                let caddy = if missing.contains(&"caddy") {
                    Caddy::Absent
                } else {
                    Caddy::Installed
                };
                ("measured", load_of_all(&usher, &options, caddy)?)
            }
        };
        println!("{table}");
        if options.write {
            report::write_into(&document, mark, &table)?;
        }
    }
    Ok(())
}

/// Whether Debian's Caddy is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caddy {
    Installed,
    Absent,
}

/// Measures what everybody costs; answers the table.
fn load_of_all(usher: &Path, options: &Options, caddy: Caddy) -> Result<String> {
    let place = Place::make()?;
    let _origin = place.start_origin()?;
    let nginx = place.start_nginx()?;
    let usher = place.start_usher(usher)?;
    check_gate(&place)?;
    let memory = watch_memory(&place, &usher)?;
    let caddy = if caddy == Caddy::Absent {
        eprintln!("Caddy could not be installed: it is left out");
        None
    } else {
        Some(place.start_caddy()?)
    };
    let mut subjects = vec![
        ("direct", place.origin, None),
        ("nginx", place.nginx, Some(&nginx)),
        (
            "nginx, `proxy_buffering off`",
            place.nginx_unbuffered,
            Some(&nginx),
        ),
        ("nginx, buffers of 64 KiB", place.nginx_large, Some(&nginx)),
    ];
    subjects.extend(
        caddy
            .as_ref()
            .map(|caddy| ("Caddy", place.caddy, Some(caddy))),
    );
    subjects.push(("Usher", place.usher, Some(&usher)));
    let mut all: Vec<Measured> = Vec::new();
    for (name, port, _) in &subjects {
        load::small(*port, 1).with_context(|| format!("{name}, warming up"))?;
        all.push(Measured {
            name,
            ..Measured::default()
        });
    }
    for round in 1..=options.rounds {
        for ((name, port, program), measured) in subjects.iter().zip(&mut all) {
            eprintln!("round {round} of {}: {name}", options.rounds);
            measure(*port, *program, options.seconds, measured)?;
        }
    }
    let (Some(usher), Some(nginx)) = (all.last(), all.get(1)) else {
        bail!("nothing was measured");
    };
    println!("{}", report::verdict(usher, nginx));
    report::table(&all, 1, &memory)
}

/// One round of one subject.
fn measure(
    port: u16,
    program: Option<&Running>,
    seconds: u32,
    measured: &mut Measured,
) -> Result<()> {
    let cpu = || program.map(Running::cpu).transpose();
    let before = cpu()?;
    let small = load::small(port, seconds)?;
    if let (Some(before), Some(after)) = (before, cpu()?) {
        let each = after.saturating_sub(before).as_secs_f64() / small.requests;
        measured
            .per_request
            .push(Duration::try_from_secs_f64(each)?);
    }
    measured.small.push(small);
    let before = cpu()?;
    let mut time = Duration::ZERO;
    for _ in 0..FILMS {
        time += load::stream(port, LONG_FILM.0, LONG_FILM.1, "0")?;
    }
    if let (Some(before), Some(after)) = (before, cpu()?) {
        measured.per_gib.push(after.saturating_sub(before) / FILMS);
    }
    measured.gib.push(time / FILMS);
    Ok(())
}

/// The gate is on: without a token there is neither the small answer nor the film.
fn check_gate(place: &Place) -> Result<()> {
    let film = format!("/Videos/{ITEM}/stream?static=true&file={}", SHORT_FILM.0);
    for path in ["/UserViews", &film] {
        let status = load::status_of_a_stranger(place.usher, path)?;
        ensure!(
            status == "401",
            "Usher answers {status} to a stranger at {path}"
        );
    }
    Ok(())
}

/// Peaks of memory while bodies of two sizes pass in either direction, films to a slow reader.
fn watch_memory(place: &Place, usher: &Running) -> Result<Memory> {
    usher.forget_peak()?;
    load::small(place.usher, 1)?;
    let idle = usher.peak()?;
    let mut peaks = Vec::new();
    for (what, film) in [("at 64 MiB down", SHORT_FILM), ("at 1 GiB down", LONG_FILM)] {
        usher.forget_peak()?;
        load::stream(place.usher, film.0, film.1, SLOWLY)?;
        peaks.push((what, usher.peak()?));
    }
    for (what, film) in [("at 64 MiB up", SHORT_FILM), ("at 1 GiB up", LONG_FILM)] {
        usher.forget_peak()?;
        load::upload(place.usher, &place.file(film.0))?;
        peaks.push((what, usher.peak()?));
    }
    Ok(Memory { idle, peaks })
}

/// Builds Usher as it is released, and answers where it lies.
fn build(root: &Path) -> Result<PathBuf> {
    let built = Command::new("cargo")
        .args([
            "build",
            "--release",
            "-p",
            "usher",
            "--message-format=json-render-diagnostics",
        ])
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .context("cargo build")?;
    ensure!(built.status.success(), "Usher cannot be built");
    let said = String::from_utf8(built.stdout)?;
    let program = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back();
    program.context("cargo does not say where Usher lies")
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self {
            parts: vec![Part::Load, Part::Names],
            seconds: 10,
            rounds: 3,
            pairs: 300,
            usher: None,
            write: false,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .with_context(|| format!("{argument} needs a value"))
            };
            match argument.as_str() {
                "--write" => options.write = true,
                "--usher" => options.usher = Some(value()?.into()),
                "--seconds" => options.seconds = value()?.parse()?,
                "--rounds" => options.rounds = value()?.parse()?,
                "--pairs" => options.pairs = value()?.parse()?,
                "--only" => {
                    options.parts = match value()?.as_str() {
                        "load" => vec![Part::Load],
                        "names" => vec![Part::Names],
                        other => bail!("--only takes load or names, not {other}"),
                    }
                }
                _unknown => bail!(
                    "cargo xtask bench [--only load|names] [--seconds 10] [--rounds 3] [--pairs 300] \
                     [--usher PROGRAM] [--write]"
                ),
            }
        }
        let bounded = (1..=60).contains(&options.seconds)
            && (1..=10).contains(&options.rounds)
            && (30..=5000).contains(&options.pairs);
        ensure!(bounded, "1 to 60 seconds, 1 to 10 rounds, 30 to 5000 pairs");
        Ok(options)
    }
}
