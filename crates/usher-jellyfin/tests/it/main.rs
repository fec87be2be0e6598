//! Every call against a real HTTP server that behaves as Jellyfin 10.11 and 12.0 were recorded.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests stop the test"
)]
mod house;
mod log;
mod profile;
mod quick_connect;
mod seat;
mod secrecy;
mod server;
mod session;
mod sign_in;
mod user;
mod watched;
