//! What administrators decide about second factors: the policy, the rule of one account, and clearing its factors.
use usher_domain::account::Account;
use usher_domain::activity::{Activity, SettingChanged};
use usher_domain::id::AccountId;
use usher_domain::mail::{Actor, FactorChange, FactorChanged, Mail};
use usher_domain::second_factor::{Demand, Enrolled, FactorRule, SecondFactorPolicy};
use usher_domain::visitor::Visitor;

use crate::admin::Admin;
use crate::{AccountError, Accounts};

/// Longest reason that an administrator gives, in characters.
const REASON_MAX: usize = 200;

/// What became of a change of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleChange {
    /// Done.
    Done,
    /// Somebody must have a factor, and no kind is allowed that does without mail: an outage would lock people out, and
    /// mail must not be the only factor of an administrator (R34).
    OnlyMail,
}

/// What became of clearing an account's factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleared {
    /// Gone, so many.
    Done(u64),
    /// A reason must be given: the person is told.
    NoReason,
    /// There is no such account.
    Unknown,
}

impl Accounts {
    /// Changes the policy. The same again changes nothing.
    pub async fn set_second_factor_policy(
        &self,
        by: &Admin,
        policy: &SecondFactorPolicy,
        visitor: &Visitor,
    ) -> Result<RuleChange, AccountError> {
        let methods = policy.methods;
        let demands = matches!(policy.demand, Demand::Administrators | Demand::Everyone);
        let has_passkeys = methods.passkey && self.inner.passkeys.is_some();
        if demands && !methods.totp && !has_passkeys {
            return Ok(RuleChange::OnlyMail);
        }
        let tx = self.inner.store.begin().await?;
        if let Some(before) = self.put_second_factor_policy(&tx, policy).await? {
            let changed = changed(&before, policy);
            self.note_policy(&tx, by.actor(), changed, visitor).await?;
            tx.commit().await?;
        }
        Ok(RuleChange::Done)
    }

    /// Decides whether one account must have a second factor. `false`: there is no such account.
    pub async fn set_factor_rule(
        &self,
        by: &Admin,
        id: AccountId,
        rule: FactorRule,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        if self.account(id).await?.is_none() {
            return Ok(false);
        }
        let tx = self.inner.store.begin().await?;
        tx.set_factor_rule(id, rule).await?;
        let what = Activity::FactorRuleChanged;
        self.note(&tx, id, by.actor(), what, visitor).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What one account has enrolled, and what was decided for it: for its page in the console.
    pub async fn factors_of(
        &self,
        account: &Account,
    ) -> Result<(Enrolled, FactorRule), AccountError> {
        let case = self.factor_case(account).await?;
        Ok((case.enrolled, case.rule))
    }

    /// Takes every second factor of an account away: its person lost them. The person is told, with the reason.
    pub async fn clear_second_factors(
        &self,
        by: &Admin,
        id: AccountId,
        reason: &str,
        visitor: &Visitor,
    ) -> Result<Cleared, AccountError> {
        let letters = reason.trim().chars().filter(|letter| !letter.is_control());
        let reason: String = letters.take(REASON_MAX).collect();
        if reason.is_empty() {
            return Ok(Cleared::NoReason);
        }
        let Some(account) = self.account(id).await? else {
            return Ok(Cleared::Unknown);
        };
        let tx = self.inner.store.begin().await?;
        let cleared = self.clear_all_factors(&tx, &account).await?;
        self.forgive_factors(&tx, id).await?;
        let actor = Actor::Administrator;
        let what = Activity::FactorsCleared { by: actor };
        self.note(&tx, id, by.actor(), what, visitor).await?;
        let mail = Mail::FactorChanged(FactorChanged {
            user_name: account.seen.name.clone(),
            change: FactorChange::Cleared,
            by: actor,
            reason,
            origin: visitor.origin(self.now()),
        });
        self.tell(&tx, &account, &mail).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(Cleared::Done(cleared))
    }
}

fn changed(before: &SecondFactorPolicy, now: &SecondFactorPolicy) -> Vec<SettingChanged> {
    let demand = SettingChanged::SecondFactor { to: now.demand };
    let changed = [
        (before.demand != now.demand, demand),
        (before.from != now.from, SettingChanged::SecondFactorFrom),
        (
            before.methods != now.methods,
            SettingChanged::SecondFactorKinds,
        ),
    ];
    let changed = changed.into_iter();
    changed
        .filter_map(|(is, what)| is.then_some(what))
        .collect()
}
