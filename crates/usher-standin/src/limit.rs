//! When, from where, and on what a user may come: the rules that are judged on top of a valid token or password.
use std::net::IpAddr;

use serde_json::Value;
use usher_domain::entropy::Entropy;
use usher_domain::time::{Clock, Timestamp};

use crate::state::User;

/// The present moment and fresh randomness, as every step needs them.
#[derive(Clone, Copy)]
pub(crate) struct Now<'a> {
    pub(crate) clock: &'a dyn Clock,
    pub(crate) entropy: &'a dyn Entropy,
}

impl Now<'_> {
    pub(crate) fn at(&self) -> Timestamp {
        self.clock.now()
    }

    /// Random bytes in hexadecimal, lower case.
    pub(crate) fn hex(&self, bytes: usize) -> String {
        use std::fmt::Write;
        let mut buffer = vec![0; bytes];
        self.entropy.fill(&mut buffer);
        buffer.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// Six random digits.
    pub(crate) fn six_digits(&self) -> String {
        let mut buffer = [0; 4];
        self.entropy.fill(&mut buffer);
        format!("{:06}", u32::from_le_bytes(buffer) % 1_000_000)
    }
}

/// A moment as .NET writes it.
pub(crate) fn moment(at: Timestamp) -> String {
    format!("{:.7}", at.to_jiff())
}

/// Whether an address counts as the local network.
pub(crate) fn is_local(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(four) => four.is_loopback() || four.is_private() || four.is_link_local(),
        IpAddr::V6(six) => {
            six.is_loopback() || six.is_unique_local() || six.is_unicast_link_local()
        }
    }
}

/// Whether the user may come from this address.
pub(crate) fn may_come_from(user: &User, address: IpAddr) -> bool {
    is_local(address) || user.may("EnableRemoteAccess")
}

/// Whether the hours are open; no schedule at all means always.
pub(crate) fn is_open_now(user: &User, now: Timestamp) -> bool {
    let schedules = user.policy.get("AccessSchedules").and_then(Value::as_array);
    schedules.is_none_or(|list| list.is_empty() || list.iter().any(|schedule| is_in(schedule, now)))
}

fn is_in(schedule: &Value, now: Timestamp) -> bool {
    const DAYS: [&str; 7] = [
        "Sunday",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
    ];
    const DAY_MS: i64 = 86_400_000;
    let weekday =
        usize::try_from((now.as_millis().div_euclid(DAY_MS) + 4).rem_euclid(7)).unwrap_or(0);
    let is_weekend = weekday == 0 || weekday == 6;
    let is_day = match schedule["DayOfWeek"].as_str().unwrap_or_default() {
        "Everyday" => true,
        "Weekday" => !is_weekend,
        "Weekend" => is_weekend,
        day => DAYS.get(weekday) == Some(&day),
    };
    let hour = |name: &str| schedule[name].as_f64().unwrap_or(0.0);
    #[expect(clippy::cast_precision_loss, reason = "a share of a day")]
    let time = now.as_millis().rem_euclid(DAY_MS) as f64 / 3_600_000.0;
    is_day
        && time >= hour("StartHour")
        && time <= hour("EndHour")
        && hour("EndHour") > hour("StartHour")
}

/// Whether the user may use this device.
pub(crate) fn may_use_device(user: &User, device_id: &str) -> bool {
    let list = user.policy.get("EnabledDevices").and_then(Value::as_array);
    let is_listed = list.is_some_and(|list| {
        list.iter().any(|id| {
            id.as_str()
                .is_some_and(|id| id.eq_ignore_ascii_case(device_id))
        })
    });
    user.may("EnableAllDevices") || user.is_administrator() || is_listed
}
