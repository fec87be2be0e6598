//! The factor that a reset asks for first, where a stronger one than mail is enrolled: whoever reads the mail alone must not
//! get in (R16).
use std::time::Duration;

use usher_domain::account::Account;
use usher_domain::activity::Door;
use usher_domain::code::{Code, Purpose};
use usher_domain::id::AccountId;
use usher_domain::second_factor::FactorKind;
use usher_domain::second_factor::budget::Spent;
use usher_domain::secret::OpaqueToken;
use usher_domain::visitor::Visitor;
use usher_store::{Ceremony, CeremonyKind, Tx};

use super::{ResetAsks, ResetFactor};
use crate::second_factor::{Judged, Right, Shown};
use crate::{AccountError, Accounts};

/// How long a factor that was shown stands.
const SHOWN: Duration = Duration::from_mins(10);

impl Accounts {
    /// Shows the factor that a reset asks for: the code of an authenticator app, or a recovery code.
    pub async fn show_reset_factor(
        &self,
        proof: &OpaqueToken,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<ResetFactor, AccountError> {
        let Some((_, account)) = self.proven_reset(proof).await? else {
            return Ok(ResetFactor::Dead);
        };
        let shown = if Code::parse_digits(typed).is_ok() {
            Shown::Totp(typed)
        } else {
            Shown::Recovery(typed)
        };
        let judged = self
            .judge_factor(account.id, &proof.hash(), Purpose::SignIn, shown)
            .await?;
        Ok(match judged {
            Judged::Right(right) => self.keep_shown(proof, &account, &right, visitor).await?,
            Judged::Wrong { .. } => {
                self.note_wrong_factor(account.id, Door::Web, visitor)
                    .await?;
                ResetFactor::Wrong
            }
            Judged::NotACode => ResetFactor::NotACode,
            Judged::Dead => ResetFactor::Dead,
            Judged::Spent(Spent::Wait(span)) => ResetFactor::Wait(span),
            Judged::Spent(Spent::Closed) => ResetFactor::Closed,
        })
    }

    /// How a factor can be shown that must still be with this proof. `None`: the new password can be chosen.
    pub(super) async fn reset_asks(
        &self,
        proof: &OpaqueToken,
        account: &Account,
    ) -> Result<Option<ResetAsks>, AccountError> {
        let case = self.factor_case(account).await?;
        if !case.is_active() || !case.enrolled.strong() {
            return Ok(None);
        }
        let (flow, kind) = (proof.hash(), CeremonyKind::ResetFactor);
        let shown = self.inner.store.ceremony(&flow, kind, self.now()).await?;
        if shown.is_some_and(|shown| shown.account == Some(account.id)) {
            return Ok(None);
        }
        let enrolled = case.enrolled;
        Ok(Some(ResetAsks {
            passkey: enrolled.has(FactorKind::Passkey) && self.inner.passkeys.is_some(),
            totp: enrolled.has(FactorKind::Totp),
            recovery: enrolled.recovery_codes > 0,
        }))
    }

    async fn keep_shown(
        &self,
        proof: &OpaqueToken,
        account: &Account,
        right: &Right,
        visitor: &Visitor,
    ) -> Result<ResetFactor, AccountError> {
        let tx = self.inner.store.begin().await?;
        if !self.use_factor(&tx, account, right, visitor).await? {
            return Ok(ResetFactor::Wrong);
        }
        self.let_reset_go_on(&tx, proof, account.id).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(ResetFactor::Right)
    }

    /// Lets the new password be chosen with this proof, in the transaction that uses the factor up.
    pub(crate) async fn let_reset_go_on(
        &self,
        tx: &Tx,
        proof: &OpaqueToken,
        account: AccountId,
    ) -> Result<(), AccountError> {
        tx.put_ceremony(&Ceremony {
            flow: proof.hash(),
            kind: CeremonyKind::ResetFactor,
            account: Some(account),
            state: Vec::new(),
            expires: self.now() + SHOWN,
        })
        .await?;
        Ok(())
    }
}
