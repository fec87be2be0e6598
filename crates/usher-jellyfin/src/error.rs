//! Why Jellyfin could not be asked.
use http::StatusCode;

/// A call that has no answer one can work with. None of them is a verdict on a person.
#[derive(Debug, thiserror::Error)]
pub enum JellyfinError {
    /// The configured address has no scheme or host, or the call no valid target.
    #[error("the address of Jellyfin must look like http://127.0.0.1:8096")]
    Address,
    /// No connection, it broke, or no answer within ten seconds.
    #[error("Jellyfin cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An answer that this call does not have.
    #[error("Jellyfin answered {0}")]
    Status(StatusCode),
    /// The call needs the server's key, and none was given: run `usher connect`.
    #[error("Usher has no key of Jellyfin's")]
    NoKey,
    /// An empty password was to be set. It would let anybody in, so it was not sent.
    #[error("an empty password is never set")]
    EmptyPassword,
    /// Jellyfin said that it did what was asked, and did something else.
    #[error("Jellyfin's answers do not fit together: {0}")]
    Inconsistent(&'static str),
    /// An answer in another form than recorded.
    #[error("Jellyfin's answer cannot be read")]
    Unreadable(#[source] serde_json::Error),
}
