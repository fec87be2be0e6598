//! A stand-in for Jellyfin: a real HTTP server with real state, for the demo and for tests.
//!
//! It behaves as the recordings under `contract/` say, for 10.11 and for 12.0, and is held to them by `tests/it/contract.rs`.
//! Invariant: an answer follows from state and rules; none is looked up by a recorded path. Absent on purpose: transcoding,
//! plugins, music, and everything else that has nothing to do with who somebody is.
mod ask;
mod credential;
mod fault;
mod gate;
mod json;
mod library;
mod limit;
mod media;
mod password;
mod path;
mod preference;
mod quick_connect;
mod refusal;
mod route;
mod run;
mod scene;
mod server;
mod session;
mod sign_in;
mod socket;
mod startup;
mod state;
mod sync_play;
mod system;
mod user;
mod web;

pub use fault::{Fault, Faults};
pub use run::{Standin, start, start_on};
pub use scene::{Scene, SceneUser, Television, Version};
pub use state::{ApiKey, Device, Session, State, Token, User};
