//! The one general query behind `/Items`, and the shelves of the home page that are made of it.
//!
//! Invariant: what a real server leaks is leaked here too (`ids`, `Latest` and physical folders): closing it is Usher's work.
use std::cmp::Reverse;

use axum::response::Response;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Library;
use super::answer::{Refusal, json_answer, page};
use super::call::{Call, Query};
use super::catalog::{Item, Kind};
use super::dto::{Detail, Viewer, plain, sort_name};

impl Library {
    /// `GET /Items`.
    pub(super) fn items(&self, call: &Call<'_>, viewer: &Viewer) -> Response {
        let query = &call.query;
        let ids: Vec<Uuid> = query
            .list("ids")
            .into_iter()
            .filter_map(|id| Uuid::parse_str(id).ok())
            .collect();
        let found = if ids.is_empty() {
            match self.found_below(query, viewer) {
                Ok(found) => found,
                Err(refusal) => return refusal.into(),
            }
        } else {
            ids.iter().filter_map(|id| self.catalog.find(*id)).collect()
        };
        let mut found: Vec<&Item> = found
            .into_iter()
            .filter(|item| self.matches(query, viewer, item))
            .collect();
        self.sort(query, viewer, &mut found);
        self.window(query, viewer, &found)
    }

    fn found_below(&self, query: &Query, viewer: &Viewer) -> Result<Vec<&Item>, Refusal> {
        if let Some(found) = self.found_on_television(query, viewer) {
            return Ok(found);
        }
        let recursive = query.is_true("recursive") || query.get("searchTerm").is_some();
        let Some(parent) = query.id("parentId").filter(|id| !id.is_nil()) else {
            let everything = self
                .catalog
                .items()
                .filter(|item| viewer.limits.allow(item));
            let libraries = |item: &&Item| item.kind == Kind::CollectionFolder;
            let listed =
                |item: &&Item| !matches!(item.kind, Kind::CollectionFolder | Kind::UserRootFolder);
            return Ok(if recursive {
                everything.filter(listed).collect()
            } else {
                everything.filter(libraries).collect()
            });
        };
        let Some(parent) = self.catalog.find(parent) else {
            return Ok(Vec::new());
        };
        if parent.kind == Kind::CollectionFolder && !viewer.limits.allow(parent) {
            return Err(Refusal::Unauthorized);
        }
        let below = if recursive {
            self.catalog.below(parent)
        } else {
            self.catalog.children(parent)
        };
        let leaks = recursive && parent.kind == Kind::Folder;
        let seen = |item: &&Item| {
            if leaks {
                viewer.limits.allow_content(item)
            } else {
                viewer.limits.allow(item)
            }
        };
        Ok(below.into_iter().filter(seen).collect())
    }

    fn matches(&self, query: &Query, viewer: &Viewer, item: &Item) -> bool {
        let named =
            |list: &[&str], name: &str| list.iter().any(|entry| entry.eq_ignore_ascii_case(name));
        let (wanted, unwanted) = (
            query.list("includeItemTypes"),
            query.list("excludeItemTypes"),
        );
        let is_wanted = wanted.is_empty()
            || named(&wanted, item.kind.name())
            || named(&wanted, item.kind.other_name());
        if !is_wanted || named(&unwanted, item.kind.name()) {
            return false;
        }
        let media = query.list("mediaTypes");
        let is_medium = item.kind.is_video() && named(&media, "Video");
        if !media.is_empty() && !is_medium {
            return false;
        }
        if query
            .get("searchTerm")
            .is_some_and(|term| !item.name.to_lowercase().contains(&term.to_lowercase()))
        {
            return false;
        }
        let genres = query.list("genres");
        if !genres.is_empty() && item.genre.is_none_or(|genre| !named(&genres, genre)) {
            return false;
        }
        let row = viewer
            .user
            .map(|user| self.history.of(user, item.id))
            .unwrap_or_default();
        let played = self.is_played(viewer, item);
        let filters = query.list("filters").into_iter().all(|filter| {
            match filter.to_ascii_lowercase().as_str() {
                "isplayed" => played,
                "isunplayed" => !played,
                "isfavorite" | "isfavoriteorlikes" => row.is_favorite,
                "isresumable" => row.position_ticks > 0,
                "isfolder" => !item.kind.is_video(),
                "isnotfolder" => item.kind.is_video(),
                "likes" => row.likes == Some(true),
                "dislikes" => row.likes == Some(false),
                _ => true,
            }
        });
        let switch = |name: &str, is: bool| {
            query
                .get(name)
                .is_none_or(|value| value.eq_ignore_ascii_case("true") == is)
        };
        filters && switch("isFavorite", row.is_favorite) && switch("isPlayed", played)
    }

    fn sort(&self, query: &Query, viewer: &Viewer, found: &mut [&Item]) {
        let order = query
            .list("sortBy")
            .first()
            .copied()
            .unwrap_or("SortName")
            .to_ascii_lowercase();
        match order.as_str() {
            "dateplayed" => found.sort_by_key(|item| {
                viewer
                    .user
                    .and_then(|user| self.history.of(user, item.id).last_played)
            }),
            "playcount" => found.sort_by_key(|item| {
                viewer
                    .user
                    .map(|user| self.history.of(user, item.id).play_count)
            }),
            "productionyear" | "premieredate" => {
                found.sort_by_key(|item| (item.year, sort_name(item)));
            }
            "datecreated" => {}
            _ => found.sort_by_key(|item| sort_name(item)),
        }
        if query
            .list("sortOrder")
            .first()
            .is_some_and(|order| order.eq_ignore_ascii_case("descending"))
        {
            found.reverse();
        }
    }

    fn window(&self, query: &Query, viewer: &Viewer, found: &[&Item]) -> Response {
        let (start, limit) = (
            query.number("startIndex").unwrap_or(0),
            query.number("limit").unwrap_or(usize::MAX),
        );
        let items: Vec<Value> = found
            .iter()
            .skip(start)
            .take(limit)
            .map(|item| self.describe(viewer, item, Detail::Brief))
            .collect();
        page(&items, found.len(), start)
    }

    /// `GET /UserViews`: the libraries of a user; one without anything to see in it is left out.
    pub(super) fn views(&self, viewer: &Viewer) -> Response {
        let libraries = self
            .catalog
            .items()
            .filter(|item| item.kind == Kind::CollectionFolder && viewer.limits.allow(item));
        let filled = libraries.filter(|library| {
            viewer.user.is_none() || !self.videos_below(viewer, library).is_empty()
        });
        let television = self
            .catalog
            .television(Kind::UserView)
            .filter(|_| viewer.limits.watches_live_tv);
        let views: Vec<Value> = filled
            .chain(television)
            .map(|library| self.describe(viewer, library, Detail::Full))
            .collect();
        page(&views, views.len(), 0)
    }

    fn videos(&self, viewer: &Viewer) -> impl Iterator<Item = &Item> {
        self.catalog
            .items()
            .filter(|item| item.kind.is_video() && viewer.limits.allow(item))
    }

    /// `GET /UserItems/Resume`: begun and not finished, the latest first.
    pub(super) fn resume(&self, call: &Call<'_>, viewer: &Viewer) -> Response {
        let row = |item: &Item| {
            viewer
                .user
                .map(|user| self.history.of(user, item.id))
                .unwrap_or_default()
        };
        let mut begun: Vec<&Item> = self
            .videos(viewer)
            .filter(|item| row(item).position_ticks > 0)
            .collect();
        begun.sort_by_key(|item| Reverse(row(item).last_played));
        self.window(&call.query, viewer, &begun)
    }

    /// `GET /Shows/NextUp`: the first unwatched episode of each series of which one was watched.
    pub(super) fn next_up(&self, call: &Call<'_>, viewer: &Viewer) -> Response {
        let series = self
            .catalog
            .items()
            .filter(|item| item.kind == Kind::Series && viewer.limits.allow(item));
        let next = series.filter_map(|series| {
            let episodes = self.videos_below(viewer, series);
            let last = episodes
                .iter()
                .rposition(|episode| self.is_played(viewer, episode))?;
            episodes
                .into_iter()
                .skip(last + 1)
                .find(|episode| !self.is_played(viewer, episode))
        });
        let next: Vec<&Item> = next.collect();
        self.window(&call.query, viewer, &next)
    }

    /// `GET /Items/Latest`: what was added last and not yet watched; with `parentId` the library itself is not judged, as on a real server.
    pub(super) fn latest(&self, call: &Call<'_>, viewer: &Viewer) -> Response {
        let parent = call.query.id("parentId");
        let lies_below = |item: &&Item| match parent {
            Some(parent) => {
                viewer.limits.allow_content(item)
                    && self.catalog.ancestors(item).any(|above| above.id == parent)
            }
            None => viewer.limits.allow(item),
        };
        let shown = |item: &&Item| {
            matches!(item.kind, Kind::Movie | Kind::Series) && !self.is_played(viewer, item)
        };
        let mut latest: Vec<&Item> = self
            .catalog
            .items()
            .filter(lies_below)
            .filter(shown)
            .collect();
        latest.reverse();
        let limit = call.query.number("limit").unwrap_or(20);
        let latest: Vec<Value> = latest
            .into_iter()
            .take(limit)
            .map(|item| self.describe(viewer, item, Detail::Brief))
            .collect();
        json_answer(&Value::Array(latest))
    }

    /// `GET /Items/Suggestions`: in an order of the user's own that stays the same.
    pub(super) fn suggestions(&self, call: &Call<'_>, viewer: &Viewer) -> Response {
        let kinds = call.query.list("type");
        let wanted = |item: &&Item| {
            kinds.is_empty()
                || kinds
                    .iter()
                    .any(|kind| kind.eq_ignore_ascii_case(item.kind.name()))
        };
        let all = self.catalog.items().filter(|item| {
            matches!(item.kind, Kind::Movie | Kind::Series) && viewer.limits.allow(item)
        });
        let mut found: Vec<&Item> = all.filter(wanted).collect();
        found.sort_by_key(|item| item.id.as_u128() ^ viewer.user.map_or(0, |user| user.as_u128()));
        let limit = call.query.number("limit").unwrap_or(usize::MAX);
        let items: Vec<Value> = found
            .iter()
            .take(limit)
            .map(|item| self.describe(viewer, item, Detail::Full))
            .collect();
        page(&items, items.len(), 0)
    }

    /// `GET /Search/Hints`.
    pub(super) fn hints(&self, call: &Call<'_>, viewer: &Viewer) -> Response {
        let term = call
            .query
            .get("searchTerm")
            .unwrap_or_default()
            .to_lowercase();
        let found = self
            .catalog
            .items()
            .filter(|item| item.kind.is_video() || item.kind == Kind::Series);
        let found = found
            .filter(|item| viewer.limits.allow(item) && item.name.to_lowercase().contains(&term));
        let hint = |item: &Item| json!({ "ItemId": plain(item.id), "Id": plain(item.id), "Name": item.name, "ProductionYear": item.year, "Type": item.kind.name(), "IsFolder": !item.kind.is_video(), "MediaType": if item.kind.is_video() { "Video" } else { "Unknown" } });
        let hints: Vec<Value> = found.map(hint).collect();
        json_answer(&json!({ "SearchHints": hints, "TotalRecordCount": hints.len() }))
    }

    /// `GET /Shows/{id}/Seasons` and `/Episodes`.
    pub(super) fn of_series(
        &self,
        call: &Call<'_>,
        viewer: &Viewer,
        series: &Item,
        kind: Kind,
    ) -> Response {
        let season = call.query.id("seasonId");
        let below = self
            .catalog
            .below(series)
            .into_iter()
            .filter(|item| item.kind == kind && viewer.limits.allow(item));
        let found: Vec<&Item> = below
            .filter(|item| season.is_none() || item.parent == season)
            .collect();
        self.window(&call.query, viewer, &found)
    }

    /// `GET /Library/VirtualFolders`: the libraries as the dashboard lists them, the source of the ids in `EnabledFolders`.
    pub(super) fn virtual_folders(&self) -> Response {
        let libraries = self
            .catalog
            .items()
            .filter(|item| item.kind == Kind::CollectionFolder);
        let folder = |library: &Item| {
            let sort = if library.art == Some("movies") {
                "movies"
            } else {
                "tvshows"
            };
            let places = self
                .catalog
                .items()
                .filter(|item| item.parent == Some(library.id));
            let places: Vec<&str> = places.map(|item| item.path.as_str()).collect();
            json!({
                "Name": library.name, "Locations": places, "CollectionType": sort, "LibraryOptions": { "Enabled": true },
                "ItemId": plain(library.id), "RefreshStatus": "Idle",
            })
        };
        json_answer(&libraries.map(folder).collect())
    }

    /// `GET /Items/Counts`.
    pub(super) fn counts(&self, viewer: &Viewer) -> Response {
        let count = |kind: Kind| {
            self.catalog
                .items()
                .filter(|item| item.kind == kind && viewer.limits.allow(item))
                .count()
        };
        let (movies, series, episodes) = (
            count(Kind::Movie),
            count(Kind::Series),
            count(Kind::Episode),
        );
        json_answer(&json!({
            "MovieCount": movies, "SeriesCount": series, "EpisodeCount": episodes, "ArtistCount": 0, "ProgramCount": 0, "TrailerCount": 0,
            "SongCount": 0, "AlbumCount": 0, "MusicVideoCount": 0, "BoxSetCount": 0, "BookCount": 0, "ItemCount": movies + series + episodes,
        }))
    }
}
