//! Signing in by password.
use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use usher_domain::device::ClientIdentity;
use usher_domain::secret::SecretText;

use crate::answer::Answer;
use crate::client::{Credential, Jellyfin, json_body, own_identity};
use crate::error::JellyfinError;
use crate::user::User;

/// A sign-in that Jellyfin granted: a live token on a client's device.
#[derive(Clone)]
pub struct Session {
    /// The token.
    pub token: SecretText,
    /// Whose it is. After a disabled user's sign-in was minted, Jellyfin refuses the token (401): read the policy first.
    pub user: User,
    /// The server's id, 32 hexadecimal digits.
    pub server_id: String,
    /// The id of the session, where the answer has one: MD5 of client and device id.
    pub session_id: Option<String>,
    /// The answer's body, with the token in it, to be handed on to the client as it is.
    pub whole: Bytes,
}

impl fmt::Debug for Session {
    /// Without the body: the token is in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("user", &self.user.id)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Granted {
    access_token: SecretText,
    user: User,
    server_id: String,
    #[serde(default)]
    session_info: Option<SessionInfo>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SessionInfo {
    #[serde(default)]
    id: Option<String>,
}

impl Session {
    /// Reads the answer of a sign-in, by password or by Quick Connect.
    pub(crate) fn read(answer: &Answer) -> Result<Self, JellyfinError> {
        if answer.status != StatusCode::OK {
            return Err(JellyfinError::Status(answer.status));
        }
        Self::from_body(&answer.body)
    }

    /// Reads the body of a sign-in that was granted to a client directly.
    pub fn from_body(body: &Bytes) -> Result<Self, JellyfinError> {
        let granted: Granted = serde_json::from_slice(body).map_err(JellyfinError::Unreadable)?;
        Ok(Self {
            token: granted.access_token,
            user: granted.user,
            server_id: granted.server_id,
            session_id: granted.session_info.and_then(|session| session.id),
            whole: body.clone(),
        })
    }
}

/// What Jellyfin says to a name and a password.
#[derive(Clone, Debug)]
pub enum Authenticated {
    /// Both fit.
    Right(Box<Session>),
    /// They do not, or nobody has the name (401).
    Wrong,
    /// The user may not come (403). Disabled, outside the hours and remote is said before the password is looked at; a
    /// device that is not allowed and the session limit only after the right one. Only the user's policy tells which.
    Forbidden,
}

impl Jellyfin {
    /// Signs in as a client that says all four things of itself; without one, or without a name, Jellyfin answers 400. The
    /// user's older token on the same device ends.
    pub async fn authenticate(
        &self,
        name: &str,
        password: &SecretText,
        identity: &ClientIdentity,
    ) -> Result<Authenticated, JellyfinError> {
        let client = Credential {
            identity: Some(identity),
            token: None,
        };
        let body = json_body(&json!({ "Username": name, "Pw": password.reveal() }));
        let answer = self
            .post("/Users/AuthenticateByName", &client, body)
            .await?;
        match answer.status {
            StatusCode::UNAUTHORIZED => Ok(Authenticated::Wrong),
            StatusCode::FORBIDDEN => Ok(Authenticated::Forbidden),
            _ => Ok(Authenticated::Right(Box::new(Session::read(&answer)?))),
        }
    }

    /// Whether an empty password signs this user in, tried under a device id that nobody has and signed out at once. `false`
    /// also where the user may not come at all, so ask only about users who may. On 12.0 a try that fails is a wrong password
    /// of the user's: three of them can lock an account, so ask once.
    pub async fn stands_open(&self, name: &str, device_id: &str) -> Result<bool, JellyfinError> {
        let empty = SecretText::new("");
        let tried = self
            .authenticate(name, &empty, &own_identity(device_id))
            .await?;
        match tried {
            Authenticated::Right(session) => {
                self.sign_out(&session.token).await?;
                Ok(true)
            }
            Authenticated::Wrong | Authenticated::Forbidden => Ok(false),
        }
    }
}
