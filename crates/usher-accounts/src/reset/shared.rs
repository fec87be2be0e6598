//! A reset for an address that several accounts share (`shared_addresses = true`): one mail lists them, each with a link of
//! its own.
//!
//! The answer is that of every question, and so is the page that asks for a code: no answer is right there. Each further
//! account costs two more statements and a line; that shows less than the limits on questions let anybody measure.
use usher_domain::activity::Activity;
use usher_domain::code::Purpose;
use usher_domain::mail::{Mail, ResetLink};
use usher_store::Tx;

use super::ask::{Question, Reached};
use crate::address::{link_to, shared_revoke_target};
use crate::{AccountError, Accounts};

impl Accounts {
    /// The mail that lists the accounts. Older codes and links of each are dead (R14).
    pub(super) async fn send_shared_reset(
        &self,
        tx: &Tx,
        reached: &[Reached<'_>],
        question: &Question<'_>,
    ) -> Result<(), AccountError> {
        let [first, others @ ..] = reached else {
            return Ok(());
        };
        let now = self.now();
        self.issue_decoy(tx, question).await?;
        let mut accounts = Vec::with_capacity(reached.len());
        for Reached { account, address } in reached {
            tx.kill_challenges(account.id, Purpose::Reset, now).await?;
            let (link, _) = self
                .issue_link(tx, account.id, Purpose::Reset, address.as_str())
                .await?;
            accounts.push(ResetLink {
                user_name: account.seen.name.clone(),
                link: link_to("reset", &link),
            });
            let what = Activity::ResetAsked;
            self.note(tx, account.id, None, what, question.visitor)
                .await?;
        }
        let others = others.iter().map(|other| other.account.id);
        let target = shared_revoke_target(&question.flow, others);
        let (revoke, _) = self
            .issue_link(tx, first.account.id, Purpose::Revoke, &target)
            .await?;
        let mail = Mail::ResetShared {
            accounts,
            link_expires: now + Purpose::Reset.link_life(),
            origin: question.visitor.origin(now),
            revoke: link_to("revoke", &revoke),
        };
        let languages = reached.iter().map(|it| it.account.language.as_deref());
        let language = languages.flatten().next().unwrap_or(question.language);
        self.queue_mail(tx, first.address.as_str(), language, &mail)
            .await?;
        Ok(())
    }
}
