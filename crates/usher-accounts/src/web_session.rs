//! Browsers that are signed in to Usher (R44, R48).
//!
//! A session lives 14 days from its last use. An administrator's stands for the console only while the last proof of
//! who sits there is fresh.
use std::time::Duration;

use usher_domain::activity::Activity;
use usher_domain::id::{AccountId, SessionId, UserId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::{Hash, OpaqueToken};
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::{Tx, WebSession};

use crate::{AccountError, Accounts};

/// A session that was not used for so long is over.
pub const IDLE: Duration = Duration::from_hours(14 * 24);

/// How long a proof of identity stands before something sensitive (design, section 4).
pub const FRESH: Duration = Duration::from_mins(10);

/// Who was idle for so long proves again who sits there before the console opens (R44).
pub(crate) const CONSOLE_IDLE: Duration = Duration::from_mins(30);

/// Last use is kept to the minute: one write in a minute is enough.
const TOUCH: Duration = Duration::from_mins(1);

/// Sessions that one account may have; the one that was idle longest goes first (R48).
const PER_ACCOUNT: usize = 50;

/// With what a session is opened.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// The Jellyfin token that is handed over to the browser.
    pub token: Option<Hash>,
    /// How sure it was who signed in, beside the password.
    pub level: FactorLevel,
    /// At whose seat: the owner's user, or a profile's.
    pub user: UserId,
}

/// Whoever proved within the last ten minutes to be the owner of an account (R38, R52): every change of a profile takes one.
#[derive(Clone, Copy, Debug)]
pub struct ProvenOwner {
    pub(crate) account: AccountId,
}

impl Accounts {
    /// The session of a cookie, if it is live. Unknown cookies are never adopted (R44).
    pub async fn web_session(
        &self,
        cookie: &OpaqueToken,
    ) -> Result<Option<WebSession>, AccountError> {
        let now = self.now();
        let Some(found) = self.inner.store.web_session(&cookie.hash()).await? else {
            return Ok(None);
        };
        if now.since(found.used) > IDLE {
            return Ok(None);
        }
        if now.since(found.used) > TOUCH {
            let tx = self.inner.store.begin().await?;
            if now.since(found.used) > CONSOLE_IDLE {
                // Whatever page the person comes back to: the proof is not fresh again by this use.
                tx.forget_proof(found.id).await?;
            }
            tx.touch_web_session(found.id, now).await?;
            tx.commit().await?;
        }
        Ok(Some(found))
    }

    /// Whether the person of this session proved who they are within the last ten minutes.
    pub fn is_fresh(&self, session: &WebSession) -> bool {
        self.now().since(session.proved) <= FRESH
    }

    /// The owner, where the person of this session proved that lately.
    pub fn proven(&self, session: &WebSession) -> Option<ProvenOwner> {
        let account = session.account;
        self.is_fresh(session).then_some(ProvenOwner { account })
    }

    /// The browsers in which an account is signed in, last used first.
    pub async fn web_sessions(&self, account: AccountId) -> Result<Vec<WebSession>, AccountError> {
        let now = self.now();
        let mut sessions = self.inner.store.web_sessions(account).await?;
        sessions.retain(|session| now.since(session.used) <= IDLE);
        Ok(sessions)
    }

    /// Notes a step-up: the person proved again who they are. Answers the cookie that takes the old one's place.
    pub async fn renew_web_session(
        &self,
        session: &WebSession,
    ) -> Result<OpaqueToken, AccountError> {
        let cookie = OpaqueToken::generate(&*self.inner.entropy);
        let tx = self.inner.store.begin().await?;
        tx.renew_web_session(session.id, &cookie.hash(), FactorLevel::None, self.now())
            .await?;
        tx.commit().await?;
        Ok(cookie)
    }

    /// Ends a session of the account. `false`: it has no such session.
    pub async fn end_web_session(
        &self,
        account: AccountId,
        id: SessionId,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let tx = self.inner.store.begin().await?;
        let ended = tx.end_web_session(account, id).await?;
        if ended {
            self.note(&tx, account, None, Activity::SignedOut, visitor)
                .await?;
        }
        tx.commit().await?;
        Ok(ended)
    }

    /// Opens a session in the transaction that ends the sign-in. Answers its cookie.
    pub async fn open_web_session(
        &self,
        tx: &Tx,
        account: AccountId,
        opened: Opened,
        visitor: &Visitor,
    ) -> Result<OpaqueToken, AccountError> {
        let now = self.now();
        for idle in tx.web_sessions(account).await?.iter().skip(PER_ACCOUNT - 1) {
            tx.end_web_session(account, idle.id).await?;
        }
        let cookie = OpaqueToken::generate(&*self.inner.entropy);
        // Whoever sits at a profile's seat from now on need not be who signed in (R43).
        let is_owner = opened.user == account.owner();
        // Trust in a browser skips the second factor of a sign-in, and no step-up (R36).
        let is_proof = is_owner && opened.level != FactorLevel::Trusted;
        let session = WebSession {
            id: SessionId::generate(now, &*self.inner.entropy),
            account,
            client: visitor.client.clone(),
            address: visitor.address.to_string(),
            token: opened.token,
            opened: now,
            used: now,
            proved: if is_proof {
                now
            } else {
                Timestamp::from_millis(0)
            },
            level: opened.level,
            level_counts: is_owner,
            proved_level: if is_owner {
                opened.level
            } else {
                FactorLevel::None
            },
            user: opened.user,
            owner_shown: None,
        };
        tx.add_web_session(&cookie.hash(), &session).await?;
        Ok(cookie)
    }
}
