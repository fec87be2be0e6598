//! Profiles: further seats in an account, each held by a hidden Jellyfin user (design, section 7).
//!
//! Invariant: a profile is told from an account by the id of its user in Usher's table, never by a name. While the user is
//! being made it is called by a name that only Usher can have given: the id of the profile is in it.
//! Invariant: a step in Jellyfin comes after the row that says why, under a lease, and can be repeated. `kill -9` between
//! any two lines leaves a row by which the job of every half minute goes on.
//! Invariant: what a profile may do is built anew from its owner's present policy whenever it is written.
mod childs;
mod choice;
mod delete;
mod edit;
mod keep;
mod leave;
mod likes;
mod limit_choices;
mod make;
mod marks;
mod own_account;
mod owner;
mod picture;
mod pin;
mod policy;
mod refused;
mod rule;
mod seen;
mod settle;
mod watched;
mod watching;

pub use childs::{DeviceToKeep, KeptDevice};
pub use choice::Choice;
pub(crate) use choice::RememberedProfiles;
pub use delete::{DeletedProfile, RestoredProfile};
pub use edit::{EditedProfile, ProfileChange};
pub use limit_choices::LimitChoices;
pub(crate) use make::first_name;
pub use make::{MadeProfile, NewProfile};
pub use marks::MarksCopied;
pub use own_account::{OwnAccountAsked, OwnAccountWish, Promoted};
pub use owner::OwnerShown;
pub(crate) use picture::WAITING;
pub use picture::{PICTURE_MAX, UploadedPicture, drawing};
pub use pin::{OwnerPin, PinChange, PinChecked};
pub(crate) use seen::HiddenUsers;
pub use seen::{Driver, NamedUser, NamedUsers};
pub use usher_jellyfin::Title;
pub use usher_store::Promotion;
pub use watched::{
    Chart, Counted, DAYS, HISTORY_MAX, Removed, SeatEntry, Shelves, Titles, WatchedPage,
};
pub use watching::{Chooser, Key, Seated, Watching};

use std::time::Duration;

use usher_domain::id::{AccountId, ProfileId, UserId};
use usher_domain::profile::pin::Watcher;
use usher_domain::profile::{Profile, ProfileState};
use usher_domain::settings::ProfilePolicy;
use usher_store::{StoredProfile, Tx, WebSession};

use crate::{AccountError, Accounts};

/// How long one process is at a hidden user alone. A call to Jellyfin ends after ten seconds, and there are nine.
const LEASE: Duration = Duration::from_mins(2);

/// A profile on its owner's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileEntry {
    /// The profile; also one that was deleted and can be brought back.
    pub profile: Profile,
    /// Jellyfin has lost its user: it can be made anew, without its history, or deleted.
    pub is_broken: bool,
}

/// The owner's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfilesPage {
    /// The further profiles in their order.
    pub profiles: Vec<ProfileEntry>,
    /// Whether the account may have profiles, and how many with its owner's.
    pub policy: ProfilePolicy,
    /// Whether one more can be added.
    pub has_room: bool,
    /// The PIN before the owner's own profile.
    pub owner_pin: OwnerPin,
}

/// Whether Jellyfin has taken over what was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It has.
    Now,
    /// It could not be asked; the job does it as soon as it can. Usher itself goes by it already.
    Later,
}

impl Accounts {
    /// What the owner sees of the profiles.
    pub async fn profiles_page(&self, session: &WebSession) -> Result<ProfilesPage, AccountError> {
        let account = session.account;
        let stored = self.inner.store.profiles_of(account).await?;
        let policy = self.profile_policy_of(account).await?;
        Ok(ProfilesPage {
            has_room: policy.has_room(counted(&stored)),
            profiles: stored.into_iter().map(entry).collect(),
            policy,
            owner_pin: self.owner_pin(account).await?,
        })
    }

    /// A profile of the account; `None` also for other people's (R71).
    pub async fn profile(
        &self,
        session: &WebSession,
        id: ProfileId,
    ) -> Result<Option<ProfileEntry>, AccountError> {
        let stored = self.inner.store.profile(id).await?;
        Ok(stored
            .filter(|stored| stored.profile.account == session.account)
            .map(entry))
    }
}

fn entry(stored: StoredProfile) -> ProfileEntry {
    ProfileEntry {
        is_broken: stored.is_broken(),
        profile: stored.profile,
    }
}

/// How many profiles count against the limit, besides the owner's.
fn counted(stored: &[StoredProfile]) -> usize {
    let counts = |stored: &&StoredProfile| !is_deleted(stored.profile.state);
    stored.iter().filter(counts).count()
}

const fn is_deleted(state: ProfileState) -> bool {
    matches!(state, ProfileState::Deleting(_))
}

/// Whether the owner decides nothing about it any more: it was deleted, or becomes an account of its own.
const fn is_ending(state: ProfileState) -> bool {
    is_deleted(state) || leave::is_leaving(state)
}

/// The user of a seat that can be taken now, with its profile's row locked; `None` also for other people's (R71).
pub(crate) async fn open_seat(
    tx: &Tx,
    account: AccountId,
    seat: Watcher,
) -> Result<Option<UserId>, AccountError> {
    let id = match seat {
        Watcher::Owner => return Ok(Some(account.owner())),
        Watcher::Profile(id) => id,
    };
    let stored = own_profile(tx, account, id).await?;
    let open = stored.filter(|stored| stored.profile.is_open());
    Ok(open.and_then(|stored| stored.profile.user))
}

/// A profile of an account, locked; `None` also for other people's (R71).
async fn own_profile(
    tx: &Tx,
    account: AccountId,
    id: ProfileId,
) -> Result<Option<StoredProfile>, AccountError> {
    let stored = tx.profile(id).await?;
    Ok(stored.filter(|stored| stored.profile.account == account))
}
