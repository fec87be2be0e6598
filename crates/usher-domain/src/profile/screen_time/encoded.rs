//! How much of a film passed whose answer tells no length.
use std::time::Duration;

/// A film that is encoded, or packed into another container, on its way: Jellyfin's answer does not say how many bytes there
/// will be. They may leave much faster than anybody watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// How long the film plays.
    pub whole: Duration,
    /// Bytes of the file that it is made of, where that is known.
    pub size: Option<u64>,
    /// Bits for each second that were asked for. More than the file has there cannot be: it may be a lie.
    pub rate: Option<u64>,
}

impl Encoded {
    /// How long so many bytes from the beginning of the answer play, as far as one can know: never more than the film, and
    /// nothing where neither the file's size nor a rate is known.
    ///
    /// Where the answer begins counts for nothing: Jellyfin hands out from its start what it has begun to make for a play
    /// session, whatever `startTimeTicks` says then.
    pub fn plays(&self, bytes: u64) -> Duration {
        let millis = self.whole.as_millis().max(1);
        let of_file = self.size.map(|size| u128::from(size) * 8000 / millis);
        let rate = of_file.into_iter().chain(self.rate.map(u128::from));
        let Some(rate) = rate.filter(|rate| *rate > 0).min() else {
            return Duration::ZERO;
        };
        let millis = u128::from(bytes) * 8000 / rate;
        Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)).min(self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    /// 100 minutes of 8,000 bits a second.
    const FILM: Encoded = Encoded {
        whole: Duration::from_mins(100),
        size: Some(6_000_000),
        rate: None,
    };

    #[test]
    fn bytes_play_as_long_as_they_do_in_the_file_or_at_the_lower_rate_that_was_asked_for() {
        let at = |rate| Encoded {
            rate: Some(rate),
            ..FILM
        };
        for (film, minutes) in [
            (FILM, 10),
            (at(4000), 20),
            (at(80_000), 10),
            (at(0), 10),
            (
                Encoded {
                    size: None,
                    ..at(8000)
                },
                10,
            ),
            (Encoded { size: None, ..FILM }, 0),
            (
                Encoded {
                    size: Some(0),
                    ..FILM
                },
                0,
            ),
        ] {
            assert_eq!(film.plays(600_000), minutes * MINUTE, "{film:?}");
        }
    }

    #[test]
    fn nothing_plays_longer_than_the_film() {
        assert_eq!(FILM.plays(u64::MAX), FILM.whole);
        let none = Encoded {
            whole: Duration::ZERO,
            ..FILM
        };
        assert_eq!(none.plays(60_000), Duration::ZERO);
    }
}
