//! A profile that is to become an account of its own: asked for, waiting, taken back.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::profiles::{OwnAccountAsked, OwnAccountWish, ProfileEntry, Promotion};
use usher_domain::address::EmailAddress;
use usher_domain::name::UserName;

use super::face::Face;
use super::{Opened, Said as ListSaid, open};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Page, Typed, redirect, with_query};
use crate::pages::panel::Times;
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-leave";

/// Which profile, and what has just happened.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    id: String,
    said: Option<Said>,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Said {
    /// The wish was taken back.
    Withdrawn,
}

/// The form.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    leave_name: String,
    leave_email: String,
}

/// The form that takes the wish back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

#[derive(Template)]
#[template(path = "account/profile_leave.html")]
pub(in crate::pages) struct LeavePage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: &'a str,
    pub(in crate::pages) face: Face,
    pub(in crate::pages) said: Option<Said>,
    /// What waits for an administrator, in words; empty where nothing does.
    pub(in crate::pages) waits: String,
    /// What was declined last, in words; empty where nothing was, or something waits.
    pub(in crate::pages) declined: String,
    /// What was typed, and the keys of what is wrong with it.
    pub(in crate::pages) typed_name: String,
    pub(in crate::pages) typed_email: String,
    pub(in crate::pages) wrong_name: &'static str,
    pub(in crate::pages) wrong_email: &'static str,
}

/// `GET /usher/account-profile-leave`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => {
            let shown = (Form::default(), ("", ""));
            ask(signed_in, &entry, query.said, shown).await
        }
        Opened::Elsewhere(to) => Ok(signed_in.page.go(&to)),
    }
}

/// `POST /usher/account-profile-leave`.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<Form>,
) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let name = UserName::parse(typed.leave_name.trim());
    let email = EmailAddress::parse(typed.leave_email.trim());
    let (Ok(name), Ok(email)) = (&name, &email) else {
        let wrong = (
            name.map_or("leave-name-wrong", |_| ""),
            email.map_or("leave-email-wrong", |_| ""),
        );
        return ask(signed_in, &entry, None, (typed, wrong)).await;
    };
    let page = &signed_in.page;
    let wish = OwnAccountWish {
        name: name.clone(),
        email: email.clone(),
        language: page.frame.tongue.code().to_owned(),
    };
    let accounts = &page.services.accounts;
    let asked = accounts
        .ask_own_account(entry.by, entry.profile.id, &wish, &page.visitor)
        .await?;
    let to = match asked {
        OwnAccountAsked::OwnersName => {
            let wrong = ("leave-name-owners", "");
            return ask(signed_in, &entry, None, (typed, wrong)).await;
        }
        OwnAccountAsked::Done | OwnAccountAsked::Already => address(&query.id),
        OwnAccountAsked::TooOften => ListSaid::TooOften.on_list(),
        OwnAccountAsked::Unknown => ListSaid::Impossible.on_list(),
    };
    Ok(signed_in.page.go(&to))
}

/// `GET` of the form that takes the wish back.
pub(super) async fn back(Asked(query): Asked<Query>) -> Response {
    redirect(&address(&query.id))
}

/// `POST /usher/account-profile-leave-withdraw`.
pub(super) async fn withdraw(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(Nothing {}): Typed<Nothing>,
) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let page = signed_in.page;
    let accounts = page.services.accounts.clone();
    let is_withdrawn = accounts
        .withdraw_own_account(entry.by, entry.profile.id, &page.visitor)
        .await?;
    let said = if is_withdrawn { "withdrawn" } else { "" };
    let to = with_query(HERE, &[("id", &query.id), ("said", said)]);
    Ok(page.go(&to))
}

async fn ask(
    signed_in: SignedIn,
    entry: &ProfileEntry,
    said: Option<Said>,
    (typed, wrong): (Form, (&'static str, &'static str)),
) -> Result<Response, Fault> {
    let SignedIn { page, session, .. } = signed_in;
    let profile = &entry.profile;
    let accounts = page.services.accounts.clone();
    let wish = accounts.own_account_wish(&session, profile.id).await?;
    let frame = page.frame.clone();
    let waits = waits(&frame, wish.as_ref());
    let (declined, typed) = match wish.filter(|_| waits.is_empty()) {
        Some(wish) => (declined(&page, &wish), once_more(typed, &wish)),
        None => (String::new(), typed),
    };
    Ok(page.show(&LeavePage {
        frame: &frame,
        id: profile.id.to_string(),
        name: profile.name.as_str(),
        face: Face::of(profile),
        said,
        waits,
        declined,
        typed_name: typed.leave_name,
        typed_email: typed.leave_email,
        wrong_name: wrong.0,
        wrong_email: wrong.1,
    }))
}

/// That a wish waits, in words; empty where none does.
pub(super) fn waits(frame: &Frame, wish: Option<&Promotion>) -> String {
    let Some(wish) = wish.filter(|wish| wish.declined.is_none()) else {
        return String::new();
    };
    let variables = [
        ("name", wish.name.as_str().into()),
        ("email", wish.email.as_str().into()),
    ];
    frame.texts("leave-waits", &variables)
}

/// That a wish was declined, in words.
fn declined(page: &Page, wish: &Promotion) -> String {
    let frame = &page.frame;
    let day = wish.declined.map(|at| Times::of(page).day(frame, at));
    let variables = [
        ("name", wish.name.as_str().into()),
        ("date", day.unwrap_or_default().into()),
    ];
    frame.texts("leave-declined", &variables)
}

/// What was typed, or what was asked for before: most of it stays when one asks again.
fn once_more(typed: Form, wish: &Promotion) -> Form {
    if !typed.leave_name.is_empty() || !typed.leave_email.is_empty() {
        return typed;
    }
    Form {
        leave_name: wish.name.as_str().to_owned(),
        leave_email: wish.email.as_str().to_owned(),
    }
}

fn address(id: &str) -> String {
    with_query(HERE, &[("id", id)])
}
