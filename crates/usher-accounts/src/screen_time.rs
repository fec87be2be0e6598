//! Screen time and hours of profiles, kept while they watch (design, section 7).
//!
//! What counts is what passes the gate: the wall clock while a film flows or a screen says that it plays, or the minutes that
//! were delivered, whichever is more. A position that a client reports counts for nothing.
//! Invariant: what a process notes is a set of moments that it adds to a row of its own; all rows together are the truth. So
//! devices in parallel count once, replicas need not know of each other, and a restart forgets a few seconds.
//! Absent on purpose: the owner, who has no limits.
mod asked;
mod end;
mod memory;
mod more;

pub use asked::{AskedToday, MayAsk, WishAnswer, WishShown};
pub use more::{Gift, ScreenShown, TimeAsked, TimeWish};

pub(crate) use memory::Screens;

use std::time::Duration;

use usher_domain::id::{ItemId, ProfileId, UserId};
use usher_domain::profile::Profile;
use usher_domain::profile::limits::DailyMinutes;
use usher_domain::profile::screen_time::{Day, Encoded, ScreenTime};
use usher_domain::secret::SecretText;
use usher_domain::time::Timestamp;
use usher_jellyfin::ShownItem;

use crate::gate::Holder;
use crate::{AccountError, Accounts};
use memory::{Noted, Screen};

/// What was watched is written down this often while somebody watches.
const WRITTEN_APART: Duration = Duration::from_secs(5);

/// What passes the gate of somebody who watches.
#[derive(Clone, Copy, Debug)]
pub enum Playing<'a> {
    /// A film flows.
    Film(Passed<'a>),
    /// A segment was handed out, or segments were asked for.
    Segments(Segments<'a>),
    /// A screen says that it plays.
    Screen,
    /// A screen says that it pauses or has stopped.
    Rests,
}

/// What passed of a film.
#[derive(Clone, Copy, Debug)]
pub struct Passed<'a> {
    /// Which, where it is one.
    pub item: Option<ItemId>,
    /// Its file, in Jellyfin's own form, where the request names one.
    pub source: Option<&'a str>,
    /// Bytes that passed since it was last told.
    pub bytes: u64,
    /// Bytes of the same answer that were told before.
    pub before: u64,
    /// Bytes of the whole file, where the answer says so. Where it does not, it is encoded on its way.
    pub of: Option<u64>,
    /// Bits for each second that such an answer is to have, where the request says that.
    pub rate: Option<u64>,
}

/// Segments of a film, as a request speaks of them.
#[derive(Clone, Copy, Debug)]
pub struct Segments<'a> {
    /// The length of the one that was handed out, as the request says.
    pub passed: Option<Duration>,
    /// How long they are to be, where the request says that.
    pub asked: Option<Duration>,
    /// The play session: Jellyfin makes segments once for each, as long as whoever asked first wanted them.
    pub play_session: Option<&'a str>,
}

/// What ends watching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EndsBy {
    /// The hours of the day; nobody gives more of them.
    Hours,
    /// The screen time of the day.
    ScreenTime,
}

/// The end of watching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct End {
    at: Timestamp,
    by: EndsBy,
}

/// How much a profile watched today, and how much more it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Today {
    /// Watched, or delivered ahead.
    pub used: Duration,
    /// Left of the day's screen time; `None` for no limit.
    pub left: Option<Duration>,
    /// Whether its hours are open now: outside them more screen time helps nobody.
    pub is_open_now: bool,
}

impl Today {
    /// Minutes that were watched, rounded down.
    pub const fn used_minutes(&self) -> u64 {
        watched_minutes(self.used)
    }

    /// Minutes that are left, rounded up.
    pub fn left_minutes(&self) -> Option<u64> {
        self.left.map(left_minutes)
    }
}

/// Minutes of what was watched, rounded down: the same number wherever it is shown.
pub(crate) const fn watched_minutes(used: Duration) -> u64 {
    used.as_secs() / 60
}

/// Minutes of what is left, rounded up: with those that were watched they are the limit, and nobody whose time is not over is
/// told that nothing is left.
fn left_minutes(left: Duration) -> u64 {
    let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    seconds.div_ceil(60)
}

impl Accounts {
    /// Whether hours and screen time let a user watch now. Who is no profile always may.
    pub async fn may_watch_now(&self, user: UserId) -> Result<bool, AccountError> {
        let Some((_, profile)) = self.profile_of_user(user).await? else {
            return Ok(true);
        };
        let (now, zone) = (self.now(), &self.inner.options.people_zone);
        if !self.is_open_at(&profile, now) {
            return Ok(false);
        }
        let limit = profile.limits.screen_time;
        if limit == DailyMinutes::UNLIMITED {
            return Ok(true);
        }
        let time = self.screen_time_of(profile.id).await?;
        Ok(time.left(limit, zone, now) != Some(Duration::ZERO))
    }

    /// Notes what somebody watches. `user` is whom an API key asks for.
    pub async fn note_playing(
        &self,
        token: &SecretText,
        user: Option<UserId>,
        playing: Playing<'_>,
    ) -> Result<(), AccountError> {
        let Some((profile, screen)) = self.screen_of(token, user).await? else {
            return Ok(());
        };
        let now = self.now();
        let noted = match playing {
            Playing::Screen => Noted::Reported,
            Playing::Rests => Noted::Rests,
            Playing::Segments(segments) => {
                let longest = self
                    .memory
                    .screens
                    .longest_asked(profile.id, &segments, now);
                match segments.passed {
                    Some(length) => Noted::Delivered(length.max(longest)),
                    None => return Ok(()),
                }
            }
            Playing::Film(passed) => {
                let shown = passed.item.zip(profile.user);
                let shown = shown.and_then(|(item, user)| self.shown(user, item));
                let length = shown.and_then(|shown| delivered(&shown, &passed));
                length.map_or(Noted::Flows, Noted::Delivered)
            }
        };
        self.memory.screens.note(profile.id, &screen, noted, now);
        self.write_screen_time(profile.id, WRITTEN_APART).await
    }

    /// Somebody wanted to watch and may not now: the screen says why, as soon as it can.
    pub async fn note_turned_away(&self, token: &SecretText) -> Result<(), AccountError> {
        if let Some((profile, screen)) = self.screen_of(token, None).await? {
            let now = self.now();
            self.memory.screens.turn_away(profile.id, &screen, now);
        }
        Ok(())
    }

    /// How much a profile watched today.
    pub async fn watched_today(&self, profile: &Profile) -> Result<Today, AccountError> {
        let (now, zone) = (self.now(), &self.inner.options.people_zone);
        let time = self.screen_time_of(profile.id).await?;
        Ok(Today {
            used: time.used(&Day::of(now, zone)),
            left: time.left(profile.limits.screen_time, zone, now),
            is_open_now: self.is_open_at(profile, now),
        })
    }

    /// What every process knows of a profile's screen time, from today on.
    pub(crate) async fn screen_time_of(&self, id: ProfileId) -> Result<ScreenTime, AccountError> {
        let now = self.now();
        if let Some(known) = self.memory.screens.known(id, now) {
            return Ok(known);
        }
        let today = Day::of(now, &self.inner.options.people_zone);
        let mut together = ScreenTime::default();
        for time in self
            .inner
            .store
            .screen_times(id, today.date)
            .await?
            .values()
        {
            together.merge(time);
        }
        Ok(self.memory.screens.learn(id, &together, today.start, now))
    }

    /// Adds to the database what this process noted, unless it did so a moment ago.
    async fn write_screen_time(&self, id: ProfileId, apart: Duration) -> Result<(), AccountError> {
        let screens = &self.memory.screens;
        let Some(unwritten) = screens.take_unwritten(id, self.now(), apart) else {
            return Ok(());
        };
        let written = self.add_screen_time(id, &unwritten).await;
        if written.is_err() {
            screens.give_back(id, &unwritten);
        }
        written
    }

    async fn add_screen_time(&self, id: ProfileId, time: &ScreenTime) -> Result<(), AccountError> {
        let zone = &self.inner.options.people_zone;
        let today = Day::of(self.now(), zone);
        // Yesterday ends while somebody watches, and what is delivered ahead may be for tomorrow.
        let days = [
            Day::of(today.start - Duration::from_millis(1), zone),
            today,
            Day::of(today.end, zone),
        ];
        let replica = self.memory.screens.replica(&*self.inner.entropy);
        let tx = self.inner.store.begin().await?;
        for day in days {
            if time.used(&day) > Duration::ZERO {
                tx.add_screen_time(id, day.date, replica, time).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// The profile that holds a token, and the device that shows it; `None` for everybody else.
    async fn screen_of(
        &self,
        token: &SecretText,
        user: Option<UserId>,
    ) -> Result<Option<(Profile, Screen)>, AccountError> {
        let entry = self.entry(token, None, None).await?;
        let (user, device_id) = match (entry.holder, user) {
            (
                Some(Holder::User {
                    user, device_id, ..
                }),
                _,
            ) => (user, device_id),
            (Some(Holder::ApiKey), Some(user)) => (user, String::new()),
            (Some(Holder::ApiKey) | None, _) => return Ok(None),
        };
        let found = self.profile_of_user(user).await?;
        let screen = Screen {
            token: token.hash(),
            device_id,
        };
        Ok(found.map(|(_, profile)| (profile, screen)))
    }

    /// Whether the hours of a profile are open: its own, and those that Jellyfin sets to its owner.
    pub(crate) fn is_open_at(&self, profile: &Profile, now: Timestamp) -> bool {
        let options = &self.inner.options;
        let owners = self.memory.screens.owners_hours(profile.account);
        profile.limits.hours.is_open_at(now, &options.people_zone)
            && owners.is_none_or(|owners| owners.is_open_at(now, &options.server_zone))
    }

    /// When what a profile plays has to end, by its hours or its screen time; `None` when neither ends it.
    async fn end_of(&self, profile: &Profile, now: Timestamp) -> Result<Option<End>, AccountError> {
        let options = &self.inner.options;
        let (limits, zone) = (&profile.limits, &options.people_zone);
        let end = |by| move |at| End { at, by };
        let owners = self.memory.screens.owners_hours(profile.account);
        let owners = owners.and_then(|owners| owners.closes_at(now, &options.server_zone));
        let closes = limits.hours.closes_at(now, zone).into_iter().chain(owners);
        let closes = closes.min().map(end(EndsBy::Hours));
        let time = self.screen_time_of(profile.id).await?;
        let used_up = time.ends_at(limits.screen_time, zone, now);
        let used_up = used_up.map(end(EndsBy::ScreenTime));
        Ok(closes.into_iter().chain(used_up).min_by_key(|end| end.at))
    }
}

/// How long what passed of a film plays; `None` where nobody knows.
fn delivered(shown: &ShownItem, passed: &Passed<'_>) -> Option<Duration> {
    let whole = shown.run_time?;
    if let Some(of) = passed.of {
        return Some(part(whole, passed.bytes, of));
    }
    let encoded = Encoded {
        whole,
        size: shown.size(passed.source),
        rate: passed.rate,
    };
    let until_now = encoded.plays(passed.before.saturating_add(passed.bytes));
    let length = until_now.saturating_sub(encoded.plays(passed.before));
    (length > Duration::ZERO).then_some(length)
}

/// How long so many bytes of a film play.
fn part(whole: Duration, bytes: u64, of: u64) -> Duration {
    let millis = whole.as_millis() * u128::from(bytes) / u128::from(of.max(1));
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)).min(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_watched_and_what_is_left_are_the_limit_to_the_millisecond() {
        let limit = Duration::from_mins(3);
        for used in [
            0, 1, 59_999, 60_000, 60_001, 99_500, 100_000, 179_999, 180_000,
        ] {
            let used = Duration::from_millis(used);
            let today = Today {
                used,
                left: Some(limit.saturating_sub(used)),
                is_open_now: true,
            };
            let left = today.left_minutes().unwrap();
            assert_eq!(today.used_minutes() + left, 3, "{used:?}");
            assert_eq!(left == 0, used == limit, "{used:?}");
        }
    }
}
