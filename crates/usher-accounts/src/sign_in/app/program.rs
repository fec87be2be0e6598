//! An app password at an app's form: it stands for password and second factor of one program (R37).
use usher_domain::account::Account;
use usher_domain::activity::Door;
use usher_domain::second_factor::app_password::AppPasswordText;
use usher_domain::sign_in::{Answer, Owed, Seat};
use usher_store::AppPassword;

use super::{AppSignIn, Ended, Pressed};
use crate::{AccountError, Accounts};

/// What was typed for a password.
pub(super) enum Typed<'a> {
    /// An app password of this account.
    AppPassword(&'a Account, Box<AppPassword>),
    /// A text of that form: one that was ended, or a password that looks so.
    LikeAppPassword,
    /// Anything else.
    Password,
}

impl Accounts {
    /// Reads what was typed for a password. The same is done for a name that nobody has (R28).
    pub(super) async fn read_typed<'a>(
        &self,
        account: Option<&'a Account>,
        pressed: &Pressed,
    ) -> Result<Typed<'a>, AccountError> {
        let Ok(text) = AppPasswordText::parse(pressed.password.reveal()) else {
            return Ok(Typed::Password);
        };
        let digest = self.app_password_digest(account.map(|account| account.id), &text);
        let found = self.inner.store.app_password(&digest, self.now()).await?;
        Ok(match (account, found) {
            (Some(account), Some(found)) if found.account == account.id => {
                Typed::AppPassword(account, Box::new(found))
            }
            _none => Typed::LikeAppPassword,
        })
    }

    /// Lets a program in by its app password, at the seat that it was made for and at no other: who names a profile behind the
    /// account must name that one. Who administers the server by now is not let in: such an account is worth more than a text
    /// in a configuration file.
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
        let seat = if by.user == account.id.owner() {
            Seat::Owner
        } else {
            Seat::Profile(by.user)
        };
        if pressed.profile.is_some() && self.seat(account, pressed).await? != Some(seat) {
            return Ok(AppSignIn::Refused);
        }
        let owed = Owed {
            seat,
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
