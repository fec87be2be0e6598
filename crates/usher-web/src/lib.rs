//! What the gateway asks, answered; and Usher's own pages.
//!
//! So far: whose token a request carries, what passes of sign-in, passwords and Quick Connect, tickets for streams,
//! the sign-in page of the web with its hand-over, and the pages that say that Jellyfin is away. Absent still:
//! accounts, set-up, mail and their pages.
mod door;
mod fault;
mod pages;
mod tried;

pub use door::Door;
