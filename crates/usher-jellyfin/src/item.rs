//! Items, as far as Usher asks for them: whether a user sees one, and what a policy says of that beforehand.
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};
use usher_domain::id::{ItemId, UserId};
use usher_domain::secret::SecretText;

use crate::client::{Jellyfin, as_token};
use crate::error::JellyfinError;

/// What a policy lets its user have of the library.
#[expect(clippy::struct_excessive_bools, reason = "Jellyfin's own switches")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// No rating, tag, library or channel is kept from the user.
    pub sees_everything: bool,
    /// May play.
    pub plays: bool,
    /// May take files away.
    pub downloads: bool,
    /// May watch live television.
    pub watches_live_tv: bool,
    /// The policy in one number, for this process only: another number is another policy.
    pub mark: u64,
}

impl Reach {
    /// What somebody has who is no user (any more).
    pub const NOTHING: Self = Self {
        sees_everything: false,
        plays: false,
        downloads: false,
        watches_live_tv: false,
        mark: 0,
    };

    /// Reads a policy. A switch that is missing is off; what is missing of the lists keeps nothing from anybody.
    pub(crate) fn of_policy(policy: &Map<String, Value>) -> Self {
        let is_on = |name: &str| policy.get(name).and_then(Value::as_bool) == Some(true);
        let is_unset = |name: &str| match policy.get(name) {
            None | Some(Value::Null) => true,
            Some(Value::Array(list)) => list.is_empty(),
            Some(_set) => false,
        };
        let limits = [
            "MaxParentalRating",
            "BlockUnratedItems",
            "BlockedTags",
            "AllowedTags",
            "BlockedMediaFolders",
            "BlockedChannels",
        ];
        let mut mark = DefaultHasher::new();
        for (name, value) in policy {
            // Counts what others type.
            if name != "InvalidLoginAttemptCount" {
                (name, value.to_string()).hash(&mut mark);
            }
        }
        Self {
            sees_everything: is_on("EnableAllFolders")
                && is_on("EnableAllChannels")
                && limits.into_iter().all(is_unset),
            plays: is_on("EnableMediaPlayback"),
            downloads: is_on("EnableContentDownloading"),
            watches_live_tv: is_on("EnableLiveTvAccess"),
            mark: mark.finish(),
        }
    }
}

/// An item that Jellyfin shows to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownItem {
    /// How long it plays; `None` for what has no length, such as a channel.
    pub run_time: Option<Duration>,
    /// It belongs to live television. Jellyfin shows it, and plays it, also to those who may not watch any.
    pub is_live: bool,
    /// The files that it is played from.
    sources: Vec<Source>,
}

impl ShownItem {
    /// Bytes of the file by this id (without dashes, in small letters), or of the one that is played where none is named.
    pub fn size(&self, source: Option<&str>) -> Option<u64> {
        let named = |one: &&Source| source.is_none_or(|source| one.id == source);
        self.sources.iter().find(named)?.size
    }
}

/// One file. Jellyfin names those of the library by ids of 32 small digits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Source {
    id: String,
    size: Option<u64>,
}

impl ShownItem {
    /// Reads what is said of an item, each thing by itself: whatever stands in one place, the others count. What does not say
    /// what it is belongs to live television, which is kept from more people.
    fn read(body: &[u8]) -> Self {
        let Ok(item) = serde_json::from_slice::<Map<String, Value>>(body) else {
            return Self {
                run_time: None,
                is_live: true,
                sources: Vec::new(),
            };
        };
        let kinds = ["TvChannel", "LiveTvChannel", "Program", "LiveTvProgram"];
        let is_word = |name: &str, words: &[&str]| {
            let said = item.get(name).filter(|said| !said.is_null());
            said.is_some_and(|said| said.as_str().is_none_or(|said| words.contains(&said)))
        };
        // In units of 100 ns.
        let ticks = item.get("RunTimeTicks").and_then(Value::as_u64);
        let sources = item.get("MediaSources").cloned().unwrap_or_default();
        Self {
            run_time: ticks
                .filter(|ticks| *ticks > 0)
                .map(|ticks| Duration::from_micros(ticks / 10)),
            is_live: is_word("Type", &kinds) || is_word("CollectionType", &["livetv"]),
            sources: serde_json::from_value(sources).unwrap_or_default(),
        }
    }
}

impl Jellyfin {
    /// An item as Jellyfin shows it to the user of a token; `None` where it does not. An API key is nobody and must say for which user it asks.
    ///
    /// Only 200 and 404 are verdicts; any other status is an error (design, section 3.1).
    pub async fn shown_item(
        &self,
        token: &SecretText,
        item: ItemId,
        user: Option<UserId>,
    ) -> Result<Option<ShownItem>, JellyfinError> {
        let path = match user {
            Some(user) => format!("/Items/{item}?userId={user}"),
            None => format!("/Items/{item}"),
        };
        let answer = self.get(&path, &as_token(token)).await?;
        match answer.status {
            StatusCode::OK => Ok(Some(ShownItem::read(&answer.body))),
            StatusCode::NOT_FOUND => Ok(None),
            other => Err(JellyfinError::Status(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_that_does_not_say_what_it_is_belongs_to_live_television() {
        for (item, is_live) in [
            (
                r#"{"Type":"Movie","RunTimeTicks":-1,"MediaSources":7}"#,
                false,
            ),
            (r#"{"Type":"Movie","CollectionType":"movies"}"#, false),
            ("{}", false),
            (r#"{"Type":"TvChannel","MediaSources":null}"#, true),
            (r#"{"Type":"LiveTvProgram","RunTimeTicks":-1}"#, true),
            (r#"{"Type":"UserView","CollectionType":"livetv"}"#, true),
            (r#"{"Type":"UserView","CollectionType":3}"#, true),
            (r#"{"Type":"Movie","CollectionType":null}"#, false),
            ("[]", true),
            ("", true),
        ] {
            let shown = ShownItem::read(item.as_bytes());
            assert_eq!(shown.is_live, is_live, "{item}");
            assert_eq!((shown.run_time, shown.size(None)), (None, None), "{item}");
        }
        let film = br#"{"Type":"Movie","RunTimeTicks":10000000,"MediaSources":[{"Id":"a","Size":5},{"Id":"b","Size":7}]}"#;
        let film = ShownItem::read(film);
        assert_eq!(film.run_time, Some(Duration::from_secs(1)));
        let sizes = [None, Some("b"), Some("c")].map(|source| film.size(source));
        assert_eq!(sizes, [Some(5), Some(7), None]);
    }

    fn reach(change: &Value) -> Reach {
        let mut policy = json!({
            "EnableAllFolders": true, "EnableAllChannels": true, "EnableMediaPlayback": true, "EnableContentDownloading": true,
            "EnableLiveTvAccess": true, "BlockedTags": [], "BlockUnratedItems": [], "MaxParentalRating": null,
            "InvalidLoginAttemptCount": 0,
        });
        let policy = policy.as_object_mut().unwrap();
        policy.extend(change.as_object().unwrap().clone());
        Reach::of_policy(policy)
    }

    #[test]
    fn every_limit_of_a_policy_is_one() {
        let free = reach(&json!({}));
        assert!(free.sees_everything && free.plays && free.downloads && free.watches_live_tv);
        for limit in [
            json!({ "MaxParentalRating": 0 }),
            json!({ "BlockUnratedItems": ["Movie"] }),
            json!({ "BlockedTags": ["dark"] }),
            json!({ "AllowedTags": ["kids"] }),
            json!({ "EnableAllFolders": false }),
            json!({ "EnableAllFolders": null }),
            json!({ "EnableAllChannels": false }),
            json!({ "BlockedMediaFolders": ["x"] }),
        ] {
            let limited = reach(&limit);
            assert!(!limited.sees_everything, "{limit}");
            assert_ne!(limited.mark, free.mark, "{limit}");
        }
    }

    #[test]
    fn a_wrong_password_changes_no_policy() {
        let before = reach(&json!({}));
        assert_eq!(reach(&json!({ "InvalidLoginAttemptCount": 2 })), before);
    }
}
