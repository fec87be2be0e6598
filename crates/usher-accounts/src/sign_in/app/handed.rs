//! Answers that were held: whether their client was still there.
//!
//! A client that dies without a word while its answer is held looks like one that waits, and the approval would be used up for
//! nobody. Whether the answer arrived shows by the token in it: a client that is alive uses it within a second.
//!
//! Invariant: of the tokens that one approval brings about one at most is ever used. A retry, under the same conditions as
//! any, takes the place of a held answer whose token nobody used, once, and ends that token; what a retry is answered counts as
//! received.
use std::time::Duration;

use serde::{Deserialize, Serialize};
use usher_domain::id::PressId;
use usher_domain::time::Timestamp;
use usher_store::{Press, PressSource, Tx};

use super::factor::APPROVED;
use crate::{AccountError, Accounts, limits};

/// How long a token that was handed out may stay unused before it counts as lost: longer than any client waits that is alive,
/// and than a call to Jellyfin takes.
const LOST: Duration = Duration::from_secs(20);

/// An approval that let a held answer go out.
#[derive(Serialize, Deserialize)]
struct Handed {
    press: PressId,
    approved: Timestamp,
    at: Timestamp,
}

/// What became of the answer that was last held for a source.
pub(super) enum Received {
    /// It arrived; or none was held, or so long ago that its approval counts no more.
    Yes,
    /// Nobody can say yet.
    NotYet,
    /// It reached nobody: its press waits again, approved.
    Never(Box<Press>),
}

impl Accounts {
    /// Notes, in the transaction that uses a press, that its held answer goes out.
    pub(super) async fn note_handed(&self, tx: &Tx, press: &Press) -> Result<(), AccountError> {
        let at = self.now();
        let handed = press.approved.map(|(_, approved)| Handed {
            press: press.id,
            approved,
            at,
        });
        let key = self.handed_key(&press.source);
        limits::write(tx, &key, &handed, self).await
    }

    /// Whether the answer that was last held for a source was received. Gives its press back where it was not. The account's
    /// row is locked, and no press of the source waits.
    pub(super) async fn received(
        &self,
        tx: &Tx,
        source: &PressSource,
    ) -> Result<Received, AccountError> {
        let (now, key) = (self.now(), self.handed_key(source));
        let last: Option<Handed> = limits::read(tx, &key, self).await?;
        let last = last.filter(|last| now.since(last.approved) < APPROVED);
        let Some(last) = last else {
            return Ok(Received::Yes);
        };
        let given = tx
            .tokens_given_on(source.user, &source.device_id, last.at)
            .await?;
        if given
            .iter()
            .any(|token| token.was_used() || token.ended.is_some())
        {
            return Ok(Received::Yes);
        }
        if now.since(last.at) < LOST {
            return Ok(Received::NotYet);
        }
        self.forget_handed(tx, source).await?;
        if !tx.give_press_back(last.press, source).await? {
            return Ok(Received::Yes);
        }
        let press = tx.press_of(source, now).await?;
        Ok(press.map_or(Received::Yes, |press| Received::Never(Box::new(press))))
    }

    /// What lets a retry through is no held answer any more.
    pub(super) async fn forget_handed(
        &self,
        tx: &Tx,
        source: &PressSource,
    ) -> Result<(), AccountError> {
        let key = self.handed_key(source);
        limits::write(tx, &key, &None::<Handed>, self).await
    }

    fn handed_key(&self, source: &PressSource) -> [u8; 32] {
        self.limit_key("handed", &self.mac_of_source(source))
    }
}
