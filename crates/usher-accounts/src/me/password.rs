//! One's own password: typed again as a proof, or changed.
use std::time::Duration;

use usher_domain::account::Account;
use usher_domain::activity::{Activity, Door};
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::sign_in::{Answer, AttemptContext, Owed, Seat};
use usher_domain::visitor::Visitor;
use usher_jellyfin::User;
use usher_store::WebSession;

use super::{PasswordChange, StepUp};
use crate::account::But;
use crate::limits::Admitted;
use crate::sign_in::{Judged, SignedIn, Tried, whose};
use crate::{AccountError, Accounts};

/// What is known of a password that was typed again.
pub(crate) enum Again {
    Right(Box<User>),
    Wrong,
    Wait(Duration),
    Busy,
}

impl Accounts {
    /// Proves again who sits there, by the password; judged as at sign-in. Wrong in any case where a second factor is asked
    /// for.
    pub async fn step_up(
        &self,
        session: &WebSession,
        password: &SecretText,
        visitor: &Visitor,
    ) -> Result<StepUp, AccountError> {
        let Some(account) = self.account(session.account).await? else {
            return Ok(StepUp::Wrong);
        };
        if self.asks_for_factor(&account).await? {
            return Ok(StepUp::Wrong);
        }
        Ok(
            match self
                .judge_again(Some(session), &account, password, visitor)
                .await?
            {
                Again::Right(_) => StepUp::Done(self.renew_web_session(session).await?),
                Again::Wrong => StepUp::Wrong,
                Again::Wait(span) => StepUp::Wait(span),
                Again::Busy => StepUp::Busy,
            },
        )
    }

    /// Changes one's own password. The present one is judged by Jellyfin. Every session and token ends; this browser
    /// gets new ones. The others end before Jellyfin is asked, too: after an outage they are signed out, this browser is
    /// not, and the old password still counts.
    ///
    /// # Errors
    ///
    /// [`AccountError::QuickConnectOff`] and other faults may come after the change: the person then signs in with the
    /// new password.
    pub async fn change_password(
        &self,
        session: &WebSession,
        present: &SecretText,
        new: &SecretText,
        visitor: &Visitor,
    ) -> Result<PasswordChange, AccountError> {
        let account = self.account(session.account).await?;
        let Some(account) = account.filter(|account| !account.is_kept_out()) else {
            return Ok(PasswordChange::WrongPresent);
        };
        if account.seen.elsewhere {
            return Ok(PasswordChange::Elsewhere(self.told_elsewhere().await?));
        }
        if !self.has_proved(session, &account).await? {
            return Ok(PasswordChange::StepUp);
        }
        let new = match self.acceptable(&account, new).await {
            Ok(new) => new,
            Err(rule) => return Ok(PasswordChange::Refused(rule)),
        };
        let user = match self
            .judge_again(Some(session), &account, present, visitor)
            .await?
        {
            Again::Right(user) => user,
            Again::Wrong => return Ok(PasswordChange::WrongPresent),
            Again::Wait(span) => return Ok(PasswordChange::Wait(span)),
            Again::Busy => return Ok(PasswordChange::Busy),
        };
        if user.policy.lives_elsewhere() {
            return Ok(PasswordChange::Elsewhere(self.told_elsewhere().await?));
        }
        let device_id = self.device_of(session).await?;
        self.end_all_before_password(account.id, But::Browser(session))
            .await?;
        self.set_password(account.id, new.secret()).await?;
        let tx = self.inner.store.begin().await?;
        let epoch = self.end_all_after_password(tx, &account, visitor).await?;
        let context = AttemptContext {
            device_id,
            epoch,
            ..AttemptContext::default()
        };
        let signed_in = self.sign_in_again(session, &context, visitor).await?;
        Ok(signed_in.map_or(PasswordChange::SignInAnew, |signed_in| {
            PasswordChange::Done(Box::new(signed_in))
        }))
    }

    /// Judges the password of an account once more, for its session where there is one. An outage costs no try (R7).
    pub(crate) async fn judge_again(
        &self,
        session: Option<&WebSession>,
        account: &Account,
        password: &SecretText,
        visitor: &Visitor,
    ) -> Result<Again, AccountError> {
        let name = &account.seen.name;
        let who = whose(Some(account), name, session);
        let tried = match self.admit(who, visitor).await? {
            Admitted::Go(tried) => tried,
            Admitted::Wait(span) => return Ok(Again::Wait(span)),
            Admitted::Busy => return Ok(Again::Busy),
        };
        let asked = Tried {
            account: Some(account),
            name,
            password,
            identity: None,
        };
        match self.judge_admitted(tried, &asked, visitor).await? {
            Judged::Right(user, _) if user.id == account.id.owner() => Ok(Again::Right(user)),
            judged @ (Judged::Right(..) | Judged::Wrong | Judged::NotNow) => {
                let what = match (judged, session) {
                    (Judged::Wrong, Some(_)) => Activity::ProofRefused,
                    _ => Activity::SignInRefused { door: Door::Web },
                };
                self.note_refusal(Some(account), what, visitor).await?;
                Ok(Again::Wrong)
            }
        }
    }

    /// The device under which this browser is known to Jellyfin; a new one where it holds no token.
    pub(crate) async fn device_of(&self, session: &WebSession) -> Result<String, AccountError> {
        let token = match &session.token {
            Some(digest) => self.inner.store.token(digest).await?,
            None => None,
        };
        let known = token.map(|token| token.identity.device_id);
        Ok(known.unwrap_or_else(|| {
            let device = OpaqueToken::generate(&*self.inner.entropy);
            device.reveal().to_owned()
        }))
    }

    /// Signs the browser in that has just changed the password, at the seat where it was. `None`: Jellyfin does not let the
    /// user in at present.
    async fn sign_in_again(
        &self,
        session: &WebSession,
        context: &AttemptContext,
        visitor: &Visitor,
    ) -> Result<Option<SignedIn>, AccountError> {
        let owed = Owed {
            seat: Seat::Profile(session.user),
            ..Owed::NOTHING
        };
        let right = Answer::PasswordRight(session.account, owed);
        let attempt = self.begin_attempt(Door::Web, right);
        let Some(grant) = attempt.finish(self.now()) else {
            return Ok(None);
        };
        self.sign_in_web(&grant, context, None, visitor).await
    }
}
