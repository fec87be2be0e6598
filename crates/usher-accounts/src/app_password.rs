//! App passwords: for programs that can show no second factor (R37). Each is one program's, ends with a click, and takes
//! the tokens with it that were given out for it.
//!
//! Invariant: one is good at an app's form alone; never on the web, as a proof, or for a change of the account.
use std::time::Duration;

use usher_domain::activity::Activity;
use usher_domain::id::{AccountId, AppPasswordId};
use usher_domain::mail::{AppPasswordMade, Mail};
use usher_domain::profile::pin::Watcher;
use usher_domain::second_factor::APP_PASSWORDS;
use usher_domain::second_factor::app_password::{AppPasswordText, NAME_MAX};
use usher_domain::secret::Hash;
use usher_domain::visitor::Visitor;
use usher_store::{AppPassword, WebSession};

use crate::profiles::open_seat;
use crate::{AccountError, Accounts};

/// What became of the wish for an app password.
#[derive(Debug)]
pub enum NewAppPassword {
    /// Here it is; shown this once.
    Made(AppPasswordText),
    /// It has no name: nobody would know later what it is for.
    NoName,
    /// The account has as many as it may have.
    TooMany,
    /// Administrators have none.
    Administrator,
    /// The account has no such profile, or not one that can be used.
    NoSeat,
    /// The proof of who sits there is too old.
    StepUp,
    /// The account is gone, or kept out.
    Gone,
}

impl Accounts {
    /// The app passwords of the account of a session, the oldest first; those that ran out too.
    pub async fn app_passwords(
        &self,
        session: &WebSession,
    ) -> Result<Vec<AppPassword>, AccountError> {
        Ok(self.inner.store.app_passwords_of(session.account).await?)
    }

    /// Makes an app password for one seat of the account (design, section 4): the program is that profile, whatever is typed
    /// beside it. `good_for`: how long; without it until it is ended. Needs a proof that is fresh (R38).
    pub async fn make_app_password(
        &self,
        session: &WebSession,
        name: &str,
        seat: Watcher,
        good_for: Option<Duration>,
        visitor: &Visitor,
    ) -> Result<NewAppPassword, AccountError> {
        if !self.is_fresh(session) {
            return Ok(NewAppPassword::StepUp);
        }
        let letters = name.trim().chars().filter(|letter| !letter.is_control());
        let name: String = letters.take(NAME_MAX).collect();
        if name.is_empty() {
            return Ok(NewAppPassword::NoName);
        }
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        // Locks the account's row, so that many at once are not more than one after the other.
        let account = tx.account(session.account).await?;
        let Some(account) = account.filter(|it| !it.is_kept_out() && !it.seen.disabled) else {
            return Ok(NewAppPassword::Gone);
        };
        if account.seen.administrator {
            return Ok(NewAppPassword::Administrator);
        }
        if tx.app_passwords_of(account.id).await?.len() >= APP_PASSWORDS {
            return Ok(NewAppPassword::TooMany);
        }
        let Some(user) = open_seat(&tx, account.id, seat).await? else {
            return Ok(NewAppPassword::NoSeat);
        };
        let text = AppPasswordText::generate(&*self.inner.entropy);
        let new = AppPassword {
            id: AppPasswordId::generate(now, &*self.inner.entropy),
            account: account.id,
            user,
            name: name.clone(),
            made: now,
            used: None,
            expires: good_for.map(|span| now + span),
        };
        let digest = self.app_password_digest(Some(account.id), &text);
        tx.add_app_password(&digest, &new).await?;
        let what = Activity::AppPasswordMade;
        self.note(&tx, account.id, None, what, visitor).await?;
        let mail = Mail::AppPasswordMade(AppPasswordMade {
            user_name: account.seen.name.clone(),
            name,
            origin: visitor.origin(now),
        });
        self.tell(&tx, &account, &mail).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(NewAppPassword::Made(text))
    }

    /// Ends an app password and every token that was given out for it. `false`: the account has no such one (R71). No fresh
    /// proof is asked for: whoever finds a strange program in the list ends it at once.
    pub async fn end_app_password(
        &self,
        session: &WebSession,
        id: AppPasswordId,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        if !tx.end_app_password(session.account, id).await? {
            return Ok(false);
        }
        let ended = tx.end_tokens_of_app_password(id, now).await?;
        let what = Activity::AppPasswordEnded;
        self.note(&tx, session.account, None, what, visitor).await?;
        tx.commit().await?;
        self.forget_tokens(&ended);
        self.sign_out_after_all(&ended).await;
        Ok(true)
    }

    /// What an app password is looked up by: a keyed hash, bound to its account. `None`: a name that nobody has.
    pub(crate) fn app_password_digest(
        &self,
        account: Option<AccountId>,
        text: &AppPasswordText,
    ) -> Hash {
        let whose = account.map(AccountId::as_uuid).unwrap_or_default();
        let parts: [&[u8]; 2] = [whose.as_bytes(), text.reveal().as_bytes()];
        Hash::from_bytes(self.inner.key.mac("app_password", &parts))
    }
}
