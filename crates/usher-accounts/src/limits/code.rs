//! Codes that somebody types who is not signed in: wrong ones count against the address and the network that they come from,
//! together with wrong passwords (R19, R23).
use std::time::Duration;

use usher_domain::throttle::{Outcome, Scope};
use usher_domain::visitor::Visitor;

use super::Key;
use crate::{AccountError, Accounts};

/// A code on its way. One that is never [settled](Accounts::settle_code) was wrong.
#[derive(Debug)]
#[must_use]
pub(crate) struct CodeTry {
    keys: Vec<(Scope, Key)>,
}

impl Accounts {
    /// Lets one more code be typed from where this visitor is, or says how long to wait. Whose the code is, if anybody's, plays
    /// no part (R24).
    pub(crate) async fn admit_code(
        &self,
        visitor: &Visitor,
    ) -> Result<Result<CodeTry, Duration>, AccountError> {
        let keys = self.keys_of_place(visitor);
        let tx = self.inner.store.begin().await?;
        if let Err(wait) = self.admit_by(&tx, &keys).await? {
            return Ok(Err(wait));
        }
        tx.commit().await?;
        Ok(Ok(CodeTry { keys }))
    }

    /// Says what became of a code.
    pub(crate) async fn settle_code(
        &self,
        tried: CodeTry,
        outcome: Outcome,
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        self.settle_by(&tx, &tried.keys, outcome).await?;
        Ok(tx.commit().await?)
    }
}
