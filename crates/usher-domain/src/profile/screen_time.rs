//! How long a profile has watched today, and how long it still may (design, section 7).
//!
//! What was watched is a set of spans on the wall clock, and two sets are merged by their union. So devices in parallel
//! count once, it makes no difference which replica saw what, in which order, or how often it is told, and a restart
//! forgets nothing that was written down.
mod encoded;
mod meter;
mod spans;

use std::collections::BTreeMap;
use std::time::Duration;

pub use jiff::civil::Date;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::id::RequestId;
use crate::profile::limits::DailyMinutes;
use crate::time::Timestamp;
pub use encoded::Encoded;
pub use meter::Meter;
use spans::Spans;

/// So long before the end a message stands on the screen.
pub const NOTICE: Duration = Duration::from_mins(5);

/// How many minutes more an owner can give at once.
pub const GIFTS: [u16; 3] = [15, 30, 60];

/// A calendar day in the configured time zone: 23 to 25 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Its date.
    pub date: Date,
    /// Its first moment.
    pub start: Timestamp,
    /// The first moment of the next day.
    pub end: Timestamp,
}

impl Day {
    /// The day that holds `now` in `zone`.
    pub fn of(now: Timestamp, zone: &TimeZone) -> Self {
        let date = now.to_jiff().to_zoned(zone.clone()).date();
        // The calendar ends in the year 9999; until then every day has a first moment, and a next day.
        let start = first_moment(date, zone).unwrap_or(now);
        let next = date.tomorrow().ok();
        let end = next.and_then(|next| first_moment(next, zone));
        Self {
            date,
            start,
            end: end.unwrap_or(start + Duration::from_hours(24)),
        }
    }

    /// Its weekday.
    pub fn weekday(&self) -> Weekday {
        self.date.weekday()
    }

    fn holds(&self, moment: Timestamp) -> bool {
        self.start <= moment && moment < self.end
    }
}

fn first_moment(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    let midnight = date.to_zoned(zone.clone()).ok()?.start_of_day().ok()?;
    Some(Timestamp::from_millis(
        midnight.timestamp().as_millisecond(),
    ))
}

/// More time for one day, given by the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoreTime {
    /// When: it counts on that day only.
    pub at: Timestamp,
    /// How many minutes.
    pub minutes: u16,
}

/// What a profile has watched, and what it was given besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScreenTime {
    watched: Spans,
    more: BTreeMap<RequestId, MoreTime>,
}

impl ScreenTime {
    /// Notes that something played, or streamed, from one moment to another. Of what a clock that jumped makes negative,
    /// nothing is noted. Where it is known how much was delivered, [`Meter`] notes it instead.
    pub fn watched(&mut self, from: Timestamp, until: Timestamp) {
        self.watched.add(from, until);
    }

    /// Gives more time, once for each request however often it is granted.
    pub fn grant(&mut self, request: RequestId, more: MoreTime) {
        let known = self.more.entry(request).or_insert(more);
        *known = (*known).max(more);
    }

    /// Takes in what another replica, or the database, knows.
    pub fn merge(&mut self, other: &Self) {
        self.watched.merge(&other.watched);
        for (request, more) in &other.more {
            self.grant(*request, *more);
        }
    }

    /// Forgets what was watched and given before a moment: the start of the present day, as a rule.
    pub fn forget_before(&mut self, moment: Timestamp) {
        self.watched.forget_before(moment);
        self.more.retain(|_, more| more.at >= moment);
    }

    /// How long was watched on a day; what was delivered ahead of its time is in it.
    pub fn used(&self, day: &Day) -> Duration {
        self.watched.within(day.start, day.end)
    }

    /// How long may be watched on a day, with what was given besides; `None` for no limit.
    pub fn allowed(&self, limit: DailyMinutes, day: &Day) -> Option<Duration> {
        let plain = limit.on(day.weekday())?;
        let given = self.more.values().filter(|more| day.holds(more.at));
        let minutes: u64 = given.map(|more| u64::from(more.minutes)).sum();
        let allowed = plain + Duration::from_secs(minutes * 60);
        Some(allowed.min(day.end.since(day.start)))
    }

    /// How much more may be watched or delivered on the day of `now`: zero when nothing, `None` for no limit.
    pub fn left(&self, limit: DailyMinutes, zone: &TimeZone, now: Timestamp) -> Option<Duration> {
        let day = Day::of(now, zone);
        let allowed = self.allowed(limit, &day)?;
        Some(allowed.saturating_sub(self.used(&day)))
    }

    /// When what plays from now on without a pause has to end: now when the time is used up, `None` when neither this day
    /// nor the next ends it. What was delivered ahead and is counted already may be watched to its end.
    pub fn ends_at(
        &self,
        limit: DailyMinutes,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let today = Day::of(now, zone);
        let tomorrow = Day::of(today.end, zone);
        self.ends_within(limit, &today, now)
            .or_else(|| self.ends_within(limit, &tomorrow, today.end))
    }

    fn ends_within(&self, limit: DailyMinutes, day: &Day, from: Timestamp) -> Option<Timestamp> {
        let allowed = self.allowed(limit, day)?;
        let left = allowed.saturating_sub(self.used(day));
        let end = self.watched.after_free(from, left);
        (end < day.end).then_some(end)
    }
}

#[cfg(test)]
mod tests;
