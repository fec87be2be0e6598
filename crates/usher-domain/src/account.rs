//! Placeholder of `account`.
