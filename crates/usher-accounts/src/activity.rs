//! The activity log, as use cases write it and people read it.
use usher_domain::activity::{Activity, ProfileDeed};
use usher_domain::id::{AccountId, ActivityId, UserId};
use usher_domain::profile::pin::Watcher;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::{ActivityLine, Tx};

use crate::{AccountError, Accounts};

impl Accounts {
    /// The newest lines about an account, newest first.
    pub async fn activities_of(
        &self,
        account: AccountId,
        limit: u64,
    ) -> Result<Vec<ActivityLine>, AccountError> {
        Ok(self.inner.store.activities(Some(account), limit).await?)
    }

    /// The newest lines about everybody, newest first: for administrators.
    pub async fn activities(&self, limit: u64) -> Result<Vec<ActivityLine>, AccountError> {
        Ok(self.inner.store.activities(None, limit).await?)
    }

    /// Notes what happened, in the transaction in which it happens. `actor` is the administrator who did it to somebody
    /// else's account.
    pub async fn note(
        &self,
        tx: &Tx,
        account: AccountId,
        actor: Option<UserId>,
        what: Activity,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        self.write_line(tx, Some(account), actor, what, visitor)
            .await
    }

    /// Notes what an account did about one of its seats, under the name that the profile has by now in the transaction. The
    /// owner's seat has none.
    pub(crate) async fn note_deed(
        &self,
        tx: &Tx,
        account: AccountId,
        did: ProfileDeed,
        about: Watcher,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let name = match about {
            Watcher::Owner => None,
            Watcher::Profile(id) => {
                let profiles = tx.profiles_of(account).await?;
                let about = profiles.into_iter().find(|stored| stored.profile.id == id);
                about.map(|stored| stored.profile.name.as_str().to_owned())
            }
        };
        let what = Activity::Profile { did, name };
        self.note(tx, account, None, what, visitor).await
    }

    /// Notes what happened in Jellyfin beside Usher, and when: by whom and from where is not known.
    pub(crate) async fn note_beside(
        &self,
        tx: &Tx,
        account: AccountId,
        what: Activity,
        at: Timestamp,
    ) -> Result<(), AccountError> {
        let line = ActivityLine {
            id: ActivityId::generate(self.now(), &*self.inner.entropy),
            account: Some(account),
            actor: None,
            at,
            what,
            client: String::new(),
            address: String::new(),
        };
        Ok(tx.add_activity(&line).await?)
    }

    /// Notes that a policy or the mail settings were changed: about nobody's account.
    pub(crate) async fn note_policy(
        &self,
        tx: &Tx,
        actor: Option<UserId>,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        self.note_general(tx, actor, Activity::PolicyChanged, visitor)
            .await
    }

    /// Notes what an administrator did to nobody's account.
    pub(crate) async fn note_general(
        &self,
        tx: &Tx,
        actor: Option<UserId>,
        what: Activity,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        self.write_line(tx, None, actor, what, visitor).await
    }

    async fn write_line(
        &self,
        tx: &Tx,
        account: Option<AccountId>,
        actor: Option<UserId>,
        what: Activity,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let now = self.now();
        let line = ActivityLine {
            id: ActivityId::generate(now, &*self.inner.entropy),
            account,
            actor,
            at: now,
            what,
            client: visitor.client.clone(),
            address: visitor.address.to_string(),
        };
        Ok(tx.add_activity(&line).await?)
    }
}
