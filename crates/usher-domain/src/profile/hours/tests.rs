use jiff::civil::{DateTime, date};
use proptest::prelude::*;

use super::*;

/// Zones by their rule, so that no machine's data decides: Berlin, New York, Lord Howe Island (half an hour of summer
/// time), India, UTC.
const ZONES: [&str; 5] = [
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "EST5EDT,M3.2.0,M11.1.0",
    "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
    "IST-5:30",
    "UTC0",
];

fn zone(rule: &str) -> TimeZone {
    TimeZone::posix(rule).unwrap()
}

fn at(moment: DateTime, zone: &TimeZone) -> Timestamp {
    let moment = moment.to_zoned(zone.clone()).unwrap().timestamp();
    Timestamp::from_millis(moment.as_millisecond())
}

fn span(day: Weekday, from: u16, until: u16) -> DaySpan {
    DaySpan::new(day, from, until).unwrap()
}

prop_compose! {
    fn spans()(rows in prop::collection::vec((0_i8..7, 0_u16..DAY, 0_u16..=DAY), 0..6)) -> Vec<DaySpan> {
        rows.into_iter()
            .filter_map(|(day, from, until)| {
                DaySpan::new(Weekday::from_monday_zero_offset(day).unwrap(), from, until).ok()
            })
            .collect()
    }
}

fn open_minutes(hours: &Hours) -> Vec<bool> {
    Weekday::Monday
        .cycle_forward()
        .take(7)
        .flat_map(|day| (0..DAY).map(move |minute| (day, minute)))
        .map(|(day, minute)| hours.is_open(day, minute))
        .collect()
}

#[test]
fn a_span_that_ends_before_it_begins_goes_over_midnight() {
    let hours = Hours::of([span(Weekday::Sunday, 22 * 60, 60)]);
    assert!(hours.is_open(Weekday::Sunday, 22 * 60));
    assert!(hours.is_open(Weekday::Monday, 59));
    assert!(!hours.is_open(Weekday::Monday, 60));
    assert_eq!(
        hours.by_day(),
        [
            span(Weekday::Monday, 0, 60),
            span(Weekday::Sunday, 22 * 60, DAY)
        ]
    );
}

#[test]
fn spans_without_sense_are_refused() {
    for (from, until) in [(8, 8), (DAY, 8), (8, DAY + 1)] {
        assert_eq!(DaySpan::new(Weekday::Monday, from, until), Err(HoursError));
    }
}

#[test]
fn seven_whole_days_are_always() {
    let week = Weekday::Monday.cycle_forward().take(7);
    assert!(Hours::of(week.map(|day| span(day, 0, DAY))).is_always());
    assert!(Hours::of([]).is_never());
}

#[test]
fn an_evening_in_berlin_is_the_evening_before_or_after_elsewhere() {
    let (berlin, utc) = (zone(ZONES[0]), zone(ZONES[4]));
    let night = Hours::of([span(Weekday::Saturday, 30, 120)]);
    let winter = Shift::between(&berlin, &utc, at(date(2026, 1, 10).at(12, 0, 0, 0), &utc));
    assert_eq!(winter.minutes(), -60);
    assert_eq!(
        night.shifted(winter).by_day(),
        [
            span(Weekday::Friday, 23 * 60 + 30, DAY),
            span(Weekday::Saturday, 0, 60)
        ]
    );
    let summer = Shift::between(&berlin, &utc, at(date(2026, 7, 10).at(12, 0, 0, 0), &utc));
    assert_eq!(
        night.shifted(summer).by_day(),
        [span(Weekday::Friday, 22 * 60 + 30, DAY)]
    );
}

#[test]
fn hours_are_written_again_when_the_clocks_change() {
    let (berlin, york, utc) = (zone(ZONES[0]), zone(ZONES[1]), zone(ZONES[4]));
    let winter = at(date(2026, 1, 10).at(12, 0, 0, 0), &utc);
    let to_utc = Shift::between(&berlin, &utc, winter);
    let spring = at(date(2026, 3, 29).at(1, 0, 0, 0), &utc);
    assert_eq!(to_utc.until, Some(spring));
    assert_eq!(Shift::between(&berlin, &utc, spring).minutes(), -120);
    // New York changes three weeks before Berlin.
    let to_york = Shift::between(&berlin, &york, winter);
    assert_eq!(to_york.minutes(), -360);
    assert_eq!(
        to_york.until,
        Some(at(date(2026, 3, 8).at(7, 0, 0, 0), &utc))
    );
    assert_eq!(Shift::between(&berlin, &berlin, winter), Shift::NONE);
}

#[test]
fn hours_close_by_the_clock_on_the_wall_also_when_it_changes() {
    let berlin = zone(ZONES[0]);
    let night = Hours::of([span(Weekday::Saturday, 22 * 60, 5 * 60)]);
    let late = at(date(2026, 3, 28).at(22, 30, 10, 0), &berlin);
    let five = at(date(2026, 3, 29).at(5, 0, 0, 0), &berlin);
    assert_eq!(night.closes_at(late, &berlin), Some(five));
    assert_eq!(five.since(late).as_secs(), (5 * 60 + 30) * 60 - 10);
    assert_eq!(night.closes_at(five, &berlin), Some(five));
    assert_eq!(Hours::always().closes_at(late, &berlin), None);
}

#[test]
fn hours_over_sunday_night_close_on_monday() {
    let utc = zone(ZONES[4]);
    let night = Hours::of([span(Weekday::Sunday, 22 * 60, 60)]);
    let late = at(date(2026, 11, 29).at(23, 0, 0, 0), &utc);
    assert_eq!(
        night.closes_at(late, &utc),
        Some(at(date(2026, 11, 30).at(1, 0, 0, 0), &utc))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_intersection_is_open_when_both_are(left in spans(), right in spans()) {
        let (left, right) = (Hours::of(left), Hours::of(right));
        let both = open_minutes(&left.intersect(&right));
        let expected: Vec<bool> = open_minutes(&left)
            .into_iter()
            .zip(open_minutes(&right))
            .map(|(left, right)| left && right)
            .collect();
        prop_assert_eq!(both, expected);
    }

    #[test]
    fn rows_in_storage_are_the_same_hours(spans in spans()) {
        let hours = Hours::of(spans);
        let rows: Vec<(u8, u16, u16)> = hours.clone().into();
        prop_assert_eq!(Hours::try_from(rows), Ok(hours));
    }

    #[test]
    fn shifted_hours_are_open_at_the_same_moments_until_the_clocks_change(
        spans in spans(), from in 0_usize..5, to in 0_usize..5, day in 0_i64..730, step in 7_i64..2_000,
    ) {
        let (from, to) = (zone(ZONES[from]), zone(ZONES[to]));
        let hours = Hours::of(spans);
        // From a day of 2026 or 2027, in steps of some minutes, over two weeks.
        let start = 1_767_225_600_000 + day * 86_400_000;
        let shift = Shift::between(&from, &to, Timestamp::from_millis(start));
        let there = hours.shifted(shift);
        for minute in (0..14 * i64::from(DAY)).step_by(usize::try_from(step).unwrap()) {
            let moment = Timestamp::from_millis(start + minute * 60_000);
            if shift.until.is_some_and(|until| moment >= until) {
                break;
            }
            prop_assert_eq!(hours.is_open_at(moment, &from), there.is_open_at(moment, &to));
        }
    }
}
