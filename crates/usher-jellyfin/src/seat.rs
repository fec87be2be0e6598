//! What Usher writes for the hidden user of a profile: name, configuration, display preferences, picture. All of it with
//! the server's key.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use usher_domain::id::UserId;

use crate::client::{Jellyfin, json_body};
use crate::error::JellyfinError;

/// Where the web client keeps what belongs to a user, whatever the device.
const SETTINGS: &str = "usersettings";

/// The name under which it keeps it.
const CLIENT: &str = "emby";

/// The kinds of picture that are given to Jellyfin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// `image/png`.
    Png,
    /// `image/jpeg`.
    Jpeg,
}

impl ImageKind {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// What came of naming a user anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renamed {
    /// The user has the name.
    Done,
    /// The name is taken, in any letter case, or not one that Jellyfin takes (400).
    Refused,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Configured {
    configuration: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Displayed {
    custom_prefs: Option<Map<String, Value>>,
}

/// Where the web client's settings of a user are.
fn display_preferences(id: UserId) -> String {
    format!("/DisplayPreferences/{SETTINGS}?userId={id}&client={CLIENT}")
}

impl Jellyfin {
    /// A user's configuration: languages, subtitles, what plays by itself. 404 when there is no such user.
    pub async fn configuration(&self, id: UserId) -> Result<Map<String, Value>, JellyfinError> {
        let answer = self.get(&format!("/Users/{id}"), &self.own()?).await?;
        let user: Configured = answer.json()?;
        Ok(user.configuration)
    }

    /// Writes a configuration whole: a field that is left out becomes Jellyfin's default.
    pub async fn set_configuration(
        &self,
        id: UserId,
        configuration: &Map<String, Value>,
    ) -> Result<(), JellyfinError> {
        let path = format!("/Users/Configuration?userId={id}");
        let body = json_body(&Value::Object(configuration.clone()));
        self.post(&path, &self.own()?, body).await?.done()
    }

    /// Names a user anew. Jellyfin takes the user whole and writes the configuration along with the name, so all of it is
    /// read before and sent back.
    pub async fn rename_user(&self, id: UserId, name: &str) -> Result<Renamed, JellyfinError> {
        let answer = self.get(&format!("/Users/{id}"), &self.own()?).await?;
        let mut user: Map<String, Value> = answer.json()?;
        user.insert("Name".to_owned(), json!(name));
        let path = format!("/Users?userId={id}");
        let body = json_body(&Value::Object(user));
        let answer = self.post(&path, &self.own()?, body).await?;
        if answer.status == StatusCode::BAD_REQUEST {
            return Ok(Renamed::Refused);
        }
        answer.done().map(|()| Renamed::Done)
    }

    /// What the web client keeps for a user (`homesection0`, `skipForwardLength`), as texts.
    pub async fn web_settings(&self, id: UserId) -> Result<Map<String, Value>, JellyfinError> {
        let answer = self.get(&display_preferences(id), &self.own()?).await?;
        let kept: Displayed = answer.json()?;
        Ok(kept.custom_prefs.unwrap_or_default())
    }

    /// Writes some of what the web client keeps for a user, and leaves the rest.
    pub async fn set_web_settings(
        &self,
        id: UserId,
        settings: &[(String, String)],
    ) -> Result<(), JellyfinError> {
        let path = display_preferences(id);
        let answer = self.get(&path, &self.own()?).await?;
        let mut kept: Map<String, Value> = answer.json()?;
        let custom = kept
            .entry("CustomPrefs")
            .or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(custom) = custom else {
            return Err(JellyfinError::Inconsistent("CustomPrefs is no object"));
        };
        for (name, value) in settings {
            custom.insert(name.clone(), Value::String(value.clone()));
        }
        let body = json_body(&Value::Object(kept));
        self.post(&path, &self.own()?, body).await?.done()
    }

    /// Gives a user a picture.
    pub async fn set_image(
        &self,
        id: UserId,
        kind: ImageKind,
        image: &[u8],
    ) -> Result<(), JellyfinError> {
        let path = format!("/UserImage?userId={id}");
        let body = Bytes::from(STANDARD.encode(image));
        let answer = self
            .post_as(&path, &self.own()?, kind.media_type(), body)
            .await?;
        answer.done()
    }

    /// Takes a user's picture away. One that has none is fine.
    pub async fn remove_image(&self, id: UserId) -> Result<(), JellyfinError> {
        let path = format!("/UserImage?userId={id}");
        let answer = self.delete(&path, &self.own()?).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(());
        }
        answer.done()
    }
}
