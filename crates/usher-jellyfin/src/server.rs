//! The server itself: who it is, the settings that Usher depends on, and making Usher's own key.
use bytes::Bytes;
use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use usher_domain::secret::SecretText;

use crate::client::{Credential, Jellyfin, as_token, escaped};
use crate::error::JellyfinError;
use crate::token::Keys;

/// What the server tells everybody of itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Server {
    /// Its id, 32 hexadecimal digits.
    pub id: String,
    /// The name that its owner gave it.
    #[serde(rename = "ServerName", default)]
    pub name: String,
    /// Its version: `10.11.11`.
    pub version: String,
}

/// The settings that Usher depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSettings {
    /// Quick Connect is on; without it Usher can mint no token.
    pub quick_connect: bool,
    /// Whose forwarding headers are believed. Without Usher among them, everybody looks local to Jellyfin. Read from the
    /// settings: they take effect with Jellyfin's next start.
    pub known_proxies: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct General {
    quick_connect_available: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Network {
    #[serde(default)]
    known_proxies: Vec<String>,
}

impl Jellyfin {
    /// Who the server is. Needs no credential.
    pub async fn server(&self) -> Result<Server, JellyfinError> {
        self.get("/System/Info/Public", &Credential::default())
            .await?
            .json()
    }

    /// The settings that Usher warns about.
    pub async fn server_settings(&self) -> Result<ServerSettings, JellyfinError> {
        let key = self.own()?;
        let general: General = self.get("/System/Configuration", &key).await?.json()?;
        let network: Network = self
            .get("/System/Configuration/network", &key)
            .await?
            .json()?;
        Ok(ServerSettings {
            quick_connect: general.quick_connect_available,
            known_proxies: network.known_proxies,
        })
    }

    /// Makes a key for an application, as an administrator. Jellyfin does not answer with it: it is the newest of that name
    /// that was not there before. 403 when the token is not an administrator's.
    pub async fn make_key(
        &self,
        administrator: &SecretText,
        app: &str,
    ) -> Result<SecretText, JellyfinError> {
        let credential = as_token(administrator);
        let before: Keys = self.get("/Auth/Keys", &credential).await?.json()?;
        let path = format!("/Auth/Keys?app={}", escaped(app));
        self.post(&path, &credential, Bytes::new()).await?.done()?;
        let after: Keys = self.get("/Auth/Keys", &credential).await?.json()?;
        after
            .items
            .into_iter()
            .filter(|key| key.app_name == app && !before.have(&key.access_token))
            .max_by_key(|key| key.date_created.parse::<Timestamp>().ok())
            .map(|key| key.access_token)
            .ok_or(JellyfinError::Inconsistent(
                "a key that was made is not listed",
            ))
    }

    /// Deletes a key, as an administrator. One that is not there is fine.
    pub async fn delete_key(
        &self,
        administrator: &SecretText,
        key: &SecretText,
    ) -> Result<(), JellyfinError> {
        let path = format!("/Auth/Keys/{}", escaped(key.reveal()));
        let answer = self.delete(&path, &as_token(administrator)).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(());
        }
        answer.done()
    }
}
