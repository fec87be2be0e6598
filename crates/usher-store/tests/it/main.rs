//! Every method of the store, on every database that there is.
#![expect(
    clippy::unwrap_used,
    reason = "a test helper that fails is a failing test"
)]
mod account;
mod app_password;
mod attempt;
mod ceremony;
mod challenge;
mod databases;
mod factor;
mod limit;
mod marks;
mod named;
mod noticed;
mod outbox;
mod press;
mod profile;
mod promotion;
mod quick_connect;
mod records;
mod token;
mod trusted_browser;
mod unfinished;
