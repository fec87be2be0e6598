//! Placeholder of `access`.
