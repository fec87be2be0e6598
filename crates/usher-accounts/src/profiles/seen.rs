//! How profiles look from inside Jellyfin: each to itself under the name that people gave it, and to nobody else at all
//! (design, section 3).
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use usher_domain::activity::Door;
use usher_domain::id::{AccountId, UserId};
use usher_domain::profile::Profile;
use usher_domain::secret::{Hash, SecretText};
use usher_domain::time::Timestamp;
use usher_store::HiddenUser;

use super::choice::STANDS;
use crate::{AccountError, Accounts};

/// Who would drive a screen.
#[derive(Clone, Copy, Debug)]
pub struct Driver {
    /// The account.
    pub account: AccountId,
    /// As which Jellyfin user: the owner, or a profile.
    pub user: UserId,
    /// `EnableRemoteControlOfOtherUsers` of that user.
    pub controls_others: bool,
}

impl Driver {
    /// Whether it is the owner of the account, and no profile.
    pub(crate) fn is_owner(&self) -> bool {
        self.user == self.account.owner()
    }
}

/// Somebody by the name that Jellyfin writes where it writes no id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedUser {
    /// Whose seat it is.
    pub account: AccountId,
    /// What people call the profile; `None` for the owner's seat.
    pub profile: Option<String>,
}

/// Everybody by the name in Jellyfin.
pub type NamedUsers = HashMap<String, NamedUser>;

/// Who is hidden, as far as that was read lately: clients ask for lists of sessions and groups every few seconds.
#[derive(Default)]
pub(crate) struct HiddenUsers {
    users: Lately<HashSet<UserId>>,
    named: Lately<NamedUsers>,
}

impl HiddenUsers {
    /// This process looks again; every other one does within five seconds.
    pub(super) fn forget(&self) {
        self.users.forget();
        self.named.forget();
    }
}

/// What was read a moment ago.
struct Lately<T>(Mutex<Option<(Timestamp, Arc<T>)>>);

impl<T> Default for Lately<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Lately<T> {
    fn standing(&self, now: Timestamp) -> Option<Arc<T>> {
        let known = self.lock();
        let (read, known) = known.as_ref()?;
        (now.since(*read) < STANDS).then(|| Arc::clone(known))
    }

    fn remember(&self, now: Timestamp, read: T) -> Arc<T> {
        let read = Arc::new(read);
        *self.lock() = Some((now, Arc::clone(&read)));
        read
    }

    fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Timestamp, Arc<T>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Accounts {
    /// Jellyfin's users who hold profiles.
    pub async fn profile_users(&self) -> Result<Arc<HashSet<UserId>>, AccountError> {
        let now = self.now();
        if let Some(users) = self.memory.hidden.users.standing(now) {
            return Ok(users);
        }
        let hidden = self.inner.store.hidden_users().await?;
        let users = hidden.into_iter().filter_map(|one: HiddenUser| one.user);
        Ok(self.memory.hidden.users.remember(now, users.collect()))
    }

    /// Everybody by the name in Jellyfin: lists of people who watch together hold names alone. Empty where there are no
    /// profiles, so that there is nobody to hide.
    pub async fn users_by_name(&self) -> Result<Arc<NamedUsers>, AccountError> {
        let now = self.now();
        if let Some(named) = self.memory.hidden.named.standing(now) {
            return Ok(named);
        }
        let named = self.look_up_names().await?;
        Ok(self.memory.hidden.named.remember(now, named))
    }

    async fn look_up_names(&self) -> Result<NamedUsers, AccountError> {
        let stored = self.inner.store.all_profiles().await?;
        if stored.is_empty() {
            return Ok(NamedUsers::new());
        }
        let hidden = stored.into_iter().filter_map(|stored| {
            let profile = stored.profile;
            let named = NamedUser {
                account: profile.account,
                profile: Some(profile.name.as_str().to_owned()),
            };
            Some((stored.hidden?, named))
        });
        let mut hidden: HashMap<UserId, NamedUser> = hidden.collect();
        let users = self.inner.jellyfin.users().await?;
        let named = users.into_iter().map(|user| {
            let named = hidden.remove(&user.id).unwrap_or_else(|| NamedUser {
                account: AccountId::of_owner(user.id),
                profile: None,
            });
            (user.name, named)
        });
        Ok(named.collect())
    }

    /// The name under which a profile's app can sign in again: `anna/Kids`. `None`: the user holds no profile.
    pub async fn name_in_apps(&self, user: UserId) -> Result<Option<String>, AccountError> {
        match self.profile_of_user(user).await? {
            Some((account, profile)) => self.full_name(account, &profile).await,
            None => Ok(None),
        }
    }

    /// The name that a profile's own token is told: `Kids` in a browser that came in by Usher's pages, `anna/Kids` in an app.
    pub async fn name_for(
        &self,
        user: UserId,
        token: &Hash,
    ) -> Result<Option<String>, AccountError> {
        let Some((account, profile)) = self.profile_of_user(user).await? else {
            return Ok(None);
        };
        let token = self.inner.store.token(token).await?;
        if token.is_some_and(|token| token.door == Door::Web) {
            return Ok(Some(profile.name.as_str().to_owned()));
        }
        self.full_name(account, &profile).await
    }

    async fn full_name(
        &self,
        account: AccountId,
        profile: &Profile,
    ) -> Result<Option<String>, AccountError> {
        let owner = self.account(account).await?;
        Ok(owner.map(|owner| format!("{}/{}", owner.seen.name, profile.name)))
    }

    /// Whether somebody may drive a session of Jellyfin's: one's own, that of one's own profile, or, with the right to
    /// control others, anybody's who is no profile. A profile drives nobody but itself.
    pub async fn may_drive(
        &self,
        driver: &Driver,
        token: &SecretText,
        session: &str,
    ) -> Result<bool, AccountError> {
        let is_owner = driver.is_owner();
        if is_owner && self.owns_session(token, session).await? {
            return Ok(true);
        }
        let all = self.inner.jellyfin.all_sessions().await?;
        let screen = all
            .into_iter()
            .find(|one| one.id.eq_ignore_ascii_case(session));
        let user = screen.and_then(|screen| screen.user);
        if !is_owner {
            return Ok(user == Some(driver.user));
        }
        match user {
            Some(user) => self.may_drive_user(driver, user).await,
            None => Ok(driver.controls_others),
        }
    }

    /// Whether the owner of an account may drive the screens of somebody, or add them to a screen.
    pub async fn may_drive_user(
        &self,
        driver: &Driver,
        user: UserId,
    ) -> Result<bool, AccountError> {
        let profile = self.profile_of_user(user).await?;
        Ok(profile.map_or(driver.controls_others, |(account, _)| {
            account == driver.account
        }))
    }

    /// A profile's user was written to, or deleted, in Jellyfin's dashboard: what it may do and how it is called is Usher's
    /// to say, and is put back at once. What was deleted is found by the job.
    pub(crate) async fn profile_user_was_changed(&self, user: UserId) -> Result<(), AccountError> {
        if let Some(stored) = self.inner.store.profile_of_user(user).await? {
            self.apply_profile(stored.profile.id).await;
        }
        Ok(())
    }

    /// An account's own user was written to in Jellyfin's dashboard: its profiles follow at once.
    pub(crate) async fn owner_was_changed(&self, account: AccountId) -> Result<(), AccountError> {
        for stored in self.inner.store.profiles_of(account).await? {
            self.apply_profile(stored.profile.id).await;
        }
        Ok(())
    }
}
