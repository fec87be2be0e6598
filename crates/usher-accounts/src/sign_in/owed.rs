//! What a sign-in owes, found out at its beginning.
use usher_domain::account::{Account, SeenUser};
use usher_domain::activity::Door;
use usher_domain::id::AccountId;
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
            seat: match door {
                Door::Web => self.seat_owed(account.id).await?,
                Door::App | Door::QuickConnect | Door::AppPassword => Seat::Owner,
            },
        })
    }

    /// Whether a page asks who is watching: there is more than one.
    async fn seat_owed(&self, account: AccountId) -> Result<Seat, AccountError> {
        let profiles = self.inner.store.profiles_of(account).await?;
        let is_choice = profiles.iter().any(|stored| stored.profile.is_open());
        Ok(if is_choice { Seat::Asked } else { Seat::Owner })
    }

    /// Whether the password alone lets this account in by a door. The same is read for a name that nobody has, so that the
    /// time of the answer tells nothing (R28).
    pub(crate) async fn owes_nothing(
        &self,
        account: Option<&Account>,
        door: Door,
    ) -> Result<bool, AccountError> {
        let Some(account) = account else {
            self.owed(&self.nobodys_account(), door).await?;
            return Ok(false);
        };
        let owed = self.owed(account, door).await?;
        Ok(account.set_up.is_none() && owed.is_nothing())
    }

    /// An account that nobody has, for work that must be the same.
    pub(super) fn nobodys_account(&self) -> Account {
        let now = self.now();
        let nobody = SeenUser {
            id: AccountId::generate(now, &*self.inner.entropy),
            name: String::new(),
            administrator: false,
            disabled: false,
            elsewhere: false,
            passwordless: None,
        };
        Account::new(nobody, now)
    }

    /// Whether this account is asked for an address now.
    pub(crate) async fn address_owed(
        &self,
        account: &Account,
        door: Door,
    ) -> Result<AddressOwed, AccountError> {
        let policy = self.email_policy().await?;
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
