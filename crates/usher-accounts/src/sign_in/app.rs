//! The app door: a client's own form, which can show nothing of ours.
use std::time::Duration;

use bytes::Bytes;
use usher_domain::account::{APPS_GRACE, Account, Epoch};
use usher_domain::activity::Door;
use usher_domain::device::ClientIdentity;
use usher_domain::secret::SecretText;
use usher_domain::sign_in::{AddressOwed, Answer};
use usher_domain::visitor::Visitor;
use usher_jellyfin::{Session, User};
use usher_text::Tongue;

use super::finish::{Granted, Registered};
use super::judge::{Judged, Tried, whose};
use crate::account::epoch_before;
use crate::limits::Admitted;
use crate::{AccountError, Accounts, PasswordlessUsers};

/// How long a message stands on a screen.
const SHOWN_MS: u32 = 20_000;

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

/// Whose the password was, judged in which epoch; with a session where it was tried under the client's own identity.
struct Proven<'a> {
    user: &'a User,
    epoch: Epoch,
    session: Option<Box<Session>>,
}

impl Accounts {
    /// Name and password at an app's form. An empty password is refused at once, without a try being counted: Roku tries
    /// one on every tile, Kodi sends a null.
    pub async fn app_password(
        &self,
        form: &AppForm<'_>,
        visitor: &Visitor,
    ) -> Result<AppSignIn, AccountError> {
        let is_empty = form.password.reveal().trim().is_empty();
        if is_empty && self.inner.options.passwordless_users == PasswordlessUsers::Refuse {
            return Ok(AppSignIn::Refused);
        }
        let found = self.find(form.name).await?;
        if is_empty {
            return self.without_password(found.account(), form, visitor).await;
        }
        let tried = match self
            .admit(whose(found.account(), form.name, None), visitor)
            .await?
        {
            Admitted::Go(tried) => tried,
            Admitted::Wait(span) => return Ok(AppSignIn::Wait(span)),
            Admitted::Busy => return Ok(AppSignIn::Busy),
        };
        let direct = match found.account() {
            Some(account) => {
                account.set_up.is_none() && self.owed(account, Door::App).await?.is_nothing()
            }
            None => false,
        };
        let asked = Tried {
            account: found.account(),
            name: form.name,
            password: form.password,
            identity: direct.then_some(form.identity),
        };
        let judged = self.judge_admitted(tried, &asked, visitor).await?;
        match judged {
            Judged::Right(user, session) => {
                let proven = Proven {
                    epoch: epoch_before(found.account(), user.id),
                    user: &user,
                    session,
                };
                self.let_app_in(proven, form, visitor).await
            }
            Judged::Wrong | Judged::NotNow => {
                self.note_refusal(found.account(), Door::App, visitor)
                    .await?;
                Ok(AppSignIn::Refused)
            }
        }
    }

    /// A user without a password, at home, where the administrator allows it.
    async fn without_password(
        &self,
        account: Option<&Account>,
        form: &AppForm<'_>,
        visitor: &Visitor,
    ) -> Result<AppSignIn, AccountError> {
        let Some(account) = account.filter(|account| self.is_let_in_without(account, visitor))
        else {
            return Ok(AppSignIn::Refused);
        };
        match self.open_user(account).await? {
            Some(user) => {
                let proven = Proven {
                    epoch: account.epoch,
                    user: &user,
                    session: None,
                };
                self.let_app_in(proven, form, visitor).await
            }
            None => Ok(AppSignIn::Refused),
        }
    }

    async fn let_app_in(
        &self,
        proven: Proven<'_>,
        form: &AppForm<'_>,
        visitor: &Visitor,
    ) -> Result<AppSignIn, AccountError> {
        let Proven {
            user,
            epoch,
            session,
        } = proven;
        let account = self.account_of(user).await?;
        let owed = self.owed(&account, Door::App).await?;
        let attempt = self.begin_attempt(Door::App, Answer::PasswordRight(account.id, owed));
        let Some(grant) = attempt.finish(self.now()) else {
            if let Some(session) = session {
                self.inner.jellyfin.sign_out(&session.token).await?;
            }
            return Ok(AppSignIn::Refused);
        };
        let session = match session {
            Some(session) => session,
            None => match self.mint(&grant, form.identity, visitor).await? {
                Some(session) => session,
                None => return Ok(AppSignIn::Refused),
            },
        };
        let granted = Granted {
            grant: &grant,
            session: &session,
            identity: form.identity,
            epoch,
            app_password: None,
        };
        if let Registered::TooLate = self.register(&granted, visitor).await? {
            return Ok(AppSignIn::Refused);
        }
        self.remind(&account, &session).await?;
        Ok(AppSignIn::Answer(session.whole))
    }

    /// Says on the screen until when an app lets this person in without an address (design, section 4). Nobody waits for
    /// it, and a client that shows no messages shows none.
    async fn remind(&self, account: &Account, session: &Session) -> Result<(), AccountError> {
        let owed = self.address_owed(account, Door::Web).await?;
        let policy = self.settings().await?.email;
        let (AddressOwed::Required, Some(since), Some(id)) =
            (owed, policy.since, session.session_id.clone())
        else {
            return Ok(());
        };
        let tongue = Tongue::of(account.language.as_deref().unwrap_or("en"));
        let until = tongue.moment(since + APPS_GRACE, &self.inner.options.server_zone);
        let text = tongue.with("app-address-owed", &[("until", until.into())]);
        let jellyfin = self.inner.jellyfin.clone();
        tokio::spawn(async move {
            if let Err(error) = jellyfin.message(&id, &text, SHOWN_MS).await {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "A screen could not be told what is owed"
                );
            }
        });
        Ok(())
    }
}
