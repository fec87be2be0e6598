//! How many sessions may be open at once. Jellyfin counts those of one user; an account has several (design, section 4).
use std::collections::HashSet;

use usher_domain::device::ClientIdentity;
use usher_domain::id::{AccountId, UserId};
use usher_jellyfin::{Policy, SessionInfo};

use crate::press::shown;
use crate::{AccountError, Accounts};

impl Accounts {
    /// Whether an account may have a session on this device besides those that its owner and profiles have on others.
    /// `policy` is that of the user who comes in: a profile's limit is its owner's. An account without profiles is left to
    /// Jellyfin, which counts by itself.
    pub(crate) async fn has_room(
        &self,
        account: AccountId,
        policy: &Policy,
        identity: &ClientIdentity,
    ) -> Result<bool, AccountError> {
        let Some(most) = usize::try_from(policy.max_active_sessions)
            .ok()
            .filter(|most| *most > 0)
        else {
            return Ok(true);
        };
        let stored = self.inner.store.profiles_of(account).await?;
        let mut users: HashSet<UserId> = stored.iter().filter_map(|one| one.hidden).collect();
        if users.is_empty() {
            return Ok(true);
        }
        users.insert(account.owner());
        // A screen that waits was kept under the name that pages show.
        let is_here = |one: &SessionInfo| {
            one.device_id == identity.device_id && shown(&one.client) == shown(&identity.client)
        };
        let all = self.inner.jellyfin.all_sessions().await?;
        let others = all.iter().filter(|one| !is_here(one));
        let open = others
            .filter(|one| one.user.is_some_and(|user| users.contains(&user)))
            .count();
        Ok(open < most)
    }
}
