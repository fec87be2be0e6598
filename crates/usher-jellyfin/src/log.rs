//! Jellyfin's activity log: what is done in it beside Usher.
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use usher_domain::id::UserId;
use usher_domain::time::Timestamp;

use crate::client::Jellyfin;
use crate::error::JellyfinError;

/// Entries that are asked for at once.
const PAGE: usize = 200;

/// Pages that are read in one look: beyond them the oldest entries are given up, and the rest counts.
const PAGES_MAX: usize = 50;

/// What an entry tells, as far as Usher acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum LogKind {
    /// A user was made.
    UserCreated,
    /// A password was set, also an empty one.
    UserPasswordChanged,
    /// Anything else.
    #[serde(other)]
    Other,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LogEntry {
    /// Its number; later ones are higher.
    pub id: i64,
    /// What happened.
    #[serde(rename = "Type")]
    pub kind: LogKind,
    /// Whose; [`UserId::NOBODY`] where it is about no user.
    pub user_id: UserId,
    /// When, by Jellyfin's clock.
    #[serde(deserialize_with = "moment")]
    pub date: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    items: Vec<LogEntry>,
}

fn moment<'de, From: Deserializer<'de>>(from: From) -> Result<Timestamp, From::Error> {
    let text = String::deserialize(from)?;
    let moment: jiff::Timestamp = text.parse().map_err(From::Error::custom)?;
    Ok(Timestamp::from_millis(moment.as_millisecond()))
}

impl Jellyfin {
    /// The newest entry of the log; `None` when it is empty.
    pub async fn newest_log_entry(&self) -> Result<Option<LogEntry>, JellyfinError> {
        Ok(self.log_page(0, 1).await?.pop())
    }

    /// Every entry after the one of this number, the oldest first.
    pub async fn log_after(&self, seen: i64) -> Result<Vec<LogEntry>, JellyfinError> {
        let mut entries = Vec::new();
        for page in 0..PAGES_MAX {
            let found = self.log_page(page * PAGE, PAGE).await?;
            let is_last = found.len() < PAGE || found.iter().any(|entry| entry.id <= seen);
            entries.extend(found.into_iter().filter(|entry| entry.id > seen));
            if is_last {
                break;
            }
        }
        // What is added meanwhile moves the others, so that a page repeats the end of the one before.
        entries.sort_by_key(|entry| entry.id);
        entries.dedup_by_key(|entry| entry.id);
        Ok(entries)
    }

    /// Newest first.
    async fn log_page(&self, start: usize, limit: usize) -> Result<Vec<LogEntry>, JellyfinError> {
        let path = format!("/System/ActivityLog/Entries?startIndex={start}&limit={limit}");
        let page: Page = self.get(&path, &self.own()?).await?.json()?;
        Ok(page.items)
    }
}
