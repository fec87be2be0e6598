//! At which hours a profile can be used, day by day.
use askama::Template;
use axum::response::Response;
use usher_accounts::profiles::ProfileEntry;
use usher_domain::profile::hours::{DAY, DaySpan, Hours};
use usher_domain::profile::limits::Limits;

use super::sent::Sent;
use super::setting::{Head, save_limits};
use super::week::{Day, WEEK};
use super::{Opened, Query, open};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Typed};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-hours";

/// What stands in the fields of a day that has no span of its own: a child's day.
const MORNING: u16 = 7 * 60;
const EVENING: u16 = 20 * 60;

/// When a profile can be used on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages) enum Open {
    All,
    Never,
    Span,
    /// Several spans, which stay as they are.
    Kept,
}

/// One day of the form.
#[derive(Clone, Debug)]
pub(in crate::pages) struct DayHours {
    pub(in crate::pages) day: Day,
    pub(in crate::pages) open: Open,
    pub(in crate::pages) from: String,
    pub(in crate::pages) until: String,
    /// The several spans of the day, in words; empty where there are none to keep.
    pub(in crate::pages) kept: String,
    /// The key of what is wrong.
    pub(in crate::pages) wrong: &'static str,
}

#[derive(Template)]
#[template(path = "account/profile_hours.html")]
pub(in crate::pages) struct HoursPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) head: Head<'a>,
    pub(in crate::pages) days: Vec<DayHours>,
}

impl DayHours {
    fn is(&self, open: Open) -> bool {
        self.open == open
    }

    fn of(day: Day, hours: &Hours) -> Self {
        let spans = of_day(day, hours);
        let first = spans.first().map_or(MORNING, |span| span.from);
        let last = spans.last().map_or(EVENING, |span| span.until);
        let (open, from, until) = match spans.as_slice() {
            [] => (Open::Never, MORNING, EVENING),
            [whole] if (whole.from, whole.until) == (0, DAY) => (Open::All, MORNING, EVENING),
            [_one] => (Open::Span, first, last),
            _several => (Open::Kept, first, last),
        };
        let told = |span: &DaySpan| format!("{}–{}", clock(span.from), clock(span.until));
        let kept = match open {
            Open::Kept => spans.iter().map(told).collect::<Vec<String>>().join(", "),
            Open::Never | Open::All | Open::Span => String::new(),
        };
        Self {
            day,
            open,
            from: clock(from),
            until: clock(until),
            kept,
            wrong: "",
        }
    }

    /// What the form sent for a day, and its spans where they are right.
    fn read(
        day: Day,
        before: &Hours,
        sent: &mut Sent,
    ) -> Result<(Self, Option<Vec<DaySpan>>), Fault> {
        let mut field = |what: &str| sent.one(&format!("{}-{what}", day.key));
        let open = match field("open")?.as_str() {
            "all" => Open::All,
            "never" => Open::Never,
            "span" => Open::Span,
            "kept" => Open::Kept,
            _other => return Err(Fault::Form),
        };
        let (from, until) = (field("from")?, field("until")?);
        let spans = match open {
            Open::All => DaySpan::new(day.weekday, 0, DAY)
                .map(|span| vec![span])
                .ok(),
            Open::Never => Some(Vec::new()),
            Open::Kept => Some(of_day(day, before)),
            Open::Span => span(day, &from, &until).map(|span| vec![span]),
        };
        let shown = Self {
            open,
            from,
            until,
            wrong: if spans.is_some() {
                ""
            } else {
                "profile-hours-wrong"
            },
            ..Self::of(day, before)
        };
        Ok((shown, spans))
    }
}

fn of_day(day: Day, hours: &Hours) -> Vec<DaySpan> {
    let mut spans = hours.by_day();
    spans.retain(|span| span.day == day.weekday);
    spans
}

/// A span that was typed: it ends on its day, at midnight by the latest.
fn span(day: Day, from: &str, until: &str) -> Option<DaySpan> {
    let from = minute(from)?;
    let until = minute(until).map(|until| if until == 0 { DAY } else { until })?;
    (from < until)
        .then(|| DaySpan::new(day.weekday, from, until).ok())
        .flatten()
}

/// A time of a day, such as `7:30`, in minutes since midnight.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// As a field for times takes it. The end of a day is midnight.
fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// `GET /usher/account-profile-hours`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let days = days(&entry.profile.limits.hours);
    Ok(of(signed_in, &entry, days))
}

/// Every day of the form, as hours are.
pub(in crate::pages) fn days(hours: &Hours) -> Vec<DayHours> {
    WEEK.map(|day| DayHours::of(day, hours)).into()
}

/// `POST /usher/account-profile-hours`.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(mut sent): Typed<Sent>,
) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let before = &entry.profile.limits;
    let (mut days, mut spans) = (Vec::new(), Some(Vec::new()));
    for day in WEEK {
        let (shown, read) = DayHours::read(day, &before.hours, &mut sent)?;
        days.push(shown);
        spans = spans.zip(read).map(|(mut all, of_day)| {
            all.extend(of_day);
            all
        });
    }
    sent.end()?;
    let Some(spans) = spans else {
        return Ok(of(signed_in, &entry, days));
    };
    let limits = Limits {
        hours: Hours::of(spans),
        ..before.clone()
    };
    save_limits(signed_in, &entry, limits).await
}

fn of(signed_in: SignedIn, entry: &ProfileEntry, days: Vec<DayHours>) -> Response {
    let SignedIn { page, account, .. } = signed_in;
    let frame = page.frame.clone();
    page.show(&HoursPage {
        frame: &frame,
        head: Head::of(
            &account,
            entry,
            HERE,
            ("profile-hours", "profile-hours-body"),
        ),
        days,
    })
}
