//! What an administrator decides about second factors of one account: panels and forms of its page.
use serde::Deserialize;
use usher_accounts::second_factor::Cleared;
use usher_domain::second_factor::{Enrolled, FactorRule};

use super::account::{OneAccount, Said, nobody, to};
use super::new::Tick;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Typed};

/// What the page of an account shows of its second factors.
pub(in crate::pages) struct Factors {
    /// What is set up, in words.
    pub(in crate::pages) lines: Vec<String>,
    pub(in crate::pages) rule: Rule,
}

/// What is decided for an account, as its form sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Rule {
    Inherit,
    Required,
    Exempt,
}

impl Rule {
    const fn of(rule: FactorRule) -> Self {
        match rule {
            FactorRule::Inherit => Self::Inherit,
            FactorRule::Required(_) => Self::Required,
            FactorRule::Exempt => Self::Exempt,
        }
    }
}

impl Factors {
    pub(in crate::pages) fn of(frame: &Frame, enrolled: Enrolled, rule: FactorRule) -> Self {
        let mut lines = Vec::new();
        if enrolled.passkeys > 0 {
            let passkeys = i64::from(enrolled.passkeys);
            lines.push(frame.count("factor-account-passkeys", "n", passkeys));
        }
        if enrolled.totp {
            lines.push(frame.t("factor-kind-totp"));
        }
        if enrolled.email {
            lines.push(frame.t("factor-kind-email"));
        }
        if enrolled.any() {
            let codes = i64::from(enrolled.recovery_codes);
            lines.push(frame.count("factor-account-codes", "n", codes));
        }
        Self {
            lines,
            rule: Rule::of(rule),
        }
    }

    pub(super) fn is(&self, rule: Rule) -> bool {
        self.rule == rule
    }
}

/// The form of the rule.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleForm {
    rule: Rule,
}

/// The form that clears everything.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClearForm {
    reason: String,
    /// Ticked: it may be cleared.
    factors_sure: Option<Tick>,
}

/// `POST /usher/console-account-factor-rule`.
pub(super) async fn rule(of: OneAccount, Typed(typed): Typed<RuleForm>) -> Answer {
    let OneAccount {
        page,
        admin,
        account,
    } = of;
    let accounts = page.services.accounts.clone();
    let (_, before) = accounts.factors_of(&account).await?;
    if Rule::of(before) != typed.rule {
        let rule = match typed.rule {
            Rule::Inherit => FactorRule::Inherit,
            Rule::Required => FactorRule::Required(accounts.now()),
            Rule::Exempt => FactorRule::Exempt,
        };
        accounts
            .set_factor_rule(&admin, account.id, rule, &page.visitor)
            .await?;
    }
    Ok(to(page, account.id, Said::FactorRule))
}

/// `POST /usher/console-account-factors-clear`: the person lost everything.
pub(super) async fn clear(of: OneAccount, Typed(typed): Typed<ClearForm>) -> Answer {
    let OneAccount {
        page,
        admin,
        account,
    } = of;
    if typed.factors_sure.is_none() {
        return Ok(to(page, account.id, Said::TickMissing));
    }
    let accounts = page.services.accounts.clone();
    let cleared = accounts
        .clear_second_factors(&admin, account.id, &typed.reason, &page.visitor)
        .await?;
    Ok(match cleared {
        Cleared::Done(_) => to(page, account.id, Said::FactorsCleared),
        Cleared::NoReason => to(page, account.id, Said::NoReason),
        Cleared::Unknown => nobody(page),
    })
}
