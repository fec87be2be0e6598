//! Every method of the store, on every database that there is.
#![expect(
    clippy::unwrap_used,
    reason = "a test helper that fails is a failing test"
)]
mod challenge;
mod databases;
mod outbox;
mod records;
