//! How long something takes yet, as pages say it.
use std::time::Duration;

use usher_domain::time::Timestamp;

use super::frame::Frame;

/// Seconds that are left until a moment: the next one that begins. Zero where there is none, or it is over.
pub(super) fn seconds_until(moment: Option<Timestamp>, now: Timestamp) -> u64 {
    let left = moment.map_or(Duration::ZERO, |moment| moment.since(now));
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

/// A text with a span in whole minutes: the next one that begins.
pub(super) fn waiting(frame: &Frame, key: &str, span: Duration) -> String {
    let minutes = span.as_secs().div_ceil(60).max(1);
    frame.with(key, "span", &frame.tongue.minutes(minutes))
}

/// When another mail can be sent.
pub(super) fn mail_waiting(frame: &Frame, span: Duration) -> String {
    waiting(frame, "web-mail-wait", span)
}

/// Days that are left until a moment, in words: the next one that begins.
pub(super) fn days_until(frame: &Frame, moment: Timestamp, now: Timestamp) -> String {
    let days = moment.since(now).as_secs().div_ceil(24 * 60 * 60);
    frame.tongue.days(days)
}
