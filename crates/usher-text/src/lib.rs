//! What people read, in their language: Fluent texts, one file for each area and language under `i18n/`.
//!
//! Invariant: every language has the same keys with the same variables, and a file without faults; `tests.rs` holds the
//! files to it.
//! Invariant: an unknown key shows itself as the key. [`keys`] lets other crates check the ones they use.
//! Absent on purpose: a way to load texts at run time, and texts with markup in them.
mod day;
mod language;
mod tongue;

#[cfg(test)]
mod tests;

pub use day::{day_begins, form_day};
pub use fluent_bundle::FluentValue as Value;
pub use jiff::tz::TimeZone;
pub use tongue::Tongue;

use std::collections::BTreeSet;

/// Every key that there is, for tests that look through templates.
pub fn keys() -> BTreeSet<&'static str> {
    language::english().keys()
}
