//! An app password at an app's form: it stands for password and second factor of one program (R37).
use usher_domain::account::Account;
use usher_domain::activity::Door;
use usher_domain::second_factor::app_password::AppPasswordText;
use usher_domain::sign_in::{Answer, Owed, Seat};
use usher_store::AppPassword;

use super::{AppSignIn, Ended, Pressed};
use crate::{AccountError, Accounts};

impl Accounts {
    /// Which app password of the account was typed. The same is done for a name that nobody has (R28).
    pub(super) async fn typed_app_password(
        &self,
        account: Option<&Account>,
        pressed: &Pressed,
    ) -> Result<Option<AppPassword>, AccountError> {
        let Ok(text) = AppPasswordText::parse(pressed.password.reveal()) else {
            return Ok(None);
        };
        let digest = self.app_password_digest(account.map(|account| account.id), &text);
        let found = self.inner.store.app_password(&digest, self.now()).await?;
        Ok(found.filter(|found| account.is_some_and(|account| account.id == found.account)))
    }

    /// Lets a program in by its app password. Who administers the server by now is not let in: such an account is worth more
    /// than a text in a configuration file.
    pub(super) async fn let_program_in(
        &self,
        account: &Account,
        by: &AppPassword,
        pressed: &Pressed,
    ) -> Result<AppSignIn, AccountError> {
        let owner = self.inner.jellyfin.user(account.id.owner()).await?;
        let owner = owner.filter(|owner| {
            !owner.policy.is_administrator && !self.is_closed_to(&owner.policy, &pressed.visitor)
        });
        if owner.is_none() || account.is_kept_out() || account.set_up.is_some() {
            return Ok(AppSignIn::Refused);
        }
        let owed = Owed {
            seat: if by.user == account.id.owner() {
                Seat::Owner
            } else {
                Seat::Profile(by.user)
            },
            ..self.owed(account, Door::AppPassword).await?
        };
        let right = Answer::AppPasswordRight(account.id, owed);
        let attempt = self.begin_attempt(Door::AppPassword, right);
        let Some(grant) = attempt.finish(self.now()) else {
            return Ok(AppSignIn::Refused);
        };
        let ended = Ended {
            grant,
            epoch: account.epoch,
            session: None,
            app_password: Some(by.id),
        };
        self.give_token(ended, account, pressed).await
    }
}
