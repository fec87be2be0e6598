//! What a person sees and changes of the own second factors. Every change needs a proof that is fresh (R38), which the
//! methods look at themselves.
use usher_domain::account::Account;
use usher_domain::activity::Activity;
use usher_domain::id::{FactorId, TrustedBrowserId};
use usher_domain::mail::FactorChange;
use usher_domain::second_factor::recovery::RecoveryCode;
use usher_domain::second_factor::{Case, Enrolled, FactorKind};
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::{Tx, WebSession};

use super::enroll::may_enroll;
use super::show::strongest_first;
use super::totp::NAME_MAX;
use crate::{AccountError, Accounts};

/// A factor, as a list shows it.
#[derive(Clone, Debug)]
pub struct FactorLine {
    /// What names it in forms.
    pub id: FactorId,
    /// Which kind.
    pub kind: FactorKind,
    /// What the person calls it; empty where nobody named it.
    pub name: String,
    /// Since when.
    pub added: Timestamp,
    /// When it was last used.
    pub used: Option<Timestamp>,
}

/// A browser that is trusted, as a list shows it.
#[derive(Clone, Debug)]
pub struct BrowserTrusted {
    /// What names it in forms.
    pub id: TrustedBrowserId,
    /// What the person sees of it.
    pub client: String,
    /// Its address when it was trusted.
    pub address: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// The page of one's own second factors.
#[derive(Clone, Debug)]
pub struct Security {
    /// Those that are enrolled, the oldest first.
    pub factors: Vec<FactorLine>,
    /// Which kinds can be added now, strongest first.
    pub addable: Vec<FactorKind>,
    /// What is enrolled, in numbers.
    pub enrolled: Enrolled,
    /// Browsers that skip the second factor.
    pub browsers: Vec<BrowserTrusted>,
    /// Second factors count at present: the policy is not off.
    pub is_active: bool,
    /// From when this account must have one; `None`: it need not.
    pub demanded_from: Option<Timestamp>,
    /// Mail reaches the account at present.
    pub can_mail: bool,
}

/// What became of taking a factor away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// Gone.
    Done,
    /// The account must have one, and this is the last that counts: another one comes first.
    Demanded,
    /// The account has no such factor.
    Unknown,
    /// The proof of who sits there is too old.
    StepUp,
}

impl Accounts {
    /// The page of one's own second factors. `None`: the account is gone.
    pub async fn security(&self, session: &WebSession) -> Result<Option<Security>, AccountError> {
        let Some(account) = self.account(session.account).await? else {
            return Ok(None);
        };
        let case = self.factor_case(&account).await?;
        let (store, now) = (&self.inner.store, self.now());
        let factors = store.factors_of(account.id).await?;
        let mut browsers = store.trusted_browsers_of(account.id).await?;
        browsers.retain(|browser| browser.expires > now);
        Ok(Some(Security {
            factors: factors
                .into_iter()
                .map(|factor| FactorLine {
                    id: factor.id,
                    kind: factor.kind,
                    name: factor.name,
                    added: factor.added,
                    used: factor.used,
                })
                .collect(),
            addable: strongest_first(|kind| may_enroll(&case, kind)),
            enrolled: case.enrolled,
            browsers: browsers
                .into_iter()
                .map(|browser| BrowserTrusted {
                    id: browser.id,
                    client: browser.client,
                    address: browser.address,
                    since: browser.since,
                    until: browser.expires,
                })
                .collect(),
            is_active: case.is_active(),
            demanded_from: case.demanded_from(),
            can_mail: case.can_mail,
        }))
    }

    /// Names a factor. `false`: the account has no such factor, or the proof is too old.
    pub async fn rename_factor(
        &self,
        session: &WebSession,
        id: FactorId,
        name: &str,
    ) -> Result<bool, AccountError> {
        if !self.is_fresh(session) {
            return Ok(false);
        }
        let letters = name.trim().chars().filter(|letter| !letter.is_control());
        let name: String = letters.take(NAME_MAX).collect();
        let tx = self.inner.store.begin().await?;
        let is_renamed = tx.rename_factor(session.account, id, &name).await?;
        tx.commit().await?;
        Ok(is_renamed)
    }

    /// Takes a factor away. With the last one go the recovery codes; trust in browsers ends with each (R36).
    pub async fn remove_factor(
        &self,
        session: &WebSession,
        id: FactorId,
        visitor: &Visitor,
    ) -> Result<Removal, AccountError> {
        if !self.is_fresh(session) {
            return Ok(Removal::StepUp);
        }
        let Some(account) = self.account(session.account).await? else {
            return Ok(Removal::Unknown);
        };
        let case = self.factor_case(&account).await?;
        let tx = self.inner.store.begin().await?;
        let factors = tx.factors_of(account.id).await?;
        let Some(factor) = factors.iter().find(|factor| factor.id == id) else {
            return Ok(Removal::Unknown);
        };
        if !tx.remove_factor(account.id, id).await? {
            return Ok(Removal::Unknown);
        }
        let enrolled = tx.enrolled(account.id).await?;
        if (Case { enrolled, ..case }).is_short() {
            return Ok(Removal::Demanded);
        }
        self.factor_removed(&tx, &account, factor.kind, visitor)
            .await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(Removal::Done)
    }

    /// Takes codes by mail away together with their address, in the caller's transaction: nobody could show one any more.
    /// Answers what is left; `None` where codes by mail were no factor of the account.
    pub(crate) async fn end_mail_factor(
        &self,
        tx: &Tx,
        account: &Account,
        visitor: &Visitor,
    ) -> Result<Option<Enrolled>, AccountError> {
        let factors = tx.factors_of(account.id).await?;
        let mut by_mail = factors
            .iter()
            .filter(|factor| factor.kind == FactorKind::Email);
        let Some(factor) = by_mail.next() else {
            return Ok(None);
        };
        tx.remove_factor(account.id, factor.id).await?;
        self.factor_removed(tx, account, factor.kind, visitor)
            .await?;
        Ok(Some(tx.enrolled(account.id).await?))
    }

    /// Follows a factor that was taken away, and tells of it.
    async fn factor_removed(
        &self,
        tx: &Tx,
        account: &Account,
        kind: FactorKind,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        if !tx.enrolled(account.id).await?.any() {
            tx.clear_recovery_codes(account.id).await?;
        }
        tx.end_trusted_browsers(account.id).await?;
        let what = Activity::FactorRemoved { kind };
        self.note(tx, account.id, None, what, visitor).await?;
        self.tell_factor_changed(tx, account, FactorChange::Removed(kind), visitor)
            .await
    }

    /// Ten new recovery codes; the old ones are worthless. `None`: the proof is too old, or there is no factor that they
    /// could stand in for.
    pub async fn renew_recovery_codes(
        &self,
        session: &WebSession,
        visitor: &Visitor,
    ) -> Result<Option<Vec<RecoveryCode>>, AccountError> {
        if !self.is_fresh(session) {
            return Ok(None);
        }
        let Some(account) = self.account(session.account).await? else {
            return Ok(None);
        };
        let made = self.make_recovery_codes(account.id).await?;
        let tx = self.inner.store.begin().await?;
        if !tx.enrolled(account.id).await?.any() {
            return Ok(None);
        }
        tx.replace_recovery_codes(account.id, &made.stored, self.now())
            .await?;
        let what = Activity::RecoveryCodesRenewed;
        self.note(&tx, account.id, None, what, visitor).await?;
        self.tell_factor_changed(&tx, &account, FactorChange::CodesRenewed, visitor)
            .await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(Some(made.shown))
    }

    /// Trusts a browser no longer. `false`: the account has no such browser, or the proof is too old.
    pub async fn end_trusted_browser(
        &self,
        session: &WebSession,
        id: TrustedBrowserId,
    ) -> Result<bool, AccountError> {
        if !self.is_fresh(session) {
            return Ok(false);
        }
        let tx = self.inner.store.begin().await?;
        let is_ended = tx.end_trusted_browser(session.account, id).await?;
        tx.commit().await?;
        Ok(is_ended)
    }

    /// Takes everything away by which an account shows a second factor, in the caller's transaction.
    pub(super) async fn clear_all_factors(
        &self,
        tx: &Tx,
        account: &Account,
    ) -> Result<u64, AccountError> {
        let cleared = tx.clear_factors(account.id).await?;
        tx.clear_recovery_codes(account.id).await?;
        tx.end_trusted_browsers(account.id).await?;
        tx.end_ceremonies_of(account.id, None).await?;
        Ok(cleared)
    }
}
