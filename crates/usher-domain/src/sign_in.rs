//! Placeholder of `sign_in`.
