//! The end of watching, on the screen: a message five minutes before, then playback is stopped.
//!
//! The gate ends streams whether or not a screen can be told. Each process looks after the devices that it sees itself; of
//! several that see one, the first says it.
use usher_domain::id::ProfileId;
use usher_domain::profile::Profile;
use usher_domain::profile::limits::DailyMinutes;
use usher_domain::profile::screen_time::NOTICE;
use usher_domain::time::Timestamp;
use usher_jellyfin::{JellyfinError, SessionInfo};
use usher_text::Tongue;

use super::memory::Told;
use super::{End, EndsBy, left_minutes};
use crate::{AccountError, Accounts};

/// How long a message stands on a screen, in milliseconds.
const SHOWN_MS: u32 = 30_000;

/// The page on which a profile asks for more.
const MORE_TIME: &str = "/usher/more-time";

/// What is due on the screens of a profile.
struct Due {
    profile: Profile,
    /// When it has to end; `None` for no end.
    end: Option<End>,
    /// Devices that wanted to play, and may not now either.
    turned_away: Vec<String>,
}

impl Due {
    fn is_over(&self, now: Timestamp) -> bool {
        self.end.is_some_and(|end| end.at <= now)
    }

    fn is_near(&self, now: Timestamp) -> bool {
        self.end.is_some_and(|end| end.at - NOTICE <= now)
    }
}

impl Accounts {
    /// The job of every few seconds: writes down what was watched, and ends what is over.
    pub async fn look_at_screens(&self) -> Result<(), AccountError> {
        let (now, mut done) = (self.now(), Ok(()));
        for id in self.memory.screens.unwritten() {
            let written = self.write_screen_time(id, std::time::Duration::ZERO).await;
            done = done.and(written);
        }
        let mut due = Vec::new();
        for id in self.memory.screens.lately(now) {
            match self.due(id, now).await {
                Ok(one) => due.extend(one),
                Err(fault) => done = done.and(Err(fault)),
            }
        }
        if due.is_empty() {
            return done;
        }
        let sessions = self.inner.jellyfin.all_sessions().await?;
        for one in &due {
            done = done.and(self.end_screens(one, &sessions).await);
        }
        done
    }

    /// What is due for a profile now, if anything is.
    async fn due(&self, id: ProfileId, now: Timestamp) -> Result<Option<Due>, AccountError> {
        let screens = &self.memory.screens;
        let Some(stored) = self.inner.store.profile(id).await? else {
            return Ok(None);
        };
        let profile = stored.profile;
        let mut turned_away = screens.take_turned_away(id, now);
        if let Some(user) = profile.user.filter(|_| !turned_away.is_empty())
            && self.may_watch_now(user).await?
        {
            turned_away.clear();
        }
        let due = Due {
            end: self.end_of(&profile, now).await?,
            turned_away,
            profile,
        };
        let is_near = due.is_near(now);
        if !is_near {
            // More was given, or another day began.
            screens.forget_told(id);
        }
        Ok((is_near || !due.turned_away.is_empty()).then_some(due))
    }

    /// Tells the screens of a profile, and stops what plays there when it is over.
    async fn end_screens(&self, due: &Due, sessions: &[SessionInfo]) -> Result<(), AccountError> {
        let (now, screens, id) = (self.now(), &self.memory.screens, due.profile.id);
        let devices = screens.devices(id, now);
        let own = sessions.iter().filter(|session| {
            session.user.is_some()
                && session.user == due.profile.user
                && devices.contains(&session.device_id)
        });
        let is_over = due.is_over(now);
        let (mut listeners, mut done) = (Vec::new(), Ok(()));
        for session in own {
            let plays = session.now_playing.is_some();
            if is_over && plays {
                let stopped = self.inner.jellyfin.stop_playing(&session.id).await;
                log("A screen could not be stopped", stopped);
            }
            let told = screens.told(id, &session.id);
            let is_turned_away = due.turned_away.contains(&session.device_id);
            let (kind, says) = if is_turned_away {
                ("turned_away", Told::Over)
            } else if plays && is_over && told != Some(Told::Over) {
                ("over", Told::Over)
            } else if plays && due.is_near(now) && told.is_none() {
                ("near", Told::Near)
            } else {
                continue;
            };
            let admitted = self.admit_last_words(id, &session.id, kind).await;
            // Refused, another process says it. After a fault it is said next time. What was delivered ahead of time to one that
            // is turned away may play on, until it is told of the end once more.
            if admitted.is_ok() && !is_turned_away {
                screens.tell(id, &session.id, says);
            }
            match admitted {
                Ok(true) => listeners.push((&session.id, says)),
                Ok(false) => {}
                Err(fault) => done = done.and(Err(fault)),
            }
        }
        for (session, says) in listeners {
            let text = self.last_words(due, says, now).await?;
            let shown = self.inner.jellyfin.message(session, &text, SHOWN_MS).await;
            log("A screen could not be told of its end", shown);
        }
        done
    }

    /// What a screen says: how long what it has may play, or that it is over, and where more can be asked for. Hours are not
    /// given away.
    async fn last_words(
        &self,
        due: &Due,
        says: Told,
        now: Timestamp,
    ) -> Result<String, AccountError> {
        let account = self.account(due.profile.account).await?;
        let tongue = account.map_or_else(Tongue::english, |account| Tongue::of(account.language()));
        let ends_by_hours = due.end.is_some_and(|end| end.by == EndsBy::Hours);
        let (words, is_hours) = match says {
            Told::Near => {
                let left = due.end.map_or(0, |end| left_minutes(end.at.since(now)));
                let left = tongue.minutes(left);
                let near = tongue.with("time-screen-near", &[("left", left.into())]);
                (near, ends_by_hours)
            }
            Told::Over if self.is_open_at(&due.profile, now) => {
                (tongue.t("time-screen-over"), false)
            }
            Told::Over => (tongue.t("time-screen-hours-over"), true),
        };
        if is_hours || due.profile.limits.screen_time == DailyMinutes::UNLIMITED {
            return Ok(words);
        }
        let code = self.code_for_screen(&due.profile).await?;
        let page = format!("{}{MORE_TIME}", self.inner.options.public_url);
        let page = page.trim_start_matches("https://");
        let more = tongue.with(
            "time-screen-more",
            &[("page", page.into()), ("code", code.grouped().into())],
        );
        Ok(format!("{words} {more}"))
    }
}

/// A screen that is gone, or shows nothing, is no fault: the gate ends what flows to it.
fn log(what: &'static str, done: Result<(), JellyfinError>) {
    if let Err(error) = done {
        tracing::debug!(error = &error as &dyn std::error::Error, "{what}");
    }
}
