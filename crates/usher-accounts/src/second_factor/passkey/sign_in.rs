//! A passkey as the whole of a sign-in on the web: whoever comes is whom the passkey says.
//!
//! Invariant: a passkey that nobody has and one whose signature is wrong get the same answer (R27).
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use usher_domain::account::Account;
use usher_domain::activity::{Activity, Door};
use usher_domain::secret::OpaqueToken;
use usher_domain::throttle::Outcome;
use usher_domain::visitor::Visitor;
use usher_jellyfin::User;
use usher_store::CeremonyKind;
use webauthn_rs::prelude::PublicKeyCredential;

use super::{ID_MAX, Shown, Signed};
use crate::limits::{Admitted, MailAdmitted, Whose};
use crate::sign_in::{Arrival, WebSignIn};
use crate::{AccountError, Accounts};

/// The answer of a browser that signs in with a passkey.
#[derive(Clone, Debug)]
pub struct PasskeyForm<'a> {
    /// What the browser said, in JSON.
    pub answer: &'a str,
    /// The id under which this browser is known to Jellyfin.
    pub device_id: &'a str,
    /// The page of the web client that was asked for.
    pub next: &'a str,
    /// The language of the page.
    pub language: &'a str,
}

/// What became of the wish to sign in with a passkey.
#[derive(Debug)]
pub enum PasskeyBegun {
    /// What the browser is asked for, in JSON; and the cookie that ties the answer to this browser.
    Asked(OpaqueToken, String),
    /// Too many asked from there.
    Wait,
    /// There are no passkeys here.
    None,
}

/// What is known of who comes.
enum Comer {
    /// This user of this account.
    Known(Box<Account>, Box<User>),
    /// Nobody who is let in, or not proven. With the account that was named.
    Wrong(Option<Box<Account>>),
    /// Nothing is known: the challenge is gone, or the user may not be here now. No try is counted.
    NotNow(Option<Box<Account>>),
}

impl Accounts {
    /// Asks a browser for a passkey, whoever's it is.
    pub async fn begin_passkey_sign_in(
        &self,
        visitor: &Visitor,
    ) -> Result<PasskeyBegun, AccountError> {
        let Some(party) = &self.inner.passkeys else {
            return Ok(PasskeyBegun::None);
        };
        match self.admit_passkey(visitor).await? {
            MailAdmitted::Go => {}
            MailAdmitted::Wait(_same_for_all) => return Ok(PasskeyBegun::Wait),
        }
        let cookie = OpaqueToken::generate(&*self.inner.entropy);
        let (asked, state) = party.ask(Vec::new())?;
        self.keep_challenge(&cookie.hash(), CeremonyKind::ShowPasskey, None, &state)
            .await?;
        Ok(PasskeyBegun::Asked(cookie, asked))
    }

    /// Signs in with a passkey. The account is judged as after its password.
    pub async fn finish_passkey_sign_in(
        &self,
        cookie: &OpaqueToken,
        form: &PasskeyForm<'_>,
        visitor: &Visitor,
    ) -> Result<WebSignIn, AccountError> {
        let answer = serde_json::from_str::<PublicKeyCredential>(form.answer).ok();
        let Some(answer) = answer.filter(|answer| answer.raw_id.len() <= ID_MAX) else {
            return Ok(WebSignIn::Wrong);
        };
        // Counted by what was shown, known or not; the name's own count is for passwords, which strangers can guess at.
        let shown = format!("passkey:{}", URL_SAFE_NO_PAD.encode(&answer.raw_id));
        let tried = match self.admit(Whose::Typed(&shown), visitor).await? {
            Admitted::Go(tried) => tried,
            Admitted::Wait(span) => return Ok(WebSignIn::Wait(span)),
            Admitted::Busy => return Ok(WebSignIn::Busy),
        };
        let comer = self.who_comes(cookie, &answer, visitor).await;
        let outcome = match &comer {
            Ok(Comer::Known(..)) => Outcome::Right,
            Ok(Comer::Wrong(_)) => Outcome::Wrong,
            Ok(Comer::NotNow(_)) | Err(_) => Outcome::Undecided,
        };
        self.settle(tried, outcome).await?;
        match comer? {
            Comer::Known(account, user) => {
                let arrival = Arrival {
                    device_id: form.device_id,
                    next: form.next,
                    language: form.language,
                    visitor,
                };
                self.passkey_right(&user, account.epoch, &arrival).await
            }
            Comer::Wrong(account) | Comer::NotNow(account) => {
                let what = Activity::SignInRefused { door: Door::Web };
                self.note_refusal(account.as_deref(), what, visitor).await?;
                Ok(WebSignIn::Wrong)
            }
        }
    }

    async fn who_comes(
        &self,
        cookie: &OpaqueToken,
        answer: &PublicKeyCredential,
        visitor: &Visitor,
    ) -> Result<Comer, AccountError> {
        let kind = CeremonyKind::ShowPasskey;
        let Some(state) = self.take_challenge(&cookie.hash(), kind, None).await? else {
            return Ok(Comer::NotNow(None));
        };
        let store = &self.inner.store;
        let Some(factor) = store.factor_by_credential(&answer.raw_id).await? else {
            return Ok(Comer::Wrong(None));
        };
        let Some(account) = self.account(factor.account).await?.map(Box::new) else {
            return Ok(Comer::Wrong(None));
        };
        // A passkey must say itself whose it is: nobody else has.
        let says_whose = answer.get_user_unique_id().is_some();
        let shown = match self.judge_signature(factor, state, answer)? {
            Signed::Right(shown) if says_whose => shown,
            Signed::Copied(factor) => {
                self.tell_passkey_copied(&factor, visitor).await?;
                return Ok(Comer::Wrong(Some(account)));
            }
            Signed::Right(_) | Signed::Wrong => return Ok(Comer::Wrong(Some(account))),
        };
        match self.let_in(&account, *shown, visitor).await? {
            Some(user) => Ok(Comer::Known(account, Box::new(user))),
            None => Ok(Comer::NotNow(Some(account))),
        }
    }

    /// The user of an account whose passkey is right, which is used up. `None`: the user may not be here now.
    async fn let_in(
        &self,
        account: &Account,
        shown: Shown,
        visitor: &Visitor,
    ) -> Result<Option<User>, AccountError> {
        let is_out = account.is_kept_out() || account.seen.disabled || account.set_up.is_some();
        if is_out || !self.factor_case(account).await?.is_active() {
            return Ok(None);
        }
        let user = self.inner.jellyfin.user(account.id.owner()).await?;
        let user = user.filter(|user| !self.is_closed_to(&user.policy, visitor));
        let tx = self.inner.store.begin().await?;
        if !self.use_passkey(&tx, shown).await? {
            return Ok(None);
        }
        tx.commit().await?;
        Ok(user)
    }
}
