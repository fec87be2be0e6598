//! The policy of second factors: of whom one is demanded, from when, and which kinds may be set up.
use std::time::Duration;

use askama::Template;
use serde::Deserialize;
use usher_accounts::second_factor::RuleChange;
use usher_domain::second_factor::{Demand, Methods, SecondFactorPolicy};
use usher_domain::time::Timestamp;
use usher_text::{day_begins, form_day};

use super::guard::Console;
use super::new::Tick;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Page, Session, Typed};

/// People have so long to set one up, unless the administrator says otherwise.
const NOTICE: Duration = Duration::from_hours(14 * 24);

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::pages) struct Query {
    said: Option<Said>,
    /// Of how many accounts sessions were ended.
    ended: Option<u32>,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Said {
    Saved,
    OnlyMail,
    NotADay,
    TickMissing,
}

impl Said {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 4] = [
        Self::Saved,
        Self::OnlyMail,
        Self::NotADay,
        Self::TickMissing,
    ];

    const fn key(self) -> &'static str {
        match self {
            Self::Saved => "factor-policy-saved",
            Self::OnlyMail => "factor-policy-only-mail",
            Self::NotADay => "factor-policy-from-wrong",
            Self::TickMissing => "factor-policy-tick-missing",
        }
    }

    const fn mood(self) -> &'static str {
        match self {
            Self::Saved => "ok",
            Self::OnlyMail | Self::NotADay | Self::TickMissing => "warn",
        }
    }
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    demand: Demand,
    passkey: Option<Tick>,
    totp: Option<Tick>,
    email: Option<Tick>,
    /// A day, or nothing.
    from: String,
}

/// The form that ends sessions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndForm {
    /// Ticked: they may end.
    end_sure: Option<Tick>,
}

#[derive(Template)]
#[template(path = "console/security.html")]
pub(in crate::pages) struct SecurityPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) said: Option<Said>,
    pub(in crate::pages) policy: SecondFactorPolicy,
    /// The day from which one is required, as a date field takes it; empty: none.
    pub(in crate::pages) from: String,
    /// Of how many accounts sessions were ended just now.
    pub(in crate::pages) ended: Option<u32>,
    /// Browsers can make passkeys at the public address.
    pub(in crate::pages) has_passkeys: bool,
}

impl SecurityPage<'_> {
    fn is(&self, demand: Demand) -> bool {
        self.policy.demand == demand
    }

    const fn demands(&self) -> bool {
        demands(self.policy.demand)
    }

    fn ended_told(&self) -> String {
        let told = |ended| {
            self.frame
                .count("factor-policy-ended", "n", i64::from(ended))
        };
        self.ended.map(told).unwrap_or_default()
    }
}

const fn demands(demand: Demand) -> bool {
    matches!(demand, Demand::Administrators | Demand::Everyone)
}

/// How strict a demand is.
const fn strictness(demand: Demand) -> u8 {
    match demand {
        Demand::Off | Demand::Optional => 0,
        Demand::Administrators => 1,
        Demand::Everyone => 2,
    }
}

/// `GET /usher/console-security`.
pub(super) async fn show(console: Console, Asked(query): Asked<Query>) -> Answer {
    let page = console.page;
    let accounts = page.services.accounts.clone();
    let policy = accounts.settings().await?.second_factor;
    let (zone, now) = (accounts.zone(), accounts.now());
    let from = match (policy.from, demands(policy.demand)) {
        (Some(from), true) => form_day(from, &zone),
        (None, true) => String::new(),
        (_, false) => form_day(now + NOTICE, &zone),
    };
    let has_passkeys = policy.demand == Demand::Off || accounts.passkeys_work().await?;
    let frame = page.frame.clone();
    Ok(page.show(&SecurityPage {
        frame: &frame,
        said: query.said,
        policy,
        from,
        ended: query.ended,
        has_passkeys,
    }))
}

/// `POST /usher/console-security`.
pub(super) async fn submit(console: Console, Typed(typed): Typed<Form>) -> Answer {
    let Console { page, admin, .. } = console;
    let accounts = page.services.accounts.clone();
    let before = accounts.settings().await?.second_factor;
    let Ok(from) = from(&page, &before, &typed) else {
        return Ok(page.go("console-security?said=not_a_day"));
    };
    let policy = SecondFactorPolicy {
        demand: typed.demand,
        from,
        methods: Methods {
            email: typed.email.is_some(),
            totp: typed.totp.is_some(),
            passkey: typed.passkey.is_some(),
        },
    };
    let changed = accounts
        .set_second_factor_policy(&admin, &policy, &page.visitor)
        .await?;
    Ok(page.go(match changed {
        RuleChange::Done => "console-security?said=saved",
        RuleChange::OnlyMail => "console-security?said=only_mail",
    }))
}

/// What was typed is no day.
struct NoDay;

/// From when it holds. A day that was left as it was stays the same moment, but for a
/// demand that became stricter, whose people have notice again.
fn from(
    page: &Page,
    before: &SecondFactorPolicy,
    typed: &Form,
) -> Result<Option<Timestamp>, NoDay> {
    let (zone, now) = (page.services.accounts.zone(), page.services.accounts.now());
    if !demands(typed.demand) {
        return Ok(None);
    }
    let is_stricter = strictness(typed.demand) > strictness(before.demand);
    let kept = before.from.filter(|_| demands(before.demand));
    let is_as_it_was = kept.is_some_and(|from| form_day(from, &zone) == typed.from);
    Ok(match kept {
        Some(from) if is_as_it_was && is_stricter && from <= now => Some(now + NOTICE),
        Some(from) if is_as_it_was => Some(from),
        Some(_) | None if typed.from.is_empty() => Some(now),
        Some(_) | None => Some(day_begins(&typed.from, &zone).ok_or(NoDay)?),
    })
}

/// `POST /usher/console-security-end`: signs out whoever must have a second factor and signed in without.
pub(super) async fn end(
    console: Console,
    Session(session): Session,
    Typed(typed): Typed<EndForm>,
) -> Answer {
    let Console { page, admin, .. } = console;
    let (Some(_sure), Some(session)) = (typed.end_sure, session) else {
        return Ok(page.go("console-security?said=tick_missing"));
    };
    let accounts = page.services.accounts.clone();
    let ended = accounts
        .end_sessions_without_factor(&admin, &session, &page.visitor)
        .await?;
    Ok(page.go(&format!("console-security?ended={ended}")))
}
