//! "Who's watching?": at the end of a sign-in, and from the menu of Jellyfin's web client.
//!
//! Invariant: to look at the question changes nothing; a browser leaves its seat only when it takes another one.
//! Invariant: a PIN is sent in a form and stands in no address (R43).
mod asking;
mod pin;

#[cfg(test)]
pub(super) use pin::PasswordPage;
pub(super) use pin::{PinForm, PinPage, Wrong};

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use usher_accounts::profiles::{Choice, Key, Seated, Watching};
use usher_domain::id::ProfileId;
use usher_domain::profile::pin::Watcher;

use self::asking::{Asking, By};
use super::Services;
use super::account::profiles::Face;
use super::frame::Frame;
use super::hand_over::{Then, hand_over};
use super::page::{Answer, Asked, Typed};
use super::step;

/// What a form and an address call the owner's seat.
const OWNER: &str = "owner";

/// Every page of the question.
pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/usher/profiles", get(show).post(choose))
        .route("/usher/profiles-pin", get(pin::show).post(pin::submit))
        .route(
            "/usher/profiles-password",
            get(pin::show_password).post(pin::submit_password),
        )
        .route("/usher/switch", get(show).post(choose))
        .route("/usher/switch-pin", get(pin::show).post(pin::submit))
        .route("/usher/switch-open", get(back).post(pin::open))
}

/// What the question is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    said: Option<Said>,
}

/// Why it is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// There is no such seat, or not on this device.
    Unknown,
    /// Jellyfin does not let this profile in.
    Refused,
    /// It is not the hour of this profile.
    OutsideHours,
}

impl Said {
    #[cfg(test)]
    pub(super) const ALL: [Self; 3] = [Self::Unknown, Self::Refused, Self::OutsideHours];

    const fn key(self) -> &'static str {
        match self {
            Self::Unknown => "seat-unknown",
            Self::Refused => "seat-refused",
            Self::OutsideHours => "seat-outside-hours",
        }
    }
}

/// The form: whose face was pressed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    who: String,
}

/// A seat as the question shows it.
pub(super) struct Seat {
    /// What its form sends.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) face: Face,
    pub(super) has_pin: bool,
    pub(super) is_open_now: bool,
    /// The first that a remote control points at.
    pub(super) is_first: bool,
}

#[derive(Template)]
#[template(path = "page/watching.html")]
pub(super) struct WatchingPage<'a> {
    pub(super) frame: &'a Frame,
    /// Where its form goes.
    pub(super) action: &'static str,
    pub(super) said: Option<Said>,
    pub(super) seats: Vec<Seat>,
    pub(super) is_childs: bool,
    /// The key of why there is nobody to choose but the owner.
    pub(super) alone: &'static str,
    /// The browser is signed in, and stays at its seat if nothing is chosen.
    pub(super) may_stay: bool,
}

/// `GET /usher/profiles`, `GET /usher/switch`.
pub(super) async fn show(asking: Asking, Asked(query): Asked<Query>) -> Answer {
    let Some(watching) = asking.watching().await? else {
        return asking.gone().await;
    };
    let page = asking.page;
    let frame = page.frame.clone();
    let profiles = page.services.accounts.settings().await?.profiles;
    Ok(page.show(&WatchingPage {
        alone: if profiles.enabled {
            "seat-alone"
        } else {
            "profile-off"
        },
        frame: &frame,
        action: asking.by.question(),
        said: query.said,
        is_childs: watching.is_childs,
        may_stay: matches!(asking.by, By::Browser(_)),
        seats: seats(&watching),
    }))
}

/// `POST` of the same.
pub(super) async fn choose(asking: Asking, Typed(typed): Typed<Form>) -> Answer {
    take(asking, &typed.who, Key::None).await
}

/// `GET` of a form that stands on another page.
pub(super) async fn back(asking: Asking) -> Response {
    let question = asking.by.question();
    asking.page.go(question)
}

/// Takes the seat that a form names.
async fn take(asking: Asking, who: &str, key: Key<'_>) -> Answer {
    let Some(watcher) = watcher(who) else {
        return Ok(asking.again(Said::Unknown));
    };
    let accounts = asking.page.services.accounts.clone();
    let seated = accounts
        .take_seat(asking.by.chooser(), watcher, key, &asking.page.visitor)
        .await?;
    let wrong = match seated {
        Seated::Moved(moved) => return Ok(step::go_on(asking.page, moved)),
        Seated::Done(signed_in) => return Ok(hand_over(asking.page, &signed_in, Then::Client)),
        Seated::PinAsked => {
            let to = asking.by.pin_of(who);
            return Ok(asking.page.go(&to));
        }
        Seated::ProveFirst => {
            let to = asking.by.forgotten(who);
            return Ok(asking.page.go(&to));
        }
        Seated::Unknown => return Ok(asking.again(Said::Unknown)),
        Seated::Refused => return Ok(asking.again(Said::Refused)),
        Seated::OutsideHours => return Ok(asking.again(Said::OutsideHours)),
        Seated::Gone => return asking.gone().await,
        Seated::PinRefused(checked) => {
            let wrong = pin::Wrong::of(&asking.page.frame, checked);
            return pin::ask(asking, who, wrong).await;
        }
        Seated::PasswordWrong => "account-prove-wrong",
        Seated::Wait(_same_for_all) => "web-too-many",
        Seated::Busy => "web-busy",
    };
    pin::ask_password(asking, who, wrong).await
}

fn seats(watching: &Watching) -> Vec<Seat> {
    let is_there = |last: &Watcher| watching.choices.iter().any(|one| one.watcher == *last);
    let first = watching.last.filter(is_there);
    let first = first.or_else(|| watching.choices.first().map(|one| one.watcher));
    let seat = |choice: &Choice| Seat {
        id: id_of(choice.watcher),
        name: choice.name.clone(),
        face: Face::shown(choice.picture.as_ref(), &choice.name),
        has_pin: choice.has_pin,
        is_open_now: choice.is_open_now,
        is_first: Some(choice.watcher) == first,
    };
    watching.choices.iter().map(seat).collect()
}

/// What a form and an address call a seat.
pub(super) fn id_of(watcher: Watcher) -> String {
    match watcher {
        Watcher::Owner => OWNER.to_owned(),
        Watcher::Profile(id) => id.to_string(),
    }
}

/// The seat that a form or an address names.
pub(super) fn watcher(id: &str) -> Option<Watcher> {
    if id == OWNER {
        return Some(Watcher::Owner);
    }
    let id: Option<ProfileId> = id.parse().ok();
    id.map(Watcher::Profile)
}
