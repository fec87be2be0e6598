//! Jellyfin's API, as far as Usher itself asks it. What clients ask passes through the gateway and not through here.
//!
//! Every call has an end: 2 s for a connection, 10 s in all (R74). A token is sent by the one carrier that every version
//! takes, and is never part of an error.
mod answer;
mod client;
mod error;

pub use answer::{Answer, ApiKey, Me, OwnSession};
pub use client::{Credential, Jellyfin};
pub use error::JellyfinError;
