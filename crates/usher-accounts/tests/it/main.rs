//! Use cases over a real database and a stand-in for Jellyfin.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test helper that fails is a failing test"
)]
mod address;
mod address_undo;
mod admin;
mod app_password;
mod beside;
mod desk;
mod ending;
mod keys;
mod limits;
mod lockout;
mod look;
mod me;
mod new_sign_in;
mod passkey;
mod press;
mod profiles;
mod quick_connect;
mod reset;
mod reset_shared;
mod reset_work;
mod second_factor;
mod ticket;
mod unfinished;
mod used_up;
mod watch;
