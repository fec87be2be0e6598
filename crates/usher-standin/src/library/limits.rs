//! What a user may see, read from the user's policy.
//!
//! Invariant: the rules of a real server, also where they surprise: empty lists and a missing rating mean "no limit".
use serde_json::Value;
use uuid::Uuid;

use super::catalog::{Item, Kind, score};

/// The part of a policy that the library looks at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limits {
    max_score: Option<i64>,
    blocked_unrated: Vec<String>,
    blocked_tags: Vec<String>,
    allowed_tags: Vec<String>,
    folders: Option<Vec<Uuid>>,
    /// Whether `/Items/{id}/Download` is answered.
    pub(crate) may_download: bool,
    /// Whether live television is listed.
    pub(crate) watches_live_tv: bool,
    /// Whether the user is an administrator, who may ask in other users' names.
    pub(crate) is_administrator: bool,
}

impl Limits {
    /// No limit at all, as for an API key that names no user.
    pub(crate) fn none() -> Self {
        Self {
            may_download: true,
            watches_live_tv: true,
            is_administrator: true,
            ..Self::default()
        }
    }

    /// Reads a `UserPolicy` as clients send and receive it.
    pub(crate) fn of_policy(policy: &Value) -> Self {
        let all_folders = policy["EnableAllFolders"].as_bool().unwrap_or(true);
        let folders = strings(&policy["EnabledFolders"])
            .iter()
            .filter_map(|id| Uuid::parse_str(id).ok())
            .collect();
        Self {
            max_score: policy["MaxParentalRating"].as_i64(),
            blocked_unrated: strings(&policy["BlockUnratedItems"]),
            blocked_tags: strings(&policy["BlockedTags"]),
            allowed_tags: strings(&policy["AllowedTags"]),
            folders: (!all_folders).then_some(folders),
            may_download: policy["EnableContentDownloading"].as_bool().unwrap_or(true),
            watches_live_tv: policy["EnableLiveTvAccess"].as_bool().unwrap_or(true),
            is_administrator: policy["IsAdministrator"].as_bool().unwrap_or(false),
        }
    }

    /// Whether the item may be shown.
    pub(crate) fn allow(&self, item: &Item) -> bool {
        self.allow_library(item) && self.allow_content(item)
    }

    /// Whether the item lies in a library that the user may open.
    pub(crate) fn allow_library(&self, item: &Item) -> bool {
        match (&self.folders, item.library) {
            (Some(folders), Some(library)) => folders.contains(&library),
            (None, _) | (_, None) => true,
        }
    }

    /// Whether rating and tags let the item through, wherever it lies: what some listings of a real server check alone.
    pub(crate) fn allow_content(&self, item: &Item) -> bool {
        if matches!(
            item.kind,
            Kind::UserRootFolder | Kind::CollectionFolder | Kind::Folder | Kind::UserView
        ) {
            return true;
        }
        let tagged = |tags: &[String]| {
            tags.iter()
                .any(|tag| item.tags.iter().any(|own| own.eq_ignore_ascii_case(tag)))
        };
        self.allow_rating(item)
            && !tagged(&self.blocked_tags)
            && (self.allowed_tags.is_empty() || tagged(&self.allowed_tags))
    }

    fn allow_rating(&self, item: &Item) -> bool {
        let Some(score) = item.rating.and_then(score) else {
            let sort = match item.kind {
                Kind::Movie => "Movie",
                Kind::TvChannel => "LiveTvChannel",
                Kind::Program => "LiveTvProgram",
                Kind::UserRootFolder
                | Kind::CollectionFolder
                | Kind::Folder
                | Kind::UserView
                | Kind::Series
                | Kind::Season
                | Kind::Episode => "Series",
            };
            return !self.blocked_unrated.iter().any(|kind| kind == sort);
        };
        self.max_score.is_none_or(|max| score <= max)
    }
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array()
        .map(|list| {
            list.iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::catalog::Catalog;
    use super::*;

    fn titles(policy: &Value) -> Vec<&'static str> {
        let (catalog, limits) = (Catalog::demo(), Limits::of_policy(policy));
        catalog
            .items()
            .filter(|item| item.kind == Kind::Movie && limits.allow(item))
            .map(|item| item.name)
            .collect()
    }

    #[test]
    fn a_rating_limit_leaves_the_unrated_film_unless_it_is_blocked() {
        assert_eq!(
            titles(&json!({"MaxParentalRating": 7})),
            ["The Paper Boat", "Unrated Cut"]
        );
        assert_eq!(
            titles(&json!({"MaxParentalRating": 7, "BlockUnratedItems": ["Movie"]})),
            ["The Paper Boat"]
        );
    }

    #[test]
    fn empty_lists_and_a_missing_rating_mean_no_limit() {
        assert_eq!(
            titles(&json!({"MaxParentalRating": null, "AllowedTags": [], "BlockedTags": []})).len(),
            6
        );
    }

    #[test]
    fn a_tag_that_exists_nowhere_hides_everything() {
        assert!(titles(&json!({"AllowedTags": ["nowhere"]})).is_empty());
        assert_eq!(titles(&json!({"BlockedTags": ["dark"]})).len(), 4);
    }

    #[test]
    fn a_library_that_is_not_enabled_is_not_seen() {
        assert!(titles(&json!({"EnableAllFolders": false, "EnabledFolders": []})).is_empty());
    }
}
