//! Attempts as rows: begun, moved on, ended with a grant.
use usher_domain::activity::Door;
use usher_domain::id::AttemptId;
use usher_domain::secret::OpaqueToken;
use usher_domain::sign_in::{Answer, Attempt, AttemptContext, Grant, LIFE, Refusal, Step};
use usher_domain::visitor::Visitor;
use usher_store::{NewAttempt, StoredAttempt, Tx, Unfinished, UnfinishedId};

use super::AttemptView;
use crate::{AccountError, Accounts};

/// How an attempt went on.
pub(crate) enum Advance {
    /// The next step.
    Next(Step),
    /// Every step is done; the attempt is over.
    Granted(Grant, Box<AttemptContext>),
    /// The answer did not belong to the present step, or another request was faster: nothing has changed.
    Lost,
}

impl Accounts {
    /// Where the attempt of a cookie stands. `None`: there is none, or it is over.
    pub async fn attempt(&self, cookie: &OpaqueToken) -> Result<Option<AttemptView>, AccountError> {
        let Some(stored) = self.stored_attempt(cookie).await? else {
            return Ok(None);
        };
        let name = match stored.state.account() {
            Some(id) => self.account(id).await?.map(|account| account.seen.name),
            None => None,
        };
        Ok(Some(AttemptView {
            step: stored.state.step(),
            name,
            address: stored
                .context
                .address
                .map(|address| address.as_str().to_owned()),
            owed: stored.state.owed(),
            next: stored.context.next,
            resend_from: stored
                .context
                .code_sent
                .map(|sent| sent + crate::limits::MAILS_APART),
        }))
    }

    /// The page of the web client that an attempt was to lead to, also one that has run out; empty for its first page.
    pub async fn attempt_led_to(&self, cookie: &OpaqueToken) -> Result<String, AccountError> {
        let context = self.inner.store.attempt_context(&cookie.hash()).await?;
        Ok(context.map(|context| context.next).unwrap_or_default())
    }

    /// The row of a cookie, while it lasts.
    pub(crate) async fn stored_attempt(
        &self,
        cookie: &OpaqueToken,
    ) -> Result<Option<StoredAttempt>, AccountError> {
        let stored = self.inner.store.attempt(&cookie.hash(), self.now()).await?;
        Ok(stored.filter(|stored| !matches!(stored.state.step(), Step::Refused(_))))
    }

    /// Begins an attempt with what was proven at its first step.
    pub(crate) fn begin_attempt(&self, door: Door, answer: Answer) -> Attempt {
        let now = self.now();
        let mut attempt = Attempt::start(door, now);
        // The first answers are legal at the first step of every door.
        let moved = attempt.submit(answer, now);
        debug_assert!(moved.is_ok());
        attempt
    }

    /// Keeps an attempt that has steps left. Answers its cookie, which leads nowhere where everything of the account was
    /// ended since the attempt's epoch.
    pub(crate) async fn keep_attempt(
        &self,
        state: Attempt,
        context: AttemptContext,
        visitor: &Visitor,
    ) -> Result<OpaqueToken, AccountError> {
        let now = self.now();
        let cookie = OpaqueToken::generate(&*self.inner.entropy);
        let tx = self.inner.store.begin().await?;
        if let Some(id) = state.account()
            && !self.goes_on(&tx, id, context.epoch).await?
        {
            return Ok(cookie);
        }
        let id = AttemptId::generate(now, &*self.inner.entropy);
        if let (Step::SecondFactor, Some(account)) = (state.step(), state.account()) {
            tx.note_unfinished(&Unfinished {
                id: UnfinishedId::Web(id),
                account,
                device: visitor.client.clone(),
                address: visitor.address.to_string(),
                since: now,
            })
            .await?;
        }
        tx.add_attempt(&NewAttempt {
            id,
            digest: cookie.hash(),
            state,
            context,
            expires: now + LIFE,
        })
        .await?;
        tx.commit().await?;
        Ok(cookie)
    }

    /// Moves an attempt on, in the transaction of what the answer is about. With the last step the row goes, so that one
    /// attempt gives one grant.
    pub(crate) async fn advance(
        &self,
        tx: &Tx,
        mut stored: StoredAttempt,
        answer: Answer,
    ) -> Result<Advance, AccountError> {
        let now = self.now();
        let Ok(step) = stored.state.submit(answer, now) else {
            return Ok(Advance::Lost);
        };
        if step != Step::Done {
            let is_first = tx.update_attempt(&stored).await?;
            return Ok(if is_first {
                Advance::Next(step)
            } else {
                Advance::Lost
            });
        }
        if !tx.take_attempt(&stored).await? {
            return Ok(Advance::Lost);
        }
        Ok(match stored.state.finish(now) {
            Some(grant) => Advance::Granted(grant, Box::new(stored.context)),
            None => Advance::Next(Step::Refused(Refusal::Expired)),
        })
    }
}
