//! Placeholder of `address`.
