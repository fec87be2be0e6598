//! The budget of wrong second factors, kept in the database (R20, R25).
use usher_domain::id::AccountId;
use usher_domain::second_factor::budget::{FactorBudget, Spent};
use usher_store::Tx;

use crate::limits;
use crate::{AccountError, Accounts};

/// Two budgets: recovery codes are long enough that nobody guesses one, and must work when the other is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Budget {
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

/// What became of an answer that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It was right.
    Right,
    /// It could not be judged (R7).
    Undecided,
}

impl Accounts {
    /// Takes one more answer, as a wrong one for now: written down before anything is compared (R4).
    pub(crate) async fn take_factor(
        &self,
        account: AccountId,
        budget: Budget,
    ) -> Result<Result<(), Spent>, AccountError> {
        let key = self.limit_key(budget.name(), account.as_uuid().as_bytes());
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
    pub(crate) async fn settle_factor(
        &self,
        account: AccountId,
        budget: Budget,
        verdict: Verdict,
    ) -> Result<(), AccountError> {
        let key = self.limit_key(budget.name(), account.as_uuid().as_bytes());
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

    /// Forgets the wrong answers of an account whose factors are cleared, or that showed a recovery code, in the same
    /// transaction (R20).
    pub(super) async fn forgive_factors(
        &self,
        tx: &Tx,
        account: AccountId,
    ) -> Result<(), AccountError> {
        let key = self.limit_key(Budget::Factor.name(), account.as_uuid().as_bytes());
        limits::write(tx, &key, &FactorBudget::default(), self).await
    }
}
