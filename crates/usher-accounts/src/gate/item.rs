//! Who may watch what, now (design, section 3.1): the holder's standing, and Jellyfin's word on the item.
//!
//! Invariant: 200 and 404 are verdicts, everything else is a fault and is not remembered. Absent on purpose: pictures, which
//! every client loads without a token.
mod memory;

use std::collections::HashSet;
use std::net::IpAddr;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use usher_domain::id::{ItemId, UserId};
use usher_domain::secret::SecretText;
use usher_jellyfin::{Reach, ShownItem};

use super::known::Entry;
use super::{Holder, Standing};
use crate::{AccountError, Accounts};

pub(crate) use memory::Verdicts;

/// Items that Jellyfin is asked for at the same time, for one request.
const AT_ONCE: usize = 8;

/// What somebody asks to be played. Names are in Jellyfin's own form: ids without dashes and in small letters.
#[derive(Clone, Copy, Debug)]
pub struct Play<'a> {
    /// The item.
    pub item: Option<ItemId>,
    /// Another file of it, or what a live channel is received by.
    pub media_source: Option<&'a str>,
    /// An open stream of live television.
    pub live_stream: Option<&'a str>,
    /// A recording that is still being made, which is no item.
    pub recording: Option<&'a str>,
    /// The user for whom an API key asks.
    pub user: Option<UserId>,
    /// What is to be done with it.
    pub purpose: Purpose,
}

/// What is to be done with a film's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Played.
    Watch,
    /// Taken away as a file.
    Keep,
}

/// Whether somebody may watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// Yes.
    Open,
    /// The token is nobody's.
    Nobody,
    /// There is no such thing for the holder.
    Hidden,
    /// Not now, or not in this way.
    Closed,
}

/// Who looks at the library, where that can be judged.
#[derive(Clone, Debug)]
pub struct Viewer {
    user: UserId,
    token: SecretText,
    /// The token is an API key, which asks for the user.
    by_key: bool,
    reach: Reach,
}

impl Viewer {
    /// Who it is.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// Whether something of the library, or live television, is kept from the viewer.
    pub const fn is_limited(&self) -> bool {
        !self.reach.sees_everything || !self.reach.watches_live_tv
    }

    /// Whether nothing of the library is kept from the viewer; live television may be.
    pub const fn sees_library(&self) -> bool {
        self.reach.sees_everything
    }

    /// Whether the viewer may watch live television.
    pub const fn watches_live_tv(&self) -> bool {
        self.reach.watches_live_tv
    }
}

impl Accounts {
    /// Whether the holder of a token may watch this now, coming from this address. Asked when a stream is opened, for each
    /// of its segments, and every few seconds while one is open: whatever else ends watching at a certain moment belongs
    /// here, before the item is asked for, and then counts everywhere. An error is an outage and no verdict.
    pub async fn may_watch(
        &self,
        token: &SecretText,
        (address, address_is_exact): (IpAddr, bool),
        play: &Play<'_>,
    ) -> Result<Watch, AccountError> {
        match self.standing(token, address, address_is_exact).await? {
            None => return Ok(Watch::Nobody),
            Some(Standing::Closed) => return Ok(Watch::Closed),
            Some(Standing::Welcome) => {}
        }
        let Some(viewer) = self.viewer(token, play.user).await? else {
            return Ok(Watch::Open);
        };
        let is_allowed = match play.purpose {
            Purpose::Watch => viewer.reach.plays,
            Purpose::Keep => viewer.reach.downloads,
        };
        let is_allowed = is_allowed && (play.recording.is_none() || viewer.reach.watches_live_tv);
        if !is_allowed || !self.may_watch_now(viewer.user).await? {
            return Ok(Watch::Closed);
        }
        if self.is_played_to(&viewer, play).await? {
            Ok(Watch::Open)
        } else {
            Ok(Watch::Hidden)
        }
    }

    /// Who looks with this token; `None` for an API key that asks for nobody, which is not judged. `user` is whom a request
    /// names: it counts for API keys only.
    pub async fn viewer(
        &self,
        token: &SecretText,
        user: Option<UserId>,
    ) -> Result<Option<Viewer>, AccountError> {
        let entry: Entry = self.entry(token, None, None).await?;
        let (user, by_key) = match (entry.holder, user) {
            (Some(Holder::User { user, .. }), _) => (user, false),
            (Some(Holder::ApiKey), Some(user)) => (user, true),
            (Some(Holder::ApiKey) | None, _) => return Ok(None),
        };
        Ok(Some(Viewer {
            user,
            token: token.clone(),
            by_key,
            reach: self.reach(user).await?,
        }))
    }

    /// Whether a viewer sees an item. Extras and parts are judged by their film where its own answers named them: Jellyfin
    /// shows the extras of a film that it hides, and hides unrated ones of a film that it shows. Live television is seen by
    /// those who may watch it: Jellyfin asks for that in its guide alone.
    pub async fn sees(&self, viewer: &Viewer, item: ItemId) -> Result<bool, AccountError> {
        let verdicts = &self.memory.verdicts;
        let (item, now) = (verdicts.film_of(item), self.now());
        let moment = (viewer.reach.mark, now);
        if let Some(verdict) = verdicts.verdict(viewer.user, item, moment) {
            return Ok(verdict);
        }
        let asked_for = viewer.by_key.then_some(viewer.user);
        let jellyfin = &self.inner.jellyfin;
        let shown = jellyfin.shown_item(&viewer.token, item, asked_for).await?;
        let shown = shown.filter(|shown| !shown.is_live || viewer.reach.watches_live_tv);
        let is_shown = shown.is_some();
        verdicts.remember(viewer.user, item, shown, moment);
        Ok(is_shown)
    }

    /// Those of some items that a viewer sees.
    pub async fn seen(
        &self,
        viewer: &Viewer,
        items: Vec<ItemId>,
    ) -> Result<HashSet<ItemId>, AccountError> {
        let judged = items.into_iter().map(|item| async move {
            let is_seen = self.sees(viewer, item).await?;
            Ok::<_, AccountError>(is_seen.then_some(item))
        });
        stream::iter(judged)
            .buffer_unordered(AT_ONCE)
            .try_filter_map(|item| async move { Ok(item) })
            .try_collect()
            .await
    }

    /// What a verdict told of an item.
    pub(crate) fn shown(&self, user: UserId, item: ItemId) -> Option<ShownItem> {
        self.memory.verdicts.shown(user, item)
    }

    /// A film's own answer named its extras or further parts.
    pub fn note_extras(&self, film: ItemId, extras: &[ItemId]) {
        self.memory.verdicts.note_extras(film, extras);
    }

    /// Whether everything that is named may be shown to the viewer.
    async fn is_played_to(&self, viewer: &Viewer, play: &Play<'_>) -> Result<bool, AccountError> {
        if let Some(item) = play.item
            && !self.sees(viewer, item).await?
        {
            return Ok(false);
        }
        if let Some(stream) = play.live_stream
            && !self.may_have_named(viewer, stream).await?
        {
            return Ok(false);
        }
        if let Some(recording) = play.recording
            && viewer.is_limited()
            && !self.may_have_named(viewer, recording).await?
        {
            return Ok(false);
        }
        let Some(source) = play.media_source else {
            return Ok(true);
        };
        if let Ok(id) = source.parse::<ItemId>()
            && (Some(id) == play.item || self.sees(viewer, id).await?)
        {
            return Ok(true);
        }
        self.may_have_named(viewer, source).await
    }

    /// What a user's policy says.
    async fn reach(&self, user: UserId) -> Result<Reach, AccountError> {
        if let Some(reach) = self.memory.verdicts.reach(user) {
            return Ok(reach);
        }
        let Some(found) = self.inner.jellyfin.user(user).await? else {
            return Ok(Reach::NOTHING);
        };
        let reach = found.policy.reach();
        self.memory.verdicts.note(user, reach);
        Ok(reach)
    }
}
