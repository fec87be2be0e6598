//! More screen time that a profile asked for: its owner gives some, or none, by the link of the mail, and needs no session.
//!
//! Invariant: opening a page, and looking at who asks, changes nothing (R13). A gift needs a press.
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use usher_accounts::screen_time::{Gift, TimeWish, WishShown};
use usher_domain::profile::screen_time::GIFTS;

use super::Services;
use super::frame::Frame;
use super::link::secret;
use super::more_time::{ToldPage, left};
use super::page::{Answer, Asked, Fault, Page, Typed, redirect, with_query};
use super::panel::Times;

/// The pages on which it is given.
pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/usher/give-time", get(arrive).post(look))
        .route("/usher/give-time-yes", get(back).post(give))
        .route("/usher/give-time-told", get(told))
}

/// Where the link of a mail leads: who asks is seen by its secret alone.
#[derive(Template)]
#[template(path = "page/give_time_link.html")]
pub(super) struct LinkPage<'a> {
    pub(super) frame: &'a Frame,
    /// What was typed.
    pub(super) link: &'a str,
    pub(super) wrong: &'static str,
}

/// Who asks, and what the owner can give.
#[derive(Template)]
#[template(path = "page/give_time.html")]
pub(super) struct GivePage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) link: &'a str,
    pub(super) name: &'a str,
    /// When it was asked, and what was watched.
    pub(super) body: String,
    pub(super) gifts: [u16; 3],
}

/// The link of a mail.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkForm {
    link: String,
}

/// The link of a mail, and what is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GiveForm {
    link: String,
    give: String,
}

/// What the last page is asked for with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    said: Said,
    /// What was given, of [`GIFTS`].
    minutes: Option<u16>,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    Given,
    Refused,
}

impl Said {
    #[cfg(test)]
    pub(super) const ALL: [Self; 2] = [Self::Given, Self::Refused];

    /// Its name in the address, its title and its text.
    pub(super) const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Given => ("given", "time-given-title", "time-given-body"),
            Self::Refused => ("refused", "time-refused-title", "time-refused-body"),
        }
    }
}

/// `GET /usher/give-time`: nothing is looked up, nothing is changed.
async fn arrive(page: Page) -> Response {
    ask_link(page, "", "")
}

/// `GET` of the form that stands behind a link.
async fn back() -> Response {
    redirect("give-time")
}

/// `POST /usher/give-time`: who asks, and what can be given; or what was decided. Nothing is changed.
async fn look(page: Page, Typed(typed): Typed<LinkForm>) -> Answer {
    show_wish(page, &typed.link).await
}

/// `POST /usher/give-time-yes`.
async fn give(page: Page, Typed(typed): Typed<GiveForm>) -> Answer {
    let gift = Gift::parse(&typed.give).ok_or(Fault::Form)?;
    let accounts = page.services.accounts.clone();
    let is_decided = match secret(&typed.link) {
        Some(link) => {
            let decided = accounts.decide_wish_by_link(&link, gift, &page.visitor);
            decided.await?
        }
        None => false,
    };
    if !is_decided {
        return show_wish(page, &typed.link).await;
    }
    let (said, minutes) = match gift {
        Gift::Minutes(minutes) => (Said::Given, minutes.to_string()),
        Gift::Nothing => (Said::Refused, String::new()),
    };
    let asked = [("said", said.words().0), ("minutes", &*minutes)];
    Ok(page.go(&with_query("give-time-told", &asked)))
}

/// `GET /usher/give-time-told`.
async fn told(page: Page, Asked(query): Asked<Query>) -> Response {
    let frame = page.frame.clone();
    let (_, title, body) = query.said.words();
    let given = query.minutes.filter(|minutes| GIFTS.contains(minutes));
    let body = match given {
        Some(minutes) => frame.count("time-given-minutes", "n", minutes.into()),
        None => frame.t(body),
    };
    page.show(&ToldPage {
        frame: &frame,
        title,
        body,
        waits: false,
    })
}

fn ask_link(page: Page, link: &str, wrong: &'static str) -> Response {
    let frame = page.frame.clone();
    page.show(&LinkPage {
        frame: &frame,
        link,
        wrong,
    })
}

/// The wish that a link is about, to be decided; or what became of it.
async fn show_wish(page: Page, typed: &str) -> Answer {
    let accounts = page.services.accounts.clone();
    let shown = match secret(typed) {
        Some(link) => accounts.wish_of_link(&link).await?,
        None => WishShown::Unknown,
    };
    let frame = page.frame.clone();
    let (title, body) = match shown {
        WishShown::Unknown => return Ok(ask_link(page, typed, "time-give-spent")),
        WishShown::Waits(wish) => return gifts(page, typed, &wish).await,
        WishShown::Decided(profile, Some(minutes)) => {
            let (name, given) = (profile.name.as_str(), i64::from(minutes));
            let variables = [("name", name.into()), ("n", given.into())];
            let body = frame.texts("time-decided-given", &variables);
            ("time-decided-title", body)
        }
        WishShown::Decided(profile, None) => {
            let body = frame.with("time-decided-refused", "name", profile.name.as_str());
            ("time-decided-title", body)
        }
        WishShown::Over(profile) => {
            let body = frame.with("time-decided-over", "name", profile.name.as_str());
            ("time-decided-over-title", body)
        }
    };
    Ok(page.show(&ToldPage {
        frame: &frame,
        title,
        body,
        waits: false,
    }))
}

async fn gifts(mut page: Page, link: &str, wish: &TimeWish) -> Answer {
    let accounts = page.services.accounts.clone();
    let today = accounts.watched_today(&wish.profile).await?;
    if !wish.profile.is_open() {
        page.frame.notice = "time-give-closed";
    }
    let frame = page.frame.clone();
    let asked = Times::of(&page).moment(&frame, wish.asked);
    let variables = [
        ("asked", asked.ago.into()),
        ("used", frame.tongue.minutes(today.used_minutes()).into()),
        ("left", left(&frame, &today).unwrap_or_default().into()),
    ];
    Ok(page.show(&GivePage {
        frame: &frame,
        link,
        name: wish.profile.name.as_str(),
        body: frame.texts("time-give-asked", &variables),
        gifts: GIFTS,
    }))
}
