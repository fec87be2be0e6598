//! Holding an answer: who approves within seconds need not press "sign in" a second time.
//!
//! Invariant: nothing waits in a process that another process would need. What is looked at is the row of the press, so that
//! an approval counts wherever it is posted; a client that hangs up takes nothing with it but its own waiting.
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Answers that one process holds at the same time; beyond it a client is answered at once.
pub(crate) const HELD_AT_ONCE: usize = 64;

/// Between two looks at whether somebody has approved.
const APART: Duration = Duration::from_millis(500);

/// How long a client that is not named below waits for certain.
const LONG_ENOUGH: Duration = Duration::from_secs(8);

/// By what its `Client=` begins with, how long a client waits: its own time-out, with a margin.
const PATIENCE: [(&str, Duration); 20] = [
    ("jellyfin web", Duration::from_secs(50)),
    ("jellyfin android tv", Duration::from_secs(25)),
    ("android tv", Duration::from_secs(25)),
    ("jellyfin android", Duration::from_secs(50)),
    ("jellyfin ios", Duration::from_secs(50)),
    ("jellyfin media player", Duration::from_secs(50)),
    ("jellyfin desktop", Duration::from_secs(50)),
    ("jellyfin for", Duration::from_secs(50)),
    ("jellyfin xbox", Duration::from_secs(50)),
    ("jellyfin roku", Duration::from_secs(25)),
    ("roku", Duration::from_secs(25)),
    ("jellyfin mpv shim", Duration::from_secs(25)),
    ("wholphin", Duration::from_secs(25)),
    ("swiftfin", Duration::from_secs(15)),
    ("jellyfin swiftfin", Duration::from_secs(15)),
    ("streamyfin", Duration::from_secs(50)),
    ("finamp", Duration::from_secs(50)),
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

/// Looks again and again, until it is over or this time has passed. `None`: it has passed.
pub(super) async fn until<Found, Fault, Looking>(
    longest: Duration,
    mut look: impl FnMut() -> Looking,
) -> Result<Option<Found>, Fault>
where
    Looking: Future<Output = Result<Look<Found>, Fault>>,
{
    let end = Instant::now() + longest;
    while Instant::now() < end {
        sleep(APART).await;
        if let Look::Over(found) = look().await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_held_as_long_as_nothing_happens_and_not_longer() {
        let began = Instant::now();
        let longest = Duration::from_secs(8);
        let looked = || async { Ok::<_, ()>(Look::<()>::Waits) };
        assert_eq!(until(longest, looked).await, Ok(None));
        assert_eq!(began.elapsed(), longest);
    }

    #[tokio::test(start_paused = true)]
    async fn an_approval_ends_the_wait_at_the_next_look() {
        let began = Instant::now();
        let approved = began + Duration::from_secs(2);
        let looked = || async move {
            Ok::<_, ()>(if Instant::now() < approved {
                Look::Waits
            } else {
                Look::Over("approved")
            })
        };
        let found = until(Duration::from_secs(25), looked).await;
        assert_eq!(found, Ok(Some("approved")));
        assert!(began.elapsed() <= Duration::from_secs(2) + APART);
    }

    #[tokio::test(start_paused = true)]
    async fn a_fault_ends_the_wait() {
        let looked = || async { Err::<Look<()>, _>("away") };
        assert_eq!(until(Duration::from_secs(8), looked).await, Err("away"));
    }
}
