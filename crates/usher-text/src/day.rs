//! Days as the date fields of forms send them.
use jiff::civil::Date;
use jiff::tz::TimeZone;
use usher_domain::time::Timestamp;

/// The day of a moment, as a date field takes it: `2026-11-28`.
pub fn form_day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_jiff().to_zoned(zone.clone()).date().to_string()
}

/// When the day of a date field begins. `None`: that is no day.
pub fn day_begins(typed: &str, zone: &TimeZone) -> Option<Timestamp> {
    let day: Date = typed.parse().ok()?;
    let begin = day.to_zoned(zone.clone()).ok()?.timestamp();
    Some(Timestamp::from_millis(begin.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_a_form_begins_at_midnight_of_its_zone_and_is_shown_as_that_day() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let begin = day_begins("2026-11-28", &zone).unwrap();
        assert_eq!(begin.to_jiff().to_string(), "2026-11-27T22:00:00Z");
        assert_eq!(form_day(begin, &zone), "2026-11-28");
        for other in ["", "2026-13-01", "28.11.2026", "tomorrow"] {
            assert_eq!(day_begins(other, &zone), None, "{other}");
        }
    }
}
