//! Who is where, and a word to somebody's screen. With the server's key.
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;
use usher_domain::id::UserId;

use crate::client::{Jellyfin, escaped, json_body};
use crate::error::JellyfinError;

/// The heading of every message that Usher shows on a screen.
const HEADING: &str = "Usher";

/// A session: a program on a device, with whoever used it last.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Listed")]
pub struct SessionInfo {
    /// MD5 of client and device id: no secret, and the same for every user of that program and device.
    pub id: String,
    /// Who; `None` for a session of an API key.
    pub user: Option<UserId>,
    /// The id that the device chose.
    pub device_id: String,
    /// The program.
    pub client: String,
    /// The device's name.
    pub device_name: String,
    /// When it was last active, as Jellyfin writes moments.
    pub last_activity: Option<String>,
    /// The name of what is playing.
    pub now_playing: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Listed {
    id: String,
    user_id: Option<UserId>,
    device_id: String,
    client: String,
    device_name: String,
    last_activity_date: Option<String>,
    now_playing_item: Option<Playing>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Playing {
    #[serde(default)]
    name: Option<String>,
}

impl From<Listed> for SessionInfo {
    fn from(listed: Listed) -> Self {
        Self {
            id: listed.id,
            user: listed.user_id.filter(|user| !user.as_uuid().is_nil()),
            device_id: listed.device_id,
            client: listed.client,
            device_name: listed.device_name,
            last_activity: listed.last_activity_date,
            now_playing: listed.now_playing_item.and_then(|playing| playing.name),
        }
    }
}

impl Jellyfin {
    /// Everybody's sessions.
    pub async fn all_sessions(&self) -> Result<Vec<SessionInfo>, JellyfinError> {
        self.get("/Sessions", &self.own()?).await?.json()
    }

    /// Shows a text on a session's screen for so many milliseconds. A session that is no longer there is a 404; one that is
    /// there but cannot show it says nothing.
    pub async fn message(
        &self,
        session_id: &str,
        text: &str,
        timeout_ms: u32,
    ) -> Result<(), JellyfinError> {
        let path = format!("/Sessions/{}/Message", escaped(session_id));
        let body = json_body(&json!({ "Header": HEADING, "Text": text, "TimeoutMs": timeout_ms }));
        self.post(&path, &self.own()?, body).await?.done()
    }

    /// Ends what a session plays. A session that is no longer there is a 404; one that cannot be told says nothing.
    pub async fn stop_playing(&self, session_id: &str) -> Result<(), JellyfinError> {
        let path = format!("/Sessions/{}/Playing/Stop", escaped(session_id));
        self.post(&path, &self.own()?, Bytes::new()).await?.done()
    }
}

#[cfg(test)]
mod tests;
