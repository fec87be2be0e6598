//! What people ask administrators for.
use usher_domain::activity::Activity;
use usher_domain::id::{AccountId, RequestId};
use usher_domain::mail::Wish;
use usher_domain::visitor::Visitor;
use usher_store::{OpenRequest, Tx};

use crate::admin::Admin;
use crate::{AccountError, Accounts};

impl Accounts {
    /// Everything that waits for an administrator, oldest first.
    pub async fn open_requests(&self) -> Result<Vec<OpenRequest>, AccountError> {
        Ok(self.inner.store.open_requests().await?)
    }

    /// An administrator is done with a request; a wish for an account of one's own is declined by that. One that is closed
    /// already, approved or unknown, changes nothing.
    pub async fn close_request(
        &self,
        by: &Admin,
        id: RequestId,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let wish = self.inner.store.promotion_asked(id).await?;
        let tx = self.inner.store.begin().await?;
        if let Some(wish) = wish {
            // In the order in which everybody locks them: two that wait for each other would cost one of them.
            tx.account(wish.account).await?;
            tx.profile(wish.profile).await?;
        }
        let Some(account) = tx.close_request(id, self.now()).await? else {
            return Ok(());
        };
        if let Some(promotion) = tx.promotion_asked(id).await? {
            if promotion.approved.is_some() {
                // It goes on, and its request with it.
                return Ok(());
            }
            self.decline_own_account(&tx, &promotion, by, visitor)
                .await?;
        } else {
            self.note(&tx, account, by.actor(), Activity::RequestClosed, visitor)
                .await?;
        }
        tx.commit().await?;
        self.wake_mailer();
        Ok(())
    }

    /// Leaves a request. `false`: the same already waits, and is left as it is.
    pub async fn leave_request(
        &self,
        tx: &Tx,
        account: AccountId,
        wish: Wish,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let now = self.now();
        let request = OpenRequest {
            id: RequestId::generate(now, &*self.inner.entropy),
            account,
            wish,
            asked: now,
        };
        let is_new = tx.add_request(&request).await?;
        if is_new {
            let what = Activity::Asked {
                wish,
                profile: None,
            };
            self.note(tx, account, None, what, visitor).await?;
        }
        Ok(is_new)
    }
}
