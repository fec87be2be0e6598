//! A passkey as the proof of who sits in a browser that is signed in (R38).
use usher_domain::activity::Door;
use usher_domain::second_factor::FactorKind;
use usher_domain::second_factor::budget::Spent;
use usher_domain::secret::OpaqueToken;
use usher_domain::visitor::Visitor;
use usher_store::WebSession;

use super::{Judged, Shown};
use crate::me::StepUp;
use crate::second_factor::Flow;
use crate::{AccountError, Accounts};

impl Accounts {
    /// What the browser of a session is asked for to show a passkey of its account, in JSON. `None`: there is none, or
    /// second factors rest.
    pub async fn begin_prove_passkey(
        &self,
        session: &WebSession,
    ) -> Result<Option<String>, AccountError> {
        if !self.proves_by_passkey(session).await? {
            return Ok(None);
        }
        self.ask_for_passkey(&Flow::Account(session).key(), session.account)
            .await
    }

    /// Proves again who sits there, by a passkey. `answer`: what the browser said, in JSON.
    pub async fn finish_prove_passkey(
        &self,
        session: &WebSession,
        answer: &str,
        visitor: &Visitor,
    ) -> Result<StepUp, AccountError> {
        if !self.proves_by_passkey(session).await? {
            return Ok(StepUp::Wrong);
        }
        let flow = Flow::Account(session).key();
        Ok(
            match self.judge_passkey(&flow, session, answer, visitor).await? {
                Judged::Right(shown) => self.renew_by_passkey(session, *shown).await?,
                Judged::Wrong { .. } => {
                    self.note_wrong_factor(session.account, Door::Web, visitor)
                        .await?;
                    StepUp::Wrong
                }
                Judged::NotACode => StepUp::NotACode,
                Judged::Dead => StepUp::Dead,
                Judged::Spent(Spent::Wait(span)) => StepUp::Wait(span),
                Judged::Spent(Spent::Closed) => StepUp::Closed,
            },
        )
    }

    async fn proves_by_passkey(&self, session: &WebSession) -> Result<bool, AccountError> {
        let account = self.account(session.account).await?;
        let account = account.filter(|account| !account.is_kept_out() && !account.seen.disabled);
        Ok(match account {
            Some(account) => self.factor_case(&account).await?.is_active(),
            None => false,
        })
    }

    async fn renew_by_passkey(
        &self,
        session: &WebSession,
        shown: Shown,
    ) -> Result<StepUp, AccountError> {
        let cookie = OpaqueToken::generate(&*self.inner.entropy);
        let level = FactorKind::Passkey.level();
        let tx = self.inner.store.begin().await?;
        let is_used = self.use_passkey(&tx, shown).await?;
        let is_renewed = tx
            .renew_web_session(session.id, &cookie.hash(), level, self.now())
            .await?;
        if !is_used || !is_renewed {
            return Ok(StepUp::Dead);
        }
        tx.commit().await?;
        Ok(StepUp::Done(cookie))
    }
}
