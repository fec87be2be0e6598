//! What a profile may see, in words that a family understands.
use std::collections::BTreeSet;

use usher_domain::id::ItemId;
use usher_domain::profile::hours::{DAY, DaySpan, Hours, Weekday};
use usher_domain::profile::limits::{DailyMinutes, Libraries, Limits, Tag, UnratedKind};

use super::ratings::name_of;
use super::week::{self, Day, WEEK, day_of};
use crate::pages::frame::Frame;

/// So many libraries are named; more are counted.
const NAMED: usize = 5;

/// The libraries that the owner sees, and what they are called.
pub(in crate::pages) type ShelfNames = Vec<(ItemId, String)>;

/// A sentence for each limit, or one for none. Without `shelves` (Jellyfin does not answer) libraries have no names.
pub(in crate::pages) fn sees(
    frame: &Frame,
    limits: &Limits,
    shelves: Option<&ShelfNames>,
    today: Weekday,
) -> Vec<String> {
    if !limits.are_any() {
        return vec![frame.t("profile-sees-all")];
    }
    let mut told = vec![match limits.rating {
        None => frame.t("profile-sees-any-rating"),
        Some(rating) => frame.count("profile-sees-rating", "n", rating.score),
    }];
    told.extend(unrated(frame, &limits.blocked_unrated));
    if !limits.live_television {
        told.push(frame.t("profile-sees-no-live"));
    }
    if let Libraries::Only(only) = &limits.libraries {
        told.push(libraries(frame, only, shelves));
    }
    if !limits.blocked_tags.is_empty() {
        let tags = listed(limits.blocked_tags.iter().map(Tag::as_str));
        told.push(frame.with("profile-sees-blocked-tags", "tags", &tags));
    }
    if let Some(allowed) = &limits.allowed_tags {
        let tags = listed(allowed.iter().map(Tag::as_str));
        told.push(frame.with("profile-sees-allowed-tags", "tags", &tags));
    }
    if !limits.hours.is_always() {
        told.push(hours(frame, &limits.hours, today));
    }
    told.extend(minutes(frame, limits.screen_time, today));
    told
}

fn unrated(frame: &Frame, hidden: &BTreeSet<UnratedKind>) -> Option<String> {
    match hidden.len() {
        0 => None,
        all if all == UnratedKind::ALL.len() => Some(frame.t("profile-sees-no-unrated")),
        _some => {
            let kinds = listed(hidden.iter().map(|kind| frame.t(name_of(*kind))));
            Some(frame.with("profile-sees-some-unrated", "kinds", &kinds))
        }
    }
}

fn libraries(frame: &Frame, only: &BTreeSet<ItemId>, shelves: Option<&ShelfNames>) -> String {
    let Some(shelves) = shelves else {
        return frame.t("profile-sees-libraries");
    };
    let seen = shelves.iter().filter(|(id, _)| only.contains(id));
    let seen: Vec<&String> = seen.map(|(_, name)| name).collect();
    if seen.is_empty() {
        frame.t("profile-sees-no-libraries")
    } else if seen.len() == shelves.len() {
        frame.t("profile-sees-libraries-now")
    } else if seen.len() <= NAMED {
        let names = listed(seen.iter());
        frame.with("profile-sees-libraries-only", "names", &names)
    } else {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX).into();
        let numbers = [("n", count(seen.len())), ("all", count(shelves.len()))];
        frame.texts("profile-sees-libraries-count", &numbers)
    }
}

fn hours(frame: &Frame, hours: &Hours, today: Weekday) -> String {
    let spans = hours.by_day();
    let of_day = |day: Day| {
        let of_day = spans.iter().filter(|span| span.day == day.weekday);
        let told: Vec<String> = of_day.map(|span| span_in_words(frame, *span)).collect();
        if told.is_empty() {
            frame.t("profile-sees-hours-never")
        } else {
            told.join(", ")
        }
    };
    if let Some(week) = week::in_words(frame, of_day) {
        return frame.with("profile-sees-hours", "hours", &week);
    }
    let is_open = |day: &Day| spans.iter().any(|span| span.day == day.weekday);
    let open = WEEK.iter().filter(|day| is_open(day)).count();
    let parts = [
        ("n", i64::try_from(open).unwrap_or_default().into()),
        ("today", of_day(day_of(today)).into()),
    ];
    frame.texts("profile-sees-hours-count", &parts)
}

fn span_in_words(frame: &Frame, span: DaySpan) -> String {
    if (span.from, span.until) == (0, DAY) {
        return frame.t("profile-sees-hours-all");
    }
    let clock = |minute: u16| format!("{}:{:02}", minute / 60, minute % 60);
    format!("{}–{}", clock(span.from), clock(span.until))
}

fn minutes(frame: &Frame, limit: DailyMinutes, today: Weekday) -> Option<String> {
    match limit.same_every_day() {
        Some(None) => None,
        Some(Some(minutes)) => {
            let minutes = i64::from(minutes);
            Some(frame.count("profile-sees-minutes", "n", minutes))
        }
        None => {
            let days = limit.days();
            let of_day = |day: Day| match days.get(day.number()).copied().flatten() {
                Some(minutes) => frame.tongue.minutes(minutes.into()),
                None => frame.t("profile-sees-no-limit"),
            };
            let told = week::in_words(frame, of_day).map_or_else(
                || {
                    frame.with(
                        "profile-sees-minutes-today",
                        "today",
                        &of_day(day_of(today)),
                    )
                },
                |week| frame.with("profile-sees-minutes-by-day", "days", &week),
            );
            Some(told)
        }
    }
}

fn listed(words: impl Iterator<Item = impl AsRef<str>>) -> String {
    let words: Vec<String> = words.map(|word| word.as_ref().to_owned()).collect();
    words.join(", ")
}
