use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::profile::hours::{DAY, DaySpan, Hours};
use crate::profile::limits::{DailyMinutes, Libraries};
use crate::time::Timestamp;

mod given;
mod judge;

use given::{limits, owner, policy_of_nobody, tags};
use judge::{Item, Kind, allows, permits};

const USER: UserId = UserId::new(Uuid::from_u128(7));

fn seat(limits: &Limits) -> Seat<'_> {
    Seat {
        user: USER,
        limits,
        standing: Standing::Open,
        shift: Shift::NONE,
    }
}

fn of_profile(owner: &UserPolicy, limits: &Limits) -> UserPolicy {
    UserPolicy::of_profile(owner, &seat(limits))
}

fn zones(number: usize) -> TimeZone {
    let rules = [
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "EST5EDT,M3.2.0,M11.1.0",
        "IST-5:30",
    ];
    TimeZone::posix(rules[number]).unwrap()
}

#[test]
fn a_profile_of_an_administrator_is_no_administrator_and_manages_nothing() {
    let everything = UserPolicy {
        is_administrator: true,
        enable_collection_management: true,
        enable_subtitle_management: true,
        enable_lyric_management: true,
        enable_remote_control_of_other_users: true,
        enable_shared_device_control: true,
        enable_live_tv_management: true,
        enable_content_deletion: true,
        enable_content_deletion_from_folders: BTreeSet::from(["films".to_owned()]),
        enable_public_sharing: true,
        is_hidden: false,
        authentication_provider_id: "Ldap".to_owned(),
        password_reset_provider_id: "Ldap".to_owned(),
        login_attempts_before_lockout: 3,
        ..policy_of_nobody()
    };
    let made = of_profile(&everything, &Limits::default());
    let expected = UserPolicy {
        is_hidden: true,
        enable_user_preference_access: true,
        login_attempts_before_lockout: -1,
        authentication_provider_id: PASSWORDS.to_owned(),
        password_reset_provider_id: RESETS.to_owned(),
        ..policy_of_nobody()
    };
    assert_eq!(made, expected);
}

#[test]
fn what_allows_nothing_is_never_written_as_empty() {
    let owner = UserPolicy {
        enable_all_folders: false,
        enabled_folders: BTreeSet::from([ItemId::new(Uuid::from_u128(1))]),
        enable_all_devices: false,
        allowed_tags: tags(&["old"]),
        access_schedules: vec![Schedule {
            day_of_week: "Weekend".to_owned(),
            start_hour: 8.0,
            end_hour: 20.0,
            user_id: USER,
        }],
        ..policy_of_nobody()
    };
    let limits = Limits {
        allowed_tags: Some(BTreeSet::from([Tag::parse("new").unwrap()])),
        libraries: Libraries::Only(BTreeSet::from([ItemId::new(Uuid::from_u128(2))])),
        hours: Hours::of([DaySpan::new(Weekday::Monday, 480, 1200).unwrap()]),
        ..Limits::default()
    };
    let made = of_profile(&owner, &limits);
    assert_eq!(made.enabled_folders, BTreeSet::from([NOWHERE_ITEM]));
    assert_eq!(
        made.enabled_channels,
        BTreeSet::from([ItemId::new(Uuid::from_u128(2))])
    );
    assert_eq!(made.enabled_devices, tags(&[NOWHERE_DEVICE]));
    assert_eq!(made.allowed_tags, tags(&[NOWHERE_TAG]));
    let [never] = made.access_schedules.as_slice() else {
        panic!("{:?}", made.access_schedules);
    };
    assert_eq!((never.start_hour, never.end_hour), (0.0, 0.0));
    assert_eq!(never.user_id, USER);
    // No tag of the limits' own is "none" as well.
    let none = Limits {
        allowed_tags: Some(BTreeSet::new()),
        ..Limits::default()
    };
    let made = of_profile(&policy_of_nobody(), &none);
    assert_eq!(made.allowed_tags, tags(&[NOWHERE_TAG]));
}

#[test]
fn tags_that_differ_in_case_alone_are_one_and_keep_the_owners_spelling() {
    let owner = UserPolicy {
        allowed_tags: tags(&["Kids", "old"]),
        blocked_tags: tags(&["Scary"]),
        ..policy_of_nobody()
    };
    let limits = Limits {
        allowed_tags: Some(BTreeSet::from([Tag::parse("KIDS").unwrap()])),
        blocked_tags: BTreeSet::from([Tag::parse("scary").unwrap(), Tag::parse("loud").unwrap()]),
        ..Limits::default()
    };
    let made = of_profile(&owner, &limits);
    assert_eq!(made.allowed_tags, tags(&["Kids"]));
    assert_eq!(made.blocked_tags, tags(&["Scary", "loud"]));
}

#[test]
fn a_closed_profile_and_one_of_a_disabled_owner_are_disabled() {
    let limits = Limits::default();
    let closed = Seat {
        standing: Standing::Closed,
        ..seat(&limits)
    };
    assert!(UserPolicy::of_profile(&policy_of_nobody(), &closed).is_disabled);
    let disabled = UserPolicy {
        is_disabled: true,
        ..policy_of_nobody()
    };
    assert!(of_profile(&disabled, &limits).is_disabled);
    assert!(!of_profile(&policy_of_nobody(), &limits).is_disabled);
}

#[test]
fn hours_and_devices_that_do_not_bind_an_administrator_do_not_bind_the_profiles() {
    let owner = UserPolicy {
        is_administrator: true,
        enable_all_devices: false,
        access_schedules: vec![Schedule {
            day_of_week: "Everyday".to_owned(),
            start_hour: 0.0,
            end_hour: 0.0,
            user_id: USER,
        }],
        ..policy_of_nobody()
    };
    let made = of_profile(&owner, &Limits::default());
    assert!(made.enable_all_devices && made.access_schedules.is_empty());
}

#[test]
fn a_policy_that_somebody_changed_is_written_again_and_jellyfins_own_doing_is_not() {
    let limits = Limits {
        hours: Hours::of([DaySpan::new(Weekday::Monday, 20 * 60 + 20, 21 * 60).unwrap()]),
        ..Limits::default()
    };
    let made = of_profile(&policy_of_nobody(), &limits);
    let mut current = made.clone();
    current.invalid_login_attempt_count = 3;
    // The last place of a broken number gets lost on the way.
    current.access_schedules[0].start_hour = 20.333_333_333_333_336;
    assert!(made.is_held(&current));
    current.access_schedules[0].start_hour = 20.3;
    assert!(!made.is_held(&current));
    let promoted = UserPolicy {
        is_administrator: true,
        ..made.clone()
    };
    assert!(!made.is_held(&promoted));
}

prop_compose! {
    fn item()(
        library in 1_u128..5, channel in any::<bool>(), rating in prop::option::of((0_i64..4, prop::option::of(0_i64..3))),
        kind in 0_usize..9, tags in prop::collection::btree_set("[aA]|b|[cC]|d", 0..4),
    ) -> Item {
        Item {
            place: ItemId::new(Uuid::from_u128(library)),
            is_channel: channel,
            rating,
            kind: Kind(UnratedKind::ALL[kind]),
            tags,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_profile_sees_no_item_that_its_owner_or_its_limits_hide(
        owner in owner(), limits in limits(), item in item(),
    ) {
        let made = of_profile(&owner, &limits);
        if allows(&made, &item) {
            prop_assert!(allows(&owner, &item), "more than the owner: {made:?}");
            prop_assert!(permits(&limits, &item), "more than its limits: {made:?}");
        }
    }

    #[test]
    fn what_both_allow_is_seen_unless_tags_are_named_on_both_sides(
        owner in owner(), limits in limits(), item in item(),
    ) {
        let mut owner = owner;
        if limits.allowed_tags.is_some() {
            owner.allowed_tags.clear();
        }
        // Where Jellyfin overlooks the enabled ones because others are blocked, Usher does not.
        owner.blocked_media_folders.clear();
        owner.blocked_channels.clear();
        let made = of_profile(&owner, &limits);
        prop_assert_eq!(allows(&made, &item), allows(&owner, &item) && permits(&limits, &item));
    }

    #[test]
    fn building_again_changes_nothing(owner in owner(), limits in limits()) {
        let made = of_profile(&owner, &limits);
        prop_assert_eq!(&of_profile(&made, &limits), &made);
        prop_assert!(made.is_held(&made));
    }

    #[test]
    fn what_narrows_the_owner_narrows_the_profile(
        owner in owner(), limits in limits(), narrowing in limits(), item in item(),
    ) {
        let wide = of_profile(&owner, &limits);
        let narrower = of_profile(&owner, &narrowing);
        let narrow = of_profile(&narrower, &limits);
        prop_assert!(!allows(&narrow, &item) || allows(&wide, &item));
    }

    #[test]
    fn an_account_that_was_a_profile_has_what_the_profile_had_and_is_seen_as_its_owner_is(
        owner in owner(), limits in limits(),
    ) {
        let made = UserPolicy::of_own_account(&owner, &seat(&limits));
        prop_assert_eq!(made.is_hidden, owner.is_hidden);
        let lockout = owner.login_attempts_before_lockout;
        prop_assert_eq!(made.login_attempts_before_lockout, lockout);
        let as_profile = UserPolicy { is_hidden: true, login_attempts_before_lockout: -1, ..made };
        prop_assert_eq!(as_profile, of_profile(&owner, &limits));
    }

    #[test]
    fn switches_are_never_on_where_the_owners_are_off(owner in owner(), limits in limits()) {
        let made = of_profile(&owner, &limits);
        for (own, owners) in judge::switches(&made).into_iter().zip(judge::switches(&owner)) {
            prop_assert!(!own || owners);
        }
        prop_assert!(owner.max_active_sessions < 1 || made.max_active_sessions == owner.max_active_sessions);
        prop_assert!(owner.remote_client_bitrate_limit < 1
            || made.remote_client_bitrate_limit == owner.remote_client_bitrate_limit);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn in_no_minute_of_a_week_is_a_profile_let_in_that_its_owner_or_its_limits_keep_out(
        owner in owner(), limits in limits(), own in 0_usize..3, jellyfins in 0_usize..3, day in 0_i64..365,
        step in prop_oneof![1 => Just(1_usize), 15 => 31_usize..200],
    ) {
        let (own, jellyfins) = (zones(own), zones(jellyfins));
        let start = Timestamp::from_millis(1_767_225_600_000 + day * 86_400_000);
        let shift = Shift::between(&own, &jellyfins, start);
        let made = UserPolicy::of_profile(&owner, &Seat { shift, ..seat(&limits) });
        for minute in (0..7 * i64::from(DAY)).step_by(step) {
            // Half a minute past: Jellyfin counts the very moment of the end as inside.
            let now = Timestamp::from_millis(start.as_millis() + minute * 60_000 + 30_000);
            if shift.until.is_some_and(|until| now >= until) {
                break;
            }
            let is_open = judge::is_open(&made, now, &jellyfins);
            let owners = judge::is_open(&owner, now, &jellyfins);
            prop_assert_eq!(is_open, owners && limits.hours.is_open_at(now, &own), "{:?}", made.access_schedules);
        }
    }
}

#[test]
fn limits_of_time_do_not_reach_jellyfins_policy() {
    let limits = Limits {
        screen_time: DailyMinutes::every_day(10),
        ..Limits::default()
    };
    let made = of_profile(&policy_of_nobody(), &limits);
    assert_eq!(made, of_profile(&policy_of_nobody(), &Limits::default()));
}
