//! What Usher is about, as pure values: accounts, sign-in, recovery, mail, time, identifiers and secrets.
//!
//! Invariant: nothing here reads a clock, draws randomness, or touches a file or a socket by itself. Functions take
//! `now` and ready-made values; [`time::Clock`] and [`entropy::Entropy`] are held by the use cases.
pub mod account;
pub mod activity;
pub mod address;
pub mod code;
pub mod device;
pub mod entropy;
pub mod id;
pub mod key;
pub mod mail;
pub mod name;
pub mod network;
pub mod outbox;
pub mod password;
pub mod profile;
pub mod second_factor;
pub mod secret;
pub mod settings;
pub mod sign_in;
pub mod throttle;
pub mod time;
pub mod visitor;
