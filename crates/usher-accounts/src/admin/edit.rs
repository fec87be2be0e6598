//! Changing accounts: recovery, sessions, on and off.
use usher_domain::account::Account;
use usher_domain::activity::{Activity, SettingChanged};
use usher_domain::code::Purpose;
use usher_domain::id::AccountId;
use usher_domain::visitor::Visitor;
use usher_jellyfin::User;
use usher_store::AccountSearch;

use super::Admin;
use crate::account::But;
use crate::activity::NamedLine;
use crate::me::SignedInPlace;
use crate::{AccountError, Accounts};

/// Lines of activity on the page of an account.
const LINES: u64 = 50;

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edited {
    /// Done.
    Done,
    /// There is no such account.
    NoAccount,
    /// The address belongs to another account.
    AddressTaken,
    /// The address is somebody's user name.
    AddressIsAName,
    /// The last administrator cannot be switched off (R70).
    LastAdministrator,
    /// Jellyfin switches no administrator off.
    Administrator,
}

/// One account with all that its page in the console shows.
#[derive(Clone, Debug)]
pub struct AccountPage {
    /// The account.
    pub account: Account,
    /// Where it is signed in.
    pub places: Vec<SignedInPlace>,
    /// The newest activity, newest first.
    pub activity: Vec<NamedLine>,
}

impl Accounts {
    /// Accounts by search.
    pub async fn search_accounts(
        &self,
        _by: &Admin,
        search: &AccountSearch,
    ) -> Result<Vec<Account>, AccountError> {
        Ok(self.inner.store.accounts(search).await?)
    }

    /// One account for the console.
    pub async fn account_page(
        &self,
        _by: &Admin,
        id: AccountId,
    ) -> Result<Option<AccountPage>, AccountError> {
        let Some(account) = self.account(id).await? else {
            return Ok(None);
        };
        let lines = self.activities_of(id, LINES).await?;
        Ok(Some(AccountPage {
            account,
            places: self.places_of(id, None).await?,
            activity: self.name_lines(lines).await?,
        }))
    }

    /// Switches recovery by mail off or on for one account. Off ends open resets.
    pub async fn set_recovery_off(
        &self,
        by: &Admin,
        id: AccountId,
        off: bool,
        visitor: &Visitor,
    ) -> Result<Edited, AccountError> {
        let tx = self.inner.store.begin().await?;
        if !tx.set_recovery_off(id, off).await? {
            return Ok(Edited::NoAccount);
        }
        if off {
            tx.kill_challenges(id, Purpose::Reset, self.now()).await?;
        }
        let settings = vec![SettingChanged::AccountRecovery { on: !off }];
        let what = Activity::PolicyChanged { settings };
        self.note(&tx, id, by.actor(), what, visitor).await?;
        tx.commit().await?;
        Ok(Edited::Done)
    }

    /// Switches an account off or on in Jellyfin. Off ends every session.
    ///
    /// Jellyfin's policy is read and written whole. After a crash in between, the next look at Jellyfin's users notes what
    /// was switched; Jellyfin itself has ended the tokens by then.
    pub async fn set_disabled(
        &self,
        by: &Admin,
        id: AccountId,
        off: bool,
        visitor: &Visitor,
    ) -> Result<Edited, AccountError> {
        let jellyfin = &self.inner.jellyfin;
        let Some(user) = jellyfin.user(id.owner()).await? else {
            return Ok(Edited::NoAccount);
        };
        if off && user.policy.is_administrator {
            return self.why_on(&user).await;
        }
        let policy = user.policy.with("IsDisabled", off)?;
        jellyfin.set_policy(user.id, &policy).await?;
        let tx = self.inner.store.begin().await?;
        // Seen as switched off for the first time, everything of the account ends.
        self.see(&tx, &User { policy, ..user }).await?;
        let what = Activity::Disabled { off };
        self.note(&tx, id, by.actor(), what, visitor).await?;
        tx.commit().await?;
        Ok(Edited::Done)
    }

    /// Why an administrator stays on: Jellyfin refuses it for each, Usher tells of the last.
    async fn why_on(&self, user: &User) -> Result<Edited, AccountError> {
        let users = self.inner.jellyfin.users().await?;
        let has_other = users.iter().any(|other| {
            other.id != user.id && other.policy.is_administrator && !other.policy.is_disabled
        });
        Ok(if has_other {
            Edited::Administrator
        } else {
            Edited::LastAdministrator
        })
    }

    /// Ends every session of an account. Jellyfin is told at once, or later by the job.
    pub async fn end_all_places(
        &self,
        by: &Admin,
        id: AccountId,
        visitor: &Visitor,
    ) -> Result<Edited, AccountError> {
        if self.account(id).await?.is_none() {
            return Ok(Edited::NoAccount);
        }
        let tx = self.inner.store.begin().await?;
        let ended = self.end_all(&tx, id, But::Nothing).await?.tokens;
        let what = Activity::SignedOutEverywhere;
        self.note(&tx, id, by.actor(), what, visitor).await?;
        tx.commit().await?;
        self.forget_tokens(&ended);
        self.sign_out_after_all(&ended).await;
        Ok(Edited::Done)
    }
}
