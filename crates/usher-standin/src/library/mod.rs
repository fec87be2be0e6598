//! The stand-in's library: titles, who may see them, and what each user has watched.
//!
//! Invariant: every answer rests on the policy of the user it is for; media addresses that a real server gives to anybody are in
//! [`crate::media`]. Absent on purpose: music, people and playlists, which are answered as empty lists.
mod answer;
mod call;
mod catalog;
mod dto;
mod history;
mod limits;
mod lists;
mod television;
mod watching;

use axum::response::Response;
use http::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use crate::media::OpenStreams;

pub(crate) use answer::{bare, failed, json_answer, not_found, page, typed};
pub(crate) use call::{Call, Caller, Query};
pub(crate) use catalog::{Catalog, Item, Kind, RUN_TIME_TICKS};
pub(crate) use dto::{Detail, Viewer, plain, tag_of};
pub(crate) use history::History;
pub(crate) use limits::Limits;
pub(crate) use television::RECORDING;

/// The library of one server.
#[derive(Debug)]
pub(crate) struct Library {
    /// The id of the server, as items repeat it.
    pub(crate) server_id: String,
    /// The titles.
    pub(crate) catalog: Catalog,
    /// What was watched.
    pub(crate) history: History,
    /// The streams of live television that are open.
    pub(crate) open_streams: OpenStreams,
}

impl Library {
    /// The demo's titles, with nothing watched yet.
    pub(crate) fn demo(server_id: &str) -> Self {
        Self {
            server_id: server_id.to_owned(),
            catalog: Catalog::demo(),
            history: History::default(),
            open_streams: OpenStreams::default(),
        }
    }

    /// The same with a tuner.
    pub(crate) fn with_tuner(mut self) -> Self {
        self.catalog = self.catalog.with_tuner();
        self
    }

    /// Answers a request that belongs to the library; `None` for one that does not.
    pub(crate) fn answer(&self, call: &mut Call<'_>) -> Option<Response> {
        lift_user(call);
        let path: Vec<String> = call.path.clone();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        if !is_own(call.method, &path) {
            return None;
        }
        if call.caller.is_none() {
            return Some(bare(StatusCode::UNAUTHORIZED));
        }
        let viewer = match Viewer::of(call) {
            Ok(viewer) => viewer,
            Err(refusal) => return Some(refusal.into()),
        };
        Some(
            self.shelf(call, &viewer, &path)
                .unwrap_or_else(|| self.about_item(call, &viewer, &path)),
        )
    }

    /// The lists that name no single item.
    fn shelf(&self, call: &Call<'_>, viewer: &Viewer, path: &[&str]) -> Option<Response> {
        Some(match (call.method.as_str(), path) {
            ("GET", ["items"]) => self.items(call, viewer),
            ("GET", ["items", "latest"]) => self.latest(call, viewer),
            ("GET", ["items", "suggestions"]) => self.suggestions(call, viewer),
            ("GET", ["items", "counts"]) => self.counts(viewer),
            ("GET", ["items", "root"]) => {
                let root = self
                    .catalog
                    .items()
                    .find(|item| item.kind == Kind::UserRootFolder)?;
                json_answer(&self.describe(viewer, root, Detail::Full))
            }
            ("GET", ["userviews"] | ["library", "mediafolders"]) => self.views(viewer),
            ("GET", ["library", "virtualfolders"]) => self.virtual_folders(),
            ("GET", ["useritems", "resume"]) => self.resume(call, viewer),
            ("GET", ["shows", "nextup"]) => self.next_up(call, viewer),
            ("GET", ["search", "hints"]) => self.hints(call, viewer),
            ("GET", ["movies", "recommendations"] | ["userviews", "groupingoptions"]) => {
                json_answer(&json!([]))
            }
            (_, ["livetv", rest @ ..]) => self.television(call, viewer, rest),
            (
                "GET",
                [
                    "genres" | "persons" | "studios" | "artists" | "musicgenres" | "channels"
                    | "trailers" | "years",
                ]
                | ["shows", "upcoming"]
                | ["artists", "albumartists"],
            ) => page(&[], 0, 0),
            ("POST", ["sessions", "playing"] | ["playingitems", _]) => self.playing(call, "start"),
            ("POST", ["sessions", "playing", "ping"]) => bare(StatusCode::NO_CONTENT),
            ("POST", ["sessions", "playing", stage]) => self.playing(call, stage),
            ("POST", ["playingitems", _, "progress"]) => self.playing(call, "progress"),
            ("DELETE", ["playingitems", _]) => self.playing(call, "stopped"),
            _ => return None,
        })
    }

    /// What is asked about one item.
    fn about_item(&self, call: &Call<'_>, viewer: &Viewer, path: &[&str]) -> Response {
        let Some(id) = path.get(1) else {
            return not_found();
        };
        let Ok(id) = Uuid::parse_str(id) else {
            return bare(StatusCode::BAD_REQUEST);
        };
        if path.len() == 2 && viewer.user.is_none() {
            return bare(StatusCode::BAD_REQUEST);
        }
        let Some(item) = self
            .catalog
            .find(id)
            .filter(|item| viewer.limits.allow(item))
        else {
            return not_found();
        };
        match (call.method.as_str(), path) {
            ("GET", ["items", _]) => json_answer(&self.describe(viewer, item, Detail::Full)),
            ("DELETE", ["items", _]) => failed(StatusCode::UNAUTHORIZED),
            ("GET", ["items", _, "ancestors"]) => {
                let above = self
                    .catalog
                    .ancestors(item)
                    .map(|above| self.describe(viewer, above, Detail::Brief));
                json_answer(&above.collect())
            }
            (
                "GET",
                [
                    "items",
                    _,
                    "similar" | "collections" | "intros" | "instantmix",
                ],
            ) => page(&[], 0, 0),
            ("GET", ["items", _, "specialfeatures" | "localtrailers"]) => json_answer(&json!([])),
            ("GET", ["items", _, "thememedia"]) => json_answer(&json!({
                "ThemeVideosResult": { "OwnerId": plain(item.id), "Items": [], "TotalRecordCount": 0, "StartIndex": 0 },
                "ThemeSongsResult": { "OwnerId": plain(item.id), "Items": [], "TotalRecordCount": 0, "StartIndex": 0 },
                "SoundtrackSongsResult": { "OwnerId": plain(item.id), "Items": [], "TotalRecordCount": 0, "StartIndex": 0 },
            })),
            ("GET", ["shows", _, "seasons"]) => self.of_series(call, viewer, item, Kind::Season),
            ("GET", ["shows", _, "episodes"]) => self.of_series(call, viewer, item, Kind::Episode),
            ("GET" | "POST", ["useritems", _, "userdata"]) => self.own_data(call, viewer, item),
            ("POST" | "DELETE", ["userplayeditems", _]) => self.mark_played(call, viewer, item),
            ("POST" | "DELETE", ["userfavoriteitems", _]) => self.mark_favorite(call, viewer, item),
            ("POST" | "DELETE", ["useritems", _, "rating"]) => self.rate(call, viewer, item),
            _ => not_found(),
        }
    }
}

/// Whether the library answers this route; pictures, files and playback information are [`crate::media`]'s.
fn is_own(method: &Method, path: &[&str]) -> bool {
    let reads = method == Method::GET;
    match path {
        [
            "items",
            _,
            "images" | "playbackinfo" | "download" | "file",
            ..,
        ] => false,
        [
            "items" | "genres" | "persons" | "studios" | "artists" | "musicgenres" | "channels"
            | "trailers" | "years",
        ]
        | ["userviews", ..]
        | ["search", "hints"]
        | ["movies", "recommendations"]
        | ["library", "mediafolders" | "virtualfolders"]
        | ["artists", "albumartists"] => reads,
        ["livetv", ..] => reads || matches!(path, ["livetv", "programs"]),
        ["items" | "shows", ..] => reads || method == Method::DELETE,
        ["sessions", "playing", ..] => method == Method::POST,
        [
            "useritems" | "userplayeditems" | "userfavoriteitems" | "playingitems",
            ..,
        ] => true,
        _ => false,
    }
}

/// Rewrites the older form `/Users/{id}/…` to the newer one with `userId` in the query.
fn lift_user(call: &mut Call<'_>) {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let newer: Vec<&str> = match path.as_slice() {
        ["users", _, "items", "resume"] => vec!["useritems", "resume"],
        ["users", _, "items", id, "rating"] => vec!["useritems", id, "rating"],
        ["users", _, "items", id, "userdata"] => vec!["useritems", id, "userdata"],
        ["users", _, "items", rest @ ..] => [&["items"], rest].concat(),
        ["users", _, "suggestions"] => vec!["items", "suggestions"],
        ["users", _, "views"] => vec!["userviews"],
        ["users", _, "groupingoptions"] => vec!["userviews", "groupingoptions"],
        ["users", _, "playeditems", id] => vec!["userplayeditems", id],
        ["users", _, "favoriteitems", id] => vec!["userfavoriteitems", id],
        ["users", _, "playingitems", rest @ ..] => [&["playingitems"], rest].concat(),
        _ => return,
    };
    let newer = newer.into_iter().map(str::to_owned).collect();
    let user = call.path.get(1).cloned().unwrap_or_default();
    call.query.put("userId", &user);
    call.path = newer;
}

#[cfg(test)]
mod tests;
