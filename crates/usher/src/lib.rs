//! The program's parts, wired: one function builds the gateway for `serve`, for `demo` and for tests.
pub mod application;
pub mod demo;
pub mod serve;
