//! One's own second factors: which there are, the recovery codes, and the browsers that are trusted.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::second_factor::{BrowserTrusted, FactorLine, Security};
use usher_domain::account::Account;
use usher_domain::second_factor::{FEW_CODES, FactorKind};

use super::prove;
use crate::pages::cookies::Name;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Page, Typed, redirect};
use crate::pages::panel::Times;
use crate::pages::signed_in::SignedIn;
use crate::pages::spans::days_until;

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
    Added,
    Renamed,
    Removed,
    Demanded,
    NoFactor,
    TickMissing,
    Untrusted,
    NoBrowser,
    NoCodes,
}

impl Said {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 9] = [
        Self::Added,
        Self::Renamed,
        Self::Removed,
        Self::Demanded,
        Self::NoFactor,
        Self::TickMissing,
        Self::Untrusted,
        Self::NoBrowser,
        Self::NoCodes,
    ];

    const fn key(self) -> &'static str {
        match self {
            Self::Added => "factor-said-added",
            Self::Renamed => "factor-said-renamed",
            Self::Removed => "factor-said-removed",
            Self::Demanded => "factor-said-demanded",
            Self::NoFactor => "factor-said-no-factor",
            Self::TickMissing => "factor-said-tick-missing",
            Self::Untrusted => "factor-said-untrusted",
            Self::NoBrowser => "factor-said-no-browser",
            Self::NoCodes => "factor-said-no-codes",
        }
    }

    const fn mood(self) -> &'static str {
        match self {
            Self::Added | Self::Renamed | Self::Removed | Self::Untrusted => "ok",
            Self::Demanded
            | Self::NoFactor
            | Self::TickMissing
            | Self::NoBrowser
            | Self::NoCodes => "warn",
        }
    }
}

/// The form of one trusted browser.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Form {
    browser: String,
}

/// A factor in the list.
pub(in crate::pages) struct Line {
    pub(in crate::pages) id: String,
    pub(in crate::pages) icon: &'static str,
    pub(in crate::pages) name: String,
    pub(in crate::pages) about: String,
}

/// A trusted browser in the list.
pub(in crate::pages) struct Browser {
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) address: String,
    pub(in crate::pages) until: String,
}

#[derive(Template)]
#[template(path = "account/security.html")]
pub(in crate::pages) struct SecurityPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) account: &'a Account,
    pub(in crate::pages) said: Option<Said>,
    /// Second factors count at present.
    pub(in crate::pages) is_active: bool,
    /// This account must have one.
    pub(in crate::pages) is_demanded: bool,
    /// What is said of one that is missing; empty where none is.
    pub(in crate::pages) owed: String,
    pub(in crate::pages) can_add: bool,
    pub(in crate::pages) lines: Vec<Line>,
    /// Recovery codes that are left.
    pub(in crate::pages) codes: u32,
    pub(in crate::pages) browsers: Vec<Browser>,
}

impl SecurityPage<'_> {
    fn codes_left(&self) -> String {
        self.frame
            .count("factor-codes-left", "n", i64::from(self.codes))
    }

    /// A word where few are left, or none.
    fn few_codes(&self) -> String {
        if self.lines.is_empty() || self.codes > FEW_CODES {
            String::new()
        } else {
            self.frame
                .count("factor-codes-few", "n", i64::from(self.codes))
        }
    }
}

/// `GET /usher/account-security`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let SignedIn {
        mut page,
        session,
        account,
    } = signed_in;
    let Some(security) = page.services.accounts.security(&session).await? else {
        page.clear(Name::Session);
        return Ok(page.go("sign-in"));
    };
    let frame = page.frame.clone();
    let times = Times::of(&page);
    let owed = owed(&page, &frame, &security);
    let lines = security.factors.iter();
    let browsers = security.browsers.iter();
    Ok(page.show(&SecurityPage {
        frame: &frame,
        account: &account,
        said: query.said,
        is_active: security.is_active,
        is_demanded: security.demanded_from.is_some(),
        owed,
        can_add: !security.addable.is_empty(),
        lines: lines.map(|factor| line(&frame, &times, factor)).collect(),
        codes: security.enrolled.recovery_codes,
        browsers: browsers
            .map(|trusted| browser(&frame, &times, trusted))
            .collect(),
    }))
}

/// `GET /usher/account-trust-end`: somebody came back to it.
pub(super) async fn back() -> Response {
    redirect("account-security")
}

/// `POST /usher/account-trust-end`.
pub(super) async fn end_trust(signed_in: SignedIn, Typed(typed): Typed<Form>) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    let accounts = &page.services.accounts;
    if !accounts.is_fresh(&session) {
        return Ok(prove::first(page, "account-security", ""));
    }
    let is_ended = match typed.browser.parse() {
        Ok(id) => accounts.end_trusted_browser(&session, id).await?,
        Err(_not_an_id) => false,
    };
    Ok(page.go(if is_ended {
        "account-security?said=untrusted"
    } else {
        "account-security?said=no_browser"
    }))
}

/// What is said of a factor that is demanded and missing.
fn owed(page: &Page, frame: &Frame, security: &Security) -> String {
    let now = page.services.accounts.now();
    match security.demanded_from {
        Some(from) if !security.enrolled.any() && from > now => {
            let date = Times::of(page).day(frame, from);
            let span = days_until(frame, from, now);
            let variables = [("date", date.into()), ("span", span.into())];
            frame.texts("factor-security-owed", &variables)
        }
        Some(_) if !security.enrolled.any() => frame.t("factor-security-owed-now"),
        Some(_) | None => String::new(),
    }
}

pub(in crate::pages) fn line(frame: &Frame, times: &Times, factor: &FactorLine) -> Line {
    let (icon, kind) = named(factor.kind);
    let added = frame.with("factor-added", "date", &times.day(frame, factor.added));
    let used = match factor.used {
        Some(used) => frame.with("factor-used", "ago", &times.moment(frame, used).ago),
        None => frame.t("factor-unused"),
    };
    let kind = frame.t(kind);
    Line {
        id: factor.id.to_string(),
        icon,
        about: if factor.name.is_empty() {
            format!("{added} · {used}")
        } else {
            format!("{kind} · {added} · {used}")
        },
        name: if factor.name.is_empty() {
            kind
        } else {
            factor.name.clone()
        },
    }
}

pub(in crate::pages) fn browser(frame: &Frame, times: &Times, trusted: &BrowserTrusted) -> Browser {
    Browser {
        id: trusted.id.to_string(),
        name: trusted.client.clone(),
        address: trusted.address.clone(),
        until: frame.with(
            "factor-browser-until",
            "date",
            &times.day(frame, trusted.until),
        ),
    }
}

/// Picture and key of the name of a kind.
pub(in crate::pages) const fn named(kind: FactorKind) -> (&'static str, &'static str) {
    match kind {
        FactorKind::Email => ("mail", "factor-kind-email"),
        FactorKind::Totp => ("phone", "factor-kind-totp"),
        FactorKind::Passkey => ("key", "factor-kind-passkey"),
    }
}
