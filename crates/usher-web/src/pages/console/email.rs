//! Policies: addresses, recovery by mail, Quick Connect.
use askama::Template;
use serde::Deserialize;
use usher_accounts::{Policies, PolicyChange};
use usher_domain::settings::{QuickConnectPolicy, RecoveryPolicy, Requirement, Settings};

use super::guard::Console;
use super::new::Tick;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Typed};

/// Longest text for people whose password lives elsewhere, in letters.
const ELSEWHERE_MAX: usize = 1000;

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
    /// Nothing was changed: mail is not known to arrive.
    Unproven,
}

impl Said {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 2] = [Self::Saved, Self::Unproven];
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    requirement: Requirement,
    by_mail: Option<Tick>,
    elsewhere: String,
    quick_connect: Option<Tick>,
}

#[derive(Template)]
#[template(path = "console/email.html")]
pub(in crate::pages) struct EmailPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) said: Option<Said>,
    pub(in crate::pages) settings: &'a Settings,
}

impl EmailPage<'_> {
    fn is(&self, requirement: Requirement) -> bool {
        self.settings.email.requirement == requirement
    }
}

/// `GET /usher/console-email`.
pub(super) async fn show(console: Console, Asked(query): Asked<Query>) -> Answer {
    let page = console.page;
    let settings = page.services.accounts.settings().await?;
    let frame = page.frame.clone();
    Ok(page.show(&EmailPage {
        frame: &frame,
        said: query.said,
        settings: &settings,
    }))
}

/// `POST /usher/console-email`. All or, where one is refused, none.
pub(super) async fn submit(console: Console, Typed(typed): Typed<Form>) -> Answer {
    let Console { page, admin, .. } = console;
    let elsewhere = typed.elsewhere.trim().chars().take(ELSEWHERE_MAX);
    let new = Policies {
        requirement: typed.requirement,
        recovery: RecoveryPolicy {
            by_mail: typed.by_mail.is_some(),
            elsewhere: elsewhere.collect(),
        },
        quick_connect: QuickConnectPolicy {
            enabled: typed.quick_connect.is_some(),
        },
    };
    let accounts = &page.services.accounts;
    let changed = accounts
        .change_policies(&admin, &new, &page.visitor)
        .await?;
    Ok(page.go(match changed {
        PolicyChange::Done => "console-email?said=saved",
        PolicyChange::MailUnproven => "console-email?said=unproven",
    }))
}
