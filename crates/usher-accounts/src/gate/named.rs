//! What an answer to `PlaybackInfo` or `LiveStreams/Open` named to somebody (design, section 3.1): a live stream, what a channel
//! is received by, a recording that is still being made. None of these is an item, so each is judged by the one that the
//! answer spoke of, for as long as it is played.
use usher_domain::id::ItemId;

use super::item::Viewer;
use super::ticket;
use crate::{AccountError, Accounts};

impl Accounts {
    /// An answer that spoke of an item named this to a viewer. `None`: nobody can say of which it spoke.
    pub async fn note_named(
        &self,
        viewer: &Viewer,
        names: &[String],
        item: Option<ItemId>,
    ) -> Result<(), AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        tx.note_named(viewer.user(), names, item, now).await?;
        tx.commit().await?;
        for name in names {
            let verdicts = &self.memory.verdicts;
            verdicts.remember_name(viewer.user(), name, item, now);
        }
        Ok(())
    }

    /// Whether an answer named this to the viewer, whatever became of it since.
    pub async fn was_named(&self, viewer: &Viewer, name: &str) -> Result<bool, AccountError> {
        Ok(self.named(viewer, name).await?.is_some())
    }

    /// The item by which something that was named to the viewer is judged.
    pub async fn named_item(
        &self,
        viewer: &Viewer,
        name: &str,
    ) -> Result<Option<ItemId>, AccountError> {
        Ok(self.named(viewer, name).await?.flatten())
    }

    /// Whether the viewer may have what an answer named: a policy may have become narrower since. Where nobody can say what
    /// it is, only those may from whom nothing is kept.
    pub async fn may_have_named(&self, viewer: &Viewer, name: &str) -> Result<bool, AccountError> {
        match self.named(viewer, name).await? {
            Some(_) if !viewer.is_limited() => Ok(true),
            Some(Some(item)) => self.sees(viewer, item).await,
            None | Some(None) => Ok(false),
        }
    }

    /// Within: by which item it is judged, where somebody can say.
    async fn named(
        &self,
        viewer: &Viewer,
        name: &str,
    ) -> Result<Option<Option<ItemId>>, AccountError> {
        let (now, user) = (self.now(), viewer.user());
        if let Some(item) = self.memory.verdicts.named(user, name, now) {
            return Ok(Some(item));
        }
        let store = &self.inner.store;
        let Some(named) = store.named(user, name, now - ticket::LIFE).await? else {
            return Ok(None);
        };
        if now.since(named.used) > ticket::TOUCH {
            let tx = store.begin().await?;
            tx.touch_named(user, name, now).await?;
            tx.commit().await?;
        }
        let verdicts = &self.memory.verdicts;
        verdicts.remember_name(user, name, named.item, now);
        Ok(Some(named.item))
    }
}
