//! The gateway: one canonical form of a request decides, and the same form goes upstream.
//!
//! `accept → canonicalise → classify → identify the caller → gate → own | filter | block | pass → answer`. It knows
//! paths, headers and bytes; what needs knowledge of accounts it asks through [`rules::Rules`].
pub mod body;
pub mod carriers;
pub mod identity;
pub mod path;
pub mod routes;
pub mod rules;
