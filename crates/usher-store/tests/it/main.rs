//! Every method of the store, on every database that there is.
#![expect(
    clippy::unwrap_used,
    reason = "a test helper that fails is a failing test"
)]
mod account;
mod attempt;
mod challenge;
mod databases;
mod limit;
mod outbox;
mod quick_connect;
mod records;
mod token;
