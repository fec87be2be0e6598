//! API keys of the server: which there are, when they last came through Usher, and from where they may come.
use usher_domain::activity::Activity;
use usher_domain::network::Networks;
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;

use super::Admin;
use crate::{AccountError, Accounts};

/// A key of the server. The key itself stays in Jellyfin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Hash of the key.
    pub digest: Hash,
    /// The program that it was made for, as its maker named it.
    pub name: String,
    /// When it was made; `None` where Jellyfin does not tell.
    pub made: Option<Timestamp>,
    /// From where it may come; none: from everywhere.
    pub networks: Networks,
    /// When it last came through Usher, to the minute.
    pub seen: Option<Timestamp>,
    /// The address that it came from then; empty for never.
    pub address: String,
}

/// What came of binding a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyBound {
    /// It is bound so now. Every replica knows within five seconds.
    Done,
    /// The server has no such key any more.
    Gone,
}

impl Accounts {
    /// Every API key of the server but Usher's own (R59), the newest first.
    pub async fn api_keys(&self) -> Result<Vec<Key>, AccountError> {
        let known = self.inner.store.api_keys().await?;
        let there = self.inner.jellyfin.api_keys().await?;
        let mut keys: Vec<Key> = there
            .into_iter()
            .map(|key| {
                let digest = key.access_token.hash();
                let seen = known.iter().find(|known| known.digest == digest);
                Key {
                    digest,
                    made: key.made(),
                    name: key.app_name,
                    networks: seen.map(|seen| seen.networks.clone()).unwrap_or_default(),
                    seen: seen.and_then(|seen| seen.seen),
                    address: seen.map(|seen| seen.address.clone()).unwrap_or_default(),
                }
            })
            .collect();
        keys.sort_by(|one, other| {
            other
                .made
                .cmp(&one.made)
                .then_with(|| one.name.cmp(&other.name))
        });
        Ok(keys)
    }

    /// Binds a key, by the [name](Hash::name) of its hash, to networks; none: it may come from everywhere again. From
    /// elsewhere it is nobody's then.
    pub async fn bind_api_key(
        &self,
        by: &Admin,
        name: &str,
        networks: &Networks,
        visitor: &Visitor,
    ) -> Result<KeyBound, AccountError> {
        let keys = self.api_keys().await?;
        let Some(key) = keys.into_iter().find(|key| key.digest.name() == name) else {
            return Ok(KeyBound::Gone);
        };
        if key.networks == *networks {
            return Ok(KeyBound::Done);
        }
        let tx = self.inner.store.begin().await?;
        if tx.bind_api_key(&key.digest, networks).await? {
            self.note_general(&tx, by.actor(), Activity::KeyBound, visitor)
                .await?;
        }
        tx.commit().await?;
        self.memory.known.forget(&key.digest);
        Ok(KeyBound::Done)
    }
}
