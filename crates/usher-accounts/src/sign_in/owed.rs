//! What a sign-in owes, found out at its beginning.
use usher_domain::account::Account;
use usher_domain::activity::Door;
use usher_domain::sign_in::{AddressOwed, Owed, Seat};

use crate::{AccountError, Accounts};

impl Accounts {
    /// What a sign-in of this account owes by this door, beside the credentials.
    pub(crate) async fn owed(&self, account: &Account, door: Door) -> Result<Owed, AccountError> {
        let (case, now) = (self.factor_case(account).await?, self.now());
        Ok(Owed {
            address: self.address_owed(account, door).await?,
            factor: match door {
                Door::Web => case.owed(false, now),
                Door::App | Door::QuickConnect | Door::AppPassword => case.owed_by_app(now),
            },
            seat: Seat::Owner,
        })
    }

    /// Whether this account is asked for an address now.
    pub(crate) async fn address_owed(
        &self,
        account: &Account,
        door: Door,
    ) -> Result<AddressOwed, AccountError> {
        let policy = self.settings().await?.email;
        let works = self.mail_works().await?;
        let now = self.now();
        Ok(match door {
            Door::Web => account.address_owed(&policy, works, now),
            Door::App | Door::QuickConnect | Door::AppPassword => {
                account.address_owed_by_app(&policy, works, now)
            }
        })
    }
}
