//! Everything about one account, and what can be done for it.
use askama::Template;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use serde::Deserialize;
use usher_accounts::admin::{AccountPage as Found, Admin};
use usher_domain::account::Account;
use usher_domain::id::AccountId;
use usher_domain::settings::MOST_PROFILES;

use super::accounts::{proof, standing};
use super::factors::{Factors, Rule};
use super::guard::Console;
use super::profiles::{Own, Profiles};
use crate::pages::Services;
use crate::pages::account::ToldPage;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Page, redirect};
use crate::pages::panel::{self, Event, Place, Times};

/// What the page is asked for with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Query {
    id: String,
    #[serde(default)]
    said: Option<Said>,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Said {
    Address,
    Cleared,
    NotAnAddress,
    Taken,
    IsAName,
    ResetSent,
    ResetNoAddress,
    ResetImpossible,
    NoMail,
    AddressMissing,
    Impossible,
    TickMissing,
    RecoveryOff,
    RecoveryOn,
    Ended,
    Off,
    On,
    LastAdministrator,
    Administrator,
    FactorRule,
    FactorsCleared,
    NoReason,
    ProfileRule,
    ProfileMost,
}

impl Said {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 24] = [
        Self::Address,
        Self::Cleared,
        Self::NotAnAddress,
        Self::Taken,
        Self::IsAName,
        Self::ResetSent,
        Self::ResetNoAddress,
        Self::ResetImpossible,
        Self::NoMail,
        Self::AddressMissing,
        Self::Impossible,
        Self::TickMissing,
        Self::RecoveryOff,
        Self::RecoveryOn,
        Self::Ended,
        Self::Off,
        Self::On,
        Self::LastAdministrator,
        Self::Administrator,
        Self::FactorRule,
        Self::FactorsCleared,
        Self::NoReason,
        Self::ProfileRule,
        Self::ProfileMost,
    ];

    /// Its name in the address, and its text.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Address => ("address", "console-said-address"),
            Self::Cleared => ("cleared", "console-said-cleared"),
            Self::NotAnAddress => ("not_an_address", "web-email-not-an-address"),
            Self::Taken => ("taken", "console-said-taken"),
            Self::IsAName => ("is_a_name", "console-said-is-a-name"),
            Self::ResetSent => ("reset_sent", "console-said-reset-sent"),
            Self::ResetNoAddress => ("reset_no_address", "console-said-reset-no-address"),
            Self::ResetImpossible => ("reset_impossible", "console-said-reset-impossible"),
            Self::NoMail => ("no_mail", "console-new-no-mail"),
            Self::AddressMissing => ("address_missing", "console-new-address-missing"),
            Self::Impossible => ("impossible", "console-impossible"),
            Self::TickMissing => ("tick_missing", "console-said-tick-missing"),
            Self::RecoveryOff => ("recovery_off", "console-said-recovery-off"),
            Self::RecoveryOn => ("recovery_on", "console-said-recovery-on"),
            Self::Ended => ("ended", "console-said-ended"),
            Self::Off => ("off", "console-said-off"),
            Self::On => ("on", "console-said-on"),
            Self::LastAdministrator => ("last_administrator", "console-said-last-administrator"),
            Self::Administrator => ("administrator", "console-said-administrator"),
            Self::FactorRule => ("factor_rule", "factor-account-said-rule"),
            Self::FactorsCleared => ("factors_cleared", "factor-account-said-cleared"),
            Self::NoReason => ("no_reason", "factor-account-said-no-reason"),
            Self::ProfileRule => ("profile_rule", "profile-account-said-rule"),
            Self::ProfileMost => ("profile_most", "profile-policy-most-wrong"),
        }
    }

    const fn key(self) -> &'static str {
        self.names().1
    }

    const fn mood(self) -> &'static str {
        match self {
            Self::Address
            | Self::Cleared
            | Self::ResetSent
            | Self::RecoveryOff
            | Self::RecoveryOn
            | Self::Ended
            | Self::Off
            | Self::On
            | Self::FactorRule
            | Self::FactorsCleared
            | Self::ProfileRule => "ok",
            Self::NotAnAddress
            | Self::Taken
            | Self::IsAName
            | Self::ResetNoAddress
            | Self::ResetImpossible
            | Self::NoMail
            | Self::AddressMissing
            | Self::Impossible
            | Self::TickMissing
            | Self::LastAdministrator
            | Self::Administrator
            | Self::NoReason
            | Self::ProfileMost => "warn",
        }
    }
}

/// An administrator who sends a form about an account that there is.
pub(super) struct OneAccount {
    pub(super) page: Page,
    pub(super) admin: Admin,
    pub(super) account: Account,
}

impl FromRequestParts<Services> for OneAccount {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Response> {
        let Console { page, admin, .. } = Console::from_request_parts(parts, services).await?;
        let Asked(query) = Asked::<Query>::from_request_parts(parts, services)
            .await
            .map_err(IntoResponse::into_response)?;
        let Ok(id) = query.id.parse() else {
            return Err(nobody(page));
        };
        let found = services.accounts.account(id).await;
        match found.map_err(|error| Fault::from(error).into_response())? {
            Some(account) => Ok(Self {
                page,
                admin,
                account,
            }),
            None => Err(nobody(page)),
        }
    }
}

#[derive(Template)]
#[template(path = "console/account.html")]
pub(in crate::pages) struct AccountPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) account: &'a Account,
    pub(in crate::pages) said: Option<Said>,
    pub(in crate::pages) state: (&'static str, &'static str),
    /// Until when it waits for its first password; empty where it does not.
    pub(in crate::pages) until: String,
    pub(in crate::pages) since: String,
    pub(in crate::pages) signed_in: String,
    /// The administrator's own account: neither switched off nor made to wait.
    pub(in crate::pages) is_own: bool,
    pub(in crate::pages) has_mail: bool,
    pub(in crate::pages) factors: Factors,
    pub(in crate::pages) profiles: Profiles,
    pub(in crate::pages) places: Vec<Place>,
    pub(in crate::pages) events: Vec<Event>,
}

impl AccountPage<'_> {
    fn address(&self) -> &str {
        let address = self.account.address.as_ref();
        address.map_or("", |address| address.email.as_str())
    }

    fn proof(&self) -> (&'static str, &'static str) {
        proof(self.account)
    }

    /// A password that the person uses would be replaced.
    const fn has_password(&self) -> bool {
        self.account.set_up.is_none()
    }

    const fn can_wait(&self) -> bool {
        !self.is_own && !self.account.seen.elsewhere && self.account.gone.is_none()
    }
}

/// `GET /usher/console-account`.
pub(super) async fn show(console: Console, Asked(query): Asked<Query>) -> Answer {
    let Console { page, admin, own } = console;
    let accounts = page.services.accounts.clone();
    let found = match query.id.parse() {
        Ok(id) => accounts.account_page(&admin, id).await?,
        Err(_not_an_id) => None,
    };
    let Some(found) = found else {
        return Ok(nobody(page));
    };
    let has_mail = accounts.has_mail().await?;
    let is_own = found.account.id == own.id;
    let (enrolled, rule) = accounts.factors_of(&found.account).await?;
    let factors = Factors::of(&page.frame, enrolled, rule);
    let id = found.account.id;
    let profiles = Profiles::of(
        &page.frame,
        accounts.profile_count(id).await?,
        accounts.settings().await?.profiles,
        accounts.profile_rule(id).await?,
    );
    let is = (is_own, has_mail);
    Ok(of(page, &found, query.said, is, (factors, profiles)))
}

fn of(
    page: Page,
    found: &Found,
    said: Option<Said>,
    (is_own, has_mail): (bool, bool),
    (factors, profiles): (Factors, Profiles),
) -> Response {
    let frame = page.frame.clone();
    let times = Times::of(&page);
    let now = page.services.accounts.now();
    let account = &found.account;
    let exact = |at| times.exact(&frame, at);
    page.show(&AccountPage {
        frame: &frame,
        account,
        said,
        state: standing(account, now),
        until: account
            .set_up
            .map_or_else(String::new, |set_up| exact(set_up.until)),
        since: times.day(&frame, account.first_seen),
        signed_in: account.signed_in.map_or_else(String::new, exact),
        is_own,
        has_mail,
        factors,
        profiles,
        places: panel::places(&frame, &times, &found.places),
        events: found
            .activity
            .iter()
            .map(|line| panel::named_event(&frame, &times, line, false))
            .collect(),
    })
}

/// There is no such account.
pub(super) fn nobody(page: Page) -> Response {
    let frame = page.frame.clone();
    let body = frame.t("console-no-account-body");
    page.show(&ToldPage {
        frame: &frame,
        title: "console-no-account-title",
        body,
    })
}

/// To the page of an account, with what has just happened.
pub(super) fn to(page: Page, id: AccountId, said: Said) -> Response {
    let (name, _) = said.names();
    page.go(&format!("console-account?id={id}&said={name}"))
}

/// Somebody came back to a page that only takes a form.
pub(super) async fn back(Asked(query): Asked<Query>) -> Response {
    match query.id.parse::<AccountId>() {
        Ok(id) => redirect(&format!("console-account?id={id}")),
        Err(_not_an_id) => redirect("console-accounts"),
    }
}
