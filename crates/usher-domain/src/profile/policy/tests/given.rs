//! Owners and limits of every sort.
use jiff::civil::Weekday;
use proptest::prelude::*;

use super::*;
use crate::profile::limits::DailyMinutes;

pub(super) fn tags(tags: &[&str]) -> BTreeSet<String> {
    tags.iter().map(|tag| (*tag).to_owned()).collect()
}

/// A plain user's policy, as Jellyfin makes it.
pub(super) fn policy_of_nobody() -> UserPolicy {
    UserPolicy {
        is_administrator: false,
        is_hidden: true,
        is_disabled: false,
        enable_collection_management: false,
        enable_subtitle_management: false,
        enable_lyric_management: false,
        max_parental_rating: None,
        max_parental_sub_rating: None,
        blocked_tags: BTreeSet::new(),
        allowed_tags: BTreeSet::new(),
        block_unrated_items: BTreeSet::new(),
        access_schedules: Vec::new(),
        enable_user_preference_access: true,
        enable_remote_control_of_other_users: false,
        enable_shared_device_control: false,
        enable_remote_access: true,
        enable_live_tv_management: false,
        enable_live_tv_access: true,
        enable_media_playback: true,
        enable_audio_playback_transcoding: true,
        enable_video_playback_transcoding: true,
        enable_playback_remuxing: true,
        force_remote_source_transcoding: false,
        enable_content_deletion: false,
        enable_content_deletion_from_folders: BTreeSet::new(),
        enable_content_downloading: true,
        enable_sync_transcoding: true,
        enable_media_conversion: true,
        enabled_devices: BTreeSet::new(),
        enable_all_devices: true,
        enabled_channels: BTreeSet::new(),
        enable_all_channels: true,
        blocked_channels: BTreeSet::new(),
        enabled_folders: BTreeSet::new(),
        enable_all_folders: true,
        blocked_media_folders: BTreeSet::new(),
        invalid_login_attempt_count: 0,
        login_attempts_before_lockout: -1,
        max_active_sessions: 0,
        enable_public_sharing: false,
        remote_client_bitrate_limit: 0,
        authentication_provider_id: PASSWORDS.to_owned(),
        password_reset_provider_id: RESETS.to_owned(),
        sync_play_access: SyncPlayAccess::CreateAndJoinGroups,
    }
}

/// Tags of which some differ in letter case alone.
fn tag_list() -> impl Strategy<Value = BTreeSet<String>> {
    prop::collection::btree_set("[aA]|[bB]|c|e", 0..3)
}

fn places() -> impl Strategy<Value = BTreeSet<ItemId>> {
    prop::collection::btree_set(
        (1_u128..5).prop_map(|id| ItemId::new(Uuid::from_u128(id))),
        0..4,
    )
}

fn unrated() -> impl Strategy<Value = BTreeSet<UnratedKind>> {
    prop::sample::subsequence(UnratedKind::ALL.to_vec(), 0..=9)
        .prop_map(|kinds| kinds.into_iter().collect())
}

prop_compose! {
    fn schedule()(
        day in prop::sample::select(vec!["Everyday", "Weekday", "Weekend", "Monday", "Sunday", "Friday"]),
        start in 0_u8..=96, end in 0_u8..=96,
    ) -> Schedule {
        Schedule {
            day_of_week: day.to_owned(),
            start_hour: f64::from(start) / 4.0,
            end_hour: f64::from(end) / 4.0,
            user_id: UserId::NOBODY,
        }
    }
}

prop_compose! {
    fn seen()(
        rating in prop::option::of(0_i64..4), sub in prop::option::of(0_i64..3), unrated in unrated(),
        blocked in tag_list(), allowed in tag_list(), schedules in prop::collection::vec(schedule(), 0..3),
    ) -> UserPolicy {
        UserPolicy {
            max_parental_rating: rating,
            max_parental_sub_rating: sub,
            block_unrated_items: unrated,
            blocked_tags: blocked,
            allowed_tags: allowed,
            access_schedules: schedules,
            ..policy_of_nobody()
        }
    }
}

prop_compose! {
    fn placed()(
        policy in seen(), flags in any::<[bool; 3]>(), enabled in places(), channels in places(),
        blocked in prop_oneof![2 => Just(BTreeSet::new()), 1 => places()],
        blocked_channels in prop_oneof![2 => Just(BTreeSet::new()), 1 => places()],
        devices in tag_list(),
    ) -> UserPolicy {
        let [folders, all_channels, all_devices] = flags;
        UserPolicy {
            enable_all_folders: folders,
            enabled_folders: enabled,
            blocked_media_folders: blocked,
            enable_all_channels: all_channels,
            enabled_channels: channels,
            blocked_channels,
            enable_all_devices: all_devices,
            enabled_devices: devices,
            ..policy
        }
    }
}

prop_compose! {
    pub(super) fn owner()(
        policy in placed(), flags in any::<[bool; 16]>(), sessions in -1_i64..4, bitrate in -1_i64..4,
        sync in prop::sample::select(vec![
            SyncPlayAccess::CreateAndJoinGroups, SyncPlayAccess::JoinGroups, SyncPlayAccess::None,
        ]),
    ) -> UserPolicy {
        UserPolicy {
            is_administrator: flags[0],
            is_disabled: flags[1],
            enable_remote_access: flags[2],
            enable_live_tv_access: flags[3],
            enable_media_playback: flags[4],
            enable_audio_playback_transcoding: flags[5],
            enable_video_playback_transcoding: flags[6],
            enable_playback_remuxing: flags[7],
            force_remote_source_transcoding: flags[8],
            enable_content_downloading: flags[9],
            enable_sync_transcoding: flags[10],
            enable_media_conversion: flags[11],
            enable_content_deletion: flags[12],
            enable_shared_device_control: flags[13],
            enable_public_sharing: flags[14],
            is_hidden: flags[15],
            max_active_sessions: sessions,
            remote_client_bitrate_limit: bitrate,
            sync_play_access: sync,
            ..policy
        }
    }
}

prop_compose! {
    fn hours()(rows in prop::collection::vec((0_i8..7, 0_u16..DAY, 0_u16..=DAY), 0..5), all in any::<bool>()) -> Hours {
        if all {
            return Hours::always();
        }
        Hours::of(rows.into_iter().filter_map(|(day, from, until)| {
            DaySpan::new(Weekday::from_monday_zero_offset(day).unwrap(), from, until).ok()
        }))
    }
}

prop_compose! {
    pub(super) fn limits()(
        rating in prop::option::of((0_i64..4, prop::option::of(0_i64..3))), unrated in unrated(),
        blocked in tag_list(), allowed in prop::option::of(tag_list()), only in prop::option::of(places()),
        live in any::<bool>(), hours in hours(),
    ) -> Limits {
        let tags = |tags: BTreeSet<String>| tags.iter().map(|tag| Tag::parse(tag).unwrap()).collect();
        Limits {
            rating: rating.map(|(score, sub_score)| RatingLimit { score, sub_score }),
            blocked_unrated: unrated,
            blocked_tags: tags(blocked),
            allowed_tags: allowed.map(tags),
            libraries: only.map_or(Libraries::All, Libraries::Only),
            live_television: live,
            hours,
            screen_time: DailyMinutes::UNLIMITED,
        }
    }
}
