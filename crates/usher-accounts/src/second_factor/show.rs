//! An enrolled factor, shown at sign-in.
use usher_domain::account::Account;
use usher_domain::activity::{Activity, Door};
use usher_domain::address::EmailAddress;
use usher_domain::code::{Code, Purpose};
use usher_domain::id::{AccountId, FactorId, RecoveryCodeId};
use usher_domain::second_factor::budget::Spent;
use usher_domain::second_factor::recovery::RecoveryCode;
use usher_domain::second_factor::{FactorKind, FactorLevel};
use usher_domain::secret::{Hash, OpaqueToken};
use usher_domain::sign_in::{Answer, Step};
use usher_domain::visitor::Visitor;
use usher_store::{Tx, UnfinishedId};

use super::budget::{Budget, Judged, Payer};
use super::{FactorAnswer, FactorView, Shown};
use crate::challenge::{self, Proof};
use crate::limits::MAILS_APART;
use crate::sign_in::Advance;
use crate::{AccountError, Accounts};

/// A factor that is right, and not used up yet.
#[derive(Clone, Debug)]
pub(crate) enum Right {
    /// A code by mail.
    Mail(Proof),
    /// A step of an authenticator app.
    Totp(FactorId, i64),
    /// A recovery code.
    Recovery(RecoveryCodeId),
}

/// What was typed, read.
enum Read {
    Mail(Code),
    Totp(Code),
    Recovery(RecoveryCode),
}

impl Right {
    /// How sure it makes the sign-in.
    pub(crate) const fn level(&self) -> FactorLevel {
        match self {
            Self::Mail(_) => FactorLevel::Mail,
            Self::Totp(..) => FactorLevel::Strong,
            Self::Recovery(_) => FactorLevel::Recovery,
        }
    }
}

impl Accounts {
    /// The page that asks for an enrolled factor. `None`: the sign-in of this cookie is not there.
    pub async fn factor_view(
        &self,
        cookie: &OpaqueToken,
    ) -> Result<Option<FactorView>, AccountError> {
        let Some(stored) = self.stored_attempt(cookie).await? else {
            return Ok(None);
        };
        let (Step::SecondFactor, Some(id)) = (stored.state.step(), stored.state.account()) else {
            return Ok(None);
        };
        let Some(account) = self.account(id).await? else {
            return Ok(None);
        };
        let enrolled = self.inner.store.enrolled(id).await?;
        let address = account.proven_address();
        let code_sent = stored.context.factor_code_sent;
        Ok(Some(FactorView {
            kinds: strongest_first(|kind| enrolled.has(kind)),
            masked_address: address.map(EmailAddress::masked).unwrap_or_default(),
            code_sent,
            resend_from: code_sent.map(|sent| sent + MAILS_APART),
            mail_works: self.mail_works().await? && address.is_some(),
            recovery_codes: enrolled.recovery_codes,
            name: account.seen.name,
        }))
    }

    /// Shows a factor in the sign-in of a cookie. `trusts`: the person asks for this browser to be trusted.
    pub async fn show_factor(
        &self,
        cookie: &OpaqueToken,
        shown: Shown<'_>,
        trusts: bool,
        visitor: &Visitor,
    ) -> Result<FactorAnswer, AccountError> {
        let Some(account) = self.showing(cookie).await? else {
            return Ok(FactorAnswer::Gone);
        };
        match self
            .judge_factor(account.id, &cookie.hash(), Purpose::SignIn, shown)
            .await?
        {
            Judged::Right(right) => {
                let done = self
                    .take_right_factor(cookie, &account, &right, trusts, visitor)
                    .await;
                self.unless_factor_fault(&right, done).await
            }
            Judged::Wrong { tries_left } => {
                self.count_wrong_factor(cookie, account.id, visitor).await?;
                Ok(FactorAnswer::Wrong { tries_left })
            }
            Judged::NotACode => Ok(FactorAnswer::NotACode),
            Judged::Dead => Ok(FactorAnswer::Dead),
            Judged::Spent(Spent::Wait(span)) => Ok(FactorAnswer::Wait(span)),
            Judged::Spent(Spent::Closed) => Ok(FactorAnswer::Closed),
        }
    }

    /// The account of a sign-in that waits for its factor.
    pub(crate) async fn showing(
        &self,
        cookie: &OpaqueToken,
    ) -> Result<Option<Account>, AccountError> {
        let stored = self.stored_attempt(cookie).await?;
        let id = stored
            .filter(|stored| stored.state.step() == Step::SecondFactor)
            .and_then(|stored| stored.state.account());
        let Some(id) = id else { return Ok(None) };
        let account = self.account(id).await?;
        Ok(account.filter(|account| !account.is_kept_out() && !account.seen.disabled))
    }

    /// Judges a factor of an account. The answer is counted for its payer before it is compared (R4, R20).
    pub(crate) async fn judge_factor(
        &self,
        payer: impl Into<Payer>,
        flow: &Hash,
        purpose: Purpose,
        shown: Shown<'_>,
    ) -> Result<Judged, AccountError> {
        let Some(read) = read(shown) else {
            return Ok(Judged::NotACode);
        };
        let budget = match read {
            Read::Mail(_) | Read::Totp(_) => Budget::Factor,
            Read::Recovery(_) => Budget::Recovery,
        };
        let payer = payer.into();
        let comparing = self.compare_factor(payer.account(), flow, purpose, &read);
        self.judge_within(payer, budget, comparing).await
    }

    async fn compare_factor(
        &self,
        account: AccountId,
        flow: &Hash,
        purpose: Purpose,
        read: &Read,
    ) -> Result<Judged, AccountError> {
        let wrong = Judged::Wrong { tries_left: None };
        Ok(match read {
            Read::Mail(code) => match self.answer_code(flow, purpose, code).await? {
                challenge::Answer::Right(proof) if proof.account == account => {
                    Judged::Right(Right::Mail(proof))
                }
                challenge::Answer::Right(_) => wrong,
                challenge::Answer::Wrong { tries_left } => Judged::Wrong {
                    tries_left: Some(tries_left),
                },
                challenge::Answer::Dead => Judged::Dead,
            },
            Read::Totp(code) => match self.find_totp(account, code).await? {
                Some((factor, step)) => Judged::Right(Right::Totp(factor, step)),
                None => wrong,
            },
            Read::Recovery(code) => match self.find_recovery_code(account, code).await? {
                Some(id) => Judged::Right(Right::Recovery(id)),
                None => wrong,
            },
        })
    }

    /// Uses a right factor up, in the transaction of its effect. `false`: somebody was faster, or it was used before.
    pub(crate) async fn use_factor(
        &self,
        tx: &Tx,
        account: &Account,
        right: &Right,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let now = self.now();
        match right {
            Right::Mail(proof) => {
                for factor in tx.factors_of(account.id).await? {
                    if factor.kind == FactorKind::Email {
                        tx.touch_factor(factor.id, now).await?;
                    }
                }
                self.use_up(tx, proof).await
            }
            Right::Totp(factor, step) => Ok(tx.use_totp_step(*factor, *step, now).await?),
            Right::Recovery(id) => {
                if !tx.use_recovery_code(*id, now).await? {
                    return Ok(false);
                }
                self.forgive_factors(tx, account.id).await?;
                let left = tx.recovery_codes_left(account.id).await?;
                let what = Activity::RecoveryCodeUsed;
                self.note(tx, account.id, None, what, visitor).await?;
                self.tell_recovery_code_used(tx, account, left, visitor)
                    .await?;
                Ok(true)
            }
        }
    }

    /// Gives the try of a mailed code back whose effect failed by a fault of ours (R7).
    pub(crate) async fn unless_factor_fault<Effect>(
        &self,
        right: &Right,
        done: Result<Effect, AccountError>,
    ) -> Result<Effect, AccountError> {
        match right {
            Right::Mail(proof) => self.unless_fault(proof, done).await,
            Right::Totp(..) | Right::Recovery(_) => done,
        }
    }

    async fn take_right_factor(
        &self,
        cookie: &OpaqueToken,
        account: &Account,
        right: &Right,
        trusts: bool,
        visitor: &Visitor,
    ) -> Result<FactorAnswer, AccountError> {
        let tx = self.inner.store.begin().await?;
        let Some(stored) = tx.attempt(&cookie.hash(), self.now()).await? else {
            return Ok(FactorAnswer::Gone);
        };
        if !self.use_factor(&tx, account, right, visitor).await? {
            return Ok(FactorAnswer::Wrong { tries_left: None });
        }
        let advance = self
            .factor_was_right(&tx, stored, right.level(), trusts)
            .await?;
        if matches!(advance, Advance::Lost) {
            return Ok(FactorAnswer::Gone);
        }
        tx.commit().await?;
        self.wake_mailer();
        let moved = self.moved(advance, visitor).await?;
        Ok(FactorAnswer::Right(Box::new(moved)))
    }

    /// Moves a sign-in on whose factor was right, in the transaction that uses the factor up.
    pub(crate) async fn factor_was_right(
        &self,
        tx: &Tx,
        mut stored: usher_store::StoredAttempt,
        level: FactorLevel,
        trusts: bool,
    ) -> Result<Advance, AccountError> {
        stored.context.trusts_browser = trusts;
        tx.settle_unfinished(UnfinishedId::Web(stored.id)).await?;
        self.advance(tx, stored, Answer::FactorRight(level)).await
    }

    /// A wrong factor that no sign-in on the web counts is written down for the owner all the same.
    pub(crate) async fn note_wrong_factor(
        &self,
        account: AccountId,
        door: Door,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        let what = Activity::FactorRefused { door };
        self.note(&tx, account, None, what, visitor).await?;
        Ok(tx.commit().await?)
    }

    /// A wrong factor counts in the sign-in too, and is written down for the owner.
    pub(crate) async fn count_wrong_factor(
        &self,
        cookie: &OpaqueToken,
        account: AccountId,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        let Some(stored) = tx.attempt(&cookie.hash(), self.now()).await? else {
            return Ok(());
        };
        let door = Door::Web;
        let what = Activity::FactorRefused { door };
        self.note(&tx, account, None, what, visitor).await?;
        self.advance(&tx, stored, Answer::Wrong).await?;
        Ok(tx.commit().await?)
    }
}

/// The kinds that there are, strongest first.
pub(super) fn strongest_first(is_there: impl Fn(FactorKind) -> bool) -> Vec<FactorKind> {
    let kinds = FactorKind::ALL.into_iter().rev();
    kinds.filter(|kind| is_there(*kind)).collect()
}

fn read(shown: Shown<'_>) -> Option<Read> {
    match shown {
        Shown::Mail(typed) => Code::parse_digits(typed).ok().map(Read::Mail),
        Shown::Totp(typed) => Code::parse_digits(typed).ok().map(Read::Totp),
        Shown::Recovery(typed) => RecoveryCode::parse(typed).ok().map(Read::Recovery),
    }
}
