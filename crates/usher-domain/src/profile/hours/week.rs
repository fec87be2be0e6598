//! Spans on the circle of a week, in minutes since Monday 0:00.
use super::WEEK;

/// Adds a span of `length` minutes from `from`; what goes past Sunday goes on at Monday.
pub(super) fn add_wrapped(spans: &mut Vec<(u16, u16)>, from: u16, length: u16) {
    let until = from.saturating_add(length);
    spans.push((from, until.min(WEEK)));
    if until > WEEK {
        spans.push((0, (until - WEEK).min(WEEK)));
    }
}

/// The same minutes in order, with what overlaps or touches made one.
pub(super) fn joined(mut spans: Vec<(u16, u16)>) -> Vec<(u16, u16)> {
    spans.sort_unstable();
    let mut joined: Vec<(u16, u16)> = Vec::with_capacity(spans.len());
    for (from, until) in spans {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ if from < until => joined.push((from, until)),
            _ => {}
        }
    }
    joined
}
