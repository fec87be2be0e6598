//! Which libraries, or which channels, are seen.
use std::collections::BTreeSet;

use super::{NOWHERE_ITEM, UserPolicy};
use crate::id::ItemId;
use crate::profile::limits::Libraries;

/// A set of items that may be all but some.
pub(super) enum Reach {
    /// All but these.
    Except(BTreeSet<ItemId>),
    /// These.
    Only(BTreeSet<ItemId>),
}

impl Reach {
    pub(super) fn of_libraries(owner: &UserPolicy) -> Self {
        Self::read(
            owner.enable_all_folders,
            &owner.enabled_folders,
            &owner.blocked_media_folders,
        )
    }

    pub(super) fn of_channels(owner: &UserPolicy) -> Self {
        Self::read(
            owner.enable_all_channels,
            &owner.enabled_channels,
            &owner.blocked_channels,
        )
    }

    /// Jellyfin does not look at the enabled ones once any is blocked; here both lists count, which is never more.
    fn read(is_all: bool, enabled: &BTreeSet<ItemId>, blocked: &BTreeSet<ItemId>) -> Self {
        if is_all {
            Self::Except(blocked.clone())
        } else {
            Self::Only(enabled - blocked)
        }
    }

    pub(super) fn holds(&self, item: ItemId) -> bool {
        match self {
            Self::Except(blocked) => !blocked.contains(&item),
            Self::Only(enabled) => enabled.contains(&item),
        }
    }

    pub(super) fn within(self, limit: &Libraries) -> Self {
        match (self, limit) {
            (owners, Libraries::All) => owners,
            (Self::Except(blocked), Libraries::Only(own)) => Self::Only(own - &blocked),
            (Self::Only(owners), Libraries::Only(own)) => Self::Only(&owners & own),
        }
    }

    /// As Jellyfin's three fields: whether all are, which are enabled, which are blocked.
    pub(super) fn written(self) -> (bool, BTreeSet<ItemId>, BTreeSet<ItemId>) {
        match self {
            Self::Except(blocked) => (true, BTreeSet::new(), blocked),
            Self::Only(none) if none.is_empty() => {
                (false, BTreeSet::from([NOWHERE_ITEM]), BTreeSet::new())
            }
            Self::Only(enabled) => (false, enabled, BTreeSet::new()),
        }
    }
}
