//! A passkey whose counter went back: its device has signed since, so what was shown now may be a copy (R33).
use usher_domain::activity::Activity;
use usher_domain::mail::{Mail, PasskeyCopied};
use usher_domain::visitor::Visitor;
use usher_store::Factor;

use crate::{AccountError, Accounts};

impl Accounts {
    /// Writes it down for the owner and the administrators, and tells the person.
    pub(super) async fn tell_passkey_copied(
        &self,
        factor: &Factor,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        tracing::warn!(
            account = %factor.account,
            factor = %factor.id,
            "The counter of a passkey went back: there may be a copy of it"
        );
        let tx = self.inner.store.begin().await?;
        let Some(account) = tx.account(factor.account).await? else {
            return Ok(());
        };
        let what = Activity::PasskeyCopied;
        self.note(&tx, account.id, None, what, visitor).await?;
        let mail = Mail::PasskeyCopied(PasskeyCopied {
            user_name: account.seen.name.clone(),
            passkey: factor.name.clone(),
            origin: visitor.origin(self.now()),
        });
        self.tell(&tx, &account, &mail).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(())
    }
}
