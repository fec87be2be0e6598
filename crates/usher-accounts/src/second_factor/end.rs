//! Ending the sessions of those who must have a second factor and signed in without one: so that enforcing it does not wait
//! until everybody signs in anew by themselves (design, section 6).
use usher_domain::account::Account;
use usher_domain::activity::Activity;
use usher_domain::visitor::Visitor;
use usher_store::{AccountSearch, KnownToken, WebSession};

use crate::admin::Admin;
use crate::{AccountError, Accounts};

/// Accounts that are looked at together.
const TOGETHER: u64 = 200;

/// What an account is signed in by without a second factor.
struct Bare {
    tokens: Vec<KnownToken>,
    sessions: Vec<WebSession>,
}

impl Bare {
    const fn is_empty(&self) -> bool {
        self.tokens.is_empty() && self.sessions.is_empty()
    }
}

impl Accounts {
    /// Ends tokens and sessions whose sign-in showed no second factor, of every account that must have one. `here`: the
    /// administrator's own browser, which stays. App passwords stay: they are made for what can show none. Answers of how
    /// many accounts something was ended. Each account is done by itself, and all of it can be repeated.
    pub async fn end_sessions_without_factor(
        &self,
        by: &Admin,
        here: &WebSession,
        visitor: &Visitor,
    ) -> Result<u64, AccountError> {
        let (mut ended, mut offset) = (0, 0);
        loop {
            let search = AccountSearch {
                offset,
                limit: TOGETHER,
                ..AccountSearch::default()
            };
            let accounts = self.inner.store.accounts(&search).await?;
            for account in &accounts {
                let bare = self.bare(account, here).await?;
                if !bare.is_empty() {
                    self.end_bare(by, account, &bare, visitor).await?;
                    ended += 1;
                }
            }
            if accounts.is_empty() {
                return Ok(ended);
            }
            offset += TOGETHER;
        }
    }

    async fn bare(&self, account: &Account, here: &WebSession) -> Result<Bare, AccountError> {
        let (mut tokens, mut sessions) = (Vec::new(), Vec::new());
        if self.factor_case(account).await?.demanded_from().is_some() {
            tokens = self.inner.store.tokens(account.id).await?;
            sessions = self.inner.store.web_sessions(account.id).await?;
        }
        // A browser in which a factor was shown since is as good as one that signed in with it.
        let is_kept = |session: &WebSession| {
            session.id == here.id || session.level.was_shown() || session.proved_level.was_shown()
        };
        tokens.retain(|token| {
            let holder = |session: &&WebSession| session.token == Some(token.digest);
            let is_held = sessions.iter().find(holder).is_some_and(is_kept);
            !token.level.was_shown() && token.app_password.is_none() && !is_held
        });
        sessions.retain(|session| !is_kept(session));
        Ok(Bare { tokens, sessions })
    }

    async fn end_bare(
        &self,
        by: &Admin,
        account: &Account,
        bare: &Bare,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let (now, id) = (self.now(), account.id);
        let tx = self.inner.store.begin().await?;
        // Its row first, as whoever ends everything of the account does.
        tx.account(id).await?;
        let mut ended = Vec::new();
        for token in &bare.tokens {
            ended.extend(tx.end_token_first(&token.digest, now).await?);
        }
        for session in &bare.sessions {
            tx.end_web_session(id, session.id).await?;
        }
        let what = Activity::SignedOutEverywhere;
        self.note(&tx, id, by.actor(), what, visitor).await?;
        tx.commit().await?;
        self.forget_tokens(&ended);
        self.sign_out_after_all(&ended).await;
        Ok(())
    }
}
