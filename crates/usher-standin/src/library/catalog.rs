//! The titles of the stand-in's library: six short films with the ratings G to R and one unrated, one series, two libraries.
//!
//! Invariant: an id is Jellyfin's own, the MD5 of .NET type and path in UTF-16, so ids are stable and guessable as on a real server.
//! Absent on purpose: scanning. The titles are written here and their pictures and films lie in `assets/`.
use md5::{Digest, Md5};
use uuid::Uuid;

/// How long every film lasts, in ticks of 100 ns.
pub(crate) const RUN_TIME_TICKS: i64 = 100_000_000;

/// What an item is, in Jellyfin's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What `/Items` starts from.
    UserRootFolder,
    /// A library, as shown on the home page.
    CollectionFolder,
    /// A folder on disk below a library.
    Folder,
    /// A film.
    Movie,
    /// A series.
    Series,
    /// A season of a series.
    Season,
    /// An episode of a season.
    Episode,
    /// Where live television begins.
    UserView,
    /// A channel of it.
    TvChannel,
    /// What is on a channel now.
    Program,
}

impl Kind {
    /// The name in answers and in `includeItemTypes`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::UserRootFolder => "UserRootFolder",
            Self::CollectionFolder => "CollectionFolder",
            Self::Folder => "Folder",
            Self::Movie => "Movie",
            Self::Series => "Series",
            Self::Season => "Season",
            Self::Episode => "Episode",
            Self::UserView => "UserView",
            Self::TvChannel => "TvChannel",
            Self::Program => "Program",
        }
    }

    /// The other name in `includeItemTypes`.
    pub(crate) const fn other_name(self) -> &'static str {
        match self {
            Self::TvChannel => "LiveTvChannel",
            Self::Program => "LiveTvProgram",
            Self::UserRootFolder
            | Self::CollectionFolder
            | Self::Folder
            | Self::Movie
            | Self::Series
            | Self::Season
            | Self::Episode
            | Self::UserView => self.name(),
        }
    }

    const fn type_name(self) -> &'static str {
        match self {
            Self::UserRootFolder => "MediaBrowser.Controller.Entities.UserRootFolder",
            Self::CollectionFolder => "MediaBrowser.Controller.Entities.CollectionFolder",
            Self::Folder => "MediaBrowser.Controller.Entities.Folder",
            Self::Movie => "MediaBrowser.Controller.Entities.Movies.Movie",
            Self::Series => "MediaBrowser.Controller.Entities.TV.Series",
            Self::Season => "MediaBrowser.Controller.Entities.TV.Season",
            Self::Episode => "MediaBrowser.Controller.Entities.TV.Episode",
            Self::UserView => "MediaBrowser.Controller.Entities.UserView",
            Self::TvChannel => "MediaBrowser.Controller.LiveTv.LiveTvChannel",
            Self::Program => "MediaBrowser.Controller.LiveTv.LiveTvProgram",
        }
    }

    /// Whether it can be played.
    pub(crate) const fn is_video(self) -> bool {
        matches!(self, Self::Movie | Self::Episode)
    }

    /// Whether it belongs to live television.
    pub(crate) const fn is_live(self) -> bool {
        matches!(self, Self::UserView | Self::TvChannel | Self::Program)
    }
}

/// One entry of the library.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Jellyfin's id.
    pub(crate) id: Uuid,
    /// What it is.
    pub(crate) kind: Kind,
    /// The title.
    pub(crate) name: &'static str,
    /// Where a real server would have found it.
    pub(crate) path: String,
    /// The folder, season or series that holds it.
    pub(crate) parent: Option<Uuid>,
    /// The library it belongs to; a library belongs to itself.
    pub(crate) library: Option<Uuid>,
    /// The rating; seasons and episodes follow their series.
    pub(crate) rating: Option<&'static str>,
    /// The year it came out.
    pub(crate) year: Option<i32>,
    /// Its genre.
    pub(crate) genre: Option<&'static str>,
    /// Its tags.
    pub(crate) tags: &'static [&'static str],
    /// What it is about.
    pub(crate) overview: &'static str,
    /// The name of its pictures and its film under `assets/`.
    pub(crate) art: Option<&'static str>,
    /// Its number within its parent.
    pub(crate) number: Option<i32>,
}

/// Every item, in the order in which they were added.
#[derive(Debug)]
pub(crate) struct Catalog {
    items: Vec<Item>,
    television: Vec<Item>,
}

/// Jellyfin's id of something of this .NET type at this path.
pub(super) fn id_of(type_name: &str, path: &str) -> Uuid {
    let text: Vec<u8> = format!("{type_name}{path}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    Uuid::from_bytes_le(Md5::digest(text).into())
}

/// The id of a genre.
pub(super) fn genre_id(name: &str) -> Uuid {
    id_of(
        "MediaBrowser.Controller.Entities.Genre",
        &format!("/metadata/Genre/{name}"),
    )
}

/// The ratings that Jellyfin knows and their scores; `None` for what it does not know.
pub(super) fn score(rating: &str) -> Option<i64> {
    match rating {
        "G" => Some(0),
        "PG" => Some(10),
        "PG-13" => Some(13),
        "R" => Some(17),
        _ => None,
    }
}

struct Film {
    name: &'static str,
    art: &'static str,
    rating: Option<&'static str>,
    year: i32,
    genre: &'static str,
    tags: &'static [&'static str],
    overview: &'static str,
}

const FILMS: &[Film] = &[
    Film {
        name: "The Paper Boat",
        art: "paper-boat",
        rating: Some("G"),
        year: 2001,
        genre: "Animation",
        tags: &["kids"],
        overview: "A folded page sets sail on a puddle and ends up in the open sea.",
    },
    Film {
        name: "Lantern Street",
        art: "lantern-street",
        rating: Some("PG"),
        year: 2008,
        genre: "Family",
        tags: &["kids", "holiday"],
        overview: "On the longest night of the year, one street refuses to go dark.",
    },
    Film {
        name: "Northbound",
        art: "northbound",
        rating: Some("PG-13"),
        year: 2012,
        genre: "Adventure",
        tags: &["road"],
        overview: "Two strangers, one van, and a road that ends where the lights begin.",
    },
    Film {
        name: "The Long Wire",
        art: "long-wire",
        rating: Some("R"),
        year: 2015,
        genre: "Thriller",
        tags: &["dark"],
        overview: "High above the city a performer sees what nobody was meant to see.",
    },
    Film {
        name: "Quiet Harbour",
        art: "quiet-harbor",
        rating: Some("R"),
        year: 2019,
        genre: "Drama",
        tags: &["dark", "sea"],
        overview: "A lighthouse keeper receives a letter that was posted forty years ago.",
    },
    Film {
        name: "Unrated Cut",
        art: "unrated-cut",
        rating: None,
        year: 2020,
        genre: "Documentary",
        tags: &["sea"],
        overview: "What was left on the floor of the cutting room, in the order it fell.",
    },
];

const EPISODES: &[(&str, &str, &str)] = &[
    (
        "First Crossing",
        "night-ferry-1",
        "The new mate learns that the last boat of the day never leaves empty.",
    ),
    (
        "Fog on the Line",
        "night-ferry-2",
        "Halfway across, the radio answers a call that nobody made.",
    ),
    (
        "The Last Passenger",
        "night-ferry-3",
        "One ticket too many was sold, and everybody holds a valid one.",
    ),
];

/// What a tuner receives.
struct Station {
    name: &'static str,
    rating: Option<&'static str>,
    /// What is on, and its own rating.
    program: (&'static str, Option<&'static str>),
}

const STATIONS: &[Station] = &[
    Station {
        name: "Meadow One",
        rating: Some("G"),
        program: ("Songs for a Small Boat", Some("G")),
    },
    Station {
        name: "Harbor Local",
        rating: None,
        program: ("Tide Tables", None),
    },
    Station {
        name: "After Dark",
        rating: Some("R"),
        program: ("The Last Witness", Some("R")),
    },
];

impl Catalog {
    /// The library of the demo.
    pub(crate) fn demo() -> Self {
        let mut catalog = Self {
            items: Vec::new(),
            television: Vec::new(),
        };
        let root = catalog.add(Item {
            name: "Media Folders",
            ..blank(Kind::UserRootFolder, "/var/lib/jellyfin/root/default")
        });
        let movies = catalog.add_library("Movies", "movies", root);
        for film in FILMS {
            let path = format!(
                "/media/movies/{0} ({1})/{0} ({1}).mp4",
                film.name, film.year
            );
            catalog.add(Item {
                name: film.name,
                parent: Some(movies.1),
                library: Some(movies.0),
                rating: film.rating,
                year: Some(film.year),
                genre: Some(film.genre),
                tags: film.tags,
                overview: film.overview,
                art: Some(film.art),
                ..blank(Kind::Movie, &path)
            });
        }
        let shows = catalog.add_library("Shows", "shows", root);
        catalog.add_series(shows);
        catalog
    }

    /// The same with a tuner: its channels, what is on them, and where they are listed. An id is Jellyfin's, made of what
    /// brings the channel and its number.
    pub(crate) fn with_tuner(mut self) -> Self {
        let view = Item {
            name: "Live TV",
            ..blank(Kind::UserView, "/var/lib/jellyfin/root/default/livetv")
        };
        for (number, station) in (1_i32..).zip(STATIONS) {
            let channel = Item {
                name: station.name,
                rating: station.rating,
                number: Some(number),
                parent: Some(view.id),
                ..blank(Kind::TvChannel, &format!("Embym3u_{number}4"))
            };
            let (program, rating) = station.program;
            self.television.push(Item {
                name: program,
                rating,
                parent: Some(channel.id),
                ..blank(Kind::Program, &format!("{number}_{program}4"))
            });
            self.television.push(channel);
        }
        self.television.push(view);
        self
    }

    fn add_library(&mut self, name: &'static str, art: &'static str, root: Uuid) -> (Uuid, Uuid) {
        let mut library = Item {
            name,
            parent: Some(root),
            art: Some(art),
            ..blank(
                Kind::CollectionFolder,
                &format!("/var/lib/jellyfin/root/default/{name}"),
            )
        };
        library.library = Some(library.id);
        let id = self.add(library);
        let folder = self.add(Item {
            name: art,
            parent: Some(id),
            library: Some(id),
            ..blank(Kind::Folder, &format!("/media/{art}"))
        });
        (id, folder)
    }

    fn add_series(&mut self, (library, folder): (Uuid, Uuid)) {
        let base = Item {
            library: Some(library),
            rating: Some("PG"),
            year: Some(2018),
            tags: &["sea"],
            ..blank(Kind::Series, "/media/shows/The Night Ferry (2018)")
        };
        let series = self.add(Item {
            name: "The Night Ferry",
            parent: Some(folder),
            genre: Some("Mystery"),
            overview: "Every night at eleven the ferry crosses the bay, and somebody aboard has a story.",
            art: Some("night-ferry"),
            ..base.clone()
        });
        let path = format!("{}/Season 01", base.path);
        let season = self.add(Item {
            id: id_of(Kind::Season.type_name(), &path),
            kind: Kind::Season,
            name: "Season 1",
            path,
            parent: Some(series),
            art: Some("night-ferry"),
            number: Some(1),
            ..base.clone()
        });
        for (place, (name, art, overview)) in (1_i32..).zip(EPISODES) {
            let path = format!("{}/Season 01/The Night Ferry S01E0{place}.mp4", base.path);
            let id = id_of(Kind::Episode.type_name(), &path);
            self.add(Item {
                id,
                kind: Kind::Episode,
                name,
                path,
                parent: Some(season),
                overview,
                art: Some(art),
                number: Some(place),
                ..base.clone()
            });
        }
    }

    fn add(&mut self, item: Item) -> Uuid {
        let id = item.id;
        self.items.push(item);
        id
    }

    /// Every item.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter()
    }

    /// What the tuner brings: a view, channels, programs. Lists do not hold it unless they are asked for it.
    pub(crate) fn television(&self, kind: Kind) -> impl Iterator<Item = &Item> {
        self.television.iter().filter(move |item| item.kind == kind)
    }

    /// The item with this id.
    pub(crate) fn find(&self, id: Uuid) -> Option<&Item> {
        let mut all = self.items.iter().chain(&self.television);
        all.find(|item| item.id == id)
    }

    /// The items that lie directly in `parent`; a library stands for its folder on disk.
    pub(crate) fn children(&self, parent: &Item) -> Vec<&Item> {
        if parent.kind == Kind::CollectionFolder {
            return self
                .items
                .iter()
                .filter(|item| item.parent == Some(parent.id))
                .flat_map(|folder| self.children(folder))
                .collect();
        }
        self.items
            .iter()
            .filter(|item| item.parent == Some(parent.id))
            .collect()
    }

    /// Everything below `parent`, at any depth.
    pub(crate) fn below(&self, parent: &Item) -> Vec<&Item> {
        self.items
            .iter()
            .filter(|item| self.ancestors(item).any(|above| above.id == parent.id))
            .collect()
    }

    /// The item's parents, nearest first.
    pub(crate) fn ancestors<'a>(&'a self, item: &'a Item) -> impl Iterator<Item = &'a Item> {
        std::iter::successors(item.parent.and_then(|id| self.find(id)), |above| {
            above.parent.and_then(|id| self.find(id))
        })
    }
}

fn blank(kind: Kind, path: &str) -> Item {
    Item {
        id: id_of(kind.type_name(), path),
        kind,
        name: "",
        path: path.to_owned(),
        parent: None,
        library: None,
        rating: None,
        year: None,
        genre: None,
        tags: &[],
        overview: "",
        art: None,
        number: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_as_jellyfin_makes_them() {
        let recorded = id_of(
            Kind::Movie.type_name(),
            "/media/movies/The Paper Boat (2001)/The Paper Boat (2001).mkv",
        );
        assert_eq!(
            recorded.simple().to_string(),
            "5e9c68cc8c04b99b80f3c513c9dd7bae"
        );
    }
}
