//! The days of a week, as forms name them.
use usher_domain::profile::hours::Weekday;

use crate::pages::frame::Frame;

/// A day of the week.
#[derive(Clone, Copy, Debug)]
pub(in crate::pages) struct Day {
    pub(super) weekday: Weekday,
    /// What the names of its fields begin with.
    pub(in crate::pages) key: &'static str,
    /// The key of its name.
    pub(in crate::pages) name: &'static str,
    /// The key of its name where there is little room.
    pub(super) short: &'static str,
}

/// From Monday on.
pub(in crate::pages) const WEEK: [Day; 7] = [
    day(
        Weekday::Monday,
        "mon",
        "profile-day-mon",
        "profile-day-short-mon",
    ),
    day(
        Weekday::Tuesday,
        "tue",
        "profile-day-tue",
        "profile-day-short-tue",
    ),
    day(
        Weekday::Wednesday,
        "wed",
        "profile-day-wed",
        "profile-day-short-wed",
    ),
    day(
        Weekday::Thursday,
        "thu",
        "profile-day-thu",
        "profile-day-short-thu",
    ),
    day(
        Weekday::Friday,
        "fri",
        "profile-day-fri",
        "profile-day-short-fri",
    ),
    day(
        Weekday::Saturday,
        "sat",
        "profile-day-sat",
        "profile-day-short-sat",
    ),
    day(
        Weekday::Sunday,
        "sun",
        "profile-day-sun",
        "profile-day-short-sun",
    ),
];

const fn day(weekday: Weekday, key: &'static str, name: &'static str, short: &'static str) -> Day {
    Day {
        weekday,
        key,
        name,
        short,
    }
}

impl Day {
    /// Its number, from 0 for Monday.
    pub(super) fn number(self) -> usize {
        usize::from(self.weekday.to_monday_zero_offset().unsigned_abs())
    }
}

/// More parts than this are no help in one line.
const PARTS_MAX: usize = 4;

/// What is said of each day, in one line; days that follow each other and of which the same is said stand together. `None`
/// where that would be too long.
pub(super) fn in_words(frame: &Frame, of_day: impl Fn(Day) -> String) -> Option<String> {
    let mut runs: Vec<(Day, Day, String)> = Vec::new();
    for day in WEEK {
        let said = of_day(day);
        match runs.last_mut() {
            Some((_, last, before)) if *before == said => *last = day,
            Some(_) | None => runs.push((day, day, said)),
        }
    }
    if let [(_, _, said)] = runs.as_slice() {
        return Some(frame.with("profile-days-every", "said", said));
    }
    if runs.len() > PARTS_MAX {
        return None;
    }
    let told = runs.iter().map(|(first, last, said)| {
        let days = if first.number() == last.number() {
            frame.t(first.short)
        } else {
            format!("{}–{}", frame.t(first.short), frame.t(last.short))
        };
        let parts = [("days", days.into()), ("said", said.as_str().into())];
        frame.texts("profile-days-said", &parts)
    });
    Some(told.collect::<Vec<String>>().join("; "))
}

/// The day of the form that is this day of the week.
pub(super) fn day_of(weekday: Weekday) -> Day {
    WEEK.into_iter()
        .find(|day| day.weekday == weekday)
        .unwrap_or(WEEK[0])
}
