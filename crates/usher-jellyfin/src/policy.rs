//! What a user may do. Jellyfin takes a policy only whole, so the whole of it is kept beside the fields that Usher reads.
use jiff::civil::Weekday;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::JellyfinError;
use crate::item::Reach;

/// Who judges the passwords of a Jellyfin that has no plugin for it.
const DEFAULT_PROVIDER: &str =
    "Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider";

/// A user's policy. What is written back is `whole`: the other fields are a reading of it, changed by [`Policy::with`].
#[expect(clippy::struct_excessive_bools, reason = "Jellyfin's own switches")]
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Policy {
    /// Administers the server.
    pub is_administrator: bool,
    /// Is refused everywhere, and has no token.
    pub is_disabled: bool,
    /// Is left out of the list of faces.
    pub is_hidden: bool,
    /// May come from other networks than private ones.
    pub enable_remote_access: bool,
    /// May drive other people's sessions.
    pub enable_remote_control_of_other_users: bool,
    /// May play anything.
    pub enable_media_playback: bool,
    /// May download.
    pub enable_content_downloading: bool,
    /// How many sessions at once; 0 or less for no limit.
    pub max_active_sessions: i64,
    /// May use every device.
    pub enable_all_devices: bool,
    /// The device ids that may be used otherwise.
    pub enabled_devices: Vec<String>,
    /// Sees every library.
    pub enable_all_folders: bool,
    /// The libraries that are seen otherwise: item ids.
    pub enabled_folders: Vec<String>,
    /// When the server may be used, in its own time zone; none at all for always.
    pub access_schedules: Vec<Schedule>,
    /// The highest rating score that is seen; `None` for no limit.
    pub max_parental_rating: Option<i64>,
    /// After how many wrong passwords Jellyfin 12 disables the account; 0 or less for never. 10.11 never does.
    pub login_attempts_before_lockout: i64,
    /// Who judges the password.
    pub authentication_provider_id: String,
    /// All of it, as Jellyfin gave it.
    pub whole: Map<String, Value>,
}

/// A span of hours on some days, both ends included.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Schedule {
    /// A day's English name, or `Everyday`, `Weekday`, `Weekend`.
    pub day_of_week: String,
    /// From which hour, 0 to 24, with its fraction.
    pub start_hour: f64,
    /// Until which hour. At or before the start, the span is empty.
    pub end_hour: f64,
}

/// The fields that decide who gets in are never guessed: without one of them the policy cannot be read.
#[expect(clippy::struct_excessive_bools, reason = "Jellyfin's own switches")]
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Fields {
    is_administrator: bool,
    is_disabled: bool,
    #[serde(default)]
    is_hidden: bool,
    enable_remote_access: bool,
    #[serde(default)]
    enable_remote_control_of_other_users: bool,
    #[serde(default)]
    enable_media_playback: bool,
    #[serde(default)]
    enable_content_downloading: bool,
    #[serde(default)]
    max_active_sessions: i64,
    enable_all_devices: bool,
    #[serde(default)]
    enabled_devices: Vec<String>,
    #[serde(default)]
    enable_all_folders: bool,
    #[serde(default)]
    enabled_folders: Vec<String>,
    #[serde(default)]
    access_schedules: Vec<Schedule>,
    #[serde(default)]
    max_parental_rating: Option<i64>,
    #[serde(default)]
    login_attempts_before_lockout: i64,
    #[serde(default)]
    authentication_provider_id: String,
}

impl TryFrom<Map<String, Value>> for Policy {
    type Error = serde_json::Error;

    fn try_from(whole: Map<String, Value>) -> Result<Self, Self::Error> {
        let fields: Fields = serde_json::from_value(Value::Object(whole.clone()))?;
        Ok(Self {
            is_administrator: fields.is_administrator,
            is_disabled: fields.is_disabled,
            is_hidden: fields.is_hidden,
            enable_remote_access: fields.enable_remote_access,
            enable_remote_control_of_other_users: fields.enable_remote_control_of_other_users,
            enable_media_playback: fields.enable_media_playback,
            enable_content_downloading: fields.enable_content_downloading,
            max_active_sessions: fields.max_active_sessions,
            enable_all_devices: fields.enable_all_devices,
            enabled_devices: fields.enabled_devices,
            enable_all_folders: fields.enable_all_folders,
            enabled_folders: fields.enabled_folders,
            access_schedules: fields.access_schedules,
            max_parental_rating: fields.max_parental_rating,
            login_attempts_before_lockout: fields.login_attempts_before_lockout,
            authentication_provider_id: fields.authentication_provider_id,
            whole,
        })
    }
}

impl Policy {
    /// Whether somebody else than Jellyfin judges the password (LDAP, single sign-on). A user without a provider is judged
    /// by Jellyfin; names of providers have no letter case there.
    pub fn lives_elsewhere(&self) -> bool {
        let provider = self.authentication_provider_id.as_str();
        !provider.is_empty() && !provider.eq_ignore_ascii_case(DEFAULT_PROVIDER)
    }

    /// Whether the hours are open on a day at an hour (0 to 24, with its fraction) of the server's time zone. Jellyfin does
    /// not hold administrators to it.
    pub fn hours_allow(&self, weekday: Weekday, hour: f64) -> bool {
        self.access_schedules.is_empty()
            || self
                .access_schedules
                .iter()
                .any(|schedule| schedule.holds(weekday, hour))
    }

    /// What of the library the user may have.
    pub fn reach(&self) -> Reach {
        Reach::of_policy(&self.whole)
    }

    /// The policy with one field of Jellyfin's changed. An error when the value has not that field's form.
    pub fn with(&self, name: &str, value: impl Into<Value>) -> Result<Self, JellyfinError> {
        let mut whole = self.whole.clone();
        whole.insert(name.to_owned(), value.into());
        Self::try_from(whole).map_err(JellyfinError::Unreadable)
    }
}

impl Schedule {
    /// Jellyfin's own rule, but for one moment: a span from 0 to 0 is closed at midnight too, because it is how "never" is
    /// written.
    fn holds(&self, weekday: Weekday, hour: f64) -> bool {
        let is_weekend = matches!(weekday, Weekday::Saturday | Weekday::Sunday);
        let is_day = match self.day_of_week.as_str() {
            "Everyday" => true,
            "Weekday" => !is_weekend,
            "Weekend" => is_weekend,
            day => day == name_of(weekday),
        };
        is_day
            && self.end_hour > self.start_hour
            && (self.start_hour..=self.end_hour).contains(&hour)
    }
}

const fn name_of(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

#[cfg(test)]
mod tests;
