//! The guide of live television: channels, what is on, and what is recorded.
//!
//! Invariant: what a real server leaves open is open here: a program is shown by its id to whoever watches television, the
//! posted form of the guide takes anybody for whom it is asked, and nobody's timers are kept from anybody. Absent on purpose:
//! finished recordings, which are films in a library, and everything that changes the guide.
use axum::response::Response;
use serde_json::{Map, Value, json};
use usher_domain::time::Timestamp;
use uuid::Uuid;

use super::answer::{json_answer, not_found, page};
use super::call::{Call, Query};
use super::catalog::{Item, Kind};
use super::dto::{Detail, Viewer, moment, plain};
use super::limits::Limits;
use super::{Library, bare};

/// Under this id the program of the last channel is being recorded.
pub(crate) const RECORDING: &str = "6a1f0c5e8b7d4e2f9c3b5a7d1e0f2c4b";

const TICKS_PER_MILLISECOND: i64 = 10_000;
const HOUR_MS: i64 = 3_600_000;

impl Library {
    /// What lies below `/LiveTv`, but for bytes of channels.
    pub(super) fn television(&self, call: &Call<'_>, viewer: &Viewer, path: &[&str]) -> Response {
        let is_there = self.catalog.television(Kind::UserView).next().is_some();
        match (call.method.as_str(), path) {
            ("GET", ["info"]) => json_answer(&json!({
                "Services": if is_there { json!([{ "Name": "Emby", "Status": "Ok", "Tuners": [] }]) } else { json!([]) },
                "IsEnabled": is_there,
                "EnabledUsers": [],
            })),
            ("GET", ["guideinfo"]) => json_answer(&json!({
                "StartDate": moment(call.now),
                "EndDate": moment(Timestamp::from_millis(call.now.as_millis() + 24 * HOUR_MS)),
            })),
            ("GET", ["channels"]) => self.listed(viewer, Kind::TvChannel, |_| true),
            ("GET", ["channels", id]) => self.found(viewer, id, |item| viewer.limits.allow(item)),
            ("GET", ["programs"] | ["programs", "recommended"]) => {
                let channels = ids(&call.query);
                self.on_now(viewer, &channels)
            }
            ("POST", ["programs"]) => self.guide_of_anybody(call),
            // Whoever may watch television is shown any item by this route.
            ("GET", ["programs", id]) => self.found(viewer, id, |_| true),
            ("GET", ["timers"]) => {
                let timers: Vec<Value> = self.timer(call).into_iter().collect();
                page(&timers, timers.len(), 0)
            }
            // What is to be recorded is any item, for anybody who watches television.
            ("GET", ["timers", "defaults"]) => {
                let program = call.query.get("programId").unwrap_or_default();
                self.found(viewer, program, |_| true)
            }
            ("GET", ["timers", id]) => match self.timer(call).filter(|timer| timer["Id"] == **id) {
                Some(timer) => json_answer(&timer),
                None => not_found(),
            },
            ("GET", _nothing_here) => page(&[], 0, 0),
            _ => bare(http::StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    /// The posted form of the guide: `UserId` of the body counts, whoever asks; without one nothing is kept back.
    fn guide_of_anybody(&self, call: &Call<'_>) -> Response {
        let body = call.json();
        let user = body["UserId"]
            .as_str()
            .and_then(|id| Uuid::parse_str(id).ok());
        let limits = match user {
            Some(user) => (call.limits_of)(user),
            None => Some(Limits::none()),
        };
        let Some(limits) = limits else {
            return not_found();
        };
        let channels = body["ChannelIds"].as_array().cloned().unwrap_or_default();
        let channels = channels
            .iter()
            .filter_map(|id| Uuid::parse_str(id.as_str()?).ok());
        self.on_now(&Viewer { user, limits }, &channels.collect::<Vec<_>>())
    }

    /// What is on, on these channels or on all.
    fn on_now(&self, viewer: &Viewer, channels: &[Uuid]) -> Response {
        self.listed(viewer, Kind::Program, |item| {
            channels.is_empty() || item.parent.is_some_and(|id| channels.contains(&id))
        })
    }

    fn listed(&self, viewer: &Viewer, kind: Kind, wanted: impl Fn(&Item) -> bool) -> Response {
        let items = self.catalog.television(kind);
        let items: Vec<Value> = items
            .filter(|item| viewer.limits.allow(item) && wanted(item))
            .map(|item| self.describe(viewer, item, Detail::Brief))
            .collect();
        page(&items, items.len(), 0)
    }

    fn found(&self, viewer: &Viewer, id: &str, seen: impl Fn(&Item) -> bool) -> Response {
        let item = Uuid::parse_str(id)
            .ok()
            .and_then(|id| self.catalog.find(id));
        match item.filter(|item| seen(item)) {
            Some(item) => json_answer(&self.describe(viewer, item, Detail::Full)),
            None => not_found(),
        }
    }

    /// Channels and programs where a list is asked for by what holds them: neither asks for the right to watch television.
    pub(super) fn found_on_television(&self, query: &Query, viewer: &Viewer) -> Option<Vec<&Item>> {
        let (channels, parent) = (ids(query), query.id("parentId"));
        let view = self.catalog.television(Kind::UserView).next()?.id;
        if channels.is_empty() && parent != Some(view) {
            return None;
        }
        let programs = self.catalog.television(Kind::Program);
        let programs = programs.filter(|item| item.parent.is_some_and(|id| channels.contains(&id)));
        let below = self.catalog.television(Kind::TvChannel);
        let below = below.filter(|_| parent == Some(view));
        let all = programs.chain(below);
        Some(
            all.filter(|item| viewer.limits.allow_content(item))
                .collect(),
        )
    }

    /// The one timer: what is on the last channel is being recorded. Its own id tells the recording's.
    fn timer(&self, call: &Call<'_>) -> Option<Value> {
        let program = self.catalog.television(Kind::Program).last()?;
        let channel = self.catalog.find(program.parent?)?;
        let nobody = Viewer {
            user: None,
            limits: Limits::none(),
        };
        Some(json!({
            "Id": plain(Uuid::from_u128(program.id.as_u128() ^ 1)),
            "Type": "Timer",
            "ServerId": self.server_id,
            "ExternalId": RECORDING,
            "ChannelId": plain(channel.id),
            "ChannelName": channel.name,
            "ProgramId": plain(program.id),
            "Name": program.name,
            "StartDate": moment(hour_of(call.now)),
            "Status": "InProgress",
            "ProgramInfo": self.describe(&nobody, program, Detail::Brief),
        }))
    }

    /// What is different about television.
    pub(super) fn describe_live(&self, dto: &mut Map<String, Value>, item: &Item) {
        let mut put = |name: &str, value: Value| dto.insert(name.to_owned(), value);
        match item.kind {
            Kind::UserView => {
                put("CollectionType", json!("livetv"));
            }
            Kind::TvChannel => {
                put("IsFolder", json!(false));
                put("MediaType", json!("Video"));
                put("LocationType", json!("Remote"));
                put(
                    "ChannelNumber",
                    json!(item.number.map(|number| number.to_string())),
                );
            }
            Kind::Program => {
                let channel = item.parent.and_then(|id| self.catalog.find(id));
                put("IsFolder", json!(false));
                put("LocationType", json!("Virtual"));
                put("RunTimeTicks", json!(HOUR_MS * TICKS_PER_MILLISECOND));
                put("ChannelId", json!(item.parent.map(plain)));
                put("ChannelName", json!(channel.map(|channel| channel.name)));
            }
            Kind::UserRootFolder
            | Kind::CollectionFolder
            | Kind::Folder
            | Kind::Movie
            | Kind::Series
            | Kind::Season
            | Kind::Episode => {}
        }
    }
}

fn ids(query: &Query) -> Vec<Uuid> {
    let ids = query.list("channelIds").into_iter();
    ids.filter_map(|id| Uuid::parse_str(id).ok()).collect()
}

/// When what is on began.
fn hour_of(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.as_millis() / HOUR_MS * HOUR_MS)
}
