//! Jellyfin's API, as far as Usher itself asks it. What clients ask passes through the gateway and not through here.
//!
//! Every call has an end: 2 s for a connection, 10 s in all (R74). A token is sent by the one carrier that every version
//! takes, and is never part of an error. The server's key is used by the calls that say so and by no other (R59); a client's
//! token is never replaced by it.
mod answer;
mod client;
mod error;
mod item;
mod library;
mod log;
mod policy;
mod quick_connect;
mod seat;
mod server;
mod session;
mod sign_in;
mod token;
mod user;
mod watched;

pub use answer::{Answer, Me, OwnSession};
pub use client::{Credential, Jellyfin};
pub use error::JellyfinError;
pub use item::{Reach, ShownItem};
pub use library::{ParentalRating, Shelf};
pub use log::{LogEntry, LogKind};
pub use policy::{Policy, Schedule};
pub use quick_connect::{Approval, Minted};
pub use seat::{ImageKind, Renamed};
pub use server::{Server, ServerSettings};
pub use session::SessionInfo;
pub use sign_in::{Authenticated, Session};
pub use token::ApiKey;
pub use user::{Created, User};
pub use watched::{Marked, Title};
