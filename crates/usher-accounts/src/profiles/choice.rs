//! Which profiles of an account can be chosen, and whose a Jellyfin user is. Remembered for five seconds, like tokens.
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use usher_domain::id::{AccountId, UserId};
use usher_domain::name::NameKey;
use usher_domain::profile::pin::Watcher;
use usher_domain::profile::{Picture, Profile};
use usher_domain::time::Timestamp;
use usher_store::StoredProfile;

use super::OwnerPin;
use crate::{AccountError, Accounts};

/// So long may a change take to reach every process.
pub(super) const STANDS: Duration = Duration::from_secs(5);

/// Users that are remembered.
const USERS_MAX: usize = 10_000;

/// A seat to choose at "Who's watching?", or for a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Which.
    pub watcher: Watcher,
    /// The Jellyfin user who is signed in then.
    pub user: UserId,
    /// What people call it: the owner by the user name.
    pub name: String,
    /// Its face; `None` for the first letter of the name.
    pub picture: Option<Picture>,
    /// Whether a PIN is asked first.
    pub has_pin: bool,
    /// Whether its hours are open now, those that bind its owner among them. The owner's seat has none of its own.
    pub is_open_now: bool,
}

impl Accounts {
    /// Who can watch, the owner first. Empty for an account that is gone.
    pub async fn profiles_for_choice(
        &self,
        account: AccountId,
    ) -> Result<Vec<Choice>, AccountError> {
        let Some(owner) = self.account(account).await? else {
            return Ok(Vec::new());
        };
        let stored = self.inner.store.profiles_of(account).await?;
        let mut choices = vec![Choice {
            watcher: Watcher::Owner,
            user: account.owner(),
            name: owner.seen.name,
            picture: None,
            has_pin: self.owner_pin(account).await? == OwnerPin::Set,
            is_open_now: true,
        }];
        let now = self.now();
        for stored in stored {
            let is_open_now = self.is_open_at(&stored.profile, now);
            choices.extend(choice(stored.profile, is_open_now));
        }
        Ok(choices)
    }

    /// The profile that `account/Profile` means: by its name in any letter case. Only one that can be used.
    pub async fn profile_named(
        &self,
        account: AccountId,
        name: &str,
    ) -> Result<Option<Profile>, AccountError> {
        let key = NameKey::of(name.trim());
        let stored = self.inner.store.profiles_of(account).await?;
        let mut open = stored
            .into_iter()
            .map(|stored| stored.profile)
            .filter(Profile::is_open);
        Ok(open.find(|profile| profile.name.key() == key))
    }

    /// The profile that a Jellyfin user holds, and whose it is; `None` for the user of an account. Also of a profile that
    /// cannot be used: ask [`Profile::is_open`].
    pub async fn profile_of_user(
        &self,
        user: UserId,
    ) -> Result<Option<(AccountId, Profile)>, AccountError> {
        let now = self.now();
        if let Some(known) = self.memory.profiles.standing(user, now) {
            return Ok(known);
        }
        let stored = self.inner.store.profile_of_user(user).await?;
        let found = stored.map(|stored| (stored.profile.account, stored.profile));
        self.memory.profiles.remember(user, now, found.clone());
        Ok(found)
    }

    /// The theme that the profile of a Jellyfin user has chosen; none for an account's own user.
    pub async fn theme_of(&self, user: UserId) -> Result<Option<String>, AccountError> {
        let found = self.profile_of_user(user).await?;
        Ok(found.and_then(|(_, profile)| profile.preferences.theme))
    }

    /// This process looks again at a profile that was changed; every other one does within five seconds.
    pub(super) fn forget_profile(&self, stored: &StoredProfile) {
        if let Some(user) = stored.hidden {
            self.memory.profiles.forget(user);
        }
        self.memory.hidden.forget();
    }
}

fn choice(profile: Profile, is_open_now: bool) -> Option<Choice> {
    let user = profile.user.filter(|_| profile.is_open())?;
    Some(Choice {
        watcher: Watcher::Profile(profile.id),
        user,
        name: profile.name.as_str().to_owned(),
        picture: profile.picture,
        has_pin: profile.has_pin,
        is_open_now,
    })
}

/// What is known of a user: the profile that it holds, if any.
type Known = Option<(AccountId, Profile)>;

/// The users that were asked for lately.
#[derive(Default)]
pub(crate) struct RememberedProfiles(Mutex<HashMap<UserId, (Timestamp, Known)>>);

impl RememberedProfiles {
    fn standing(&self, user: UserId, now: Timestamp) -> Option<Known> {
        let users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (asked, known) = users.get(&user)?;
        (now.since(*asked) < STANDS).then(|| known.clone())
    }

    fn remember(&self, user: UserId, now: Timestamp, known: Known) {
        let mut users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if users.len() >= USERS_MAX {
            users.retain(|_, (asked, _)| now.since(*asked) < STANDS);
        }
        if users.len() < USERS_MAX {
            users.insert(user, (now, known));
        }
    }

    fn forget(&self, user: UserId) {
        let mut users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        users.remove(&user);
    }
}
