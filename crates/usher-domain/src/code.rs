//! Placeholder of `code`.
