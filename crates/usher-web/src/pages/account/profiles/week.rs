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
}

/// From Monday on.
pub(in crate::pages) const WEEK: [Day; 7] = [
    day(Weekday::Monday, "mon", "profile-day-mon"),
    day(Weekday::Tuesday, "tue", "profile-day-tue"),
    day(Weekday::Wednesday, "wed", "profile-day-wed"),
    day(Weekday::Thursday, "thu", "profile-day-thu"),
    day(Weekday::Friday, "fri", "profile-day-fri"),
    day(Weekday::Saturday, "sat", "profile-day-sat"),
    day(Weekday::Sunday, "sun", "profile-day-sun"),
];

const fn day(weekday: Weekday, key: &'static str, name: &'static str) -> Day {
    Day { weekday, key, name }
}

impl Day {
    /// Its number, from 0 for Monday.
    pub(super) fn number(self) -> usize {
        usize::from(self.weekday.to_monday_zero_offset().unsigned_abs())
    }
}

/// What is said of each day, in one line; days that follow each other and of which the same is said stand together.
pub(super) fn in_words(frame: &Frame, of_day: impl Fn(Day) -> String) -> String {
    let mut runs: Vec<(Day, Day, String)> = Vec::new();
    for day in WEEK {
        let said = of_day(day);
        match runs.last_mut() {
            Some((_, last, before)) if *before == said => *last = day,
            Some(_) | None => runs.push((day, day, said)),
        }
    }
    if let [(_, _, said)] = runs.as_slice() {
        return frame.with("profile-days-every", "said", said);
    }
    let told = runs.iter().map(|(first, last, said)| {
        let days = if first.number() == last.number() {
            frame.t(first.name)
        } else {
            let ends = [
                ("first", frame.t(first.name).into()),
                ("last", frame.t(last.name).into()),
            ];
            frame.texts("profile-days-range", &ends)
        };
        let parts = [("days", days.into()), ("said", said.as_str().into())];
        frame.texts("profile-days-said", &parts)
    });
    told.collect::<Vec<String>>().join("; ")
}
