//! "This was not me", said of a sign-in (R39): whoever reads the mail of a new sign-in ends it, and everything else of the
//! account, and chooses a new password.
//!
//! Invariant: the link signs nobody in and sets no password that anybody knows. The mails that follow go to the proven
//! address alone, and only while it is the one that was told of the sign-in: a thief may have changed it since.
//! Invariant: what ends here ends in one transaction with the mail of the reset, whether Jellyfin is there or not. That the
//! old password counts no more is done afterwards; should that fail, the new one ends it.
use usher_domain::account::Account;
use usher_domain::activity::Activity;
use usher_domain::address::EmailAddress;
use usher_domain::code::Purpose;
use usher_domain::id::AccountId;
use usher_domain::secret::OpaqueToken;
use usher_domain::visitor::Visitor;

use crate::account::But;
use crate::{AccountError, Accounts};

/// What became of a sign-in that was disowned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disowned {
    /// Everything of the account has ended, and a link by which a new password is chosen is on its way.
    Mailed,
    /// Everything of the account has ended. Mail cannot help it any further; the administrators were asked.
    Ended,
    /// The link is used or too old.
    Spent,
}

impl Accounts {
    /// Ends everything that lets somebody in as this account, here at once and in Jellyfin as soon as it can be reached, and
    /// starts a reset.
    pub async fn disown_sign_in(
        &self,
        link: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<Disowned, AccountError> {
        let (recovery, mail_works) = (self.settings().await?.recovery, self.mail_works().await?);
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        let found = tx.link(&link.hash(), Purpose::NotMe, now).await?;
        let Some((found, id)) = found.and_then(|found| found.account.map(|id| (found, id))) else {
            return Ok(Disowned::Spent);
        };
        let account = tx.account(id).await?;
        let Some(account) = account.filter(|account| account.gone.is_none()) else {
            return Ok(Disowned::Spent);
        };
        if !tx.consume_challenge(found.id, now).await? {
            return Ok(Disowned::Spent);
        }
        // Other links tell of sign-ins that end now, too; and a code may be on its way to an address of a thief.
        for purpose in [Purpose::NotMe, Purpose::ConfirmAddress] {
            tx.kill_challenges(id, purpose, now).await?;
        }
        let ended = self.end_all(&tx, id, But::Nothing).await?.tokens;
        self.note(&tx, id, None, Activity::SignInDisowned, visitor)
            .await?;
        let told = EmailAddress::parse(&found.target)
            .map_err(|_unreadable| AccountError::Unreadable { what: "address" })?;
        let recovery = is_still(&account, &told).then_some(&recovery);
        let is_mailed = self.start_reset(&tx, &account, recovery, visitor).await?;
        tx.commit().await?;
        self.forget_tokens(&ended);
        self.wake_mailer();
        self.sign_out_after_all(&ended).await;
        if !is_mailed {
            return Ok(Disowned::Ended);
        }
        if mail_works && account.seen.passwordless != Some(true) {
            self.forsake_password(id).await;
        }
        Ok(Disowned::Mailed)
    }

    /// Replaces a password that is in strange hands by one that nobody knows. Where Jellyfin is away it counts until the
    /// person has chosen a new one.
    async fn forsake_password(&self, id: AccountId) {
        let forsaken = async {
            self.set_password(id, &self.unknown_password()).await?;
            // Somebody may have come in by the old one at this moment.
            self.end_all_before_password(id, But::Nothing).await
        };
        if let Err(error) = forsaken.await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "The password of a sign-in that was disowned counts until a new one is chosen"
            );
        }
    }
}

/// Whether the account still has the address that was told of the sign-in.
fn is_still(account: &Account, told: &EmailAddress) -> bool {
    let address = account.proven_address();
    address.is_some_and(|address| address.key() == told.key())
}
