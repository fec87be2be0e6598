//! The profiles of an account, on their owner's pages.
//!
//! Invariant: whoever changes something here proved lately who sits there (R38, R52). A child at the family's browser sees the
//! list, and no more.
//! Invariant: a profile that a form names is looked for among the account's own (R71).
mod delete;
mod edit;
mod face;
mod form;
mod home;
mod hours;
mod languages;
mod leave;
mod libraries;
mod list;
mod make;
mod minutes;
mod picture;
mod pin;
mod ratings;
mod sees;
mod sent;
mod setting;
mod tags;
mod time;
mod watched;
mod week;

pub(in crate::pages) use face::Face;

#[cfg(test)]
pub(in crate::pages) use {
    delete::DeletePage, edit::EditPage, face::DRAWINGS, form::Values, home::HomePage,
    hours::HoursPage, hours::days as days_of_hours, languages::LanguagesPage, leave::LeavePage,
    leave::Said as LeaveSaid, libraries::LibrariesPage, libraries::Shelf, list::Gone, list::Line,
    list::ProfilesPage, make::MakePage, minutes::MinutesPage, minutes::days as days_of_minutes,
    picture::PicturePage, pin::PinPage, ratings::RatingsPage, sees::sees, setting::Head,
    tags::Shown as TagsShown, tags::TagsPage, time::TimePage, time::Wish, watched::Bar,
    watched::Days, watched::Lists, watched::Poster, watched::Said as WatchedSaid, watched::Source,
    watched::WatchedPage,
};

use std::ops::Deref;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use serde::Deserialize;
use usher_accounts::ProvenOwner;
use usher_accounts::profiles::ProfileEntry;
use usher_domain::profile::ProfileState;

use super::prove;
use crate::pages::Services;
use crate::pages::page::Fault;
use crate::pages::signed_in::SignedIn;

/// Every page of profiles.
pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/usher/account-profiles", get(list::show))
        .route(
            "/usher/account-profile-order",
            get(list::back).post(list::order),
        )
        .route(
            "/usher/account-profile-restore",
            get(list::back).post(delete::restore),
        )
        .route(
            "/usher/account-profile-repair",
            get(list::back).post(make::repair),
        )
        .route(
            "/usher/account-profile-new",
            get(make::show).post(make::submit),
        )
        .route("/usher/account-profile", get(edit::show).post(edit::submit))
        .route(
            "/usher/account-profile-pin",
            get(pin::show).post(pin::submit),
        )
        .route(
            "/usher/account-profile-pin-clear",
            get(list::back).post(pin::clear),
        )
        .route(
            "/usher/account-profile-time",
            get(time::show).post(time::give),
        )
        .route(
            "/usher/account-time-wish",
            get(list::back).post(time::decide),
        )
        .route(
            "/usher/account-profile-delete",
            get(delete::show).post(delete::submit),
        )
        .merge(settings())
        .route(
            "/usher/account-profile-leave",
            get(leave::show).post(leave::submit),
        )
        .route(
            "/usher/account-profile-leave-withdraw",
            get(leave::back).post(leave::withdraw),
        )
        .route("/usher/account-profile-watched", get(watched::show))
        .route(
            "/usher/account-profile-watched-remove",
            get(watched::back).post(watched::remove),
        )
        .route(
            "/usher/account-profile-watched-copy",
            get(watched::back).post(watched::copy),
        )
}

/// What a profile may see, and how it likes things: a page for each question.
fn settings() -> Router<Services> {
    Router::new()
        .route(
            "/usher/account-profile-ratings",
            get(ratings::show).post(ratings::submit),
        )
        .route(
            "/usher/account-profile-libraries",
            get(libraries::show).post(libraries::submit),
        )
        .route(
            "/usher/account-profile-tags",
            get(tags::show).post(tags::submit),
        )
        .route(
            "/usher/account-profile-hours",
            get(hours::show).post(hours::submit),
        )
        .route(
            "/usher/account-profile-minutes",
            get(minutes::show).post(minutes::submit),
        )
        .route("/usher/picture", get(picture::file))
        .route(
            "/usher/account-profile-picture",
            get(picture::show)
                .post(picture::submit)
                .layer(DefaultBodyLimit::max(picture::BODY_MAX)),
        )
        .route(
            "/usher/account-profile-languages",
            get(languages::show).post(languages::submit),
        )
        .route(
            "/usher/account-profile-home",
            get(home::show).post(home::submit),
        )
}

/// Which profile a page is about, and what has just happened to it.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    id: String,
    said: Option<Said>,
}

/// The form of a button that stands beside a profile.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    id: String,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Said {
    Made,
    Underway,
    Saved,
    SavedLater,
    Deleted,
    Restored,
    NameTaken,
    OwnersName,
    RestoreTaken,
    RestoreOwners,
    Full,
    TooOften,
    SwitchedOff,
    Impossible,
    NoProfile,
    PinSet,
    PinCleared,
    TickMissing,
    TimeGiven,
    TimeRefused,
    TimeGone,
}

impl Said {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 21] = [
        Self::Made,
        Self::Underway,
        Self::Saved,
        Self::SavedLater,
        Self::Deleted,
        Self::Restored,
        Self::NameTaken,
        Self::OwnersName,
        Self::RestoreTaken,
        Self::RestoreOwners,
        Self::Full,
        Self::TooOften,
        Self::SwitchedOff,
        Self::Impossible,
        Self::NoProfile,
        Self::PinSet,
        Self::PinCleared,
        Self::TickMissing,
        Self::TimeGiven,
        Self::TimeRefused,
        Self::TimeGone,
    ];

    /// Its name in the address, and its text.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Made => ("made", "profile-said-made"),
            Self::Underway => ("underway", "profile-said-underway"),
            Self::Saved => ("saved", "profile-said-saved"),
            Self::SavedLater => ("saved_later", "profile-said-saved-later"),
            Self::Deleted => ("deleted", "profile-said-deleted"),
            Self::Restored => ("restored", "profile-said-restored"),
            Self::NameTaken => ("name_taken", "profile-said-name-taken"),
            Self::OwnersName => ("owners_name", "profile-said-owners-name"),
            Self::RestoreTaken => ("restore_taken", "profile-said-restore-taken"),
            Self::RestoreOwners => ("restore_owners", "profile-said-restore-owners"),
            Self::Full => ("full", "profile-said-full"),
            Self::TooOften => ("too_often", "profile-said-too-often"),
            Self::SwitchedOff => ("switched_off", "profile-said-switched-off"),
            Self::Impossible => ("impossible", "profile-said-impossible"),
            Self::NoProfile => ("no_profile", "profile-said-no-profile"),
            Self::PinSet => ("pin_set", "profile-said-pin-set"),
            Self::PinCleared => ("pin_cleared", "profile-said-pin-cleared"),
            Self::TickMissing => ("tick_missing", "profile-said-tick-missing"),
            Self::TimeGiven => ("time_given", "time-said-given"),
            Self::TimeRefused => ("time_refused", "time-said-refused"),
            Self::TimeGone => ("time_gone", "time-said-gone"),
        }
    }

    const fn key(self) -> &'static str {
        self.names().1
    }

    const fn mood(self) -> &'static str {
        match self {
            Self::Made
            | Self::Saved
            | Self::Deleted
            | Self::Restored
            | Self::PinSet
            | Self::PinCleared
            | Self::TimeGiven
            | Self::TimeRefused => "ok",
            Self::Underway | Self::SavedLater => "info",
            Self::NameTaken
            | Self::OwnersName
            | Self::RestoreTaken
            | Self::RestoreOwners
            | Self::Full
            | Self::TooOften
            | Self::SwitchedOff
            | Self::Impossible
            | Self::NoProfile
            | Self::TickMissing
            | Self::TimeGone => "warn",
        }
    }

    /// The list, which tells it.
    fn on_list(self) -> String {
        format!("account-profiles?said={}", self.names().0)
    }
}

/// A profile, and whoever proved lately to be its owner.
struct Own {
    entry: ProfileEntry,
    by: ProvenOwner,
}

impl Deref for Own {
    type Target = ProfileEntry;

    fn deref(&self) -> &ProfileEntry {
        &self.entry
    }
}

/// What a page of one profile begins with.
enum Opened {
    /// The account's own, not deleted.
    Here(Box<Own>),
    /// Another page comes first.
    Elsewhere(String),
}

/// Whoever proved lately to be the owner, or the way to a proof and back to a page.
fn proven(signed_in: &SignedIn, page: &str, id: &str) -> Result<ProvenOwner, String> {
    let accounts = &signed_in.page.services.accounts;
    let by = accounts.proven(&signed_in.session);
    by.ok_or_else(|| prove::for_security(&signed_in.page, page, id))
}

/// Opens a page that is about one profile, for who proved lately who sits there.
async fn open(signed_in: &SignedIn, page: &str, id: &str) -> Result<Opened, Fault> {
    let by = match proven(signed_in, page, id) {
        Ok(by) => by,
        Err(to) => return Ok(Opened::Elsewhere(to)),
    };
    let accounts = &signed_in.page.services.accounts;
    let found = match id.parse() {
        Ok(id) => accounts.profile(&signed_in.session, id).await?,
        Err(_not_an_id) => None,
    };
    let is_ending = |entry: &ProfileEntry| {
        matches!(
            entry.profile.state,
            ProfileState::Deleting(_since) | ProfileState::Leaving(_since)
        )
    };
    let there = found.filter(|entry| !is_ending(entry));
    Ok(match there {
        Some(entry) => Opened::Here(Box::new(Own { entry, by })),
        None => Opened::Elsewhere(Said::NoProfile.on_list()),
    })
}
