//! What was measured, as one table: ratios to nginx beside the numbers.
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::load::Small;
use super::process::cores;

/// nginx's CPU times this may one small request cost at most.
const PER_REQUEST_MAX: f64 = 2.0;
/// nginx's CPU times this may one GiB cost at most.
const PER_GIB_MAX: f64 = 1.0;

/// What one program needed, in each round.
#[derive(Default)]
pub(super) struct Measured {
    /// Its name in the table.
    pub name: &'static str,
    /// Small requests.
    pub small: Vec<Small>,
    /// Time on a core for one small request; none where no proxy stands between.
    pub per_request: Vec<Duration>,
    /// How long 1 GiB took.
    pub gib: Vec<Duration>,
    /// Time on a core for 1 GiB.
    pub per_gib: Vec<Duration>,
}

/// Peaks of Usher's memory, in KiB.
pub(super) struct Memory {
    /// While it idled.
    pub idle: u64,
    /// What passed, and the peak while it did.
    pub peaks: Vec<(&'static str, u64)>,
}

/// The table in Markdown. `basis` is the place of nginx in `all`.
pub(super) fn table(all: &[Measured], basis: usize, memory: &Memory) -> Result<String> {
    let nginx = &all[basis];
    let mut text = String::from(
        "| | requests/s | p50 | p99 | CPU per request | to nginx | GiB/s | CPU per GiB | to nginx |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for one in all {
        let small = |value: fn(&Small) -> f64| median(one.small.iter().map(value));
        write!(
            text,
            "| {} | {:.0} | {:.2} ms | {:.2} ms |",
            one.name,
            small(|small| small.per_second),
            small(|small| small.p50.as_secs_f64() * 1e3),
            small(|small| small.p99.as_secs_f64() * 1e3),
        )?;
        let pace = 1.0 / middle(&one.gib);
        if one.per_request.is_empty() {
            writeln!(text, " | | {pace:.2} | | |")?;
            continue;
        }
        let (request, gib) = (middle(&one.per_request), middle(&one.per_gib));
        writeln!(
            text,
            " {:.1} µs | {:.2} | {pace:.2} | {:.0} ms | {:.2} |",
            request * 1e6,
            request / middle(&nginx.per_request),
            gib * 1e3,
            gib / middle(&nginx.per_gib),
        )?;
    }
    write!(
        text,
        "\nUsher's memory (peak of the resident set): {} when idle",
        mib(memory.idle)
    )?;
    for (what, peak) in &memory.peaks {
        write!(text, ", {} {what}", mib(*peak))?;
    }
    writeln!(text, ".\n\n{}", machine()?)?;
    Ok(text)
}

/// What Usher's numbers say of the two goals.
pub(super) fn verdict(usher: &Measured, nginx: &Measured) -> String {
    let request = middle(&usher.per_request) / middle(&nginx.per_request);
    let gib = middle(&usher.per_gib) / middle(&nginx.per_gib);
    let reached = |value: f64, most: f64| {
        if value <= most {
            "reached"
        } else {
            "not reached"
        }
    };
    format!(
        "CPU per small request: {request:.2} of nginx's, at most {PER_REQUEST_MAX:.1} wanted: {}.\n\
         CPU per GiB: {gib:.2} of nginx's, at most {PER_GIB_MAX:.1} wanted: {}.",
        reached(request, PER_REQUEST_MAX),
        reached(gib, PER_GIB_MAX)
    )
}

/// Puts a table between the marks of its name in the document.
pub(super) fn write_into(document: &Path, mark: &str, table: &str) -> Result<()> {
    let text = std::fs::read_to_string(document)?;
    let (begin, end) = (
        format!("<!-- {mark}: begin -->"),
        format!("<!-- {mark}: end -->"),
    );
    let (head, rest) = text.split_once(&begin).context("no place for the table")?;
    let (_, tail) = rest.split_once(&end).context("no end of the table")?;
    let text = format!("{head}{begin}\n{table}\n{end}{tail}");
    std::fs::write(document, text).context("the document cannot be written")
}

/// On what it was measured. No name of the machine.
fn machine() -> Result<String> {
    let release = said("uname", &["-r"])?;
    let kernel: Vec<&str> = release.split('.').take(2).collect();
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model.trim());
    // nginx writes its version to the other stream.
    let nginx = Command::new("nginx").arg("-v").output()?;
    let nginx = String::from_utf8_lossy(&nginx.stderr)
        .trim()
        .replace("nginx version: nginx/", "");
    let caddy = said("caddy", &["version"]).unwrap_or_else(|_absent| "absent".to_owned());
    Ok(format!(
        "{} cores ({model}), Linux {}; nginx {nginx}, Caddy {caddy}. Each number is the median of its rounds.",
        cores(),
        kernel.join(".")
    ))
}

fn said(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn mib(kib: u64) -> String {
    format!("{} MiB", kib.div_ceil(1024))
}

fn middle(times: &[Duration]) -> f64 {
    median(times.iter().map(Duration::as_secs_f64))
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_one_counts_and_nothing_is_no_number() {
        assert!((median([3.0, 1.0, 2.0].into_iter()) - 2.0).abs() < f64::EPSILON);
        assert!(median(std::iter::empty()).is_nan());
    }

    #[test]
    fn goals_are_judged_against_nginx() {
        let of = |micros: u64, millis: u64| Measured {
            per_request: vec![Duration::from_micros(micros)],
            per_gib: vec![Duration::from_millis(millis)],
            ..Measured::default()
        };
        let said = verdict(&of(30, 301), &of(20, 300));
        assert!(said.contains("1.50 of nginx's, at most 2.0 wanted: reached."));
        assert!(said.contains("1.00 of nginx's, at most 1.0 wanted: not reached."));
    }
}
