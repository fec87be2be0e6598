//! Placeholder of `device`.
