//! The days of a week, as forms name them.
use usher_domain::profile::hours::Weekday;

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
