//! Who a client says it is: the parts of `Authorization: MediaBrowser …` (reference, 1.3).
pub use usher_domain::device::ClientIdentity;
