//! Recovery codes: made ten at a time, each good once (R35).
use usher_domain::id::{AccountId, RecoveryCodeId};
use usher_domain::second_factor::RECOVERY_CODES;
use usher_domain::second_factor::recovery::RecoveryCode;
use usher_store::NewRecoveryCode;

use crate::{AccountError, Accounts};

/// Codes as they are shown, and as they are stored.
pub(super) struct Made {
    pub(super) shown: Vec<RecoveryCode>,
    pub(super) stored: Vec<NewRecoveryCode>,
}

impl Accounts {
    /// Makes ten codes. They are nobody's until they are stored.
    pub(super) async fn make_recovery_codes(
        &self,
        account: AccountId,
    ) -> Result<Made, AccountError> {
        let mut made = Made {
            shown: Vec::with_capacity(RECOVERY_CODES),
            stored: Vec::with_capacity(RECOVERY_CODES),
        };
        for _ in 0..RECOVERY_CODES {
            let code = RecoveryCode::generate(&*self.inner.entropy);
            let hash = self
                .stretch(account.as_uuid().as_bytes(), code.reveal())
                .await?;
            made.stored.push(NewRecoveryCode {
                id: RecoveryCodeId::generate(self.now(), &*self.inner.entropy),
                selector: code.selector().to_owned(),
                hash,
            });
            made.shown.push(code);
        }
        Ok(made)
    }

    /// Which unused code of the account this is. Where none begins so, the same work is done for nothing.
    pub(super) async fn find_recovery_code(
        &self,
        account: AccountId,
        code: &RecoveryCode,
    ) -> Result<Option<RecoveryCodeId>, AccountError> {
        let account_id = account.as_uuid();
        let whose = account_id.as_bytes();
        let store = &self.inner.store;
        let candidates = store.recovery_code(account, code.selector()).await?;
        if candidates.is_empty() {
            self.stretch(whose, code.reveal()).await?;
        }
        for candidate in candidates {
            if self
                .is_stretched(whose, code.reveal(), &candidate.hash)
                .await?
            {
                return Ok(Some(candidate.id));
            }
        }
        Ok(None)
    }
}
