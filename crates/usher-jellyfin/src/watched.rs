//! What a user has begun, watched and marked, and what Jellyfin recommends; and the watched mark itself. All of it with the
//! server's key, for the user who is named: what that user may not see is in no answer.
//!
//! The routes are the same from 10.10 to 12.0.
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use usher_domain::id::{ItemId, UserId};
use usher_domain::time::Timestamp;

use crate::answer::Answer;
use crate::client::{Jellyfin, escaped};
use crate::error::JellyfinError;

/// Left out of lists that only show titles: they would be the larger part of the answer.
const BRIEF: &str = "enableImageTypes=Primary&imageTypeLimit=1&enableTotalRecordCount=false";

/// A film, an episode or a series, with what one user did with it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Row")]
pub struct Title {
    /// The item.
    pub id: ItemId,
    /// Its name; of an episode, that of the episode alone.
    pub name: String,
    /// The year in which it came out.
    pub year: Option<i32>,
    /// The series, where it is an episode.
    pub series: Option<String>,
    /// Season and number, where it is an episode that has them.
    pub number: Option<(i32, i32)>,
    /// How long it is; zero where that is not known, and for a series.
    pub length: Duration,
    /// Whose picture is shown for it, and the tag under which browsers may keep it: its own, or that of its series.
    pub picture: Option<(ItemId, String)>,
    /// How far the user got, where it was begun and not finished; else zero.
    pub position: Duration,
    /// Whether the user has watched it.
    pub is_watched: bool,
    /// When the user last did; `None` for never, and for a mark without a day.
    pub watched: Option<Timestamp>,
}

/// What came of setting or taking a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// It is as asked.
    Done,
    /// There is no such item, or the user may not see it (404).
    NotThere,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    id: ItemId,
    #[serde(default)]
    name: String,
    production_year: Option<i32>,
    series_name: Option<String>,
    series_id: Option<ItemId>,
    series_primary_image_tag: Option<String>,
    parent_index_number: Option<i32>,
    index_number: Option<i32>,
    run_time_ticks: Option<i64>,
    #[serde(default)]
    image_tags: Pictures,
    #[serde(default)]
    user_data: Own,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pictures {
    primary: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Own {
    #[serde(default)]
    playback_position_ticks: i64,
    #[serde(default)]
    played: bool,
    last_played_date: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    items: Vec<Title>,
}

/// Jellyfin counts in 100 ns.
fn span(ticks: i64) -> Duration {
    Duration::from_micros(u64::try_from(ticks / 10).unwrap_or(0))
}

impl From<Row> for Title {
    fn from(row: Row) -> Self {
        let own = row.image_tags.primary.map(|tag| (row.id, tag));
        let of_series = row.series_id.zip(row.series_primary_image_tag);
        // A day that cannot be read is no reason to show nothing at all.
        let watched = row.user_data.last_played_date.and_then(|text| {
            let at: jiff::Timestamp = text.parse().ok()?;
            Some(Timestamp::from_millis(at.as_millisecond()))
        });
        Self {
            id: row.id,
            name: row.name,
            year: row.production_year,
            series: row.series_name,
            number: row.parent_index_number.zip(row.index_number),
            length: span(row.run_time_ticks.unwrap_or(0)),
            picture: own.or(of_series),
            position: span(row.user_data.playback_position_ticks),
            is_watched: row.user_data.played,
            watched,
        }
    }
}

impl Jellyfin {
    /// What the user has begun and not finished, the latest first.
    pub async fn begun(&self, user: UserId, limit: usize) -> Result<Vec<Title>, JellyfinError> {
        let path =
            format!("/UserItems/Resume?userId={user}&mediaTypes=Video&limit={limit}&{BRIEF}");
        self.titles(&path).await
    }

    /// What the user has watched, the latest first, `limit` of them from number `start` on.
    pub async fn watched(
        &self,
        user: UserId,
        start: usize,
        limit: usize,
    ) -> Result<Vec<Title>, JellyfinError> {
        let path = format!(
            "/Items?userId={user}&recursive=true&filters=IsPlayed&includeItemTypes=Movie,Episode\
             &sortBy=DatePlayed&sortOrder=Descending&startIndex={start}&limit={limit}&{BRIEF}"
        );
        self.titles(&path).await
    }

    /// What the user gave a heart, by name.
    pub async fn favorites(&self, user: UserId, limit: usize) -> Result<Vec<Title>, JellyfinError> {
        let path = format!(
            "/Items?userId={user}&recursive=true&filters=IsFavorite&includeItemTypes=Movie,Series,Episode\
             &sortBy=SortName&sortOrder=Ascending&limit={limit}&{BRIEF}"
        );
        self.titles(&path).await
    }

    /// Films and series that Jellyfin suggests to the user. Such as were watched may be among them.
    pub async fn suggestions(
        &self,
        user: UserId,
        limit: usize,
    ) -> Result<Vec<Title>, JellyfinError> {
        let path = format!("/Items/Suggestions?userId={user}&type=Movie,Series&limit={limit}");
        self.titles(&path).await
    }

    /// One title, as the user sees it. `None` when there is no such item, or the user may not see it.
    pub async fn title(&self, user: UserId, item: ItemId) -> Result<Option<Title>, JellyfinError> {
        let path = format!("/Items/{item}?userId={user}");
        let answer = self.get(&path, &self.own()?).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        answer.json().map(Some)
    }

    /// Marks an item as watched, then. Where it was begun, Jellyfin forgets how far the user got.
    pub async fn mark_watched(
        &self,
        user: UserId,
        item: ItemId,
        at: Option<Timestamp>,
    ) -> Result<Marked, JellyfinError> {
        let day = at.map_or_else(String::new, |at| {
            let at = at.to_jiff().to_string();
            format!("&datePlayed={}", escaped(&at))
        });
        let path = format!("/UserPlayedItems/{item}?userId={user}{day}");
        marked(&self.post(&path, &self.own()?, Bytes::new()).await?)
    }

    /// Takes the watched mark away, and with it the day and how far the user got.
    pub async fn unmark_watched(
        &self,
        user: UserId,
        item: ItemId,
    ) -> Result<Marked, JellyfinError> {
        let path = format!("/UserPlayedItems/{item}?userId={user}");
        marked(&self.delete(&path, &self.own()?).await?)
    }

    async fn titles(&self, path: &str) -> Result<Vec<Title>, JellyfinError> {
        let list: List = self.get(path, &self.own()?).await?.json()?;
        Ok(list.items)
    }
}

fn marked(answer: &Answer) -> Result<Marked, JellyfinError> {
    if answer.status == StatusCode::NOT_FOUND {
        return Ok(Marked::NotThere);
    }
    answer.done().map(|()| Marked::Done)
}
