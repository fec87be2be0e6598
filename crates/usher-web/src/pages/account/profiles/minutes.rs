//! How long a profile may watch, day by day.
use askama::Template;
use axum::response::Response;
use usher_accounts::profiles::ProfileEntry;
use usher_domain::profile::hours::DAY;
use usher_domain::profile::limits::{DailyMinutes, Limits};

use super::sent::Sent;
use super::setting::{Head, save_limits};
use super::week::{Day, WEEK};
use super::{Opened, Query, open};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Typed};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-minutes";

/// One day of the form.
#[derive(Clone, Debug)]
pub(in crate::pages) struct DayMinutes {
    pub(in crate::pages) day: Day,
    /// As typed; empty for no limit.
    pub(in crate::pages) minutes: String,
    /// The key of what is wrong.
    pub(in crate::pages) wrong: &'static str,
}

#[derive(Template)]
#[template(path = "account/profile_minutes.html")]
pub(in crate::pages) struct MinutesPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) head: Head<'a>,
    pub(in crate::pages) days: Vec<DayMinutes>,
}

/// `GET /usher/account-profile-minutes`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let days = days(entry.profile.limits.screen_time);
    Ok(of(signed_in, &entry, days))
}

/// Every day of the form, as the limit is.
pub(in crate::pages) fn days(limit: DailyMinutes) -> Vec<DayMinutes> {
    let days = WEEK.into_iter().zip(limit.days());
    days.map(|(day, minutes)| DayMinutes {
        day,
        minutes: minutes
            .map(|minutes| minutes.to_string())
            .unwrap_or_default(),
        wrong: "",
    })
    .collect()
}

/// `POST /usher/account-profile-minutes`.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(mut sent): Typed<Sent>,
) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let (mut days, mut limit) = (Vec::new(), [None; 7]);
    for (day, place) in WEEK.into_iter().zip(&mut limit) {
        let minutes = sent.one(&format!("{}-minutes", day.key))?;
        let wrong = match read(&minutes) {
            Ok(read) => {
                *place = read;
                ""
            }
            Err(NoMinutes) => "profile-minutes-wrong",
        };
        days.push(DayMinutes {
            day,
            minutes,
            wrong,
        });
    }
    sent.end()?;
    if days.iter().any(|day| !day.wrong.is_empty()) {
        return Ok(of(signed_in, &entry, days));
    }
    let limits = Limits {
        screen_time: DailyMinutes::by_day(limit),
        ..entry.profile.limits.clone()
    };
    save_limits(signed_in, &entry, limits).await
}

/// What was typed is no number of minutes of a day.
struct NoMinutes;

fn read(text: &str) -> Result<Option<u16>, NoMinutes> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let minutes = text.parse().ok().filter(|minutes| *minutes <= DAY);
    minutes.map(Some).ok_or(NoMinutes)
}

fn of(signed_in: SignedIn, entry: &ProfileEntry, days: Vec<DayMinutes>) -> Response {
    let SignedIn { page, account, .. } = signed_in;
    let frame = page.frame.clone();
    page.show(&MinutesPage {
        frame: &frame,
        head: Head::of(
            &account,
            entry,
            HERE,
            ("profile-minutes", "profile-minutes-body"),
        ),
        days,
    })
}
