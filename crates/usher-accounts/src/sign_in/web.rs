//! The web door: Usher's pages, step by step.
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::visitor::Visitor;
use usher_store::WebSession;

use super::{AttemptView, WebSignIn};
use crate::{AccountError, Accounts};

/// The form of the sign-in page.
#[derive(Clone, Debug)]
pub struct PasswordForm<'a> {
    /// User name or proven address.
    pub name: &'a str,
    /// The password; empty where somebody opens an account that stands open.
    pub password: &'a SecretText,
    /// The id under which this browser is known to Jellyfin.
    pub device_id: &'a str,
    /// The page of the web client that was asked for.
    pub next: &'a str,
    /// The language of the page.
    pub language: &'a str,
}

/// "First time here?"
#[derive(Clone, Debug)]
pub struct FirstTimeForm<'a> {
    /// User name.
    pub name: &'a str,
    /// The set-up code, as typed.
    pub code: &'a str,
    /// The id under which this browser is known to Jellyfin.
    pub device_id: &'a str,
    /// The page of the web client that was asked for.
    pub next: &'a str,
    /// The language of the page.
    pub language: &'a str,
}

impl Accounts {
    /// Name and password. `known` is the live session of this browser, where it has one of the same account: strangers'
    /// failures do not lock it out (R21).
    pub async fn web_password(
        &self,
        form: &PasswordForm<'_>,
        known: Option<&WebSession>,
        visitor: &Visitor,
    ) -> Result<WebSignIn, AccountError> {
        todo!()
    }

    /// Name and set-up code.
    pub async fn first_time(
        &self,
        form: &FirstTimeForm<'_>,
        visitor: &Visitor,
    ) -> Result<WebSignIn, AccountError> {
        todo!()
    }

    /// The link of an invitation, posted by its page. Not used up before the password is set.
    pub async fn open_set_up_link(
        &self,
        link: &OpaqueToken,
        device_id: &str,
        visitor: &Visitor,
    ) -> Result<WebSignIn, AccountError> {
        todo!()
    }

    /// Where the attempt of a cookie stands. `None`: there is none, or it is over.
    pub async fn attempt(&self, cookie: &OpaqueToken) -> Result<Option<AttemptView>, AccountError> {
        todo!()
    }
}
