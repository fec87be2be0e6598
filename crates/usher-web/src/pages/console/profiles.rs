//! Profiles: whether accounts may have some, and how many; for everybody, and for one account.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_domain::settings::{MOST_PROFILES, ProfilePolicy, ProfileRule};

use super::account::{OneAccount, Said as AccountSaid, nobody, to};
use super::guard::Console;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Page, Typed};

const HERE: &str = "console-profiles";

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::pages) struct Query {
    said: Option<Said>,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Said {
    Saved,
}

/// Whether there may be profiles, as the form sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Switch {
    On,
    Off,
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    profiles: Switch,
    most: String,
}

#[derive(Template)]
#[template(path = "console/profiles.html")]
pub(in crate::pages) struct PolicyPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) said: Option<Said>,
    pub(in crate::pages) is_on: bool,
    /// The most that an account may have, as it was typed.
    pub(in crate::pages) most: String,
    /// The key of what is wrong with it.
    pub(in crate::pages) wrong: &'static str,
}

/// `GET /usher/console-profiles`.
pub(super) async fn show(console: Console, Asked(query): Asked<Query>) -> Answer {
    let page = console.page;
    let policy = page.services.accounts.settings().await?.profiles;
    Ok(of(
        page,
        query.said,
        policy.enabled,
        policy.most.to_string(),
    ))
}

/// `POST /usher/console-profiles`.
pub(super) async fn submit(console: Console, Typed(typed): Typed<Form>) -> Answer {
    let Console { page, admin, .. } = console;
    let enabled = typed.profiles == Switch::On;
    let Some(most) = most(&typed.most) else {
        let frame = page.frame.clone();
        return Ok(page.show(&PolicyPage {
            frame: &frame,
            said: None,
            is_on: enabled,
            most: typed.most,
            wrong: "profile-policy-most-wrong",
        }));
    };
    let accounts = page.services.accounts.clone();
    let policy = ProfilePolicy { enabled, most };
    accounts
        .set_profile_policy(&admin, policy, &page.visitor)
        .await?;
    Ok(page.go(&format!("{HERE}?said=saved")))
}

fn of(page: Page, said: Option<Said>, is_on: bool, most: String) -> Response {
    let frame = page.frame.clone();
    page.show(&PolicyPage {
        frame: &frame,
        said,
        is_on,
        most,
        wrong: "",
    })
}

/// How many profiles somebody typed. `None`: no number, none at all, or more than any account may have.
fn most(text: &str) -> Option<u16> {
    let most = text.trim().parse().ok();
    most.filter(|most| (1..=MOST_PROFILES).contains(most))
}

/// What is decided for an account, as its form sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Own {
    Inherit,
    Off,
    Most,
}

/// What the page of an account shows of its profiles.
pub(in crate::pages) struct Profiles {
    /// How many it has and may have, in words.
    pub(in crate::pages) told: String,
    pub(in crate::pages) own: Own,
    /// How many it may have.
    pub(in crate::pages) most: u16,
}

impl Profiles {
    /// An account that has `count` profiles, its owner's among them, under a policy and a rule of its own.
    pub(in crate::pages) fn of(
        frame: &Frame,
        count: usize,
        policy: ProfilePolicy,
        rule: ProfileRule,
    ) -> Self {
        let holds = policy.under(rule);
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let most = i64::from(holds.most);
        let variables = [("count", count.into()), ("most", most.into())];
        let key = if holds.enabled {
            "profile-account-count"
        } else {
            "profile-account-count-off"
        };
        Self {
            told: frame.texts(key, &variables),
            own: match rule {
                ProfileRule {
                    enabled: Some(false),
                    ..
                } => Own::Off,
                ProfileRule {
                    enabled: None,
                    most: None,
                } => Own::Inherit,
                ProfileRule { .. } => Own::Most,
            },
            most: holds.most,
        }
    }

    pub(super) fn is(&self, own: Own) -> bool {
        self.own == own
    }
}

/// The form of the rule.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleForm {
    own: Own,
    own_most: String,
}

/// `POST /usher/console-account-profile-rule`.
pub(super) async fn rule(of: OneAccount, Typed(typed): Typed<RuleForm>) -> Answer {
    let OneAccount {
        page,
        admin,
        account,
    } = of;
    let account = account.id;
    let rule = match (typed.own, most(&typed.own_most)) {
        (Own::Inherit, _) => ProfileRule::default(),
        (Own::Off, _) => ProfileRule {
            enabled: Some(false),
            most: None,
        },
        (Own::Most, Some(most)) => ProfileRule {
            enabled: Some(true),
            most: Some(most),
        },
        (Own::Most, None) => return Ok(to(page, account, AccountSaid::ProfileMost)),
    };
    let accounts = page.services.accounts.clone();
    let is_there = accounts
        .set_profile_rule(&admin, account, rule, &page.visitor)
        .await?;
    Ok(if is_there {
        to(page, account, AccountSaid::ProfileRule)
    } else {
        nobody(page)
    })
}
