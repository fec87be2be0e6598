//! Answers, as far as they are read. Unknown fields are left alone: versions differ.
use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use usher_domain::id::UserId;

use crate::error::JellyfinError;
use crate::item::Reach;

/// An answer as it came, to be read or handed on.
#[derive(Clone)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, as a whole.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON of a known form. Any status but 200 is an error.
    pub fn json<Form: DeserializeOwned>(&self) -> Result<Form, JellyfinError> {
        if self.status != StatusCode::OK {
            return Err(JellyfinError::Status(self.status));
        }
        serde_json::from_slice(&self.body).map_err(JellyfinError::Unreadable)
    }

    /// The answer of a call that has nothing to say. Any status but those of success is an error.
    pub(crate) fn done(&self) -> Result<(), JellyfinError> {
        if self.status.is_success() {
            Ok(())
        } else {
            Err(JellyfinError::Status(self.status))
        }
    }
}

impl fmt::Debug for Answer {
    /// The status alone: a body may hold a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// A user's own record.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Me {
    /// The user.
    pub id: UserId,
    /// The name to sign in with.
    pub name: String,
    /// What may be done.
    pub policy: Rights,
}

/// The part of a policy that decides what a caller may do to others, and have of the library.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Rights {
    /// Administers the server.
    pub is_administrator: bool,
    /// May drive other people's sessions.
    pub enable_remote_control_of_other_users: bool,
    /// May come from other networks than private ones.
    pub enable_remote_access: bool,
    /// What of the library the user may have.
    pub reach: Reach,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Fields {
    is_administrator: bool,
    #[serde(default)]
    enable_remote_control_of_other_users: bool,
    #[serde(default = "yes")]
    enable_remote_access: bool,
}

impl TryFrom<Map<String, Value>> for Rights {
    type Error = serde_json::Error;

    fn try_from(policy: Map<String, Value>) -> Result<Self, Self::Error> {
        let reach = Reach::of_policy(&policy);
        let fields: Fields = serde_json::from_value(Value::Object(policy))?;
        Ok(Self {
            is_administrator: fields.is_administrator,
            enable_remote_control_of_other_users: fields.enable_remote_control_of_other_users,
            enable_remote_access: fields.enable_remote_access,
            reach,
        })
    }
}

const fn yes() -> bool {
    true
}

/// A session as its own user sees it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OwnSession {
    /// Its id: in Jellyfin MD5 of client and device id, so no secret.
    pub id: String,
    /// The device that it runs on.
    #[serde(default)]
    pub device_id: String,
}
