//! The stand-in, seen from outside.
#![expect(clippy::expect_used, reason = "helpers of tests stop the test")]
mod behavior;
mod contract;
mod shape;
mod spelling;
mod television;
mod wire;
