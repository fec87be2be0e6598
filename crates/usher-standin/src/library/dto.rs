//! Items as clients receive them, with the user's own data.
//!
//! Absent on purpose: most of Jellyfin's optional fields; those here are the ones clients of the demo and the records show.
use md5::{Digest, Md5};
use serde_json::{Map, Value, json};
use usher_domain::time::Timestamp;
use uuid::Uuid;

use super::Library;
use super::answer::Refusal;
use super::call::Call;
use super::catalog::{Item, Kind, RUN_TIME_TICKS, genre_id};
use super::limits::Limits;
use crate::media;

/// For whom an item is described: a user, or nobody for an API key.
pub(crate) struct Viewer {
    /// The user whose data is shown.
    pub(crate) user: Option<Uuid>,
    /// What this user may see.
    pub(crate) limits: Limits,
}

impl Viewer {
    /// Who the answer is for: the caller, or the user that an administrator names.
    pub(crate) fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        let asking = call.caller.as_ref().and_then(|caller| caller.user);
        let own = asking
            .map_or(Some(Limits::none()), call.limits_of)
            .ok_or(Refusal::NotFound)?;
        let Some(user) = call.query.id("userId").filter(|user| Some(*user) != asking) else {
            return Ok(Self {
                user: asking,
                limits: own,
            });
        };
        if !own.is_administrator {
            return Err(Refusal::Forbidden);
        }
        let limits = (call.limits_of)(user).ok_or(Refusal::NotFound)?;
        Ok(Self {
            user: Some(user),
            limits,
        })
    }
}

/// How much of an item is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// As in lists.
    Brief,
    /// As on the item's own page.
    Full,
}

/// An id as most answers write it.
pub(crate) fn plain(id: Uuid) -> String {
    id.simple().to_string()
}

/// The tag under which clients remember a picture or a source.
pub(crate) fn tag_of(kind: &str, item: &Item) -> String {
    let digest: [u8; 16] = Md5::digest(format!("{kind}{}", item.path)).into();
    plain(Uuid::from_bytes(digest))
}

/// A moment as .NET writes it.
pub(super) fn moment(at: Timestamp) -> String {
    format!("{:.7}", at.to_jiff())
}

impl Library {
    /// The user's own data of an item, as `UserData` and as the answer of every route that changes it.
    pub(crate) fn user_data(&self, viewer: &Viewer, item: &Item) -> Value {
        let row = viewer
            .user
            .map(|user| self.history.of(user, item.id))
            .unwrap_or_default();
        let mut data = Map::new();
        let mut played = row.played;
        if row.position_ticks > 0 {
            #[expect(clippy::cast_precision_loss, reason = "a share of a film")]
            data.insert(
                "PlayedPercentage".into(),
                json!(row.position_ticks as f64 * 100.0 / RUN_TIME_TICKS as f64),
            );
        }
        if matches!(item.kind, Kind::Folder | Kind::Series | Kind::Season) {
            let videos = self.videos_below(viewer, item);
            let unplayed = videos
                .iter()
                .filter(|video| !self.is_played(viewer, video))
                .count();
            played = !videos.is_empty() && unplayed == 0;
            if played {
                data.insert("PlayedPercentage".into(), json!(100));
            }
            data.insert("UnplayedItemCount".into(), json!(unplayed));
        }
        data.insert("PlaybackPositionTicks".into(), json!(row.position_ticks));
        data.insert("PlayCount".into(), json!(row.play_count));
        data.insert("IsFavorite".into(), json!(row.is_favorite));
        if let Some(likes) = row.likes {
            data.insert("Likes".into(), json!(likes));
        }
        if let Some(at) = row.last_played {
            data.insert("LastPlayedDate".into(), json!(moment(at)));
        }
        data.insert("Played".into(), json!(played));
        data.insert("Key".into(), json!(item.id.to_string()));
        data.insert("ItemId".into(), json!(plain(item.id)));
        Value::Object(data)
    }

    /// Whether the user watched all of it.
    pub(crate) fn is_played(&self, viewer: &Viewer, item: &Item) -> bool {
        if item.kind.is_video() {
            return viewer
                .user
                .is_some_and(|user| self.history.of(user, item.id).played);
        }
        let videos = self.videos_below(viewer, item);
        !videos.is_empty() && videos.iter().all(|video| self.is_played(viewer, video))
    }

    /// The films and episodes below an item that the viewer may see.
    pub(crate) fn videos_below(&self, viewer: &Viewer, item: &Item) -> Vec<&Item> {
        let below = self.catalog.below(item).into_iter();
        below
            .filter(|video| video.kind.is_video() && viewer.limits.allow(video))
            .collect()
    }

    /// An item for this viewer.
    pub(crate) fn describe(&self, viewer: &Viewer, item: &Item, detail: Detail) -> Value {
        let mut dto = Map::new();
        dto.insert("Name".into(), json!(item.name));
        dto.insert("ServerId".into(), json!(self.server_id));
        dto.insert("Id".into(), json!(plain(item.id)));
        if item.kind.is_video() {
            dto.insert("HasSubtitles".into(), json!(true));
            dto.insert("Container".into(), json!("mp4"));
        }
        if let Some(rating) = item.rating {
            dto.insert("OfficialRating".into(), json!(rating));
        }
        dto.insert("ChannelId".into(), Value::Null);
        if let Some(genre) = item.genre {
            dto.insert("Genres".into(), json!([genre]));
            dto.insert(
                "GenreItems".into(),
                json!([{ "Name": genre, "Id": plain(genre_id(genre)) }]),
            );
        }
        if item.kind.is_video() {
            dto.insert("RunTimeTicks".into(), json!(RUN_TIME_TICKS));
        }
        if let Some(year) = item.year {
            dto.insert("ProductionYear".into(), json!(year));
        }
        dto.insert("IsFolder".into(), json!(!item.kind.is_video()));
        dto.insert("Type".into(), json!(item.kind.name()));
        if viewer.user.is_some() {
            dto.insert("UserData".into(), self.user_data(viewer, item));
        }
        self.describe_place(&mut dto, item);
        describe_pictures(&mut dto, item);
        dto.insert("LocationType".into(), json!("FileSystem"));
        dto.insert(
            "MediaType".into(),
            json!(if item.kind.is_video() {
                "Video"
            } else {
                "Unknown"
            }),
        );
        if detail == Detail::Full {
            self.describe_fully(&mut dto, viewer, item);
        }
        if item.kind.is_live() {
            self.describe_live(&mut dto, item);
        }
        Value::Object(dto)
    }

    fn describe_place(&self, dto: &mut Map<String, Value>, item: &Item) {
        dto.insert("Tags".into(), json!(item.tags));
        if let Some(number) = item.number {
            dto.insert("IndexNumber".into(), json!(number));
        }
        if item.kind == Kind::CollectionFolder {
            let sort = if item.art == Some("movies") {
                "movies"
            } else {
                "tvshows"
            };
            dto.insert("CollectionType".into(), json!(sort));
        }
        if item.kind.is_video() {
            dto.insert("VideoType".into(), json!("VideoFile"));
        }
        for above in self.catalog.ancestors(item) {
            if !matches!(above.kind, Kind::Season | Kind::Series) {
                continue;
            }
            let name = above.kind.name();
            dto.insert(format!("{name}Id"), json!(plain(above.id)));
            dto.insert(format!("{name}Name"), json!(above.name));
            if above.kind == Kind::Series {
                dto.insert(
                    "SeriesPrimaryImageTag".into(),
                    json!(tag_of("Primary", above)),
                );
            } else {
                dto.insert("ParentIndexNumber".into(), json!(above.number));
            }
        }
    }

    fn describe_fully(&self, dto: &mut Map<String, Value>, viewer: &Viewer, item: &Item) {
        let more = json!({
            "Etag": tag_of("item", item),
            "DateCreated": "2026-11-01T12:00:00.0000000Z",
            "CanDelete": false,
            "CanDownload": item.kind.is_video() && viewer.limits.may_download,
            "SortName": sort_name(item),
            "ExternalUrls": [],
            "Path": item.path,
            "EnableMediaSourceDisplay": true,
            "Overview": item.overview,
            "Taglines": [],
            "PlayAccess": "Full",
            "RemoteTrailers": [],
            "ProviderIds": {},
            "ParentId": item.parent.map(plain),
            "People": [],
            "Studios": [],
            "LocalTrailerCount": 0,
            "ChildCount": self.catalog.children(item).iter().filter(|child| viewer.limits.allow(child)).count(),
            "SpecialFeatureCount": 0,
            "DisplayPreferencesId": plain(item.id),
            "PrimaryImageAspectRatio": if item.kind == Kind::CollectionFolder || item.kind == Kind::Episode { 16.0 / 9.0 } else { 2.0 / 3.0 },
            "Chapters": [],
            "LockedFields": [],
            "LockData": false,
        });
        if let Value::Object(more) = more {
            dto.extend(more);
        }
        if item.kind.is_video() {
            dto.insert("MediaSources".into(), json!([media::source(item)]));
            dto.insert(
                "MediaStreams".into(),
                media::source(item)["MediaStreams"].clone(),
            );
            dto.insert("Width".into(), json!(640));
            dto.insert("Height".into(), json!(360));
        }
    }
}

fn describe_pictures(dto: &mut Map<String, Value>, item: &Item) {
    let has_backdrop = matches!(item.kind, Kind::Movie | Kind::Series | Kind::Episode);
    let tags = if item.art.is_some() && item.kind != Kind::Folder {
        json!({ "Primary": tag_of("Primary", item) })
    } else {
        json!({})
    };
    dto.insert("ImageTags".into(), tags);
    dto.insert(
        "BackdropImageTags".into(),
        if has_backdrop {
            json!([tag_of("Backdrop", item)])
        } else {
            json!([])
        },
    );
    dto.insert("ImageBlurHashes".into(), json!({}));
}

/// The name that lists are sorted by: without article, in lower case.
pub(super) fn sort_name(item: &Item) -> String {
    let name = item.name.to_lowercase();
    let name = name.strip_prefix("the ").unwrap_or(&name);
    item.number
        .map_or_else(|| name.to_owned(), |number| format!("{number:04} - {name}"))
}
