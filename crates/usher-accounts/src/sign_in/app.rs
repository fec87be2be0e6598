//! The app door: a client's own form, which can show nothing of ours.
use std::time::Duration;

use bytes::Bytes;
use usher_domain::device::ClientIdentity;
use usher_domain::secret::SecretText;
use usher_domain::visitor::Visitor;

use crate::{AccountError, Accounts};

/// `AuthenticateByName`, read.
#[derive(Clone, Debug)]
pub struct AppForm<'a> {
    /// User name or proven address.
    pub name: &'a str,
    /// The password.
    pub password: &'a SecretText,
    /// The client, as it names itself.
    pub identity: &'a ClientIdentity,
}

/// What an app is answered.
#[derive(Debug)]
pub enum AppSignIn {
    /// Jellyfin's own answer, with a token that is known here.
    Answer(Bytes),
    /// 401, always the same.
    Refused,
    /// Too many tries.
    Wait(Duration),
    /// Too many people sign in at this moment.
    Busy,
}

impl Accounts {
    /// Name and password at an app's form.
    pub async fn app_password(
        &self,
        form: &AppForm<'_>,
        visitor: &Visitor,
    ) -> Result<AppSignIn, AccountError> {
        todo!()
    }
}
