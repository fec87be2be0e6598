//! Placeholder of `throttle`.
