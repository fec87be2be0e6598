//! Holding an answer: who approves within seconds need not press "sign in" a second time.
//!
//! Invariant: nothing waits in a process that another process would need. What is looked at is the row of the press, so that
//! an approval counts wherever it is posted; a client that hangs up takes nothing with it but its own waiting.
use std::pin::pin;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;
use usher_domain::time::{Clock, Timestamp};

/// Answers that one process holds at the same time; beyond it a client is answered at once.
pub(crate) const HELD_AT_ONCE: usize = 64;

/// How long the most patient clients wait: as long as the proxies before them.
pub const LONGEST_HOLD: Duration = Duration::from_secs(50);

/// Between two looks at whether somebody has approved by another process.
const APART: Duration = Duration::from_millis(500);

/// How long a client that is not named below waits for certain.
const LONG_ENOUGH: Duration = Duration::from_secs(8);

/// By what its `Client=` begins with, how long a client waits: its own time-out, with a margin.
const PATIENCE: [(&str, Duration); 20] = [
    ("jellyfin web", LONGEST_HOLD),
    ("jellyfin android tv", Duration::from_secs(25)),
    ("android tv", Duration::from_secs(25)),
    ("jellyfin android", LONGEST_HOLD),
    ("jellyfin ios", LONGEST_HOLD),
    ("jellyfin media player", LONGEST_HOLD),
    ("jellyfin desktop", LONGEST_HOLD),
    ("jellyfin for", LONGEST_HOLD),
    ("jellyfin xbox", LONGEST_HOLD),
    ("jellyfin roku", Duration::from_secs(25)),
    ("roku", Duration::from_secs(25)),
    ("jellyfin mpv shim", Duration::from_secs(25)),
    ("wholphin", Duration::from_secs(25)),
    ("swiftfin", Duration::from_secs(15)),
    ("jellyfin swiftfin", Duration::from_secs(15)),
    ("streamyfin", LONGEST_HOLD),
    ("finamp", LONGEST_HOLD),
    ("kodi", Duration::from_secs(8)),
    ("findroid", Duration::from_secs(8)),
    ("tsukimi", Duration::from_secs(8)),
];

/// How long an answer to this client may be held.
pub(super) fn patience_of(client: &str) -> Duration {
    let client = client.to_ascii_lowercase();
    let known = PATIENCE.iter().find(|(name, _)| client.starts_with(name));
    known.map_or(LONG_ENOUGH, |(_, patience)| *patience)
}

/// What one look finds.
pub(super) enum Look<Found> {
    /// Nothing has happened yet.
    Waits,
    /// It is over, one way or the other.
    Over(Found),
}

/// An answer that is held.
pub(super) struct Hold<'a> {
    /// By which the client's patience is measured.
    pub(super) clock: &'a dyn Clock,
    /// When the client would give up.
    pub(super) until: Timestamp,
    /// Told when something happened in this process.
    pub(super) news: &'a Notify,
}

impl Hold<'_> {
    /// Looks again and again, until it is over or the time has passed. `None`: it has passed.
    pub(super) async fn or_until<Found, Fault, Looking>(
        &self,
        mut look: impl FnMut() -> Looking,
    ) -> Result<Option<Found>, Fault>
    where
        Looking: Future<Output = Result<Look<Found>, Fault>>,
    {
        loop {
            // Listens before it looks: what happens in between wakes it, too.
            let mut news = pin!(self.news.notified());
            news.as_mut().enable();
            if let Look::Over(found) = look().await? {
                return Ok(Some(found));
            }
            let left = self.until.since(self.clock.now());
            if left.is_zero() {
                return Ok(None);
            }
            // Woken or not: it looks.
            let _woken_or_not = timeout(APART.min(left), news).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use usher_domain::time::TestClock;

    use super::*;

    const EIGHT: Duration = Duration::from_secs(8);

    #[test]
    fn each_client_is_held_no_longer_than_it_waits() {
        for (client, seconds) in [
            ("Jellyfin Web", 50),
            ("Jellyfin Android TV", 25),
            ("Android TV", 25),
            ("Jellyfin Android", 50),
            ("Swiftfin iOS", 15),
            ("Jellyfin Roku", 25),
            ("Kodi", 8),
            ("Findroid", 8),
            ("Wholphin", 25),
            ("A program of tomorrow", 8),
            ("", 8),
        ] {
            let held = patience_of(client);
            assert_eq!(held, Duration::from_secs(seconds), "{client}");
            assert!(held <= LONGEST_HOLD, "{client}");
        }
    }

    /// Holds an answer for eight seconds that each look finds like this. Answers what was found, and after how long; each
    /// look takes a second of the clock.
    async fn hold<Fault>(
        news: &Notify,
        mut look: impl FnMut(Duration) -> Result<Look<&'static str>, Fault>,
    ) -> (Result<Option<&'static str>, Fault>, Duration) {
        let began = Timestamp::from_millis(0);
        let clock = TestClock::at(began);
        let hold = Hold {
            clock: &clock,
            until: began + EIGHT,
            news,
        };
        let found = hold
            .or_until(|| {
                let looked = look(clock.now().since(began));
                clock.advance(Duration::from_secs(1));
                async { looked }
            })
            .await;
        (found, clock.now().since(began))
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_held_as_long_as_nothing_happens_and_not_longer() {
        let (found, after) = hold(&Notify::new(), |_| Ok::<_, ()>(Look::Waits)).await;
        assert_eq!((found, after), (Ok(None), EIGHT));
    }

    #[tokio::test(start_paused = true)]
    async fn an_approval_by_another_process_ends_the_wait_at_the_next_look() {
        let approved = Duration::from_secs(2);
        let (found, _) = hold(&Notify::new(), |after| {
            Ok::<_, ()>(if after < approved {
                Look::Waits
            } else {
                Look::Over("approved")
            })
        })
        .await;
        assert_eq!(found, Ok(Some("approved")));
    }

    #[tokio::test(start_paused = true)]
    async fn news_that_come_while_one_looks_are_not_slept_through() {
        let (news, looks) = (Notify::new(), Cell::new(0));
        let began = tokio::time::Instant::now();
        let (found, _) = hold(&news, |_| {
            looks.set(looks.get() + 1);
            Ok::<_, ()>(if looks.get() == 1 {
                news.notify_waiters();
                Look::Waits
            } else {
                Look::Over("approved")
            })
        })
        .await;
        assert_eq!(found, Ok(Some("approved")));
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_fault_ends_the_wait() {
        let (found, _) = hold(&Notify::new(), |_| Err("away")).await;
        assert_eq!(found, Err("away"));
    }
}
