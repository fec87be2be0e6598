//! Users: reading, making and removing them, their policies and passwords. All of it with the server's key.
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use usher_domain::id::UserId;
use usher_domain::secret::SecretText;

use crate::client::{Jellyfin, json_body};
use crate::error::JellyfinError;
use crate::policy::Policy;

/// A user of Jellyfin.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct User {
    /// The user.
    pub id: UserId,
    /// The name to sign in with.
    pub name: String,
    /// Whether a password is set. Means nothing on 12.0, which always says yes, nor in the answer of [`Jellyfin::create_user`].
    #[serde(rename = "HasConfiguredPassword", default)]
    pub has_password: Option<bool>,
    /// When the user last signed in, as Jellyfin writes moments; `None` for never, and on 10.11 also after the first time.
    #[serde(rename = "LastLoginDate", default)]
    pub last_login: Option<String>,
    /// What the user may do.
    pub policy: Policy,
}

/// What came of making a user.
#[derive(Clone, Debug)]
pub enum Created {
    /// The user exists, hidden as every new one is, and has the password.
    Made(Box<User>),
    /// The name is taken, in any letter case, or not one that Jellyfin takes (400).
    Refused,
}

impl Jellyfin {
    /// Every user.
    pub async fn users(&self) -> Result<Vec<User>, JellyfinError> {
        self.get("/Users", &self.own()?).await?.json()
    }

    /// One user. `None` when there is none.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, JellyfinError> {
        let answer = self.get(&format!("/Users/{id}"), &self.own()?).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        answer.json().map(Some)
    }

    /// Makes a user. Jellyfin writes the user first and the password after it, so a failure here may leave a user that
    /// stands open: look for the name before the next try.
    pub async fn create_user(
        &self,
        name: &str,
        password: &SecretText,
    ) -> Result<Created, JellyfinError> {
        refuse_empty(password)?;
        let body = json_body(&json!({ "Name": name, "Password": password.reveal() }));
        let answer = self.post("/Users/New", &self.own()?, body).await?;
        if answer.status == StatusCode::BAD_REQUEST {
            return Ok(Created::Refused);
        }
        Ok(Created::Made(Box::new(answer.json()?)))
    }

    /// Removes a user with all that was theirs. One that is not there is fine; the last administrator is a 400.
    pub async fn delete_user(&self, id: UserId) -> Result<(), JellyfinError> {
        let answer = self.delete(&format!("/Users/{id}"), &self.own()?).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(());
        }
        answer.done()
    }

    /// Writes a policy whole. Disabling ends every token of the user for good. 403 when no enabled user or no administrator
    /// would be left, or an administrator be disabled.
    pub async fn set_policy(&self, id: UserId, policy: &Policy) -> Result<(), JellyfinError> {
        let body = json_body(&Value::Object(policy.whole.clone()));
        let path = format!("/Users/{id}/Policy");
        self.post(&path, &self.own()?, body).await?.done()
    }

    /// Sets a password, without the present one; every token of the user ends. An empty one is never sent, and neither is
    /// `ResetPassword`, which would empty it.
    pub async fn set_password(
        &self,
        id: UserId,
        password: &SecretText,
    ) -> Result<(), JellyfinError> {
        refuse_empty(password)?;
        let body = json_body(&json!({ "NewPw": password.reveal() }));
        let path = format!("/Users/Password?userId={id}");
        self.post(&path, &self.own()?, body).await?.done()
    }
}

/// Blanks alone count as empty: Jellyfin judges an administrator's password so.
fn refuse_empty(password: &SecretText) -> Result<(), JellyfinError> {
    if password.reveal().trim().is_empty() {
        return Err(JellyfinError::EmptyPassword);
    }
    Ok(())
}
