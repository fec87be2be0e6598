//! The code that proves an address: sent by a mail that can also say "this was not me".
use usher_domain::account::{Account, Address, AddressProof};
use usher_domain::address::EmailAddress;
use usher_domain::code::Purpose;
use usher_domain::id::AccountId;
use usher_domain::mail::Mail;
use usher_domain::secret::{Hash, OpaqueToken, SecretText};
use usher_domain::visitor::Visitor;
use usher_store::{StoreError, Tx};

use super::{AddressGiven, revoke_target};
use crate::challenge::CodeFor;
use crate::limits::MailAdmitted;
use crate::{AccountError, Accounts};

/// Path and fragment of a page that a link leads to: the token never reaches a server log (R13).
pub(crate) fn link_to(page: &str, token: &OpaqueToken) -> SecretText {
    SecretText::new(format!("/usher/{page}#{}", token.reveal()))
}

impl Accounts {
    /// Reads an address that was given, and asks whether a mail may go there now. `Err`: what the person is told.
    pub(super) async fn usable_address(
        &self,
        typed: &str,
        visitor: &Visitor,
    ) -> Result<Result<EmailAddress, AddressGiven>, AccountError> {
        let Ok(email) = EmailAddress::parse(typed.trim()) else {
            return Ok(Err(AddressGiven::NotAnAddress));
        };
        if self.is_a_name(email.as_str()).await? {
            return Ok(Err(AddressGiven::Unusable));
        }
        Ok(
            match self.admit_mail(email.key().as_str(), visitor).await? {
                MailAdmitted::Go => Ok(email),
                MailAdmitted::Wait(span) => Err(AddressGiven::Wait(span)),
            },
        )
    }

    /// Makes a code for an address and queues its mail. `false`: the flow has used up its tries and gets no more.
    pub(super) async fn send_address_code(
        &self,
        tx: &Tx,
        flow: &Hash,
        account: &Account,
        email: &EmailAddress,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let to = CodeFor {
            flow,
            account: Some(account.id),
            purpose: Purpose::ConfirmAddress,
            target: email.as_str(),
        };
        let Some((code, expires)) = self.issue_code(tx, &to).await? else {
            return Ok(false);
        };
        let target = revoke_target(flow);
        let (revoke, _) = self
            .issue_link(tx, account.id, Purpose::Revoke, &target)
            .await?;
        let mail = Mail::ConfirmAddress {
            user_name: account.seen.name.clone(),
            code: SecretText::new(code.reveal()),
            expires,
            origin: visitor.origin(self.now()),
            revoke: link_to("revoke", &revoke),
        };
        // A full queue changes nothing of the answer (R29): another code can be asked for.
        self.queue_mail(tx, email.as_str(), account.language(), &mail)
            .await?;
        Ok(true)
    }

    /// Makes a proven address the account's own, unless it belongs to somebody else. Every open reset dies (R14).
    pub(super) async fn take_address(
        &self,
        tx: &Tx,
        account: AccountId,
        email: &EmailAddress,
    ) -> Result<Took, AccountError> {
        if !self.is_free(tx, account, email).await? {
            return Ok(Took::No);
        }
        let proven = Address {
            email: email.clone(),
            proof: AddressProof::Proven,
        };
        match tx.set_address(account, Some(&proven), self.claim()).await {
            Ok(true) => {}
            Ok(false) => return Ok(Took::AccountGone),
            Err(StoreError::Taken) => return Ok(Took::Raced),
            Err(fault) => return Err(fault.into()),
        }
        tx.kill_challenges(account, Purpose::Reset, self.now())
            .await?;
        Ok(Took::Yes)
    }
}

/// What became of an address that was to become an account's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Took {
    /// It is.
    Yes,
    /// It belongs to another account.
    No,
    /// Another account took it at this moment: the transaction must be given up.
    Raced,
    /// Jellyfin no longer knows the account's user.
    AccountGone,
}
