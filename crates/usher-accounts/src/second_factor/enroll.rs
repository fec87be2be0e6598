//! Enrolling a factor: at the end of a sign-in that owes one, or from the pages of the account after a step-up.
use usher_domain::account::Account;
use usher_domain::activity::{Activity, Door};
use usher_domain::id::FactorId;
use usher_domain::mail::FactorChange;
use usher_domain::second_factor::recovery::RecoveryCode;
use usher_domain::second_factor::{Case, FactorKind, PASSKEYS};
use usher_domain::secret::OpaqueToken;
use usher_domain::sign_in::{Answer, Step};
use usher_domain::visitor::Visitor;
use usher_store::{CeremonyKind, Factor, StoreError, Tx};

use super::show::strongest_first;
use super::{EnrollView, Enrollment, Flow};
use crate::sign_in::{Advance, Moved};
use crate::{AccountError, Accounts};

impl Accounts {
    /// What decides about second factors of an account now.
    pub(crate) async fn factor_case(&self, account: &Account) -> Result<Case, AccountError> {
        let store = &self.inner.store;
        let mut policy = self.second_factor_policy().await?;
        // What no browser can make here must not be all that is left to somebody who needs a factor.
        policy.methods.passkey &= self.inner.passkeys.is_some();
        Ok(Case {
            policy,
            rule: store.factor_rule(account.id).await?,
            administrator: account.seen.administrator,
            enrolled: store.enrolled(account.id).await?,
            can_mail: account.proven_address().is_some() && self.mail_works().await?,
        })
    }

    /// The page that asks to enroll a factor in a sign-in. `None`: the sign-in of this cookie is not there.
    pub async fn enroll_view(
        &self,
        cookie: &OpaqueToken,
    ) -> Result<Option<EnrollView>, AccountError> {
        let Some(account) = self.enrolling(Flow::SignIn(cookie)).await? else {
            return Ok(None);
        };
        let case = self.factor_case(&account).await?;
        let owed = self.owed(&account, Door::Web).await?;
        let address = account.proven_address();
        Ok(Some(EnrollView {
            kinds: strongest_first(|kind| may_enroll(&case, kind)),
            address: address
                .map(|address| address.as_str().to_owned())
                .unwrap_or_default(),
            owed: owed.factor.enroll,
            demanded_from: case.demanded_from(),
            name: account.seen.name,
        }))
    }

    /// Whether the account may enroll one more of this kind now.
    pub(crate) async fn can_enroll(
        &self,
        account: &Account,
        kind: FactorKind,
    ) -> Result<bool, AccountError> {
        Ok(may_enroll(&self.factor_case(account).await?, kind))
    }

    /// Switches codes by mail on. The address is proven already, and mail is known to arrive (principle 5).
    pub async fn enroll_mail(
        &self,
        flow: Flow<'_>,
        visitor: &Visitor,
    ) -> Result<Enrollment, AccountError> {
        let Some(account) = self.enrolling(flow).await? else {
            return Ok(Enrollment::Gone);
        };
        if !self.can_enroll(&account, FactorKind::Email).await? {
            return Ok(Enrollment::Refused);
        }
        let now = self.now();
        let factor = Factor {
            id: FactorId::generate(now, &*self.inner.entropy),
            account: account.id,
            kind: FactorKind::Email,
            name: String::new(),
            secret: Vec::new(),
            credential: None,
            last_step: None,
            added: now,
            used: None,
        };
        self.enroll(flow, &account, factor, None, visitor).await
    }

    /// Enrolls a factor that was shown, with ten recovery codes where the account has none; one transaction. `begun`: what
    /// the flow had begun for it, which is used up.
    pub(crate) async fn enroll(
        &self,
        flow: Flow<'_>,
        account: &Account,
        factor: Factor,
        begun: Option<CeremonyKind>,
        visitor: &Visitor,
    ) -> Result<Enrollment, AccountError> {
        // The slow hashes are made before the transaction; should somebody else be faster, they are for nothing.
        let left = self.inner.store.recovery_codes_left(account.id).await?;
        let codes = if left == 0 {
            Some(self.make_recovery_codes(account.id).await?)
        } else {
            None
        };
        let (now, kind) = (self.now(), factor.kind);
        let tx = self.inner.store.begin().await?;
        if let Some(begun) = begun
            && tx.take_ceremony(&flow.key(), begun, now).await?.is_none()
        {
            return Ok(Enrollment::Gone);
        }
        match tx.add_factor(&factor).await {
            Ok(()) => {}
            Err(StoreError::Taken) => return Ok(Enrollment::Refused),
            Err(fault) => return Err(fault.into()),
        }
        if let Some(codes) = &codes {
            tx.replace_recovery_codes(account.id, &codes.stored, now)
                .await?;
        }
        tx.end_trusted_browsers(account.id).await?;
        // What was proved elsewhere was less than what is asked from now on (R38).
        tx.forget_proofs(account.id, flow.session()).await?;
        let what = Activity::FactorAdded { kind };
        self.note(&tx, account.id, None, what, visitor).await?;
        self.tell_factor_changed(&tx, account, FactorChange::Added(kind), visitor)
            .await?;
        let shown = codes.map(|codes| codes.shown).unwrap_or_default();
        let advance = match flow {
            Flow::Account(_) => None,
            Flow::SignIn(cookie) => {
                let advance = self
                    .factor_enrolled(&tx, cookie, kind, shown.is_empty())
                    .await?;
                if matches!(advance, Advance::Lost) {
                    return Ok(Enrollment::Gone);
                }
                Some(advance)
            }
        };
        tx.commit().await?;
        self.wake_mailer();
        let moved = match advance {
            Some(advance) => Some(Box::new(self.moved(advance, visitor).await?)),
            None => None,
        };
        Ok(Enrollment::Done {
            codes: shown,
            moved,
        })
    }

    /// Puts enrolling off, where that is allowed.
    pub async fn skip_enrollment(
        &self,
        cookie: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<Moved, AccountError> {
        self.answer_alone(cookie, Answer::EnrollmentSkipped, visitor)
            .await
    }

    /// The person says that the recovery codes are kept.
    pub async fn keep_recovery_codes(
        &self,
        cookie: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<Moved, AccountError> {
        self.answer_alone(cookie, Answer::CodesKept, visitor).await
    }

    /// Makes ten new codes in a sign-in that waits for them to be kept: those that were shown are lost. `None`: the
    /// sign-in of this cookie is not there.
    pub async fn remake_recovery_codes(
        &self,
        cookie: &OpaqueToken,
    ) -> Result<Option<Vec<RecoveryCode>>, AccountError> {
        let stored = self.stored_attempt(cookie).await?;
        let id = stored
            .filter(|stored| stored.state.step() == Step::KeepRecoveryCodes)
            .and_then(|stored| stored.state.account());
        let Some(id) = id else { return Ok(None) };
        let codes = self.make_recovery_codes(id).await?;
        let tx = self.inner.store.begin().await?;
        let is_there = tx.attempt(&cookie.hash(), self.now()).await?;
        if is_there.is_none_or(|stored| stored.state.step() != Step::KeepRecoveryCodes) {
            return Ok(None);
        }
        tx.replace_recovery_codes(id, &codes.stored, self.now())
            .await?;
        tx.commit().await?;
        Ok(Some(codes.shown))
    }

    /// Moves a sign-in on by an answer that changes nothing else.
    pub(crate) async fn answer_alone(
        &self,
        cookie: &OpaqueToken,
        answer: Answer,
        visitor: &Visitor,
    ) -> Result<Moved, AccountError> {
        let tx = self.inner.store.begin().await?;
        let Some(stored) = tx.attempt(&cookie.hash(), self.now()).await? else {
            return Ok(Moved::Gone);
        };
        let step = stored.state.step();
        let advance = self.advance(&tx, stored, answer).await?;
        if matches!(advance, Advance::Lost) {
            return Ok(Moved::Next(step));
        }
        tx.commit().await?;
        self.moved(advance, visitor).await
    }

    async fn factor_enrolled(
        &self,
        tx: &Tx,
        cookie: &OpaqueToken,
        kind: FactorKind,
        has_codes: bool,
    ) -> Result<Advance, AccountError> {
        let flow = cookie.hash();
        let Some(stored) = tx.attempt(&flow, self.now()).await? else {
            return Ok(Advance::Lost);
        };
        let answer = Answer::FactorEnrolled(kind.level());
        let advance = self.advance(tx, stored, answer).await?;
        if !has_codes || !matches!(advance, Advance::Next(Step::KeepRecoveryCodes)) {
            return Ok(advance);
        }
        match tx.attempt(&flow, self.now()).await? {
            Some(stored) => self.advance(tx, stored, Answer::CodesKept).await,
            None => Ok(Advance::Lost),
        }
    }
}

/// Whether one more of this kind may be enrolled. There is one switch for codes by mail, and one authenticator app.
pub(super) fn may_enroll(case: &Case, kind: FactorKind) -> bool {
    let has_room = match kind {
        FactorKind::Email => case.can_mail && !case.enrolled.email,
        FactorKind::Totp => !case.enrolled.totp,
        FactorKind::Passkey => {
            usize::try_from(case.enrolled.passkeys).is_ok_and(|there| there < PASSKEYS)
        }
    };
    case.is_active() && case.policy.methods.allow(kind) && has_room
}
