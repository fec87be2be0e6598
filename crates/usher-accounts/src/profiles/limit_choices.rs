//! What an owner chooses a profile's limits from: only what the owner sees too.
use usher_domain::profile::policy::UserPolicy;
use usher_domain::profile::rating::{self, RatingChoice};
use usher_jellyfin::{JellyfinError, Shelf};
use usher_store::WebSession;

use super::policy;
use crate::{AccountError, Accounts};

/// The libraries, and what stands beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitChoices {
    /// The libraries that the owner sees.
    pub libraries: Vec<Shelf>,
    /// The channels of plugins that the owner sees.
    pub channels: Vec<Shelf>,
    /// The owner may watch live television.
    pub live_television: bool,
}

impl Accounts {
    /// The libraries, channels and whether there is live television, as far as the owner sees them.
    pub async fn library_choices(
        &self,
        session: &WebSession,
    ) -> Result<LimitChoices, AccountError> {
        let owner = self.owner_policy(session).await?;
        let jellyfin = &self.inner.jellyfin;
        let (mut libraries, mut channels) =
            (jellyfin.libraries().await?, jellyfin.channels().await?);
        libraries.retain(|shelf| owner.sees_library(shelf.id));
        channels.retain(|shelf| owner.sees_channel(shelf.id));
        Ok(LimitChoices {
            libraries,
            channels,
            live_television: owner.enable_live_tv_access,
        })
    }

    /// The highest rating, to choose from; nothing over the owner's own.
    pub async fn rating_choices(
        &self,
        session: &WebSession,
    ) -> Result<Vec<RatingChoice>, AccountError> {
        let owner = self.owner_policy(session).await?;
        let ratings = self.inner.jellyfin.parental_ratings().await?;
        let known = ratings.iter();
        let known = known.filter_map(|rating| Some((rating.name.as_str(), rating.score?)));
        Ok(rating::choices(known, owner.max_parental_rating))
    }

    async fn owner_policy(&self, session: &WebSession) -> Result<UserPolicy, AccountError> {
        let owner = self.inner.jellyfin.user(session.account.owner()).await?;
        let owner = owner.ok_or(JellyfinError::Inconsistent("the owner is gone"))?;
        Ok(policy::read(&owner.policy)?)
    }
}
