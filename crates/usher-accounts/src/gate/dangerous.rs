//! What an administrator with a second factor may do only a moment after showing it (design, section 4, "Dangerous
//! routes").
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_jellyfin::Me;
use usher_store::KnownToken;

use super::known::Entry;
use crate::{AccountError, Accounts};

impl Accounts {
    /// Whether the holder of a token may do something dangerous now. Only administrators whose account has a second factor
    /// need more than the token: the session of the browser that was given it, in which a factor was shown within the last ten
    /// minutes (R38). A stolen token alone, or a proof in another browser, is not enough.
    pub async fn may_do_dangerous(
        &self,
        token: &SecretText,
        cookie: Option<&OpaqueToken>,
    ) -> Result<bool, AccountError> {
        if !self.entry(token, None, None).await?.is_guarded {
            return Ok(true);
        }
        let session = match cookie {
            Some(cookie) => self.web_session(cookie).await?,
            None => None,
        };
        Ok(session.is_some_and(|session| {
            let holds_it = session.token == Some(token.hash());
            holds_it && self.is_fresh(&session) && session.proved_level.was_shown()
        }))
    }

    /// What is known of a token whose user Jellyfin has just named.
    pub(super) async fn entry_of(&self, row: &KnownToken, me: &Me) -> Result<Entry, AccountError> {
        let is_owner = me.id == row.account.owner();
        let account = if is_owner && me.policy.is_administrator {
            self.account(row.account).await?
        } else {
            None
        };
        let mut entry = Entry::of(row.account, &row.identity.device_id, me, self.now());
        if !is_owner {
            entry.lower();
        }
        entry.is_guarded = match &account {
            Some(account) => self.asks_for_factor(account).await?,
            None => false,
        };
        Ok(entry)
    }
}
