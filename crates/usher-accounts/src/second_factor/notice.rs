//! What is told of second factors: mails to the proven address, in the transaction of what they report (R39).
use usher_domain::account::Account;
use usher_domain::mail::{Actor, FactorChange, FactorChanged, Mail, RecoveryCodeUsed, TrustEnded};
use usher_domain::visitor::Visitor;
use usher_store::Tx;

use crate::{AccountError, Accounts};

impl Accounts {
    pub(super) async fn tell_factor_changed(
        &self,
        tx: &Tx,
        account: &Account,
        change: FactorChange,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let mail = Mail::FactorChanged(FactorChanged {
            user_name: account.seen.name.clone(),
            change,
            by: Actor::Person,
            reason: String::new(),
            origin: visitor.origin(self.now()),
        });
        self.tell(tx, account, &mail).await
    }

    pub(super) async fn tell_recovery_code_used(
        &self,
        tx: &Tx,
        account: &Account,
        left: u32,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let mail = Mail::RecoveryCodeUsed(RecoveryCodeUsed {
            user_name: account.seen.name.clone(),
            left,
            origin: visitor.origin(self.now()),
        });
        self.tell(tx, account, &mail).await
    }

    pub(super) async fn tell_trust_ended(
        &self,
        tx: &Tx,
        account: &Account,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let mail = Mail::TrustEnded(TrustEnded {
            user_name: account.seen.name.clone(),
            origin: visitor.origin(self.now()),
        });
        self.tell(tx, account, &mail).await
    }
}
