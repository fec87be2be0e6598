//! The policy that a profile's user is given in Jellyfin: an allow-list, narrowed from the owner's.
//!
//! Invariant: an empty list means "everything" in Jellyfin, or did in some version. So what allows nothing is never written
//! as empty, but as hours from 0 to 0, or as an entry that exists nowhere.
mod reach;
mod schedule;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{ItemId, UserId};
use crate::name::NameKey;
use crate::profile::hours::{Hours, Shift};
use crate::profile::limits::{Limits, RatingLimit, Tag, UnratedKind};
use reach::Reach;
pub use schedule::{Schedule, hours_of};

/// A tag that no item has.
pub const NOWHERE_TAG: &str = "usher-nowhere-5d0c6f1e9b7a4c3d";

/// A library, or a channel, that does not exist.
pub const NOWHERE_ITEM: ItemId =
    ItemId::new(Uuid::from_u128(0x5d0c_6f1e_9b7a_4c3d_8e21_0f4b_6a97_d352));

/// A device that nobody has.
pub const NOWHERE_DEVICE: &str = "usher-nowhere-5d0c6f1e9b7a4c3d";

/// Who judges passwords in a Jellyfin without plugins, and so those of profiles: the owner's may live elsewhere.
const PASSWORDS: &str = "Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider";

/// Who resets passwords there.
const RESETS: &str = "Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider";

/// A user's policy with all fields that Jellyfin knows (10.10 to 12.0), in Jellyfin's own names and meaning.
///
/// The owner's is read into it; a profile's is made by [`UserPolicy::of_profile`] and sent as it is. Reading fails where
/// a field is missing that decides what is allowed: nothing is guessed.
#[expect(clippy::struct_excessive_bools, reason = "Jellyfin's own switches")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "Jellyfin's own names")]
pub struct UserPolicy {
    pub is_administrator: bool,
    pub is_hidden: bool,
    pub is_disabled: bool,
    #[serde(default)]
    pub enable_collection_management: bool,
    #[serde(default)]
    pub enable_subtitle_management: bool,
    #[serde(default)]
    pub enable_lyric_management: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_parental_rating: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_parental_sub_rating: Option<i64>,
    pub blocked_tags: BTreeSet<String>,
    pub allowed_tags: BTreeSet<String>,
    pub block_unrated_items: BTreeSet<UnratedKind>,
    pub access_schedules: Vec<Schedule>,
    #[serde(default)]
    pub enable_user_preference_access: bool,
    pub enable_remote_control_of_other_users: bool,
    pub enable_shared_device_control: bool,
    pub enable_remote_access: bool,
    pub enable_live_tv_management: bool,
    pub enable_live_tv_access: bool,
    pub enable_media_playback: bool,
    pub enable_audio_playback_transcoding: bool,
    pub enable_video_playback_transcoding: bool,
    pub enable_playback_remuxing: bool,
    #[serde(default)]
    pub force_remote_source_transcoding: bool,
    pub enable_content_deletion: bool,
    pub enable_content_deletion_from_folders: BTreeSet<String>,
    pub enable_content_downloading: bool,
    #[serde(default)]
    pub enable_sync_transcoding: bool,
    #[serde(default)]
    pub enable_media_conversion: bool,
    pub enabled_devices: BTreeSet<String>,
    pub enable_all_devices: bool,
    pub enabled_channels: BTreeSet<ItemId>,
    pub enable_all_channels: bool,
    pub blocked_channels: BTreeSet<ItemId>,
    pub enabled_folders: BTreeSet<ItemId>,
    pub enable_all_folders: bool,
    pub blocked_media_folders: BTreeSet<ItemId>,
    #[serde(default)]
    pub invalid_login_attempt_count: i64,
    #[serde(default)]
    pub login_attempts_before_lockout: i64,
    pub max_active_sessions: i64,
    #[serde(default)]
    pub enable_public_sharing: bool,
    pub remote_client_bitrate_limit: i64,
    pub authentication_provider_id: String,
    pub password_reset_provider_id: String,
    pub sync_play_access: SyncPlayAccess,
}

/// What a user may do with groups that watch together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncPlayAccess {
    /// Begin and join.
    CreateAndJoinGroups,
    /// Join.
    JoinGroups,
    /// Neither.
    None,
}

/// A profile's user, and what bounds it.
#[derive(Clone, Copy, Debug)]
pub struct Seat<'a> {
    /// The hidden Jellyfin user.
    pub user: UserId,
    /// What the owner allows the profile.
    pub limits: &'a Limits,
    /// Whether the profile can be used.
    pub standing: Standing,
    /// How far the clocks of Jellyfin's process are ahead of the configured time zone's.
    pub shift: Shift,
}

/// Whether a profile can be used at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can.
    Open,
    /// It is being made or deleted, or profiles are switched off: its user is disabled.
    Closed,
}

impl UserPolicy {
    /// The policy of a profile: what is named here, as far as both the owner's policy and the profile's limits go, and
    /// nothing else. Never administration, deletion, management, sharing, or other people's and shared devices (what plays
    /// there passes no gate). Where one list of Jellyfin's cannot say "one of these and one of those" (allowed tags), less
    /// is allowed: only the tags that both name.
    pub fn of_profile(owner: &Self, seat: &Seat<'_>) -> Self {
        let limits = seat.limits;
        let rating = rating_of(owner, limits);
        let libraries = Reach::of_libraries(owner).within(&limits.libraries);
        let channels = Reach::of_channels(owner).within(&limits.libraries);
        let (enable_all_folders, enabled_folders, blocked_media_folders) = libraries.written();
        let (enable_all_channels, enabled_channels, blocked_channels) = channels.written();
        Self {
            is_administrator: false,
            is_hidden: true,
            is_disabled: owner.is_disabled || seat.standing == Standing::Closed,
            enable_collection_management: false,
            enable_subtitle_management: false,
            enable_lyric_management: false,
            max_parental_rating: rating.map(|limit| limit.score),
            max_parental_sub_rating: rating.and_then(|limit| limit.sub_score),
            blocked_tags: blocked_tags(owner, limits),
            allowed_tags: allowed_tags(owner, limits),
            block_unrated_items: &owner.block_unrated_items | &limits.blocked_unrated,
            access_schedules: schedules(owner, seat),
            // Without it Jellyfin refuses a user's own watched marks as well.
            enable_user_preference_access: true,
            enable_remote_control_of_other_users: false,
            enable_shared_device_control: false,
            enable_remote_access: owner.enable_remote_access,
            enable_live_tv_management: false,
            enable_live_tv_access: owner.enable_live_tv_access && limits.live_television,
            enable_media_playback: owner.enable_media_playback,
            enable_audio_playback_transcoding: owner.enable_audio_playback_transcoding,
            enable_video_playback_transcoding: owner.enable_video_playback_transcoding,
            enable_playback_remuxing: owner.enable_playback_remuxing,
            force_remote_source_transcoding: owner.force_remote_source_transcoding,
            enable_content_deletion: false,
            enable_content_deletion_from_folders: BTreeSet::new(),
            enable_content_downloading: owner.enable_content_downloading,
            enable_sync_transcoding: owner.enable_sync_transcoding,
            enable_media_conversion: owner.enable_media_conversion,
            enabled_devices: devices(owner),
            enable_all_devices: has_all_devices(owner),
            enabled_channels,
            enable_all_channels,
            blocked_channels,
            enabled_folders,
            enable_all_folders,
            blocked_media_folders,
            invalid_login_attempt_count: 0,
            // Nobody knows the password: a lock would only let strangers close the profile.
            login_attempts_before_lockout: -1,
            max_active_sessions: owner.max_active_sessions.max(0),
            enable_public_sharing: false,
            remote_client_bitrate_limit: owner.remote_client_bitrate_limit.max(0),
            authentication_provider_id: PASSWORDS.to_owned(),
            password_reset_provider_id: RESETS.to_owned(),
            sync_play_access: owner.sync_play_access,
        }
    }

    /// The hours to which Jellyfin holds the user, in its time zone. It holds administrators to none.
    pub fn hours(&self) -> Hours {
        if self.is_administrator {
            Hours::always()
        } else {
            hours_of(&self.access_schedules)
        }
    }

    /// Whether the user sees a library, by what the policy says of libraries.
    pub fn sees_library(&self, library: ItemId) -> bool {
        Reach::of_libraries(self).holds(library)
    }

    /// Whether the user sees a plugin's channel.
    pub fn sees_channel(&self, channel: ItemId) -> bool {
        Reach::of_channels(self).holds(channel)
    }

    /// The policy of an account that was a profile: what the profile had, as far as its owner still has it, without what only
    /// a hidden user needs. It is seen as its owner is, and locked after as many wrong passwords.
    pub fn of_own_account(owner: &Self, seat: &Seat<'_>) -> Self {
        Self {
            is_hidden: owner.is_hidden,
            login_attempts_before_lockout: owner.login_attempts_before_lockout,
            ..Self::of_profile(owner, seat)
        }
    }

    /// Whether Jellyfin holds this very policy, so that nothing has to be written: `current` as it was read. Jellyfin's own
    /// counter and the way hours are cut into spans make no difference.
    pub fn is_held(&self, current: &Self) -> bool {
        let plain = |policy: &Self| Self {
            invalid_login_attempt_count: 0,
            access_schedules: Vec::new(),
            ..policy.clone()
        };
        plain(self) == plain(current)
            && hours_of(&self.access_schedules) == hours_of(&current.access_schedules)
    }
}

fn rating_of(owner: &UserPolicy, limits: &Limits) -> Option<RatingLimit> {
    let owners = owner.max_parental_rating.map(|score| RatingLimit {
        score,
        sub_score: owner.max_parental_sub_rating,
    });
    match (owners, limits.rating) {
        (Some(owners), Some(own)) => Some(owners.tighter(own)),
        (owners, own) => owners.or(own),
    }
}

fn schedules(owner: &UserPolicy, seat: &Seat<'_>) -> Vec<Schedule> {
    let own = seat.limits.hours.shifted(seat.shift);
    schedule::written(&own.intersect(&owner.hours()), seat.user)
}

/// Jellyfin does not hold administrators to a list of devices either.
const fn has_all_devices(owner: &UserPolicy) -> bool {
    owner.enable_all_devices || owner.is_administrator
}

fn devices(owner: &UserPolicy) -> BTreeSet<String> {
    if has_all_devices(owner) {
        BTreeSet::new()
    } else {
        or_nowhere(owner.enabled_devices.clone(), NOWHERE_DEVICE)
    }
}

fn blocked_tags(owner: &UserPolicy, limits: &Limits) -> BTreeSet<String> {
    let mut blocked = owner.blocked_tags.clone();
    let known = keys(&blocked);
    let more = limits.blocked_tags.iter();
    blocked.extend(
        more.filter(|tag| !known.contains(&tag.key()))
            .map(|tag| tag.as_str().to_owned()),
    );
    blocked
}

fn allowed_tags(owner: &UserPolicy, limits: &Limits) -> BTreeSet<String> {
    let Some(own) = &limits.allowed_tags else {
        return owner.allowed_tags.clone();
    };
    let both = if owner.allowed_tags.is_empty() {
        own.iter().map(|tag| tag.as_str().to_owned()).collect()
    } else {
        let known: BTreeSet<NameKey> = own.iter().map(Tag::key).collect();
        let owners = owner.allowed_tags.iter();
        owners
            .filter(|tag| known.contains(&NameKey::of(tag)))
            .cloned()
            .collect()
    };
    or_nowhere(both, NOWHERE_TAG)
}

fn keys(tags: &BTreeSet<String>) -> BTreeSet<NameKey> {
    tags.iter().map(|tag| NameKey::of(tag)).collect()
}

fn or_nowhere(list: BTreeSet<String>, nowhere: &str) -> BTreeSet<String> {
    if list.is_empty() {
        BTreeSet::from([nowhere.to_owned()])
    } else {
        list
    }
}

#[cfg(test)]
mod tests;
