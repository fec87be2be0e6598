//! A set of moments, as spans.
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Spans in order and apart from each other, each `[from, until)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    from = "Vec<(Timestamp, Timestamp)>",
    into = "Vec<(Timestamp, Timestamp)>"
)]
pub(super) struct Spans(Vec<(Timestamp, Timestamp)>);

impl Spans {
    pub(super) fn add(&mut self, from: Timestamp, until: Timestamp) {
        self.0.push((from, until));
        self.join();
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
        self.join();
    }

    pub(super) fn forget_before(&mut self, moment: Timestamp) {
        for (from, _) in &mut self.0 {
            *from = (*from).max(moment);
        }
        self.0.retain(|(from, until)| from < until);
    }

    /// How much of the time between two moments is in the set.
    pub(super) fn within(&self, from: Timestamp, until: Timestamp) -> Duration {
        let parts = self.0.iter();
        parts
            .map(|(start, end)| (*end).min(until).since((*start).max(from)))
            .sum()
    }

    /// The moment from which on the set has to grow, once `free` was used up of what is not in it after `from`.
    pub(super) fn after_free(&self, from: Timestamp, free: Duration) -> Timestamp {
        let (mut place, mut free) = (from, free);
        for (start, end) in &self.0 {
            let gap = start.since(place);
            if *end <= place {
                continue;
            }
            if gap > free {
                break;
            }
            free -= gap;
            place = *end;
        }
        place + free
    }

    fn join(&mut self) {
        self.0.retain(|(from, until)| from < until);
        self.0.sort_unstable();
        let mut joined: Vec<(Timestamp, Timestamp)> = Vec::with_capacity(self.0.len());
        for (from, until) in self.0.drain(..) {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => joined.push((from, until)),
            }
        }
        self.0 = joined;
    }
}

impl From<Vec<(Timestamp, Timestamp)>> for Spans {
    fn from(spans: Vec<(Timestamp, Timestamp)>) -> Self {
        let mut set = Self(spans);
        set.join();
        set
    }
}

impl From<Spans> for Vec<(Timestamp, Timestamp)> {
    fn from(set: Spans) -> Self {
        set.0
    }
}
