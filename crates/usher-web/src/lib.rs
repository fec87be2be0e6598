//! What the gateway asks, answered over the use cases; and Usher's own pages.
mod door;
mod fault;
mod pages;

pub use door::{Door, DoorOptions, Menu};
