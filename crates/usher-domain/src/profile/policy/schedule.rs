//! Hours as Jellyfin writes them.
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::id::UserId;
use crate::profile::hours::{DAY, DaySpan, Hours};

/// How far from a whole minute an hour may lie to count as one: an hour is kept as a broken number.
const NEARLY: f64 = 1e-6;

/// A span of hours on some days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Schedule {
    /// A day's English name, or `Everyday`, `Weekday`, `Weekend`.
    pub day_of_week: String,
    /// From which hour, 0 to 24, with its fraction.
    pub start_hour: f64,
    /// Until which hour. At or before the start, the span is empty.
    pub end_hour: f64,
    /// Whose it is.
    #[serde(default = "nobody")]
    pub user_id: UserId,
}

const fn nobody() -> UserId {
    UserId::NOBODY
}

const EVERY_DAY: &str = "Everyday";

/// The hours of a policy, in Jellyfin's time zone: none at all are no limit. Parts of a minute are left out, so they are
/// never more.
pub fn hours_of(schedules: &[Schedule]) -> Hours {
    if schedules.is_empty() {
        return Hours::always();
    }
    Hours::of(schedules.iter().flat_map(spans))
}

fn spans(schedule: &Schedule) -> Vec<DaySpan> {
    let from = minute((schedule.start_hour * 60.0 - NEARLY).ceil());
    let until = minute((schedule.end_hour * 60.0 + NEARLY).floor());
    if until <= from {
        return Vec::new();
    }
    let week = Weekday::Monday.cycle_forward().take(7);
    week.filter(|day| is_meant(&schedule.day_of_week, *day))
        .filter_map(|day| DaySpan::new(day, from, until).ok())
        .collect()
}

/// A minute of a day. What is no number becomes 0: an end there is empty, and a start there cannot come from Jellyfin.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped just before; a float is cast to the nearest value anyway"
)]
fn minute(minute: f64) -> u16 {
    minute.clamp(0.0, f64::from(DAY)) as u16
}

fn is_meant(name: &str, day: Weekday) -> bool {
    let is_weekend = matches!(day, Weekday::Saturday | Weekday::Sunday);
    match name {
        EVERY_DAY => true,
        "Weekday" => !is_weekend,
        "Weekend" => is_weekend,
        name => name == english(day),
    }
}

/// Hours as Jellyfin takes them: nothing for always, 0 to 0 for never.
pub(super) fn written(hours: &Hours, user: UserId) -> Vec<Schedule> {
    if hours.is_always() {
        return Vec::new();
    }
    if hours.is_never() {
        return vec![Schedule {
            day_of_week: EVERY_DAY.to_owned(),
            start_hour: 0.0,
            end_hour: 0.0,
            user_id: user,
        }];
    }
    let schedule = |span: DaySpan| Schedule {
        day_of_week: english(span.day).to_owned(),
        start_hour: f64::from(span.from) / 60.0,
        end_hour: f64::from(span.until) / 60.0,
        user_id: user,
    };
    hours.by_day().into_iter().map(schedule).collect()
}

const fn english(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
