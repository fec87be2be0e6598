//! The stand-in, seen from outside.
mod contract;
mod shape;
mod spelling;
mod wire;
