//! Passwords of one program each (R37): listed, made, shown once, ended.
use std::time::Duration;

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::AppPassword;
use usher_accounts::app_password::NewAppPassword;
use usher_accounts::profiles::ProfileEntry;
use usher_domain::account::Account;
use usher_domain::id::AppPasswordId;
use usher_domain::profile::pin::Watcher;

use super::prove;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Page, Typed, redirect};
use crate::pages::panel::Times;
use crate::pages::signed_in::SignedIn;
use crate::pages::watching;

const HERE: &str = "account-app-passwords";

const NO_PROFILE: &str = "account-app-passwords?said=no_profile";

const DAY: Duration = Duration::from_hours(24);

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
    /// One is ended.
    Ended,
    /// The account has no such one.
    Gone,
    /// The profile that was chosen cannot be used.
    NoProfile,
}

impl Said {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 3] = [Self::Ended, Self::Gone, Self::NoProfile];

    const fn key(self) -> &'static str {
        match self {
            Self::Ended => "apps-password-said-ended",
            Self::Gone => "apps-password-said-gone",
            Self::NoProfile => "apps-password-said-no-profile",
        }
    }

    const fn mood(self) -> &'static str {
        match self {
            Self::Ended => "ok",
            Self::Gone | Self::NoProfile => "warn",
        }
    }
}

/// How long a new one is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum GoodFor {
    /// Until it is ended.
    Ever,
    /// For a month.
    Month,
    /// For a year.
    Year,
}

impl GoodFor {
    const fn span(self) -> Option<Duration> {
        match self {
            Self::Ever => None,
            Self::Month => Some(DAY.saturating_mul(30)),
            Self::Year => Some(DAY.saturating_mul(365)),
        }
    }
}

/// The form of a new one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct NewForm {
    program: String,
    /// At whose seat it lets the program in; not asked where the account has one seat alone.
    seat: Option<String>,
    good_for: GoodFor,
}

/// The form that ends one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct EndForm {
    id: String,
}

/// A seat that a program can be let in at.
pub(in crate::pages) struct Seat {
    pub(in crate::pages) value: String,
    pub(in crate::pages) name: String,
}

/// One in the list.
pub(in crate::pages) struct Line {
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) about: String,
    pub(in crate::pages) used: String,
}

#[derive(Template)]
#[template(path = "account/app_passwords.html")]
pub(in crate::pages) struct AppPasswordsPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) account: &'a Account,
    pub(in crate::pages) said: Option<Said>,
    pub(in crate::pages) lines: Vec<Line>,
    /// The seats to choose from, the owner's first; none where there is no other.
    pub(in crate::pages) seats: Vec<Seat>,
    pub(in crate::pages) wrong: &'static str,
}

/// A new one; shown this once.
#[derive(Template)]
#[template(path = "account/app_password.html")]
pub(in crate::pages) struct AppPasswordPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) name: &'a str,
    pub(in crate::pages) text: String,
}

/// `GET /usher/account-app-passwords`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    list(signed_in, query.said, "").await
}

/// `POST /usher/account-app-passwords`: makes one.
pub(super) async fn make(signed_in: SignedIn, Typed(typed): Typed<NewForm>) -> Answer {
    let (page, session) = (&signed_in.page, &signed_in.session);
    let span = typed.good_for.span();
    let seat = match &typed.seat {
        Some(id) => watching::watcher(id),
        None => Some(Watcher::Owner),
    };
    let Some(seat) = seat else {
        return Ok(signed_in.page.go(NO_PROFILE));
    };
    let accounts = page.services.accounts.clone();
    let made = accounts
        .make_app_password(session, &typed.program, seat, span, &page.visitor)
        .await?;
    let wrong = match made {
        NewAppPassword::Made(text) => {
            let name = typed.program.trim().to_owned();
            return Ok(tell(signed_in.page, &name, text.grouped()));
        }
        NewAppPassword::StepUp => return Ok(prove::first(signed_in.page, HERE, "")),
        NewAppPassword::Gone => return Ok(signed_in.page.go("sign-in")),
        NewAppPassword::NoSeat => return Ok(signed_in.page.go(NO_PROFILE)),
        NewAppPassword::NoName => "apps-password-no-name",
        NewAppPassword::TooMany => "apps-password-too-many",
        NewAppPassword::Administrator => "apps-password-administrator",
    };
    list(signed_in, None, wrong).await
}

/// `POST /usher/account-app-password-end`.
pub(super) async fn end(signed_in: SignedIn, Typed(typed): Typed<EndForm>) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    let accounts = page.services.accounts.clone();
    let is_ended = match typed.id.parse::<AppPasswordId>() {
        Ok(id) => {
            accounts
                .end_app_password(&session, id, &page.visitor)
                .await?
        }
        Err(_not_ours) => false,
    };
    Ok(page.go(if is_ended {
        "account-app-passwords?said=ended"
    } else {
        "account-app-passwords?said=gone"
    }))
}

/// `GET` of the form that ends one.
pub(super) async fn back() -> Response {
    redirect(HERE)
}

async fn list(signed_in: SignedIn, said: Option<Said>, wrong: &'static str) -> Answer {
    let SignedIn {
        page,
        session,
        account,
    } = signed_in;
    let accounts = &page.services.accounts;
    let all = accounts.app_passwords(&session).await?;
    let profiles = accounts.profiles_page(&session).await?.profiles;
    let (frame, times) = (page.frame.clone(), Times::of(&page));
    let lines = all
        .iter()
        .map(|one| line(&frame, &times, one, &profiles))
        .collect();
    Ok(page.show(&AppPasswordsPage {
        frame: &frame,
        account: &account,
        said,
        lines,
        seats: seats(&account, &profiles),
        wrong,
    }))
}

/// Where there is one seat alone, nothing is to be chosen.
fn seats(account: &Account, profiles: &[ProfileEntry]) -> Vec<Seat> {
    let open = profiles.iter().map(|entry| &entry.profile);
    let further: Vec<Seat> = open
        .filter(|profile| profile.is_open())
        .map(|profile| Seat {
            value: watching::id_of(Watcher::Profile(profile.id)),
            name: profile.name.as_str().to_owned(),
        })
        .collect();
    if further.is_empty() {
        return Vec::new();
    }
    let owner = Seat {
        value: watching::id_of(Watcher::Owner),
        name: account.seen.name.clone(),
    };
    [owner].into_iter().chain(further).collect()
}

fn line(frame: &Frame, times: &Times, one: &AppPassword, profiles: &[ProfileEntry]) -> Line {
    let whose = profiles
        .iter()
        .map(|entry| &entry.profile)
        .find(|profile| profile.user == Some(one.user))
        .map(|profile| frame.with("apps-password-of", "profile", profile.name.as_str()));
    let since = frame.with("account-since", "date", &times.day(frame, one.made));
    let until = one
        .expires
        .map(|at| frame.with("apps-password-until", "date", &times.day(frame, at)));
    let used = one.used.map_or_else(
        || frame.t("apps-password-unused"),
        |at| frame.with("account-used", "ago", &times.moment(frame, at).ago),
    );
    let about: Vec<String> = whose.into_iter().chain([since]).chain(until).collect();
    Line {
        id: one.id.to_string(),
        name: one.name.clone(),
        about: about.join(" · "),
        used,
    }
}

fn tell(page: Page, name: &str, text: String) -> Response {
    let frame = page.frame.clone();
    page.show(&AppPasswordPage {
        frame: &frame,
        name,
        text,
    })
}
