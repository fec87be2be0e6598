use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const MINUTE: Duration = Duration::from_mins(1);

fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

/// A moment of 28 November 2026, a Saturday, in Berlin.
fn at(hour: i8, minute: i8) -> Timestamp {
    let here = date(2026, 11, 28)
        .at(hour, minute, 0, 0)
        .to_zoned(berlin())
        .unwrap();
    Timestamp::from_millis(here.timestamp().as_millisecond())
}

fn minutes(count: u32) -> Duration {
    MINUTE * count
}

fn watched(spans: &[(Timestamp, Timestamp)]) -> ScreenTime {
    let mut time = ScreenTime::default();
    for (from, until) in spans {
        time.watched(*from, *until);
    }
    time
}

fn request(number: u128) -> RequestId {
    RequestId::new(Uuid::from_u128(number))
}

const AN_HOUR: fn() -> DailyMinutes = || DailyMinutes::every_day(60);

#[test]
fn pauses_do_not_count_and_devices_in_parallel_count_once() {
    let time = watched(&[
        (at(15, 0), at(15, 20)),
        (at(16, 0), at(16, 10)),
        // A second device.
        (at(15, 10), at(15, 30)),
    ]);
    assert_eq!(time.used(&Day::of(at(20, 0), &berlin())), minutes(40));
    assert_eq!(
        time.left(AN_HOUR(), &berlin(), at(20, 0)),
        Some(minutes(20))
    );
}

#[test]
fn no_limit_leaves_no_end() {
    let time = watched(&[(at(0, 0), at(23, 0))]);
    let none = DailyMinutes::UNLIMITED;
    assert_eq!(time.left(none, &berlin(), at(23, 0)), None);
    assert_eq!(time.ends_at(none, &berlin(), at(23, 0)), None);
}

#[test]
fn the_end_is_as_far_as_what_is_left() {
    let time = watched(&[(at(15, 0), at(15, 40))]);
    let (zone, now) = (berlin(), at(17, 0));
    assert_eq!(time.ends_at(AN_HOUR(), &zone, now), Some(at(17, 20)));
}

#[test]
fn what_is_used_up_ends_now_and_more_time_counts_once_and_today_only() {
    let mut time = watched(&[(at(15, 0), at(16, 0))]);
    let (zone, now) = (berlin(), at(16, 0));
    assert_eq!(time.left(AN_HOUR(), &zone, now), Some(Duration::ZERO));
    assert_eq!(time.ends_at(AN_HOUR(), &zone, now), Some(now));
    let more = MoreTime {
        at: now,
        minutes: 30,
    };
    time.grant(request(1), more);
    time.grant(request(1), more);
    assert_eq!(time.left(AN_HOUR(), &zone, now), Some(minutes(30)));
    assert_eq!(time.ends_at(AN_HOUR(), &zone, now), Some(at(16, 30)));
    let tomorrow = now + Duration::from_hours(24);
    assert_eq!(time.left(AN_HOUR(), &zone, tomorrow), Some(minutes(60)));
}

#[test]
fn a_day_begins_at_midnight_in_the_configured_zone() {
    let time = watched(&[(at(23, 30), at(23, 30) + minutes(50))]);
    let (zone, today) = (berlin(), Day::of(at(12, 0), &berlin()));
    assert_eq!(time.used(&today), minutes(30));
    let tomorrow = Day::of(today.end, &zone);
    assert_eq!(
        (tomorrow.date, tomorrow.weekday()),
        (date(2026, 11, 29), Weekday::Sunday)
    );
    assert_eq!(time.used(&tomorrow), minutes(20));
    assert_eq!(
        time.left(AN_HOUR(), &zone, today.end + minutes(20)),
        Some(minutes(40))
    );
}

#[test]
fn what_plays_over_midnight_ends_where_the_next_days_time_does() {
    let zone = berlin();
    let mut days = [Some(600); 7];
    days[6] = Some(15);
    let limit = DailyMinutes::by_day(days);
    let midnight = Day::of(at(12, 0), &zone).end;
    let end = ScreenTime::default().ends_at(limit, &zone, at(23, 50));
    assert_eq!(end, Some(midnight + minutes(15)));
    days[6] = Some(0);
    let end = ScreenTime::default().ends_at(DailyMinutes::by_day(days), &zone, at(23, 50));
    assert_eq!(end, Some(midnight));
}

#[test]
fn days_of_23_and_25_hours_are_whole_days() {
    let zone = berlin();
    for (day, hours) in [
        (date(2026, 3, 29), 23),
        (date(2026, 10, 25), 25),
        (date(2026, 6, 1), 24),
    ] {
        let noon = day
            .at(12, 0, 0, 0)
            .to_zoned(zone.clone())
            .unwrap()
            .timestamp();
        let day = Day::of(Timestamp::from_millis(noon.as_millisecond()), &zone);
        assert_eq!(day.end.since(day.start), Duration::from_hours(hours));
        assert_eq!(Day::of(day.start, &zone), day);
        assert_eq!(Day::of(day.end - Duration::from_millis(1), &zone), day);
    }
}

#[test]
fn a_film_that_is_fetched_at_once_counts_as_long_as_it_is_and_not_again_when_it_plays() {
    let (mut time, mut meter) = (ScreenTime::default(), Meter::default());
    let zone = berlin();
    meter.delivered(&mut time, at(15, 0), minutes(50));
    assert_eq!(time.left(AN_HOUR(), &zone, at(15, 1)), Some(minutes(10)));
    // It plays to its end, also when everything is used up.
    meter.delivered(&mut time, at(15, 1), minutes(10));
    assert_eq!(time.left(AN_HOUR(), &zone, at(15, 1)), Some(Duration::ZERO));
    assert_eq!(time.ends_at(AN_HOUR(), &zone, at(15, 1)), Some(at(16, 0)));
    meter.played(&mut time, at(15, 1), at(15, 20));
    // After a pause.
    meter.played(&mut time, at(18, 0), at(18, 41));
    assert_eq!(time.used(&Day::of(at(12, 0), &zone)), minutes(60));
    meter.played(&mut time, at(18, 41), at(18, 45));
    assert_eq!(time.used(&Day::of(at(12, 0), &zone)), minutes(64));
}

#[test]
fn yesterday_can_be_forgotten() {
    let mut time = watched(&[(at(1, 0), at(2, 0)), (at(11, 30), at(12, 30))]);
    let given = |hour| MoreTime {
        at: at(hour, 0),
        minutes: 5,
    };
    time.grant(request(1), given(1));
    time.grant(request(2), given(13));
    time.forget_before(at(12, 0));
    let mut expected = watched(&[(at(12, 0), at(12, 30))]);
    expected.grant(request(2), given(13));
    assert_eq!(time, expected);
}

/// What a device does: plays, is delivered, or rests, for some seconds each.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Play(u32),
    Deliver(u32),
    Rest(u32),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        (1_u32..600).prop_map(Deed::Play),
        (1_u32..900).prop_map(Deed::Deliver),
        (1_u32..600).prop_map(Deed::Rest),
    ];
    prop::collection::vec(deed, 0..25)
}

/// How long it played, and how much was delivered.
fn run(time: &mut ScreenTime, deeds: &[Deed]) -> (Duration, Duration) {
    let (mut meter, mut now) = (Meter::default(), at(0, 30));
    let (mut wall, mut delivered) = (Duration::ZERO, Duration::ZERO);
    for deed in deeds {
        match *deed {
            Deed::Play(seconds) => {
                let until = now + Duration::from_secs(seconds.into());
                meter.played(time, now, until);
                wall += until.since(now);
                now = until;
            }
            Deed::Deliver(seconds) => {
                let length = Duration::from_secs(seconds.into());
                meter.delivered(time, now, length);
                delivered += length;
            }
            Deed::Rest(seconds) => now = now + Duration::from_secs(seconds.into()),
        }
    }
    (wall, delivered)
}

prop_compose! {
    fn screen_time()(
        spans in prop::collection::vec((0_i64..1_500, 0_i64..200), 0..8),
        more in prop::collection::vec((0_u128..4, 0_i64..1_440, 0_u16..60), 0..4),
    ) -> ScreenTime {
        let start = at(0, 0).as_millis();
        let minute = |minute: i64| Timestamp::from_millis(start + minute * 60_000);
        let mut time = ScreenTime::default();
        for (from, length) in spans {
            time.watched(minute(from), minute(from + length));
        }
        for (id, at, minutes) in more {
            time.grant(request(id), MoreTime { at: minute(at), minutes });
        }
        time
    }
}

fn merged(one: &ScreenTime, other: &ScreenTime) -> ScreenTime {
    let mut both = one.clone();
    both.merge(other);
    both
}

proptest! {
    #[test]
    fn one_device_counts_the_wall_clock_or_what_was_delivered_whichever_is_more(deeds in deeds()) {
        let mut time = ScreenTime::default();
        let (wall, delivered) = run(&mut time, &deeds);
        let days = [Day::of(at(12, 0), &berlin()), Day::of(at(12, 0) + Duration::from_hours(24), &berlin())];
        let used: Duration = days.iter().map(|day| time.used(day)).sum();
        prop_assert!(used >= wall.max(delivered));
        prop_assert!(used <= wall + delivered);
    }

    #[test]
    fn devices_in_parallel_never_count_twice(one in deeds(), other in deeds()) {
        let day = Day::of(at(12, 0), &berlin());
        let used = |all: &[&[Deed]]| {
            let mut time = ScreenTime::default();
            for deeds in all {
                run(&mut time, deeds);
            }
            time.used(&day)
        };
        prop_assert_eq!(used(&[&one, &one]), used(&[&one]));
        let both = used(&[&one, &other]);
        prop_assert!(both >= used(&[&one]).max(used(&[&other])));
        prop_assert!(both <= used(&[&one]) + used(&[&other]));
    }

    #[test]
    fn replicas_agree_in_whatever_order_and_however_often_they_tell_each_other(
        one in screen_time(), two in screen_time(), three in screen_time(),
    ) {
        prop_assert_eq!(merged(&one, &two), merged(&two, &one));
        prop_assert_eq!(merged(&merged(&one, &two), &three), merged(&one, &merged(&two, &three)));
        let all = merged(&merged(&one, &two), &three);
        prop_assert_eq!(merged(&all, &two), all);
    }

    #[test]
    fn playing_on_uses_up_exactly_what_is_left_and_ends_at_the_end(
        time in screen_time(), limit in 0_u16..1_440, now in 0_i64..1_440,
    ) {
        let (zone, limit) = (berlin(), DailyMinutes::every_day(limit));
        let now = at(0, 0) + Duration::from_secs(now.unsigned_abs() * 60);
        let left = time.left(limit, &zone, now).unwrap();
        let day = Day::of(now, &zone);
        prop_assert!(left <= day.end.since(day.start));
        let Some(end) = time.ends_at(limit, &zone, now) else { return Ok(()) };
        prop_assert!(end >= now);
        if end < day.end {
            let mut played = time.clone();
            played.watched(now, end);
            prop_assert_eq!(played.left(limit, &zone, end), Some(Duration::ZERO));
            prop_assert_eq!(played.used(&day), time.used(&day) + left);
            // And not a moment later.
            played.watched(end, end + Duration::from_millis(1));
            prop_assert!(played.used(&day) > time.used(&day) + left);
        }
    }
}
