//! Screen time on the owner's pages: what was watched today, who asks for more, and giving it.
use askama::Template;
use serde::Deserialize;
use usher_accounts::screen_time::{Gift, TimeWish, Today};
use usher_domain::profile::screen_time::GIFTS;

use super::face::Face;
use super::{Opened, Query, Said, open, proven};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Typed};
use crate::pages::signed_in::SignedIn;

const LIST: &str = "account-profiles";
const HERE: &str = "account-profile-time";

/// Somebody who asks for more time.
pub(in crate::pages) struct Wish {
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) face: Face,
}

impl Wish {
    pub(super) fn of(wish: &TimeWish) -> Self {
        Self {
            id: wish.id.to_string(),
            name: wish.profile.name.as_str().to_owned(),
            face: Face::of(&wish.profile),
        }
    }
}

/// What was watched today, and what is left, in words.
pub(super) fn in_words(frame: &Frame, today: Today) -> String {
    let minutes = |minutes: u64| frame.tongue.minutes(minutes);
    let used = minutes(today.used_minutes());
    match today.left_minutes() {
        Some(left) => frame.texts(
            "time-today-left",
            &[("used", used.into()), ("left", minutes(left).into())],
        ),
        None => frame.with("time-today", "used", &used),
    }
}

#[derive(Template)]
#[template(path = "account/profile_time.html")]
pub(in crate::pages) struct TimePage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) face: Face,
    pub(in crate::pages) today: String,
    pub(in crate::pages) gifts: [u16; 3],
}

/// What is given to somebody.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GiftForm {
    give: String,
}

/// What is said to a wish.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WishForm {
    wish: String,
    give: String,
}

/// `GET /usher/account-profile-time`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let mut page = signed_in.page;
    let profile = &entry.profile;
    let today = page.services.accounts.watched_today(profile).await?;
    if !profile.is_open() {
        page.frame.notice = "time-give-closed";
    }
    let frame = page.frame.clone();
    Ok(page.show(&TimePage {
        frame: &frame,
        id: query.id,
        name: profile.name.as_str().to_owned(),
        face: Face::of(profile),
        today: in_words(&frame, today),
        gifts: GIFTS,
    }))
}

/// `POST /usher/account-profile-time`: more time for one that did not ask.
pub(super) async fn give(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<GiftForm>,
) -> Answer {
    let Some(Gift::Minutes(minutes)) = Gift::parse(&typed.give) else {
        return Err(Fault::Form);
    };
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let page = signed_in.page;
    let (accounts, id) = (page.services.accounts.clone(), entry.profile.id);
    let given = accounts.give_time(entry.by, id, minutes, &page.visitor);
    let said = if given.await? {
        Said::TimeGiven
    } else {
        Said::NoProfile
    };
    Ok(page.go(&said.on_list()))
}

/// `POST /usher/account-time-wish`: what the owner says to a wish.
pub(super) async fn decide(signed_in: SignedIn, Typed(typed): Typed<WishForm>) -> Answer {
    let gift = Gift::parse(&typed.give).ok_or(Fault::Form)?;
    let by = match proven(&signed_in, LIST, "") {
        Ok(by) => by,
        Err(to) => return Ok(signed_in.page.go(&to)),
    };
    let page = signed_in.page;
    let accounts = page.services.accounts.clone();
    let is_decided = match typed.wish.parse() {
        Ok(wish) => {
            let decided = accounts.decide_wish(by, wish, gift, &page.visitor);
            decided.await?
        }
        Err(_not_an_id) => false,
    };
    let said = match (is_decided, gift) {
        (true, Gift::Minutes(_)) => Said::TimeGiven,
        (true, Gift::Nothing) => Said::TimeRefused,
        (false, _) => Said::TimeGone,
    };
    Ok(page.go(&said.on_list()))
}
