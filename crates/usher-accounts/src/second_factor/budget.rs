//! The budget of wrong second factors, kept in the database (R20, R25).
use usher_domain::id::{AccountId, SessionId};
use usher_domain::second_factor::budget::{FactorBudget, Spent};
use usher_store::{Tx, WebSession};

use super::show::Right;
use crate::limits;
use crate::{AccountError, Accounts};

/// Two budgets: recovery codes are long enough that nobody guesses one, and must work when the other is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Budget {
    /// Codes and passkeys.
    Factor,
    /// Recovery codes.
    Recovery,
}

impl Budget {
    const fn name(self) -> &'static str {
        match self {
            Self::Factor => "factor",
            Self::Recovery => "recovery_code",
        }
    }
}

/// What is known of a factor that was shown, and of what is used up should it be right.
#[derive(Debug)]
pub(crate) enum Judged<Found = Right> {
    Right(Found),
    /// Not it; with how many tries are left on a code that was mailed.
    Wrong {
        tries_left: Option<i64>,
    },
    /// What was shown cannot be one.
    NotACode,
    /// There is nothing that it could be compared with, or it has run out.
    Dead,
    /// Nothing was compared: too many were wrong.
    Spent(Spent),
}

/// Whose wrong answers are counted together.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Payer {
    /// The account's, over all doors.
    Account(AccountId),
    /// Those of one browser at a profile's seat, where anybody may sit: they cost its account nothing.
    Seat(AccountId, SessionId),
}

impl From<AccountId> for Payer {
    fn from(account: AccountId) -> Self {
        Self::Account(account)
    }
}

impl From<&WebSession> for Payer {
    fn from(session: &WebSession) -> Self {
        if session.is_at_profile() {
            Self::Seat(session.account, session.id)
        } else {
            Self::Account(session.account)
        }
    }
}

impl Payer {
    /// Whose the factors are.
    pub(crate) const fn account(self) -> AccountId {
        match self {
            Self::Account(account) | Self::Seat(account, _) => account,
        }
    }
}

/// What became of an answer that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It was right.
    Right,
    /// It could not be judged (R7).
    Undecided,
}

impl Accounts {
    /// Judges an answer within a budget: it is counted before it is compared (R4, R20), and only a wrong one stays counted.
    pub(super) async fn judge_within<Found>(
        &self,
        payer: impl Into<Payer>,
        budget: Budget,
        comparing: impl Future<Output = Result<Judged<Found>, AccountError>> + Send,
    ) -> Result<Judged<Found>, AccountError> {
        let payer = payer.into();
        if let Err(spent) = self.take_factor(payer, budget).await? {
            return Ok(Judged::Spent(spent));
        }
        let judged = comparing.await;
        let verdict = match &judged {
            Ok(Judged::Right(_)) => Verdict::Right,
            Ok(Judged::Wrong { .. }) => return judged,
            Ok(Judged::NotACode | Judged::Dead | Judged::Spent(_)) | Err(_) => Verdict::Undecided,
        };
        self.settle_factor(payer, budget, verdict).await?;
        judged
    }

    /// Takes one more answer, as a wrong one for now: written down before anything is compared (R4).
    async fn take_factor(
        &self,
        payer: Payer,
        budget: Budget,
    ) -> Result<Result<(), Spent>, AccountError> {
        let key = self.budget_key(payer, budget);
        let tx = self.inner.store.begin().await?;
        let mut counts: FactorBudget = limits::read(&tx, &key, self).await?;
        let taken = counts.take(self.now());
        if taken.is_ok() {
            self.write_budget(&tx, &key, &counts).await?;
            tx.commit().await?;
        }
        Ok(taken)
    }

    /// Says that the last answer was not wrong.
    async fn settle_factor(
        &self,
        payer: Payer,
        budget: Budget,
        verdict: Verdict,
    ) -> Result<(), AccountError> {
        let key = self.budget_key(payer, budget);
        let tx = self.inner.store.begin().await?;
        let mut counts: FactorBudget = limits::read(&tx, &key, self).await?;
        match verdict {
            Verdict::Right => counts.was_right(),
            Verdict::Undecided => counts.give_back(),
        }
        self.write_budget(&tx, &key, &counts).await?;
        Ok(tx.commit().await?)
    }

    /// A hundred in a row stay a hundred, also of who waits until other counts are forgotten (R25).
    async fn write_budget(
        &self,
        tx: &Tx,
        key: &[u8; 32],
        counts: &FactorBudget,
    ) -> Result<(), AccountError> {
        let kept = counts.kept_until(self.now());
        limits::write_kept(tx, key, counts, kept, self).await
    }

    /// Forgets the wrong answers of an account whose factors are cleared, or that showed a recovery code, or those of the seat
    /// at which it was shown, in the same transaction (R20).
    pub(crate) async fn forgive_factors(
        &self,
        tx: &Tx,
        payer: impl Into<Payer>,
    ) -> Result<(), AccountError> {
        let key = self.budget_key(payer.into(), Budget::Factor);
        limits::write(tx, &key, &FactorBudget::default(), self).await
    }

    fn budget_key(&self, payer: Payer, budget: Budget) -> [u8; 32] {
        let name = budget.name();
        match payer {
            Payer::Account(account) => self.limit_key(name, account.as_uuid().as_bytes()),
            Payer::Seat(_, session) => {
                self.limit_key(&format!("{name}_at_seat"), session.as_uuid().as_bytes())
            }
        }
    }
}
