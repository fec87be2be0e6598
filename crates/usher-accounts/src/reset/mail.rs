//! The mail of a reset: a link, a code where a page waits for one, and a link that takes both back (R10).
use usher_domain::account::Account;
use usher_domain::address::EmailAddress;
use usher_domain::code::Purpose;
use usher_domain::mail::{Mail, ResetCause};
use usher_domain::secret::{Hash, OpaqueToken, SecretText};
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::Tx;

use crate::address::{link_to, revoke_target};
use crate::{AccountError, Accounts};

/// What a reset mail is about.
pub(crate) struct ResetMail<'a> {
    pub(crate) account: &'a Account,
    pub(crate) cause: ResetCause,
    /// Where it goes.
    pub(crate) address: &'a EmailAddress,
    pub(crate) language: &'a str,
    /// The link, and until when it is good.
    pub(crate) link: (OpaqueToken, Timestamp),
    /// The page that asked, and until when it takes a code; with the code, if any is taken at present (R23).
    pub(crate) page: Option<(Hash, Timestamp, Option<SecretText>)>,
}

impl Accounts {
    /// Queues it in the transaction that made its link. `false`: too many mails wait.
    pub(crate) async fn queue_reset(
        &self,
        tx: &Tx,
        reset: ResetMail<'_>,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let (link, link_expires) = reset.link;
        // Where no page asked, the link belongs to no flow; what is revoked is every reset of the account.
        let (flow, code_expires, code) = reset
            .page
            .unwrap_or_else(|| (Hash::of(link.reveal()), link_expires, None));
        let (id, target) = (reset.account.id, revoke_target(&flow));
        let (revoke, _) = self.issue_link(tx, id, Purpose::Revoke, &target).await?;
        let mail = Mail::Reset {
            user_name: reset.account.seen.name.clone(),
            cause: reset.cause,
            code,
            code_expires,
            link: link_to("reset", &link),
            link_expires,
            origin: visitor.origin(self.now()),
            revoke: link_to("revoke", &revoke),
        };
        self.queue_mail(tx, reset.address.as_str(), reset.language, &mail)
            .await
    }
}
