//! Why an app was not let in though its password was right: the app itself says no more than of a wrong password, so that its
//! person finds it in the activity log.
use usher_domain::account::Account;
use usher_domain::activity::{Activity, ProfileDeed, ProfileLine};
use usher_domain::device::ClientIdentity;
use usher_domain::id::AccountId;
use usher_domain::name::NameKey;
use usher_domain::profile::Profile;
use usher_domain::sign_in::Grant;
use usher_domain::visitor::Visitor;
use usher_store::Tx;

use super::childs::kept_from;
use crate::{AccountError, Accounts};

impl Accounts {
    /// Notes that hours, a child's device or a profile that cannot be used at present are the reason, where they are.
    pub(crate) async fn note_seat_refused(
        &self,
        grant: &Grant,
        identity: &ClientIdentity,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let (account, user) = (grant.account(), grant.user());
        let tx = self.inner.store.begin().await?;
        let profile = tx.profile_of_user(user).await?.map(|stored| stored.profile);
        let is_closed = profile.as_ref().is_some_and(|profile| !profile.is_open());
        let is_early = |profile: &Profile| !self.is_open_at(profile, self.now());
        let kept = kept_from(&tx, account, &identity.device_key(), user).await?;
        let mut line: ProfileLine = match kept {
            Some(child) => ProfileLine {
                device: Some(child.name),
                ..ProfileDeed::RefusedOnDevice.into()
            },
            None if is_closed => ProfileDeed::RefusedClosed.into(),
            None if profile.as_ref().is_some_and(is_early) => {
                ProfileDeed::RefusedOutsideHours.into()
            }
            None => return Ok(()),
        };
        line.is_own = user == account.owner();
        line.name = profile.map(|profile| profile.name.as_str().to_owned());
        let kind = format!("{:?} {user}", line.did);
        self.note_again_and_again(&tx, account, &kind, Activity::Profile(line), visitor)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Notes that the account has no profile of the name that was typed, or one that cannot be used at present. What was typed
    /// stands in the log only where a profile is called so.
    pub(crate) async fn note_profile_refused(
        &self,
        account: &Account,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let key = NameKey::of(typed.trim());
        let tx = self.inner.store.begin().await?;
        let mut profiles = tx.profiles_of(account.id).await?.into_iter();
        let meant = profiles.find(|stored| stored.profile.name.key() == key);
        let whose = meant.map(|stored| stored.profile);
        let did = if whose.is_some() {
            ProfileDeed::RefusedClosed
        } else {
            ProfileDeed::RefusedUnknown
        };
        let id = whose
            .as_ref()
            .map_or_else(String::new, |one| one.id.to_string());
        let line = ProfileLine {
            name: whose.map(|profile| profile.name.as_str().to_owned()),
            ..did.into()
        };
        let kind = format!("{did:?} {id}");
        let what = Activity::Profile(line);
        self.note_again_and_again(&tx, account.id, &kind, what, visitor)
            .await?;
        Ok(tx.commit().await?)
    }

    /// An app may come again and again by itself.
    async fn note_again_and_again(
        &self,
        tx: &Tx,
        account: AccountId,
        kind: &str,
        what: Activity,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        if self.admit_notice(tx, account, kind).await? {
            self.note(tx, account, None, what, visitor).await?;
        }
        Ok(())
    }
}
