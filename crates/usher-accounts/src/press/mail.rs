//! The mail for a press: one, with a code where mail is a factor of the account, and always with the link of its page.
use std::time::Duration;

use usher_domain::account::Account;
use usher_domain::code::Purpose;
use usher_domain::id::AccountId;
use usher_domain::mail::{Mail, SignInCode};
use usher_domain::secret::SecretText;
use usher_domain::visitor::Visitor;
use usher_store::Press;

use super::{flow_of, shown};
use crate::address::link_to;
use crate::challenge::CodeFor;
use crate::limits::MailAdmitted;
use crate::{AccountError, Accounts};

/// Such mails that one account gets in an hour (design, section 4).
const IN_AN_HOUR: u64 = 3;

const HOUR: Duration = Duration::from_hours(1);

impl Accounts {
    /// Tells the person of a sign-in that waits: once. Answers whether they were told, now or before; where mail cannot leave
    /// or too much of it did, they can still approve in a browser, or show a factor behind the password.
    pub(crate) async fn mail_press(
        &self,
        account: &Account,
        press: &Press,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        if press.mailed.is_some() {
            return Ok(true);
        }
        let case = self.factor_case(account).await?;
        let Some(address) = account.proven_address().filter(|_| case.can_mail) else {
            return Ok(false);
        };
        let (now, profile) = (self.now(), self.profile_in(press).await?);
        if self.press_mails_lately(account.id).await? >= IN_AN_HOUR {
            return Ok(false);
        }
        let admitted = self.admit_mail_of(account.id, Purpose::Approve, visitor);
        if let MailAdmitted::Wait(_) = admitted.await? {
            return Ok(false);
        }
        let tx = self.inner.store.begin().await?;
        if !tx.note_press_mailed(press.id, now).await? {
            return Ok(true);
        }
        let (link, mut expires) = self
            .issue_link(&tx, account.id, Purpose::Approve, &press.id.to_string())
            .await?;
        let mut code = None;
        if case.enrolled.email {
            let to = CodeFor {
                flow: &flow_of(press.id),
                account: Some(account.id),
                purpose: Purpose::SignIn,
                target: address.as_str(),
            };
            if let Some((issued, until)) = self.issue_code(&tx, &to).await? {
                code = Some(SecretText::new(issued.reveal()));
                expires = until;
            }
        }
        let mail = Mail::SignInCode(SignInCode {
            user_name: account.seen.name.clone(),
            code,
            expires,
            approve: Some(link_to("approve", &link)),
            device: shown(&press.device),
            profile: profile.unwrap_or_default(),
            origin: visitor.origin(now),
            // The same page: it asks whether it was you, and takes both answers.
            revoke: link_to("approve", &link),
        });
        self.tell(&tx, account, &mail).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(true)
    }

    async fn press_mails_lately(&self, account: AccountId) -> Result<u64, AccountError> {
        let tx = self.inner.store.begin().await?;
        Ok(tx.count_press_mails(account, self.now() - HOUR).await?)
    }
}
