//! Step-up: proving again who sits in a browser that is signed in, with the strongest that the account has (R38).
//!
//! Invariant: where a second factor is enrolled, the password alone proves nothing; where a stronger one is, mail does not.
//! Invariant: what is tried from a profile's seat, where anybody may sit, is counted for that browser alone: it takes neither
//! factors, nor mails, nor the password away from the owner, who sits elsewhere.
use usher_domain::account::Account;
use usher_domain::activity::Door;
use usher_domain::address::EmailAddress;
use usher_domain::code::Purpose;
use usher_domain::mail::{Mail, StepUpCode};
use usher_domain::second_factor::budget::Spent;
use usher_domain::second_factor::{Case, FactorKind};
use usher_domain::secret::{Hash, OpaqueToken, SecretText};
use usher_domain::visitor::Visitor;
use usher_store::WebSession;

use super::{Proof, ProofView, StepUp};
use crate::challenge::CodeFor;
use crate::limits::MailAdmitted;
use crate::second_factor::{CodeSent, Judged, Right, Shown};
use crate::{AccountError, Accounts};

impl Accounts {
    /// What the page of a step-up asks for. `None`: the account is gone.
    pub async fn proof_view(
        &self,
        session: &WebSession,
    ) -> Result<Option<ProofView>, AccountError> {
        let Some(account) = self.account(session.account).await? else {
            return Ok(None);
        };
        let case = self.factor_case(&account).await?;
        let address = account.proven_address();
        Ok(Some(ProofView {
            proof: asked(&case),
            masked_address: address.map(EmailAddress::masked).unwrap_or_default(),
            mail_works: case.can_mail,
            recovery_codes: case.enrolled.recovery_codes,
            name: account.seen.name,
        }))
    }

    /// Whether the account has a second factor that counts: it is asked for wherever the password alone was enough.
    pub async fn asks_for_factor(&self, account: &Account) -> Result<bool, AccountError> {
        Ok(asked(&self.factor_case(account).await?) != Proof::Password)
    }

    /// Whether this session may change what guards the account: a proof that is fresh, by the second factor where there is
    /// one (R38).
    pub(super) async fn has_proved(
        &self,
        session: &WebSession,
        account: &Account,
    ) -> Result<bool, AccountError> {
        let by_factor = self.is_fresh(session) && session.proved_level.was_shown();
        Ok(by_factor || !self.asks_for_factor(account).await?)
    }

    /// Proves again who sits there, by a second factor.
    pub async fn step_up_by_factor(
        &self,
        session: &WebSession,
        shown: Shown<'_>,
        visitor: &Visitor,
    ) -> Result<StepUp, AccountError> {
        let Some(account) = self.account(session.account).await? else {
            return Ok(StepUp::Wrong);
        };
        if !takes(asked(&self.factor_case(&account).await?), shown) {
            return Ok(StepUp::Wrong);
        }
        let flow = flow_of(session);
        let judged = self
            .judge_factor(session, &flow, Purpose::StepUp, shown)
            .await?;
        Ok(match judged {
            Judged::Right(right) => {
                let done = self
                    .renew_by_factor(session, &account, &right, visitor)
                    .await;
                self.unless_factor_fault(&right, done).await?
            }
            Judged::Wrong { .. } => {
                self.note_wrong_factor(account.id, Door::Web, visitor)
                    .await?;
                StepUp::Wrong
            }
            Judged::NotACode => StepUp::NotACode,
            Judged::Dead => StepUp::Dead,
            Judged::Spent(Spent::Wait(span)) => StepUp::Wait(span),
            Judged::Spent(Spent::Closed) => StepUp::Closed,
        })
    }

    /// Sends a code for a step-up, to an account whose only factor is mail.
    pub async fn send_step_up_code(
        &self,
        session: &WebSession,
        visitor: &Visitor,
    ) -> Result<CodeSent, AccountError> {
        let Some(account) = self.account(session.account).await? else {
            return Ok(CodeSent::Gone);
        };
        let case = self.factor_case(&account).await?;
        let (Proof::Mail, true, Some(address)) =
            (asked(&case), case.can_mail, account.proven_address())
        else {
            return Ok(CodeSent::NoMail);
        };
        match self
            .admit_mail_in(session, Purpose::StepUp, visitor)
            .await?
        {
            MailAdmitted::Go => {}
            MailAdmitted::Wait(span) => return Ok(CodeSent::Wait(span)),
        }
        let flow = flow_of(session);
        let tx = self.inner.store.begin().await?;
        let to = CodeFor {
            flow: &flow,
            account: Some(account.id),
            purpose: Purpose::StepUp,
            target: address.as_str(),
        };
        let issued = if session.is_at_profile() {
            self.issue_code_beside(&tx, &to).await?
        } else {
            self.issue_code(&tx, &to).await?
        };
        let Some((code, expires)) = issued else {
            return Ok(CodeSent::NoMail);
        };
        let mail = Mail::StepUpCode(StepUpCode {
            user_name: account.seen.name.clone(),
            code: SecretText::new(code.reveal()),
            expires,
            origin: visitor.origin(self.now()),
        });
        self.tell(&tx, &account, &mail).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(CodeSent::Sent)
    }

    async fn renew_by_factor(
        &self,
        session: &WebSession,
        account: &Account,
        right: &Right,
        visitor: &Visitor,
    ) -> Result<StepUp, AccountError> {
        let cookie = OpaqueToken::generate(&*self.inner.entropy);
        let tx = self.inner.store.begin().await?;
        if !self.use_factor(&tx, account, right, visitor).await? {
            return Ok(StepUp::Wrong);
        }
        if matches!(right, Right::Recovery(_)) && session.is_at_profile() {
            self.forgive_factors(&tx, session).await?;
        }
        let (digest, now) = (cookie.hash(), self.now());
        if !tx
            .renew_web_session(session.id, &digest, right.level(), now)
            .await?
        {
            return Ok(StepUp::Wrong);
        }
        tx.commit().await?;
        self.wake_mailer();
        Ok(StepUp::Done(cookie))
    }
}

/// What a step-up asks for: the strongest that is enrolled.
fn asked(case: &Case) -> Proof {
    let enrolled = case.enrolled;
    if !case.is_active() || !enrolled.any() {
        Proof::Password
    } else if enrolled.strong() {
        Proof::Strong {
            totp: enrolled.has(FactorKind::Totp),
            passkey: enrolled.has(FactorKind::Passkey),
        }
    } else {
        Proof::Mail
    }
}

/// Whether what is asked for may be shown so. A recovery code stands in for every factor (R35).
const fn takes(proof: Proof, shown: Shown<'_>) -> bool {
    match (proof, shown) {
        (Proof::Password, _)
        | (Proof::Strong { .. }, Shown::Mail(_))
        | (Proof::Mail, Shown::Totp(_)) => false,
        (Proof::Strong { totp, .. }, Shown::Totp(_)) => totp,
        (Proof::Strong { .. } | Proof::Mail, Shown::Recovery(_))
        | (Proof::Mail, Shown::Mail(_)) => true,
    }
}

/// What a code for a step-up is bound to: the session, whatever cookie it has by then.
fn flow_of(session: &WebSession) -> Hash {
    Hash::of(&format!("step_up:{}", session.id))
}
