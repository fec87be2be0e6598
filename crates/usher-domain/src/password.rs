//! Placeholder of `password`.
