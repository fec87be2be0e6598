//! Quick Connect: approving a code for somebody, and minting a token without a password by the same way.
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use usher_domain::device::ClientIdentity;
use usher_domain::id::UserId;
use usher_domain::secret::SecretText;

use crate::client::{Credential, Jellyfin, escaped, json_body};
use crate::error::JellyfinError;
use crate::sign_in::Session;

/// What came of minting a token.
#[derive(Clone, Debug)]
pub enum Minted {
    /// A token on the client's device.
    Session(Box<Session>),
    /// The device is not allowed, or the session limit is reached (403).
    Refused,
    /// Quick Connect is switched off in Jellyfin (401 on `Initiate`).
    QuickConnectOff,
}

/// What came of approving a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// Whoever holds the code's secret is signed in. The user's older token on that device has ended.
    Approved,
    /// The user may not use that device, or the session limit is reached (403).
    Refused,
    /// Nobody waits with this code, or no longer (404).
    UnknownCode,
    /// It was approved before. Jellyfin says so by a plain 500.
    AlreadyUsed,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Initiated {
    secret: SecretText,
    code: SecretText,
}

impl Jellyfin {
    /// Whether Quick Connect is on.
    pub async fn quick_connect_enabled(&self) -> Result<bool, JellyfinError> {
        self.get("/QuickConnect/Enabled", &Credential::default())
            .await?
            .json()
    }

    /// Approves the code that somebody typed, for a user.
    pub async fn authorize(&self, code: &str, user: UserId) -> Result<Approval, JellyfinError> {
        let path = format!(
            "/QuickConnect/Authorize?code={}&userId={user}",
            escaped(code)
        );
        let answer = self.post(&path, &self.own()?, Bytes::new()).await?;
        match answer.status {
            StatusCode::FORBIDDEN => Ok(Approval::Refused),
            StatusCode::NOT_FOUND => Ok(Approval::UnknownCode),
            StatusCode::INTERNAL_SERVER_ERROR => Ok(Approval::AlreadyUsed),
            _ if answer.json()? => Ok(Approval::Approved),
            _ => Err(JellyfinError::Inconsistent("a code was not approved")),
        }
    }

    /// Makes a token for a user on a client's device, without a password. Neither hours, networks nor `IsDisabled` are
    /// judged by Jellyfin at this moment: whoever mints has read the user's policy. The user's older token on the same device
    /// ends, even when the call fails half-way.
    pub async fn mint(
        &self,
        user: UserId,
        identity: &ClientIdentity,
    ) -> Result<Minted, JellyfinError> {
        // Without the key nothing is begun.
        self.own()?;
        let client = Credential {
            identity: Some(identity),
            token: None,
        };
        let answer = self
            .post("/QuickConnect/Initiate", &client, Bytes::new())
            .await?;
        if answer.status == StatusCode::UNAUTHORIZED {
            return Ok(Minted::QuickConnectOff);
        }
        let waiting: Initiated = answer.json()?;
        match self.authorize(waiting.code.reveal(), user).await? {
            Approval::Approved => {}
            Approval::Refused => return Ok(Minted::Refused),
            Approval::UnknownCode | Approval::AlreadyUsed => {
                return Err(JellyfinError::Inconsistent(
                    "a code that was given out a moment ago could not be approved",
                ));
            }
        }
        self.redeem(&waiting.secret, user, &client).await
    }

    async fn redeem(
        &self,
        secret: &SecretText,
        user: UserId,
        client: &Credential<'_>,
    ) -> Result<Minted, JellyfinError> {
        let body = json_body(&json!({ "Secret": secret.reveal() }));
        let answer = self
            .post("/Users/AuthenticateWithQuickConnect", client, body)
            .await?;
        if answer.status == StatusCode::FORBIDDEN {
            return Ok(Minted::Refused);
        }
        let session = Session::read(&answer)?;
        // Jellyfin finds a request by six digits: nobody is handed a token that is somebody else's.
        if session.user.id != user {
            self.sign_out(&session.token).await?;
            return Err(JellyfinError::Inconsistent(
                "a token was made for another user than asked",
            ));
        }
        Ok(Minted::Session(Box::new(session)))
    }
}
