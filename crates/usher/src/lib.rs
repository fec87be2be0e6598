//! The program's parts, wired: one function builds the gateway for `serve`, for `demo` and for tests.
pub mod account;
pub mod application;
pub mod connect;
pub mod demo;
pub mod key_file;
pub mod serve;
