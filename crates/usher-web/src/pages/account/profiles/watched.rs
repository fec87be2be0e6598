//! What a seat watches: time by day, what was begun, what was watched, what is suggested and loved; and watched marks that are
//! taken over from another seat.
use askama::Template;
use serde::Deserialize;
use usher_accounts::ProvenOwner;
use usher_accounts::profiles::{
    Chart, Counted, MarksCopied, Removed, SeatEntry, Shelves, Title, Titles, WatchedPage as Found,
};
use usher_domain::account::Account;
use usher_domain::profile::pin::Watcher;

use super::face::Face;
use super::{Opened, Said as ListSaid, open, proven};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Typed, redirect, with_query};
use crate::pages::panel::{Moment, Times};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-watched";

/// Entries of the history on one page.
const PAGE: usize = 20;

/// Width of a day of the chart, of its bar, and the height of the highest bar, in the chart's own units.
const STEP: u64 = 28;
const WIDTH: u64 = 20;
const HEIGHT: u64 = 110;

/// What a form sends for the owner's own seat.
const OWNER: &str = "owner";

/// Whose page it is, where in the history, and what has just happened.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    /// The profile; empty for the owner's own seat.
    id: String,
    from: usize,
    said: Option<Said>,
    /// How many marks were taken over.
    marks: u16,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Said {
    Removed,
    NotThere,
    Away,
    Copied,
    NothingCopied,
    Copying,
    Impossible,
}

impl Said {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 7] = [
        Self::Removed,
        Self::NotThere,
        Self::Away,
        Self::Copied,
        Self::NothingCopied,
        Self::Copying,
        Self::Impossible,
    ];

    /// Its name in the address, its mood and its text.
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Removed => ("removed", "ok", "watched-said-removed"),
            Self::NotThere => ("not_there", "warn", "watched-said-not-there"),
            Self::Away => ("away", "warn", "watched-said-away"),
            Self::Copied => ("copied", "ok", "watched-said-copied"),
            Self::NothingCopied => ("nothing_copied", "info", "watched-said-nothing-copied"),
            Self::Copying => ("copying", "info", "watched-said-copying"),
            Self::Impossible => ("impossible", "warn", "watched-said-impossible"),
        }
    }

    const fn mood(self) -> &'static str {
        self.words().1
    }

    const fn key(self) -> &'static str {
        self.words().2
    }
}

/// The form that takes an entry out of the history.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RemoveForm {
    item: String,
}

/// The form that takes marks over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CopyForm {
    source: String,
}

/// A title with its picture.
pub(in crate::pages) struct Poster {
    pub(in crate::pages) id: String,
    /// The address of its picture; empty where it has none.
    pub(in crate::pages) picture: String,
    pub(in crate::pages) name: String,
    /// Year, or season, number and name of an episode.
    pub(in crate::pages) about: String,
    /// How much of it was watched, in percent, where it was begun.
    pub(in crate::pages) percent: Option<u64>,
    /// When it was watched; of titles in the history alone.
    pub(in crate::pages) watched: Option<Moment>,
}

/// A day of the chart.
pub(in crate::pages) struct Bar {
    pub(in crate::pages) x: u64,
    pub(in crate::pages) y: u64,
    pub(in crate::pages) height: u64,
    pub(in crate::pages) day: String,
    pub(in crate::pages) time: String,
}

/// The chart with its words.
pub(in crate::pages) struct Days {
    pub(in crate::pages) bars: Vec<Bar>,
    /// All days together, in words.
    pub(in crate::pages) sum: String,
    /// What is counted, in words.
    pub(in crate::pages) meaning: String,
}

/// Jellyfin's lists.
#[derive(Default)]
pub(in crate::pages) struct Lists {
    pub(in crate::pages) begun: Vec<Poster>,
    pub(in crate::pages) history: Vec<Poster>,
    pub(in crate::pages) recommended: Vec<Poster>,
    pub(in crate::pages) favorites: Vec<Poster>,
    /// Where newer and older entries of the history are; empty where there are none.
    pub(in crate::pages) newer: String,
    pub(in crate::pages) older: String,
}

/// A seat whose marks can be taken over.
pub(in crate::pages) struct Source {
    pub(in crate::pages) value: String,
    pub(in crate::pages) name: String,
}

#[derive(Template)]
#[template(path = "account/profile_watched.html")]
pub(in crate::pages) struct WatchedPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) account: &'a Account,
    pub(in crate::pages) said: Option<Said>,
    /// How many marks were taken over.
    pub(in crate::pages) marks: u16,
    /// The profile; empty for the owner's own seat.
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: &'a str,
    pub(in crate::pages) face: Face,
    /// The key of why there are no lists; empty where there are.
    pub(in crate::pages) missing: &'static str,
    pub(in crate::pages) days: Option<Days>,
    pub(in crate::pages) lists: Lists,
    /// Whose marks are being taken over now.
    pub(in crate::pages) copying: Vec<String>,
    pub(in crate::pages) sources: Vec<Source>,
}

impl WatchedPage<'_> {
    fn title(&self) -> String {
        self.frame.with("watched-title", "name", self.name)
    }

    /// What has just happened, in words.
    fn told(&self) -> String {
        let key = self.said.map_or("", Said::key);
        self.frame.count(key, "n", self.marks.into())
    }

    fn copied_from(&self, name: &str) -> String {
        self.frame.with("watched-copy-underway", "name", name)
    }

    const fn chart_width(&self) -> u64 {
        match &self.days {
            Some(days) => STEP * days.bars.len() as u64,
            None => 0,
        }
    }
}

/// `GET /usher/account-profile-watched`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let watcher = match seat(&signed_in, &query.id).await? {
        Ok((watcher, _)) => watcher,
        Err(to) => return Ok(signed_in.page.go(&to)),
    };
    let SignedIn {
        page,
        session,
        account,
    } = signed_in;
    let accounts = page.services.accounts.clone();
    let Some(found) = accounts.watched_page(&session, watcher).await? else {
        return Ok(page.go(&ListSaid::NoProfile.on_list()));
    };
    let (frame, times) = (page.frame.clone(), Times::of(&page));
    let (missing, lists) = match &found.shelves {
        Shelves::Here(titles) => ("", lists(&frame, &times, titles, &query)),
        Shelves::Away => ("watched-away", Lists::default()),
        Shelves::NoUser => ("watched-no-user", Lists::default()),
    };
    Ok(page.show(&WatchedPage {
        frame: &frame,
        account: &account,
        said: query.said,
        marks: query.marks,
        id: query.id,
        name: &found.seat.name,
        face: Face::shown(found.seat.picture.as_ref(), &found.seat.name),
        missing,
        days: found
            .chart
            .as_ref()
            .map(|chart| days(&frame, &times, chart)),
        lists,
        sources: sources(&found),
        copying: found.copying,
    }))
}

/// `GET` of a form that stands on the page.
pub(super) async fn back(Asked(query): Asked<Query>) -> axum::response::Response {
    redirect(&address(&query.id, &[]))
}

/// `POST /usher/account-profile-watched-remove`.
pub(super) async fn remove(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<RemoveForm>,
) -> Answer {
    let (watcher, by) = match seat(&signed_in, &query.id).await? {
        Ok(seat) => seat,
        Err(to) => return Ok(signed_in.page.go(&to)),
    };
    let page = signed_in.page;
    let accounts = page.services.accounts.clone();
    let removed = match typed.item.parse() {
        Ok(item) => accounts.remove_from_history(by, watcher, item).await?,
        Err(_not_an_id) => Removed::NotThere,
    };
    let said = match removed {
        Removed::Done => Said::Removed,
        Removed::NotThere => Said::NotThere,
        Removed::Away => Said::Away,
        Removed::Unknown => Said::Impossible,
    };
    let from = query.from.to_string();
    let place = if query.from == 0 { "" } else { from.as_str() };
    Ok(page.go(&address(
        &query.id,
        &[("from", place), ("said", said.words().0)],
    )))
}

/// `POST /usher/account-profile-watched-copy`.
pub(super) async fn copy(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<CopyForm>,
) -> Answer {
    let (to, by) = match seat(&signed_in, &query.id).await? {
        Ok(seat) => seat,
        Err(to) => return Ok(signed_in.page.go(&to)),
    };
    let page = signed_in.page;
    let from = if typed.source == OWNER {
        Some(Watcher::Owner)
    } else {
        typed.source.parse().ok().map(Watcher::Profile)
    };
    let accounts = page.services.accounts.clone();
    let copied = match from {
        Some(from) => accounts.copy_marks(by, from, to, &page.visitor).await?,
        None => MarksCopied::Unknown,
    };
    let (said, marks) = match copied {
        MarksCopied::Done(0) => (Said::NothingCopied, String::new()),
        MarksCopied::Done(marks) => (Said::Copied, marks.to_string()),
        MarksCopied::Underway => (Said::Copying, String::new()),
        MarksCopied::Unknown => (Said::Impossible, String::new()),
    };
    let said = ("said", said.words().0);
    Ok(page.go(&address(&query.id, &[said, ("marks", &marks)])))
}

/// The seat that a page is about, for who proved lately who sits there; or the page that comes first.
async fn seat(
    signed_in: &SignedIn,
    id: &str,
) -> Result<Result<(Watcher, ProvenOwner), String>, Fault> {
    if id.is_empty() {
        return Ok(proven(signed_in, HERE, "").map(|by| (Watcher::Owner, by)));
    }
    Ok(match open(signed_in, HERE, id).await? {
        Opened::Here(entry) => Ok((Watcher::Profile(entry.profile.id), entry.by)),
        Opened::Elsewhere(to) => Err(to),
    })
}

fn address(id: &str, more: &[(&str, &str)]) -> String {
    let parts = [("id", id)].into_iter().chain(more.iter().copied());
    with_query(HERE, &parts.collect::<Vec<_>>())
}

fn sources(found: &Found) -> Vec<Source> {
    let source = |seat: &SeatEntry| Source {
        value: match seat.watcher {
            Watcher::Owner => OWNER.to_owned(),
            Watcher::Profile(id) => id.to_string(),
        },
        name: seat.name.clone(),
    };
    found.others.iter().map(source).collect()
}

fn lists(frame: &Frame, times: &Times, titles: &Titles, query: &Query) -> Lists {
    let shelf = |titles: &[Title]| titles.iter().map(|title| poster(frame, title)).collect();
    let from = query.from.min(titles.history.len());
    let shown = titles.history.iter().skip(from).take(PAGE);
    let history = shown.map(|title| Poster {
        percent: None,
        watched: title.watched.map(|at| times.moment(frame, at)),
        ..poster(frame, title)
    });
    let at = |from: usize| address(&query.id, &[("from", &from.to_string())]);
    Lists {
        begun: shelf(&titles.begun),
        history: history.collect(),
        recommended: shelf(&titles.recommended),
        favorites: shelf(&titles.favorites),
        newer: if from > 0 {
            at(from.saturating_sub(PAGE))
        } else {
            String::new()
        },
        older: if from + PAGE < titles.history.len() {
            at(from + PAGE)
        } else {
            String::new()
        },
    }
}

fn poster(frame: &Frame, title: &Title) -> Poster {
    let year = title.year.map(|year| year.to_string()).unwrap_or_default();
    let (name, about) = match (&title.series, title.number) {
        (Some(series), Some((season, number))) => {
            let number = [
                ("season", season.to_string().into()),
                ("number", number.to_string().into()),
                ("title", title.name.as_str().into()),
            ];
            (series, frame.texts("watched-episode", &number))
        }
        (Some(series), None) => (series, title.name.clone()),
        (None, _) => (&title.name, year),
    };
    let begun = !title.position.is_zero() && !title.length.is_zero();
    let percent = begun.then(|| {
        let share = title.position.as_millis() * 100 / title.length.as_millis().max(1);
        u64::try_from(share).unwrap_or(100).min(100)
    });
    Poster {
        id: title.id.to_string(),
        picture: title
            .picture
            .as_ref()
            .map_or_else(String::new, |(item, tag)| {
                let tag: String = url::form_urlencoded::byte_serialize(tag.as_bytes()).collect();
                format!("../Items/{item}/Images/Primary?maxWidth=320&tag={tag}")
            }),
        name: name.clone(),
        about,
        percent,
        watched: None,
    }
}

fn days(frame: &Frame, times: &Times, chart: &Chart) -> Days {
    let most = chart.days.iter().map(|(_, minutes)| *minutes).max();
    let most = most.unwrap_or(0).max(1);
    let bar = |(at, (day, minutes)): (u64, &(_, u64))| {
        let day: &usher_domain::profile::screen_time::Day = day;
        let height = (minutes * HEIGHT).div_ceil(most);
        Bar {
            x: at * STEP + (STEP - WIDTH) / 2,
            y: HEIGHT - height,
            height,
            day: times.day(frame, day.start),
            time: time(frame, *minutes),
        }
    };
    let sum = chart.days.iter().map(|(_, minutes)| minutes).sum();
    Days {
        bars: (0..).zip(&chart.days).map(bar).collect(),
        sum: frame.with("watched-days-sum", "time", &time(frame, sum)),
        meaning: match chart.counted {
            Counted::ByJellyfin => frame.t("watched-days-by-jellyfin"),
            Counted::ByUsher { since } => {
                let from = chart.days.iter().find(|(day, _)| day.date == since);
                let from = from.map(|(day, _)| times.day(frame, day.start));
                let from = from.unwrap_or_else(|| since.to_string());
                frame.with("watched-days-by-usher", "date", &from)
            }
        },
    }
}

/// Minutes as people say them.
fn time(frame: &Frame, minutes: u64) -> String {
    if minutes < 60 {
        return frame.tongue.minutes(minutes);
    }
    let parts = [
        ("hours", (minutes / 60).to_string().into()),
        ("minutes", (minutes % 60).to_string().into()),
    ];
    frame.texts("watched-hours", &parts)
}
