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
use usher_accounts::WebSession;
use usher_accounts::profiles::{Choice, Key, Seated, Watching};
use usher_domain::id::ProfileId;
use usher_domain::profile::pin::Watcher;

use self::asking::{Asking, Towards};
pub(super) use self::asking::{Came, question_of, still_signed_in};
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
    next: String,
    came: Option<Came>,
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
    /// The page that sent something was made for another account.
    SomebodyElse,
}

impl Said {
    #[cfg(test)]
    pub(super) const ALL: [Self; 4] = [
        Self::Unknown,
        Self::Refused,
        Self::OutsideHours,
        Self::SomebodyElse,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Refused => "refused",
            Self::OutsideHours => "outside_hours",
            Self::SomebodyElse => "somebody_else",
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Unknown => "seat-unknown",
            Self::Refused => "seat-refused",
            Self::OutsideHours => "seat-outside-hours",
            Self::SomebodyElse => "account-said-somebody-else",
        }
    }

    /// What the page tells, for a notice.
    pub(super) const fn notice(self) -> Notice {
        ("warn", self.key())
    }
}

/// The mood of a notice, and its key.
type Notice = (&'static str, &'static str);

/// Somebody came to sign in: the browser is signed in all the same.
pub(super) const STILL: Notice = ("info", "seat-still");

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
    pub(super) action: String,
    pub(super) notice: Option<Notice>,
    pub(super) seats: Vec<Seat>,
    pub(super) is_childs: bool,
    /// There is nobody to choose but whoever is there: nothing is asked.
    pub(super) is_settled: bool,
    /// The key of why there is nobody to choose but the owner; empty where that is no news.
    pub(super) alone: &'static str,
    /// The browser is signed in.
    pub(super) is_signed_in: bool,
    pub(super) own: Own,
    /// The form of sign-in.
    pub(super) other: String,
}

impl WatchingPage<'_> {
    /// Nothing is asked but a press, to be signed in to the web client again.
    fn goes_on(&self) -> bool {
        self.is_settled && self.own == Own::GoOn && self.notice.is_none()
    }

    fn title(&self) -> &'static str {
        if self.goes_on() {
            "seat-still-title"
        } else {
            "seat-title"
        }
    }
}

/// What a browser that is signed in can do at the seat where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    /// It stays there if nothing is chosen.
    Stay,
    /// Its web client has no token any more, and gets one by a press.
    GoOn,
    /// That seat is closed, or there is none.
    Nothing,
}

/// `GET /usher/profiles`, `GET /usher/switch`.
pub(super) async fn show(asking: Asking, Asked(query): Asked<Query>) -> Answer {
    let asking = asking.towards(&Towards {
        next: query.next,
        came: query.came,
    });
    let Some(watching) = asking.watching().await? else {
        return asking.gone().await;
    };
    let told = asking.session().map_or_else(
        || Told::at_sign_in(query.said),
        |session| {
            let are_on = asking.page.frame.has_profiles;
            let said = (query.said, asking.came());
            Told::in_browser(session, &watching, are_on, said)
        },
    );
    let is_signed_in = asking.session().is_some();
    let action = asking.question();
    let other = asking.other().await?;
    let page = asking.page;
    let frame = page.frame.clone();
    Ok(page.show(&WatchingPage {
        frame: &frame,
        action,
        notice: told.notice,
        seats: seats(&watching),
        is_childs: watching.is_childs,
        is_settled: told.is_settled,
        alone: told.alone,
        is_signed_in,
        own: told.own,
        other,
    }))
}

/// What the question says of the seat at which a browser is.
struct Told {
    notice: Option<Notice>,
    alone: &'static str,
    is_settled: bool,
    own: Own,
}

impl Told {
    fn at_sign_in(said: Option<Said>) -> Self {
        Self {
            notice: said.map(Said::notice),
            alone: "",
            is_settled: false,
            own: Own::Nothing,
        }
    }

    fn in_browser(
        session: &WebSession,
        watching: &Watching,
        are_on: bool,
        (said, came): (Option<Said>, Option<Came>),
    ) -> Self {
        let mut choices = watching.choices.iter();
        let here = choices.find(|one| one.user == session.user);
        let is_open = here.is_some_and(|here| here.is_open_now);
        // Why that seat cannot be used now.
        let lost = match here {
            Some(_) => (!is_open).then_some(Said::OutsideHours),
            None => are_on.then_some(Said::Unknown),
        };
        let still = came.map(|Came::SignIn| STILL);
        let own = match came {
            _ if !is_open => Own::Nothing,
            Some(Came::SignIn) => Own::GoOn,
            None => Own::Stay,
        };
        let is_alone = watching.choices.len() == 1 && !watching.is_childs;
        let alone = match are_on {
            false if is_alone && (own == Own::Stay || here.is_none()) => "profile-off",
            true if is_alone && own == Own::Stay => "seat-alone",
            _ => "",
        };
        let is_settled = is_alone && own != Own::Nothing;
        Self {
            notice: said
                .or(lost)
                .map(Said::notice)
                .or(still.filter(|_| !is_settled)),
            alone,
            is_settled,
            own,
        }
    }
}

/// `POST` of the same.
pub(super) async fn choose(
    asking: Asking,
    Asked(towards): Asked<Towards>,
    Typed(typed): Typed<Form>,
) -> Answer {
    take(asking.towards(&towards), &typed.who, Key::None).await
}

/// `GET` of a form that stands on another page.
pub(super) async fn back(asking: Asking, Asked(towards): Asked<Towards>) -> Response {
    let asking = asking.towards(&towards);
    let question = asking.question();
    asking.page.go(&question)
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
        Seated::Moved(moved) => return Ok(step::go_on(asking.page, moved).await),
        Seated::Done(mut signed_in) => {
            asking.next().clone_into(&mut signed_in.next);
            return Ok(hand_over(asking.page, &signed_in, Then::Client).await);
        }
        Seated::PinAsked => {
            let to = asking.pin_of(who);
            return Ok(asking.page.go(&to));
        }
        Seated::ProveFirst => {
            let to = asking.forgotten(who);
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
