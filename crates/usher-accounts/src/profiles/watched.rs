//! What a seat of the account watches, for the account's owner: Jellyfin's own lists, asked with Usher's key.
//!
//! Invariant: a seat is looked for among those of the session's account (R71).
use std::collections::HashMap;
use std::time::Duration;

use usher_domain::id::{AccountId, ItemId, ProfileId, UserId};
use usher_domain::profile::Picture;
use usher_domain::profile::pin::Watcher;
use usher_domain::profile::screen_time::{Date, Day};
use usher_domain::time::Timestamp;
use usher_jellyfin::{JellyfinError, Marked, Title};
use usher_store::WebSession;

use super::is_ending;
use crate::screen_time::watched_minutes;
use crate::web_session::ProvenOwner;
use crate::{AccountError, Accounts};

/// Entries of the history that are asked for: a chart of two weeks needs them, and a page shows some of them at a time.
pub const HISTORY_MAX: usize = 300;

/// Days that the chart shows, this one among them.
pub const DAYS: usize = 14;

/// Titles in each of the other lists.
const SHELF: usize = 12;

/// Suggestions that are asked for: those that were watched are left out.
const SUGGESTED: usize = 3 * SHELF;

/// A seat of an account: its owner's, or a profile's that is not deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatEntry {
    /// Which.
    pub watcher: Watcher,
    /// What people call it: the owner by the user name.
    pub name: String,
    /// Its face; `None` for the first letter of the name.
    pub picture: Option<Picture>,
    /// Its Jellyfin user; `None` while that is being made, or where Jellyfin has lost it.
    pub user: Option<UserId>,
}

/// Jellyfin's lists of one seat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Titles {
    /// Begun and not finished, the latest first.
    pub begun: Vec<Title>,
    /// Watched, the latest first, at most [`HISTORY_MAX`].
    pub history: Vec<Title>,
    /// Suggested by Jellyfin, and not watched.
    pub recommended: Vec<Title>,
    /// With a heart, by name.
    pub favorites: Vec<Title>,
}

/// Whether there are lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shelves {
    /// There are.
    Here(Box<Titles>),
    /// Jellyfin does not answer.
    Away,
    /// The seat has no user at present.
    NoUser,
}

/// What the minutes of a chart are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// What passed Usher, as the daily screen time counts it, also where there is no limit; nothing is known of days before this
    /// one.
    ByUsher {
        /// The first day of which anything is known.
        since: Date,
    },
    /// Each title of Jellyfin's lists once, on the day on which it was last watched: its whole length, or how far it was
    /// watched.
    ByJellyfin,
}

/// Time watched, day by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// [`DAYS`] days, the oldest first, each with its whole minutes.
    pub days: Vec<(Day, u64)>,
    /// What is counted.
    pub counted: Counted,
}

/// The page of one seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedPage {
    /// Whose.
    pub seat: SeatEntry,
    /// The other seats that have a user: watched marks can be taken over from them.
    pub others: Vec<SeatEntry>,
    /// What Jellyfin tells.
    pub shelves: Shelves,
    /// How long it watched; `None` where nobody can say at present.
    pub chart: Option<Chart>,
    /// The names of those whose watched marks are being taken over now.
    pub copying: Vec<String>,
}

/// What became of taking an entry out of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// It is not watched, and not begun, any more.
    Done,
    /// There is no such title for this seat.
    NotThere,
    /// Jellyfin does not answer; nothing has changed.
    Away,
    /// The account has no such seat, or it has no user at present.
    Unknown,
}

impl Accounts {
    /// What a seat watches. `None` also for other people's (R71).
    pub async fn watched_page(
        &self,
        session: &WebSession,
        watcher: Watcher,
    ) -> Result<Option<WatchedPage>, AccountError> {
        let mut seats = self.seats(session.account).await?;
        let Some(at) = seats.iter().position(|seat| seat.watcher == watcher) else {
            return Ok(None);
        };
        let seat = seats.remove(at);
        let mut copying = Vec::new();
        if let Some(user) = seat.user {
            for copy in self.inner.store.mark_copies_to(user).await? {
                let source = seats.iter().find(|other| other.user == Some(copy.source));
                copying.extend(source.map(|source| source.name.clone()));
            }
        }
        let shelves = match seat.user {
            Some(user) => self.shelves(user).await,
            None => Shelves::NoUser,
        };
        Ok(Some(WatchedPage {
            chart: self.chart(&seat, &shelves).await?,
            shelves,
            others: seats
                .into_iter()
                .filter(|seat| seat.user.is_some())
                .collect(),
            copying,
            seat,
        }))
    }

    /// Takes an entry out of what a seat has watched or begun.
    pub async fn remove_from_history(
        &self,
        by: ProvenOwner,
        watcher: Watcher,
        item: ItemId,
    ) -> Result<Removed, AccountError> {
        let Some(user) = self.seat_user(by.account, watcher).await? else {
            return Ok(Removed::Unknown);
        };
        Ok(match self.inner.jellyfin.unmark_watched(user, item).await {
            Ok(Marked::Done) => Removed::Done,
            Ok(Marked::NotThere) => Removed::NotThere,
            Err(error) => {
                log(&error);
                Removed::Away
            }
        })
    }

    /// The seats of an account that are not deleted, the owner's first. None of an account that is gone.
    pub(super) async fn seats(&self, account: AccountId) -> Result<Vec<SeatEntry>, AccountError> {
        let Some(owner) = self.account(account).await? else {
            return Ok(Vec::new());
        };
        let mut seats = vec![SeatEntry {
            watcher: Watcher::Owner,
            name: owner.seen.name,
            picture: None,
            user: Some(account.owner()),
        }];
        for stored in self.inner.store.profiles_of(account).await? {
            let profile = stored.profile;
            if is_ending(profile.state) {
                continue;
            }
            seats.push(SeatEntry {
                watcher: Watcher::Profile(profile.id),
                name: profile.name.as_str().to_owned(),
                picture: profile.picture,
                user: profile.user,
            });
        }
        Ok(seats)
    }

    /// The user of a seat, where the account has that seat and it has a user.
    pub(super) async fn seat_user(
        &self,
        account: AccountId,
        watcher: Watcher,
    ) -> Result<Option<UserId>, AccountError> {
        let seats = self.seats(account).await?;
        let seat = seats.into_iter().find(|seat| seat.watcher == watcher);
        Ok(seat.and_then(|seat| seat.user))
    }

    async fn shelves(&self, user: UserId) -> Shelves {
        match self.titles(user).await {
            Ok(titles) => Shelves::Here(Box::new(titles)),
            Err(error) => {
                log(&error);
                Shelves::Away
            }
        }
    }

    async fn titles(&self, user: UserId) -> Result<Titles, JellyfinError> {
        let jellyfin = &self.inner.jellyfin;
        let (begun, history, favorites, suggested) = tokio::try_join!(
            jellyfin.begun(user, SHELF),
            jellyfin.watched(user, 0, HISTORY_MAX),
            jellyfin.favorites(user, SHELF),
            jellyfin.suggestions(user, SUGGESTED),
        )?;
        let fresh = suggested.into_iter().filter(|title| !title.is_watched);
        Ok(Titles {
            recommended: fresh.take(SHELF).collect(),
            begun,
            history,
            favorites,
        })
    }

    /// By Usher's own count where there is one, since that knows how long something played; by Jellyfin's lists else.
    async fn chart(
        &self,
        seat: &SeatEntry,
        shelves: &Shelves,
    ) -> Result<Option<Chart>, AccountError> {
        let days = self.chart_days();
        if let Watcher::Profile(id) = seat.watcher
            && let Some(chart) = self.counted_by_usher(id, &days).await?
        {
            return Ok(Some(chart));
        }
        Ok(match shelves {
            Shelves::Here(titles) => Some(counted_by_jellyfin(titles, days)),
            Shelves::Away | Shelves::NoUser => None,
        })
    }

    async fn counted_by_usher(
        &self,
        id: ProfileId,
        days: &[Day],
    ) -> Result<Option<Chart>, AccountError> {
        let (Some(first), Some(today)) = (days.first(), days.last()) else {
            return Ok(None);
        };
        let mut known = self.inner.store.screen_times(id, first.date).await?;
        // Of this day with what is not written down yet, as wherever else it is shown.
        let now = self.screen_time_of(id).await?;
        if now.used(today) > Duration::ZERO {
            known.entry(today.date).or_default().merge(&now);
        }
        let Some(since) = known.keys().next().copied() else {
            return Ok(None);
        };
        let used = |day: &Day| {
            let time = known.get(&day.date)?;
            Some(watched_minutes(time.used(day)))
        };
        Ok(Some(Chart {
            days: days
                .iter()
                .map(|day| (*day, used(day).unwrap_or(0)))
                .collect(),
            counted: Counted::ByUsher { since },
        }))
    }

    /// The days of a chart, the oldest first.
    fn chart_days(&self) -> Vec<Day> {
        let zone = &self.inner.options.people_zone;
        let mut days = vec![Day::of(self.now(), zone)];
        while days.len() < DAYS
            && let Some(last) = days.last()
        {
            let before = Timestamp::from_millis(last.start.as_millis() - 1);
            days.push(Day::of(before, zone));
        }
        days.reverse();
        days
    }
}

fn counted_by_jellyfin(titles: &Titles, days: Vec<Day>) -> Chart {
    // One that is watched again is in both lists, and counts as far as it was watched now.
    let mut watched: HashMap<ItemId, (Timestamp, Duration)> = HashMap::new();
    for title in titles.history.iter().chain(&titles.begun) {
        let length = if title.position.is_zero() && title.is_watched {
            title.length
        } else {
            title.position
        };
        if let Some(at) = title.watched {
            watched.insert(title.id, (at, length));
        }
    }
    let minutes = |day: &Day| {
        let on_it = watched
            .values()
            .filter(|(at, _)| day.start <= *at && *at < day.end);
        watched_minutes(on_it.map(|(_, length)| *length).sum())
    };
    Chart {
        days: days.into_iter().map(|day| (day, minutes(&day))).collect(),
        counted: Counted::ByJellyfin,
    }
}

fn log(error: &JellyfinError) {
    let error: &dyn std::error::Error = error;
    tracing::warn!(error, "Jellyfin could not be asked what somebody watches");
}
