//! What users do to items: playing, marking, hearts and thumbs.
use axum::response::Response;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use usher_domain::time::Timestamp;
use uuid::Uuid;

use super::Library;
use super::answer::{bare, json_answer, not_found};
use super::call::Call;
use super::catalog::{Item, RUN_TIME_TICKS};
use super::dto::{Viewer, plain};
use super::history::Watched;

impl Library {
    /// `POST /Sessions/Playing`, `/Progress` and `/Stopped`, and their older forms. A forbidden item is taken too, as on a
    /// real server.
    pub(super) fn playing(&self, call: &Call<'_>, stage: &str) -> Response {
        let (item, position) = reported(call);
        let item = item.and_then(|id| self.catalog.find(id));
        let (Some(user), Some(item)) = (call.caller.as_ref().and_then(|caller| caller.user), item)
        else {
            return bare(StatusCode::NO_CONTENT);
        };
        match stage {
            "start" => self.history.start(user, item.id, call.now),
            _ => {
                if let Some(position) = position {
                    self.history.reach(user, item.id, position);
                }
            }
        }
        bare(StatusCode::NO_CONTENT)
    }

    /// What a screen says that it plays, as the list of sessions shows it.
    pub(crate) fn played(&self, call: &Call<'_>) -> Option<Value> {
        let item = self.catalog.find(reported(call).0?)?;
        Some(json!({ "Id": plain(item.id), "Name": item.name, "RunTimeTicks": RUN_TIME_TICKS }))
    }

    /// Marks a film, or everything below a folder, as watched or not. A date counts as one more time watched; without one
    /// the day of before stays. Taking the mark away forgets the day, too.
    pub(super) fn mark_played(&self, call: &Call<'_>, viewer: &Viewer, item: &Item) -> Response {
        let played = call.method == Method::POST;
        let dated = call.query.get("datePlayed").and_then(read_moment);
        let videos = if item.kind.is_video() {
            vec![item]
        } else {
            self.videos_below(viewer, item)
        };
        for video in videos {
            self.change(viewer, video, |row| {
                row.played = played;
                row.position_ticks = 0;
                let more = i64::from(dated.is_some());
                row.play_count = if played {
                    (row.play_count + more).max(1)
                } else {
                    0
                };
                row.last_played = played.then(|| dated.or(row.last_played).unwrap_or(call.now));
            });
        }
        json_answer(&self.user_data(viewer, item))
    }

    /// Gives or takes a heart.
    pub(super) fn mark_favorite(&self, call: &Call<'_>, viewer: &Viewer, item: &Item) -> Response {
        self.change(viewer, item, |row| {
            row.is_favorite = call.method == Method::POST;
        });
        json_answer(&self.user_data(viewer, item))
    }

    /// Sets or takes back a thumb.
    pub(super) fn rate(&self, call: &Call<'_>, viewer: &Viewer, item: &Item) -> Response {
        let likes = (call.method == Method::POST).then(|| call.query.is_true("likes"));
        self.change(viewer, item, |row| row.likes = likes);
        json_answer(&self.user_data(viewer, item))
    }

    /// `GET` and `POST /UserItems/{id}/UserData`: fields that are absent stay as they are.
    pub(super) fn own_data(&self, call: &Call<'_>, viewer: &Viewer, item: &Item) -> Response {
        if call.method == Method::POST {
            let body: Value = call.json();
            if !body.is_object() {
                return not_found();
            }
            self.change(viewer, item, |row| {
                row.played = body["Played"].as_bool().unwrap_or(row.played);
                row.play_count = body["PlayCount"].as_i64().unwrap_or(row.play_count);
                row.is_favorite = body["IsFavorite"].as_bool().unwrap_or(row.is_favorite);
                row.position_ticks = body["PlaybackPositionTicks"]
                    .as_i64()
                    .unwrap_or(row.position_ticks);
                row.likes = body["Likes"].as_bool().or(row.likes);
            });
        }
        json_answer(&self.user_data(viewer, item))
    }

    fn change(&self, viewer: &Viewer, item: &Item, change: impl FnOnce(&mut Watched)) {
        if let Some(user) = viewer.user {
            self.history.change(user, item.id, change);
        }
    }
}

/// What a screen reports: the film, and how far it has come. The older forms have both in their address.
fn reported(call: &Call<'_>) -> (Option<Uuid>, Option<i64>) {
    let id = |text: &str| Uuid::parse_str(text).ok();
    if let [first, item, ..] = call.path.as_slice()
        && first == "playingitems"
    {
        let position = call.query.get("positionTicks");
        return (id(item), position.and_then(|ticks| ticks.parse().ok()));
    }
    let body = call.json();
    let item = body["ItemId"].as_str().and_then(id);
    (item, body["PositionTicks"].as_i64())
}

/// A moment as clients write it in a query.
fn read_moment(text: &str) -> Option<Timestamp> {
    let moment: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_millis(moment.as_millisecond()))
}
