//! What limits of a profile are chosen from: libraries, channels and ratings, by the names that people know.
use serde::Deserialize;
use usher_domain::id::ItemId;

use crate::client::Jellyfin;
use crate::error::JellyfinError;

/// The kind of item that a library is. What is listed besides (`ManualPlaylistsFolder`) belongs to everybody: policies do
/// not name it.
const LIBRARY: &str = "CollectionFolder";

/// A library, or a plugin's channel.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Shelf {
    /// By which policies name it.
    pub id: ItemId,
    /// What people call it.
    #[serde(default)]
    pub name: String,
    #[serde(rename = "Type", default)]
    kind: String,
}

/// A rating that the server knows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ParentalRating {
    /// Its name: `PG-13`.
    pub name: String,
    /// Its score, roughly an age; `None` for "unrated".
    #[serde(rename = "Value", default)]
    pub score: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    items: Vec<Shelf>,
}

impl Jellyfin {
    /// Every library, whoever may see it.
    pub async fn libraries(&self) -> Result<Vec<Shelf>, JellyfinError> {
        let answer = self.get("/Library/MediaFolders", &self.own()?).await?;
        let mut listed: Listed = answer.json()?;
        listed.items.retain(|shelf| shelf.kind == LIBRARY);
        Ok(listed.items)
    }

    /// Every channel that a plugin offers; live television is not among them.
    pub async fn channels(&self) -> Result<Vec<Shelf>, JellyfinError> {
        let listed: Listed = self.get("/Channels", &self.own()?).await?.json()?;
        Ok(listed.items)
    }

    /// The ratings of the server's country, and all that it knows besides.
    pub async fn parental_ratings(&self) -> Result<Vec<ParentalRating>, JellyfinError> {
        let path = "/Localization/ParentalRatings";
        self.get(path, &self.own()?).await?.json()
    }
}
