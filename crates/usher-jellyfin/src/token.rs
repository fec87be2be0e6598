//! What a token says: whose it is, which sessions it shows, and its end.
use http::StatusCode;
use serde::Deserialize;
use usher_domain::key::same_secret;
use usher_domain::secret::SecretText;
use usher_domain::time::Timestamp;

use crate::answer::{Me, OwnSession};
use crate::client::{Jellyfin, as_token};
use crate::error::JellyfinError;

/// A key of the server.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ApiKey {
    /// The key itself.
    pub access_token: SecretText,
    /// The program that it was made for, as its maker named it.
    #[serde(default)]
    pub app_name: String,
    /// When it was made, as Jellyfin writes moments.
    #[serde(default)]
    pub date_created: String,
}

impl ApiKey {
    /// When it was made; `None` where Jellyfin does not tell it readably.
    pub fn made(&self) -> Option<Timestamp> {
        let moment: jiff::Timestamp = self.date_created.parse().ok()?;
        Some(Timestamp::from_millis(moment.as_millisecond()))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Keys {
    pub(crate) items: Vec<ApiKey>,
}

impl Keys {
    pub(crate) fn have(&self, token: &SecretText) -> bool {
        self.items.iter().any(|key| {
            same_secret(
                key.access_token.reveal().as_bytes(),
                token.reveal().as_bytes(),
            )
        })
    }
}

impl Jellyfin {
    /// Whose token this is. `None` when Jellyfin does not take it (401), the only verdict there is on a token.
    pub async fn me(&self, token: &SecretText) -> Result<Option<Me>, JellyfinError> {
        let answer = self.get("/Users/Me", &as_token(token)).await?;
        // A live API key is nobody: 400.
        if matches!(
            answer.status,
            StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST
        ) {
            return Ok(None);
        }
        answer.json().map(Some)
    }

    /// Whether the token is an API key: only those, and administrators, may list the keys, and it is among them.
    pub async fn is_api_key(&self, token: &SecretText) -> Result<bool, JellyfinError> {
        let answer = self.get("/Auth/Keys", &as_token(token)).await?;
        if matches!(
            answer.status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
        ) {
            return Ok(false);
        }
        Ok(answer.json::<Keys>()?.have(token))
    }

    /// Every API key of the server but Usher's own, asked with it (R59).
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, JellyfinError> {
        let keys: Keys = self.get("/Auth/Keys", &self.own()?).await?.json()?;
        let is_foreign = |key: &ApiKey| !self.is_own_key(key.access_token.reveal());
        Ok(keys.items.into_iter().filter(is_foreign).collect())
    }

    /// The sessions that Jellyfin shows to the user of a token: only the user's own.
    pub async fn sessions(&self, token: &SecretText) -> Result<Vec<OwnSession>, JellyfinError> {
        self.get("/Sessions", &as_token(token)).await?.json()
    }

    /// Ends a token. One that has already ended (401) is fine.
    pub async fn sign_out(&self, token: &SecretText) -> Result<(), JellyfinError> {
        let answer = self
            .post("/Sessions/Logout", &as_token(token), bytes::Bytes::new())
            .await?;
        if answer.status == StatusCode::UNAUTHORIZED {
            return Ok(());
        }
        answer.done()
    }
}
