//! Hours of a week, and their way into another time zone.
//!
//! Days and hours are meant in the configured time zone; Jellyfin judges them in that of its own process (design,
//! section 7). Offsets are whole minutes, as in every zone of today.
mod week;

use jiff::ToSpan as _;
pub use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Minutes in a day.
pub const DAY: u16 = 24 * 60;

/// Minutes in a week.
const WEEK: u16 = 7 * DAY;

/// How many changes of the clocks are looked at for one that matters: two zones may change together for years.
const CHANGES_LOOKED_AT: usize = 16;

/// The minutes of a week that are open. Serialized as rows of day (0 for Monday), first minute, and the minute that is
/// closed again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(u8, u16, u16)>", into = "Vec<(u8, u16, u16)>")]
pub struct Hours {
    /// Sorted, apart from each other, each `[from, until)` in minutes since Monday 0:00.
    spans: Vec<(u16, u16)>,
}

/// A span on one day, in minutes since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaySpan {
    /// The day on which it begins.
    pub day: Weekday,
    /// The first open minute, 0 to 1439.
    pub from: u16,
    /// The first minute that is closed again, up to 1440.
    pub until: u16,
}

/// A span of hours makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("hours begin before 24:00, end by 24:00, and are not empty")]
pub struct HoursError;

impl DaySpan {
    /// A span; one that ends before it begins goes over midnight into the next day.
    ///
    /// # Errors
    ///
    /// [`HoursError`] where it begins after 23:59, ends after 24:00, or is empty.
    pub fn new(day: Weekday, from: u16, until: u16) -> Result<Self, HoursError> {
        if from >= DAY || until > DAY || from == until {
            return Err(HoursError);
        }
        Ok(Self { day, from, until })
    }
}

impl Default for Hours {
    /// No limit.
    fn default() -> Self {
        Self::always()
    }
}

impl Hours {
    /// The whole week: no limit.
    pub fn always() -> Self {
        Self {
            spans: vec![(0, WEEK)],
        }
    }

    /// No minute at all.
    pub const fn never() -> Self {
        Self { spans: Vec::new() }
    }

    /// Whatever one of the spans holds. Spans over midnight are split, such as touch are joined.
    pub fn of(spans: impl IntoIterator<Item = DaySpan>) -> Self {
        let mut pieces = Vec::new();
        for DaySpan { day, from, until } in spans {
            let midnight = u16::from(day.to_monday_zero_offset().unsigned_abs()) * DAY;
            let length = if until > from {
                until - from
            } else {
                DAY - from + until
            };
            week::add_wrapped(&mut pieces, midnight + from, length);
        }
        Self {
            spans: week::joined(pieces),
        }
    }

    /// Whether nothing is closed.
    pub fn is_always(&self) -> bool {
        self.spans == [(0, WEEK)]
    }

    /// Whether nothing is open.
    pub const fn is_never(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether a minute of a day (0 to 1439) is open.
    pub fn is_open(&self, day: Weekday, minute: u16) -> bool {
        let minute = u16::from(day.to_monday_zero_offset().unsigned_abs()) * DAY + minute;
        self.holds(minute)
    }

    /// Whether the present minute is open in `zone`.
    pub fn is_open_at(&self, now: Timestamp, zone: &TimeZone) -> bool {
        self.holds(minute_of_week(&now.to_jiff().to_zoned(zone.clone())))
    }

    /// When the hours that are open now end in `zone`: now where they are closed already, `None` where they never end.
    pub fn closes_at(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let here = now.to_jiff().to_zoned(zone.clone());
        let minute = minute_of_week(&here);
        if self.is_always() {
            return None;
        }
        if !self.holds(minute) {
            return Some(now);
        }
        let end = |at: u16| {
            self.spans
                .iter()
                .find(|(from, until)| (*from..*until).contains(&at))
                .map(|(_, until)| *until)
        };
        let until = end(minute).unwrap_or(minute);
        let over_sunday = if until == WEEK {
            end(0).unwrap_or(0)
        } else {
            0
        };
        let minutes = i64::from(until - minute) + i64::from(over_sunday);
        let last_minute = here.datetime().date().at(here.hour(), here.minute(), 0, 0);
        let closed = last_minute.checked_add(minutes.minutes()).ok()?;
        let closed = closed.to_zoned(zone.clone()).ok()?;
        let closed = Timestamp::from_millis(closed.timestamp().as_millisecond());
        Some(closed.max(now))
    }

    /// What both leave open.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let mut spans = Vec::new();
        for (from, until) in &self.spans {
            for (other_from, other_until) in &other.spans {
                let (from, until) = (*from.max(other_from), *until.min(other_until));
                if from < until {
                    spans.push((from, until));
                }
            }
        }
        Self {
            spans: week::joined(spans),
        }
    }

    /// The same minutes on a clock that is `shift` ahead: what goes over midnight lands on the next day, what goes over
    /// Sunday on Monday.
    #[must_use]
    pub fn shifted(&self, shift: Shift) -> Self {
        let mut spans = Vec::new();
        for (from, until) in &self.spans {
            let moved = (i32::from(*from) + shift.minutes).rem_euclid(i32::from(WEEK));
            let moved = u16::try_from(moved).unwrap_or(*from);
            week::add_wrapped(&mut spans, moved, until - from);
        }
        Self {
            spans: week::joined(spans),
        }
    }

    /// The open hours day by day, split at midnight, from Monday on.
    pub fn by_day(&self) -> Vec<DaySpan> {
        let mut days = Vec::new();
        for (number, day) in Weekday::Monday.cycle_forward().take(7).enumerate() {
            let midnight = u16::try_from(number).unwrap_or(0) * DAY;
            for (from, until) in &self.spans {
                let from = (*from).max(midnight);
                let until = (*until).min(midnight + DAY);
                if from < until {
                    days.push(DaySpan {
                        day,
                        from: from - midnight,
                        until: until - midnight,
                    });
                }
            }
        }
        days
    }

    fn holds(&self, minute: u16) -> bool {
        self.spans
            .iter()
            .any(|(from, until)| (*from..*until).contains(&minute))
    }
}

fn minute_of_week(here: &jiff::Zoned) -> u16 {
    let day = u16::from(here.weekday().to_monday_zero_offset().unsigned_abs());
    let minute = u16::from(here.hour().unsigned_abs()) * 60;
    day * DAY + minute + u16::from(here.minute().unsigned_abs())
}

impl TryFrom<Vec<(u8, u16, u16)>> for Hours {
    type Error = HoursError;

    fn try_from(rows: Vec<(u8, u16, u16)>) -> Result<Self, Self::Error> {
        let span = |(day, from, until): (u8, u16, u16)| {
            let day = i8::try_from(day)
                .ok()
                .and_then(|day| Weekday::from_monday_zero_offset(day).ok())
                .ok_or(HoursError)?;
            DaySpan::new(day, from, until)
        };
        let spans: Result<Vec<DaySpan>, HoursError> = rows.into_iter().map(span).collect();
        Ok(Self::of(spans?))
    }
}

impl From<Hours> for Vec<(u8, u16, u16)> {
    fn from(hours: Hours) -> Self {
        let row = |span: DaySpan| {
            let day = span.day.to_monday_zero_offset().unsigned_abs();
            (day, span.from, span.until)
        };
        hours.by_day().into_iter().map(row).collect()
    }
}

/// How far one clock is ahead of another, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    minutes: i32,
    /// When the clocks change so that hours have to be written again; `None` when no such day is known.
    pub until: Option<Timestamp>,
}

impl Shift {
    /// Both clocks show the same, always.
    pub const NONE: Self = Self {
        minutes: 0,
        until: None,
    };

    /// How far the clocks of `to` are ahead of those of `from` now.
    pub fn between(from: &TimeZone, to: &TimeZone, now: Timestamp) -> Self {
        let at = |moment: jiff::Timestamp| {
            let ahead = to.to_offset(moment).seconds() - from.to_offset(moment).seconds();
            ahead.div_euclid(60)
        };
        let minutes = at(now.to_jiff());
        let mut change = now.to_jiff();
        for _ in 0..CHANGES_LOOKED_AT {
            let changes = [from, to].map(|zone| zone.following(change).next());
            let Some(next) = changes
                .iter()
                .flatten()
                .map(jiff::tz::TimeZoneTransition::timestamp)
                .min()
            else {
                break;
            };
            change = next;
            if at(change) != minutes {
                let until = Some(Timestamp::from_millis(change.as_millisecond()));
                return Self { minutes, until };
            }
        }
        Self {
            minutes,
            until: None,
        }
    }

    /// Minutes by which the second clock is ahead; negative when it is behind.
    pub const fn minutes(self) -> i32 {
        self.minutes
    }
}

#[cfg(test)]
mod tests;
