//! Resets that an administrator starts: by mail, or by a link to hand over from the server. Nobody but the person ever
//! chooses or sees a password (R70).
use usher_domain::account::Account;
use usher_domain::activity::Activity;
use usher_domain::code::Purpose;
use usher_domain::id::AccountId;
use usher_domain::mail::ResetCause;
use usher_domain::secret::OpaqueToken;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::Tx;

use super::Admin;
use crate::reset::ResetMail;
use crate::{AccountError, Accounts};

/// What became of a reset mail that an administrator sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailedReset {
    /// On its way.
    Sent,
    /// There is no such account.
    NoAccount,
    /// There is no proven address.
    NoAddress,
    /// The password lives elsewhere, the account waits for its set-up, or is switched off, or recovery by mail is.
    Impossible,
    /// No way for mail is set up, or too many mails wait.
    NoMail,
}

impl Accounts {
    /// Sends a reset link to the proven address. Older links and codes of the account are dead (R14).
    pub async fn send_reset(
        &self,
        by: &Admin,
        id: AccountId,
        visitor: &Visitor,
    ) -> Result<MailedReset, AccountError> {
        let has_mail = self.has_mail().await?;
        let tx = self.inner.store.begin().await?;
        let account = tx.account(id).await?;
        let Some(account) = account.filter(|account| account.gone.is_none()) else {
            return Ok(MailedReset::NoAccount);
        };
        if !can_reset(&account) || account.recovery_off {
            return Ok(MailedReset::Impossible);
        }
        let Some(address) = account.proven_address() else {
            return Ok(MailedReset::NoAddress);
        };
        if !has_mail {
            return Ok(MailedReset::NoMail);
        }
        let mail = ResetMail {
            account: &account,
            cause: ResetCause::Administrator,
            address,
            language: account.language(),
            link: self
                .make_reset(&tx, by, &account, address.as_str(), visitor)
                .await?,
            page: None,
        };
        if !self.queue_reset(&tx, mail, visitor).await? {
            return Ok(MailedReset::NoMail);
        }
        tx.commit().await?;
        self.wake_mailer();
        Ok(MailedReset::Sent)
    }

    /// A reset link to hand over, for a command on the server. `None`: not possible for this account.
    pub async fn reset_link(
        &self,
        by: &Admin,
        id: AccountId,
        visitor: &Visitor,
    ) -> Result<Option<(OpaqueToken, Timestamp)>, AccountError> {
        let tx = self.inner.store.begin().await?;
        let account = tx.account(id).await?;
        let Some(account) = account.filter(can_reset) else {
            return Ok(None);
        };
        let made = self.make_reset(&tx, by, &account, "", visitor).await?;
        tx.commit().await?;
        Ok(Some(made))
    }

    async fn make_reset(
        &self,
        tx: &Tx,
        by: &Admin,
        account: &Account,
        target: &str,
        visitor: &Visitor,
    ) -> Result<(OpaqueToken, Timestamp), AccountError> {
        let (id, purpose) = (account.id, Purpose::Reset);
        tx.kill_challenges(id, purpose, self.now()).await?;
        let made = self.issue_link(tx, id, purpose, target).await?;
        let what = Activity::ResetAsked;
        self.note(tx, id, by.actor(), what, visitor).await?;
        Ok(made)
    }
}

const fn can_reset(account: &Account) -> bool {
    !account.is_kept_out() && !account.seen.elsewhere && !account.seen.disabled
}
