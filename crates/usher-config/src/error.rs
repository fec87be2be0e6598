//! Why there is no configuration, or a file that it names cannot be used.
use std::fmt;
use std::path::PathBuf;

/// Where a key was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the configuration file.
    File(PathBuf),
    /// In this environment variable.
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Variable(name) => write!(f, "environment variable {name}"),
        }
    }
}

/// Why there is no configuration. No message repeats a line of the file: it may hold a secret (R59).
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{path}, line {line}: {reason}")]
    NotToml {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What was expected.
        reason: String,
    },
    /// A key is unknown or missing, or its value cannot be meant.
    #[error("{place}: {reason}")]
    Wrong {
        /// Where.
        place: Place,
        /// Which key, and what is wrong with it.
        reason: String,
    },
    /// There is no API key for Jellyfin.
    #[error(
        "the API key for Jellyfin cannot be read from {path}: {reason}; `usher connect` makes one"
    )]
    NoApiKey {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// Another file that the configuration names cannot be used.
    #[error("{key} names {path}, which cannot be used: {reason}")]
    FileOfKey {
        /// Which key.
        key: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
}
