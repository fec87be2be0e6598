//! A browser at a profile's seat, and the pages of its account (R43, R52).
//!
//! Invariant: from there no page of the account is reached before the owner has shown up: by the PIN before the owner's seat, or
//! by a step-up; each counts for ten minutes, and no longer than the browser stays on these pages and at that seat.
use usher_domain::profile::pin::Watcher;
use usher_domain::secret::OpaqueToken;
use usher_domain::visitor::Visitor;
use usher_store::WebSession;

use super::{OwnerPin, PinChecked};
use crate::web_session::FRESH;
use crate::{AccountError, Accounts};

/// What became of the owner's PIN at a profile's seat.
#[derive(Debug)]
pub enum OwnerShown {
    /// Right: this cookie takes the old one's place (R44).
    Done(OpaqueToken),
    /// Not taken.
    Refused(PinChecked),
    /// The owner has none: a step-up is asked for.
    NoPin,
    /// The session is over.
    Gone,
}

impl Accounts {
    /// Whether a browser reaches the pages of its account.
    pub fn reaches_account(&self, session: &WebSession) -> bool {
        let now = self.now();
        let is_shown = session
            .owner_shown
            .is_some_and(|shown| now.since(shown) <= FRESH);
        !session.is_at_profile() || is_shown || self.is_fresh(session)
    }

    /// The owner shows up at a browser that is at a profile's seat.
    pub async fn show_owner(
        &self,
        session: &WebSession,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<OwnerShown, AccountError> {
        if self.owner_pin(session.account).await? != OwnerPin::Set {
            return Ok(OwnerShown::NoPin);
        }
        let checked = self
            .judge_pin(session.account, Watcher::Owner, typed, visitor)
            .await?;
        if checked != PinChecked::Right {
            return Ok(OwnerShown::Refused(checked));
        }
        let cookie = OpaqueToken::generate(&*self.inner.entropy);
        let tx = self.inner.store.begin().await?;
        if !tx
            .show_owner(session.id, &cookie.hash(), self.now())
            .await?
        {
            return Ok(OwnerShown::Gone);
        }
        tx.commit().await?;
        Ok(OwnerShown::Done(cookie))
    }

    /// The web client begins in a browser: at a profile's seat, that profile sits there from now on, and not the owner who showed
    /// up. Nothing is taken from a browser at the owner's.
    pub async fn owner_left(&self, session: &WebSession) -> Result<(), AccountError> {
        if !session.is_at_profile() || !self.reaches_account(session) {
            return Ok(());
        }
        let tx = self.inner.store.begin().await?;
        tx.hide_owner(session.id).await?;
        tx.forget_proof(session.id).await?;
        Ok(tx.commit().await?)
    }
}
