//! The activity log, as use cases write it and people read it.
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use usher_domain::activity::{Activity, ProfileDeed, ProfileLine, SettingChanged};
use usher_domain::id::{AccountId, ActivityId, UserId};
use usher_domain::profile::pin::Watcher;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::{ActivityLine, ChildDevice, Tx};

use crate::{AccountError, Accounts};

/// A line of the log, and the names of who is in it: for administrators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLine {
    /// What happened.
    pub line: ActivityLine,
    /// Whose account; empty where the line is about nobody's.
    pub whose: String,
    /// Which administrator did it; empty where none did, or where the account is gone.
    pub by: String,
}

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

    /// Gives lines the names of the accounts that they are about, and of the administrators who did it.
    pub(crate) async fn name_lines(
        &self,
        lines: Vec<ActivityLine>,
    ) -> Result<Vec<NamedLine>, AccountError> {
        let by = |line: &ActivityLine| line.actor.map(AccountId::of_owner);
        let mut names = HashMap::new();
        for id in lines.iter().flat_map(|line| [line.account, by(line)]) {
            if let Some(id) = id
                && let Entry::Vacant(new) = names.entry(id)
            {
                let account = self.account(id).await?;
                new.insert(account.map_or_else(String::new, |account| account.seen.name));
            }
        }
        let name = |id: Option<AccountId>| id.and_then(|id| names.get(&id).cloned());
        let told = lines.into_iter().map(|line| NamedLine {
            whose: name(line.account).unwrap_or_default(),
            by: name(by(&line)).unwrap_or_default(),
            line,
        });
        Ok(told.collect())
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
        did: impl Into<ProfileLine> + Send,
        about: Watcher,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let what = deed(tx, account, did.into(), about).await?;
        self.note(tx, account, None, what, visitor).await
    }

    /// As [`note_deed`](Self::note_deed), of a profile's device as the owner knows it.
    pub(crate) async fn note_device(
        &self,
        tx: &Tx,
        did: ProfileDeed,
        device: &ChildDevice,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let (account, about) = (device.account, Watcher::Profile(device.profile));
        let line = ProfileLine {
            device: Some(device.name.clone()),
            ..did.into()
        };
        let what = deed(tx, account, line, about).await?;
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
        settings: Vec<SettingChanged>,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let what = Activity::PolicyChanged { settings };
        self.note_general(tx, actor, what, visitor).await
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

/// What a profile of this Jellyfin user is called; `None` for the user of an account.
pub(crate) async fn profile_called(tx: &Tx, user: UserId) -> Result<Option<String>, AccountError> {
    let stored = tx.profile_of_user(user).await?;
    Ok(stored.map(|stored| stored.profile.name.as_str().to_owned()))
}

/// A line about a seat of an account, under the name that the profile has by now.
async fn deed(
    tx: &Tx,
    account: AccountId,
    line: ProfileLine,
    about: Watcher,
) -> Result<Activity, AccountError> {
    let (is_own, name) = match about {
        Watcher::Owner => (true, None),
        Watcher::Profile(id) => {
            let profiles = tx.profiles_of(account).await?;
            let about = profiles.into_iter().find(|stored| stored.profile.id == id);
            let name = about.map(|stored| stored.profile.name.as_str().to_owned());
            (false, name)
        }
    };
    Ok(Activity::Profile(ProfileLine {
        name,
        is_own,
        ..line
    }))
}
