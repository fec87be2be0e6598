//! Browsers that are trusted for 30 days: they skip the second factor at sign-in, never the password and never a step-up
//! (R36).
use std::time::Duration;

use usher_domain::account::Account;
use usher_domain::activity::Activity;
use usher_domain::id::{AccountId, TrustedBrowserId};
use usher_domain::second_factor::TRUSTED;
use usher_domain::secret::{Hash, OpaqueToken};
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::{TrustedBrowser, Tx};

use crate::{AccountError, Accounts, limits};

/// A cookie that was replaced less than so long ago may still be on its way in another tab.
const OVERLAP: Duration = Duration::from_mins(1);

/// How long a sign-in may take from its claim to its token. A call to Jellyfin ends after ten seconds, and there are few.
const CLAIMED: Duration = Duration::from_mins(2);

/// Whether a browser is trusted by an account.
#[derive(Clone, Debug)]
pub(crate) enum Trust {
    /// No, or it showed no cookie.
    No,
    /// Yes.
    Yes(TrustedBrowser),
}

impl Accounts {
    /// Whether the account trusts the browser with this cookie. To be asked after the right password only. A cookie that
    /// was replaced before shows that there is a copy: no browser of the account is trusted any more.
    pub(crate) async fn trust_of(
        &self,
        account: &Account,
        cookie: Option<&OpaqueToken>,
        visitor: &Visitor,
    ) -> Result<Trust, AccountError> {
        let Some(digest) = cookie.map(OpaqueToken::hash) else {
            return Ok(Trust::No);
        };
        let now = self.now();
        if let Some(browser) = self.inner.store.trusted_browser(&digest, now).await? {
            return Ok(if browser.account == account.id {
                Trust::Yes(browser)
            } else {
                Trust::No
            });
        }
        let spent = self.inner.store.spent_trust(&digest).await?;
        if let Some((_, whose, at)) = spent
            && whose == account.id
            && now.since(at) > OVERLAP
        {
            self.end_copied_trust(account, visitor).await?;
        }
        Ok(Trust::No)
    }

    /// Claims a cookie of trust for one sign-in, before Jellyfin is asked for its token: a second token for the same user and
    /// device would end the first. `false`: it is good no longer, or another sign-in comes in by it.
    ///
    /// Nothing is spent yet: where the process ends before the sign-in does, the claim runs out and the cookie is good again.
    pub(crate) async fn claim_trust(
        &self,
        account: AccountId,
        shown: &Hash,
    ) -> Result<bool, AccountError> {
        let (now, key) = (self.now(), self.claim_key(shown));
        let tx = self.inner.store.begin().await?;
        let claimed: Option<Timestamp> = limits::read(&tx, &key, self).await?;
        if claimed.is_some_and(|until| now < until) {
            return Ok(false);
        }
        let all = tx.trusted_browsers_of(account).await?;
        if all.iter().all(|one| one.digest != *shown) {
            return Ok(false);
        }
        limits::write(&tx, &key, &Some(now + CLAIMED), self).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Gives a claim back whose sign-in came to nothing.
    pub(crate) async fn give_trust_back(&self, shown: &Hash) {
        let given_back = async {
            let tx = self.inner.store.begin().await?;
            let nobody: Option<Timestamp> = None;
            limits::write(&tx, &self.claim_key(shown), &nobody, self).await?;
            Ok::<(), AccountError>(tx.commit().await?)
        };
        if let Err(error) = given_back.await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "A trusted browser is asked for its second factor for two minutes"
            );
        }
    }

    fn claim_key(&self, shown: &Hash) -> [u8; 32] {
        self.limit_key("trust", shown.as_bytes())
    }

    /// Gives a trusted browser its next cookie in place of the one it showed, in the transaction that ends the sign-in.
    /// `None`: it is trusted no longer, or that cookie let another sign-in through.
    pub(crate) async fn renew_trust(
        &self,
        tx: &Tx,
        account: AccountId,
        shown: &Hash,
    ) -> Result<Option<OpaqueToken>, AccountError> {
        let now = self.now();
        let all = tx.trusted_browsers_of(account).await?;
        let Some(read) = all.into_iter().find(|one| one.digest == *shown) else {
            return Ok(None);
        };
        let cookie = OpaqueToken::generate(&*self.inner.entropy);
        let is_renewed = tx
            .rotate_trusted_browser(&read, &cookie.hash(), now)
            .await?;
        Ok(is_renewed.then_some(cookie))
    }

    /// Trusts this browser, in the transaction that ends the sign-in.
    pub(crate) async fn trust_browser(
        &self,
        tx: &Tx,
        account: AccountId,
        visitor: &Visitor,
    ) -> Result<OpaqueToken, AccountError> {
        let now = self.now();
        let cookie = OpaqueToken::generate(&*self.inner.entropy);
        tx.add_trusted_browser(&TrustedBrowser {
            id: TrustedBrowserId::generate(now, &*self.inner.entropy),
            digest: cookie.hash(),
            account,
            client: visitor.client.clone(),
            address: visitor.address.to_string(),
            since: now,
            used: now,
            expires: now + TRUSTED,
        })
        .await?;
        self.note(tx, account, None, Activity::BrowserTrusted, visitor)
            .await?;
        Ok(cookie)
    }

    async fn end_copied_trust(
        &self,
        account: &Account,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        tx.end_trusted_browsers(account.id).await?;
        self.note(&tx, account.id, None, Activity::TrustEnded, visitor)
            .await?;
        self.tell_trust_ended(&tx, account, visitor).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(())
    }
}
