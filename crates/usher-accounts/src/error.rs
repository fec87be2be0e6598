//! What keeps a use case from happening at all. What a person did wrong is an outcome of the use case, never one of these.
use usher_domain::key::Unsealable;
use usher_jellyfin::JellyfinError;
use usher_store::StoreError;

/// A fault of ours or of a server behind us. Nothing was changed, no try was counted (R7).
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The database.
    #[error("the database failed")]
    Store(#[from] StoreError),
    /// Jellyfin.
    #[error("Jellyfin failed")]
    Jellyfin(#[from] JellyfinError),
    /// Jellyfin's Quick Connect is off, by which Usher signs people in after further steps.
    #[error("Quick Connect is off in Jellyfin; Usher needs it on to sign people in")]
    QuickConnectOff,
    /// A stored value was sealed with another key, or for another row.
    #[error(transparent)]
    Sealed(#[from] Unsealable),
    /// A stored value cannot be read.
    #[error("a stored value of {what} cannot be read")]
    Unreadable {
        /// Which kind of value.
        what: &'static str,
    },
    /// The program is stopping.
    #[error("the program is stopping")]
    Stopping,
}
