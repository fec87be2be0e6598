//! What is done from time to time: looking at Jellyfin's users and its activity log, finishing what a crash left, forgetting what is over.
//!
//! Every job can be repeated, and any number of processes may do it at the same time.
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::unfinished::TOLD_APART;
use crate::web_session::IDLE;
use crate::{AccountError, Accounts};

/// How often Jellyfin's users and its activity log are looked at (design, section 3).
const LOOK: Duration = Duration::from_secs(30);

/// How often screens are looked at: what is over ends on them within ten seconds (design, section 7).
const SCREENS: Duration = Duration::from_secs(5);

/// After how long Jellyfin's users are looked at for the sake of a name that nobody here has: its answer has left by then, so
/// that the look does not make it slower (R28).
const LOOK_SOON: Duration = Duration::from_secs(1);

/// How often what is over is forgotten.
const FORGET: Duration = Duration::from_mins(10);

/// How long what has ended is kept, for whoever asks why.
const KEEP: Duration = Duration::from_hours(24);

/// How long an ended token is kept: longer than tokens of others are adopted, so that none comes back (R56).
const KEEP_TOKENS: Duration = Duration::from_hours(400 * 24);

/// How long a line of the activity log is kept (R72), what is known of an API key that no longer comes, and a request that is
/// done.
const KEEP_LINES: Duration = Duration::from_hours(180 * 24);

/// Lines of the activity log that an account keeps, the newest: right sign-ins are not counted, and a program with a password of
/// its own may sign in all day.
const LINES_MAX: u64 = 5_000;

impl Accounts {
    /// Does every job at its times, until the task is dropped. A fault is logged and the job done again next time.
    pub async fn run_jobs(&self) {
        // Whoever watches too long does not wait for a slow look at Jellyfin's users.
        tokio::join!(self.keep_house(), self.keep_screens(), self.keep_copies());
    }

    /// By itself: whatever is copied, Jellyfin's users are looked at in time.
    async fn keep_copies(&self) {
        let mut copies = interval(LOOK);
        copies.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            copies.tick().await;
            log(
                "Watched marks could not be copied",
                self.copy_marks_on().await,
            );
        }
    }

    async fn keep_screens(&self) {
        let mut screens = interval(SCREENS);
        screens.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            screens.tick().await;
            log(
                "Screens could not be looked at",
                self.look_at_screens().await,
            );
        }
    }

    async fn keep_house(&self) {
        let (mut look, mut forget) = (interval(LOOK), interval(FORGET));
        for timer in [&mut look, &mut forget] {
            timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        loop {
            tokio::select! {
                _due = look.tick() => {
                    log("Jellyfin's users could not be looked at", self.look_at_users().await);
                    log("Jellyfin's activity log could not be read", self.look_at_log().await);
                    log("Half-made users could not be finished", self.finish_creations().await);
                    log("Ended tokens could not be signed out in Jellyfin", self.sign_out_what_ended().await);
                    log("Profiles could not be looked after", self.keep_profiles().await);
                    log("Sign-ins that were left could not be told of", self.tell_unfinished().await);
                }
                () = self.memory.look_wanted().notified() => {
                    sleep(LOOK_SOON).await;
                    log("Jellyfin's users could not be looked at", self.look_at_users().await);
                }
                _due = forget.tick() => {
                    log("What is over could not be forgotten", self.forget_what_is_over().await);
                }
            }
        }
    }

    /// Forgets attempts, codes, tickets, counts, ended tokens and sessions, and what second factors leave behind, once nothing
    /// depends on it any more; lines of the activity log and requests after 180 days (R72), and whatever lines of an account are too many.
    pub async fn forget_what_is_over(&self) -> Result<(), AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        tx.forget_attempts(now - KEEP).await?;
        tx.forget_challenges(now - KEEP).await?;
        tx.forget_ceremonies(now).await?;
        tx.forget_presses(now - KEEP).await?;
        tx.forget_trusted_browsers(now).await?;
        tx.forget_unfinished(now - KEEP - TOLD_APART).await?;
        tx.forget_tickets(now - KEEP).await?;
        tx.forget_named(now - KEEP).await?;
        tx.forget_quick_connects(now - KEEP).await?;
        tx.forget_tokens(now - KEEP_TOKENS).await?;
        tx.forget_web_sessions(now - IDLE).await?;
        tx.forget_activities(now - KEEP_LINES).await?;
        tx.forget_surplus_activities(LINES_MAX).await?;
        tx.forget_api_keys(now - KEEP_LINES).await?;
        tx.forget_requests(now - KEEP_LINES).await?;
        tx.forget_declined_promotions(now - KEEP_LINES).await?;
        self.forget_watching(&tx).await?;
        self.forget_limits(&tx).await?;
        Ok(tx.commit().await?)
    }
}

fn log(what: &'static str, done: Result<(), AccountError>) {
    if let Err(error) = done {
        tracing::warn!(error = &error as &dyn std::error::Error, "{what}");
    }
}
