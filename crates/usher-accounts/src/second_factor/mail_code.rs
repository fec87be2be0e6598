//! Codes by mail as a second factor: sent to the proven address of an account that switched them on.
use usher_domain::account::Account;
use usher_domain::code::Purpose;
use usher_domain::mail::{Mail, SignInCode};
use usher_domain::second_factor::FactorKind;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::sign_in::Step;
use usher_domain::visitor::Visitor;

use super::CodeSent;
use crate::address::{link_to, revoke_target};
use crate::challenge::CodeFor;
use crate::limits::MailAdmitted;
use crate::{AccountError, Accounts};

impl Accounts {
    /// Sends a code for the sign-in of this cookie, which waits for a second factor.
    pub async fn send_factor_code(
        &self,
        cookie: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<CodeSent, AccountError> {
        let Some(stored) = self.stored_attempt(cookie).await? else {
            return Ok(CodeSent::Gone);
        };
        let (Step::SecondFactor, Some(id)) = (stored.state.step(), stored.state.account()) else {
            return Ok(CodeSent::Gone);
        };
        let Some(account) = self.account(id).await? else {
            return Ok(CodeSent::Gone);
        };
        let enrolled = self.inner.store.enrolled(id).await?;
        let is_on = account.proven_address().is_some() && enrolled.has(FactorKind::Email);
        if !is_on || !self.mail_works().await? {
            return Ok(CodeSent::NoMail);
        }
        match self.admit_mail_of(id, Purpose::SignIn, visitor).await? {
            MailAdmitted::Go => {}
            MailAdmitted::Wait(span) => return Ok(CodeSent::Wait(span)),
        }
        self.queue_factor_code(cookie, &account, visitor).await
    }

    /// Sends the first code at once where there is nothing else to show. Where it cannot be sent, the page says why.
    pub(crate) async fn send_first_factor_code(
        &self,
        cookie: &OpaqueToken,
        account: &Account,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let enrolled = self.inner.store.enrolled(account.id).await?;
        if enrolled.has(FactorKind::Email) && !enrolled.strong() {
            self.send_factor_code(cookie, visitor).await?;
        }
        Ok(())
    }

    async fn queue_factor_code(
        &self,
        cookie: &OpaqueToken,
        account: &Account,
        visitor: &Visitor,
    ) -> Result<CodeSent, AccountError> {
        let (flow, now) = (cookie.hash(), self.now());
        let Some(address) = account.proven_address() else {
            return Ok(CodeSent::NoMail);
        };
        let tx = self.inner.store.begin().await?;
        let Some(mut stored) = tx.attempt(&flow, now).await? else {
            return Ok(CodeSent::Gone);
        };
        let to = CodeFor {
            flow: &flow,
            account: Some(account.id),
            purpose: Purpose::SignIn,
            target: address.as_str(),
        };
        let Some((code, expires)) = self.issue_code(&tx, &to).await? else {
            return Ok(CodeSent::Gone);
        };
        let (revoke, _) = self
            .issue_link(&tx, account.id, Purpose::Revoke, &revoke_target(&flow))
            .await?;
        let mail = Mail::SignInCode(SignInCode {
            user_name: account.seen.name.clone(),
            code: Some(SecretText::new(code.reveal())),
            expires,
            approve: None,
            device: String::new(),
            profile: String::new(),
            origin: visitor.origin(now),
            revoke: link_to("revoke", &revoke),
        });
        self.tell(&tx, account, &mail).await?;
        stored.context.factor_code_sent = Some(now);
        if !tx.update_attempt(&stored).await? {
            return Ok(CodeSent::Gone);
        }
        tx.commit().await?;
        self.wake_mailer();
        Ok(CodeSent::Sent)
    }
}
