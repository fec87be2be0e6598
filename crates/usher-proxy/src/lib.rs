//! The gateway: one canonical form of a request decides, and the same form goes upstream.
//!
//! `accept → canonicalise → classify → identify the caller → gate → own | observe | filter | media | pass → answer`. It knows
//! paths, headers and bytes; what needs knowledge of accounts it asks through [`rules::Rules`].
mod arrival;
pub mod body;
pub mod carriers;
pub mod config;
mod crowd;
mod cut;
mod forward;
mod frames;
pub mod gateway;
mod guard;
mod headers;
mod heard;
mod hosts;
pub mod identity;
pub mod json;
mod listed;
pub mod listen;
mod media;
pub mod path;
pub mod query;
mod refusal;
pub mod rewrite;
pub mod routes;
pub mod rules;
pub mod tls;
pub mod trust;
mod upgrade;

pub use config::{Config, MediaGate, MenuLink};
pub use forward::UpstreamError;
pub use gateway::Gateway;
