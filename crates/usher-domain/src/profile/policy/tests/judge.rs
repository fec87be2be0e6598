//! What Jellyfin makes of a policy, written down a second time and from its own point of view.
use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::id::ItemId;
use crate::profile::limits::{Libraries, Limits, UnratedKind};
use crate::profile::policy::{SyncPlayAccess, UserPolicy};
use crate::time::Timestamp;

/// What sort an item is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind(pub(super) UnratedKind);

/// An item of a library, or of a channel.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) place: ItemId,
    pub(super) is_channel: bool,
    pub(super) rating: Option<(i64, Option<i64>)>,
    pub(super) kind: Kind,
    pub(super) tags: BTreeSet<String>,
}

/// Whether Jellyfin shows an item to a user with this policy: an empty list is no limit.
pub(super) fn allows(policy: &UserPolicy, item: &Item) -> bool {
    let (is_all, enabled, blocked) = if item.is_channel {
        (
            policy.enable_all_channels,
            &policy.enabled_channels,
            &policy.blocked_channels,
        )
    } else {
        (
            policy.enable_all_folders,
            &policy.enabled_folders,
            &policy.blocked_media_folders,
        )
    };
    let place = if blocked.is_empty() {
        is_all || enabled.contains(&item.place)
    } else {
        !blocked.contains(&item.place)
    };
    let has = |tags: &BTreeSet<String>| {
        tags.iter()
            .any(|tag| item.tags.iter().any(|own| own.eq_ignore_ascii_case(tag)))
    };
    let rated = match item.rating {
        None => !policy.block_unrated_items.contains(&item.kind.0),
        Some((score, sub)) => policy.max_parental_rating.is_none_or(|max| {
            if score == max {
                policy
                    .max_parental_sub_rating
                    .is_none_or(|max| sub.unwrap_or(0) <= max)
            } else {
                score < max
            }
        }),
    };
    place
        && rated
        && !has(&policy.blocked_tags)
        && (policy.allowed_tags.is_empty() || has(&policy.allowed_tags))
}

/// Whether the limits alone let an item through.
pub(super) fn permits(limits: &Limits, item: &Item) -> bool {
    let place = match &limits.libraries {
        Libraries::All => true,
        Libraries::Only(own) => own.contains(&item.place),
    };
    let has = |tag: &str| item.tags.iter().any(|own| own.eq_ignore_ascii_case(tag));
    let rated = match (item.rating, limits.rating) {
        (None, _) => !limits.blocked_unrated.contains(&item.kind.0),
        (Some(_), None) => true,
        (Some((score, sub)), Some(max)) => {
            score < max.score
                || (score == max.score && max.sub_score.is_none_or(|max| sub.unwrap_or(0) <= max))
        }
    };
    place
        && rated
        && !limits.blocked_tags.iter().any(|tag| has(tag.as_str()))
        && limits
            .allowed_tags
            .as_ref()
            .is_none_or(|tags| tags.iter().any(|tag| has(tag.as_str())))
}

/// Whether Jellyfin, in its own time zone, lets the user in: an empty list is no limit, nor is any for administrators.
pub(super) fn is_open(policy: &UserPolicy, now: Timestamp, zone: &TimeZone) -> bool {
    let here = now.to_jiff().to_zoned(zone.clone());
    let hour = f64::from(here.hour())
        + f64::from(here.minute()) / 60.0
        + f64::from(here.second()) / 3600.0;
    let day = here.strftime("%A").to_string();
    let is_weekend = matches!(day.as_str(), "Saturday" | "Sunday");
    policy.is_administrator
        || policy.access_schedules.is_empty()
        || policy.access_schedules.iter().any(|span| {
            let is_day = match span.day_of_week.as_str() {
                "Everyday" => true,
                "Weekday" => !is_weekend,
                "Weekend" => is_weekend,
                name => name == day,
            };
            is_day && (span.start_hour..=span.end_hour).contains(&hour)
        })
}

/// Every switch that allows something.
pub(super) fn switches(policy: &UserPolicy) -> Vec<bool> {
    vec![
        policy.is_administrator,
        !policy.is_disabled,
        policy.enable_collection_management,
        policy.enable_subtitle_management,
        policy.enable_lyric_management,
        policy.enable_remote_control_of_other_users,
        policy.enable_shared_device_control,
        policy.enable_remote_access,
        policy.enable_live_tv_management,
        policy.enable_live_tv_access,
        policy.enable_media_playback,
        policy.enable_audio_playback_transcoding,
        policy.enable_video_playback_transcoding,
        policy.enable_playback_remuxing,
        !policy.force_remote_source_transcoding,
        policy.enable_content_deletion,
        !policy.enable_content_deletion_from_folders.is_empty(),
        policy.enable_content_downloading,
        policy.enable_sync_transcoding,
        policy.enable_media_conversion,
        policy.enable_public_sharing,
        policy.sync_play_access != SyncPlayAccess::None,
        policy.sync_play_access == SyncPlayAccess::CreateAndJoinGroups,
        policy.is_administrator || policy.enable_all_devices,
    ]
}
