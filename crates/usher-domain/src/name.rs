//! Placeholder of `name`.
