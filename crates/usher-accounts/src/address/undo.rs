//! Taking a change of address back: by whoever reads the old address, within seven days.
use usher_domain::activity::Activity;
use usher_domain::address::EmailAddress;
use usher_domain::code::Purpose;
use usher_domain::secret::OpaqueToken;
use usher_domain::visitor::Visitor;
use usher_store::KnownToken;

use super::UndoView;
use super::code::Took;
use crate::account::But;
use crate::{AccountError, Accounts};

impl Accounts {
    /// Looks at an undo link; changes nothing (R13).
    pub async fn look_at_undo(&self, link: &OpaqueToken) -> Result<Option<UndoView>, AccountError> {
        let Some(found) = self.look_at_link(link, Purpose::UndoAddress).await? else {
            return Ok(None);
        };
        let account = match found.account {
            Some(id) => self.account(id).await?,
            None => None,
        };
        let account = account.filter(|account| account.gone.is_none());
        let Ok(old) = EmailAddress::parse(&found.target) else {
            return Ok(None);
        };
        Ok(account.map(|account| UndoView {
            address: old.masked(),
            instead_of: account.address.map(|present| present.email.masked()),
            name: account.seen.name,
            until: found.expires,
        }))
    }

    /// Takes a change of address back. `false`: the link is used or too old, or the old address is somebody else's now.
    ///
    /// Whoever changed it may be a thief who is still signed in: every session, token and sign-in of the account ends,
    /// here at once and in Jellyfin as far as it can be reached. The gate refuses the tokens in any case.
    pub async fn undo_address(
        &self,
        link: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let Some(ended) = self.undo(link, visitor).await? else {
            return Ok(false);
        };
        for token in &ended {
            self.memory.known.forget(&token.digest);
        }
        self.sign_out_after_all(&ended).await;
        Ok(true)
    }

    async fn undo(
        &self,
        link: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<Option<Vec<KnownToken>>, AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        let found = tx.link(&link.hash(), Purpose::UndoAddress, now).await?;
        let Some((found, id)) = found.and_then(|found| found.account.map(|id| (found, id))) else {
            return Ok(None);
        };
        let old = EmailAddress::parse(&found.target)
            .map_err(|_unreadable| AccountError::Unreadable { what: "address" })?;
        let Some(before) = tx.account(id).await? else {
            return Ok(None);
        };
        if !tx.consume_challenge(found.id, now).await? {
            return Ok(None);
        }
        if self.take_address(&tx, id, &old).await? != Took::Yes {
            return Ok(None);
        }
        // Nothing is left to undo, and a code may be on its way to an address of the thief.
        for purpose in [Purpose::UndoAddress, Purpose::ConfirmAddress] {
            tx.kill_challenges(id, purpose, now).await?;
        }
        let ended = self.end_all(&tx, id, But::Nothing).await?.tokens;
        let what = Activity::AddressUndone;
        self.note(&tx, id, None, what, visitor).await?;
        self.tell_address_undone(&tx, &before, &old, visitor)
            .await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(Some(ended))
    }
}
