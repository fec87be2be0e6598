//! One's own second factors, changed: one added, named or taken away, and new recovery codes. Each page is shown only to who
//! proved lately who sits there (R38), so that nobody fills in a form in vain.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::second_factor::{Flow, Removal};
use usher_domain::id::FactorId;

use super::prove;
use super::security::{Line, line};
use crate::pages::cookies::Name;
use crate::pages::enroll::{self, Choice, EnrollPage, First, Place};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Typed, redirect};
use crate::pages::panel::Times;
use crate::pages::recovery_codes::{self, Then};
use crate::pages::signed_in::SignedIn;

/// What the page of one factor is asked for with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Which {
    id: String,
}

/// The form of a name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Named {
    name: String,
}

/// The form that takes one away.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Sure {
    /// Ticked: "yes".
    #[serde(default)]
    remove_sure: String,
}

/// The page of one factor.
#[derive(Template)]
#[template(path = "account/factor_edit.html")]
pub(in crate::pages) struct EditPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) line: Line,
    /// As it was given; empty where nobody named it.
    pub(in crate::pages) name: String,
}

/// The page that asks before recovery codes are made anew.
#[derive(Template)]
#[template(path = "account/codes.html")]
pub(in crate::pages) struct RenewPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
}

/// `GET /usher/account-factor`: which kind.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<enroll::Query>) -> Answer {
    let SignedIn {
        mut page, session, ..
    } = signed_in;
    if !page.services.accounts.is_fresh(&session) {
        return Ok(prove::first(page, "account-factor", ""));
    }
    let Some(security) = page.services.accounts.security(&session).await? else {
        page.clear(Name::Session);
        return Ok(page.go("sign-in"));
    };
    let (kind, said) = query.parts();
    if let Some(kind) = kind.filter(|kind| security.addable.contains(kind)) {
        return enroll::of_kind(page, Place::Account, Flow::Account(&session), kind).await;
    }
    let account = page.services.accounts.account(session.account).await?;
    let address = account
        .as_ref()
        .and_then(|account| account.proven_address());
    let address = address.map_or("", |address| address.as_str());
    let frame = page.frame.clone();
    Ok(page.show(&EnrollPage {
        frame: &frame,
        place: Place::Account,
        body: frame.t("factor-enroll-account"),
        kinds: enroll::kinds(&frame, &security.addable, address),
        may_skip: false,
        said,
    }))
}

/// `POST /usher/account-factor`: a kind is chosen.
pub(super) async fn submit(signed_in: SignedIn, Typed(typed): Typed<Choice>) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    if !page.services.accounts.is_fresh(&session) {
        return Ok(prove::first(page, "account-factor", ""));
    }
    enroll::begin(page, Place::Account, Flow::Account(&session), typed).await
}

/// `POST /usher/account-factor-code`: the first code of an authenticator app.
pub(super) async fn submit_code(signed_in: SignedIn, Typed(typed): Typed<First>) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    if !page.services.accounts.is_fresh(&session) {
        return Ok(prove::first(page, "account-factor", ""));
    }
    enroll::confirm(page, Place::Account, Flow::Account(&session), &typed).await
}

/// `GET /usher/account-factor-code`: somebody came back to it.
pub(super) async fn back() -> Response {
    redirect("account-factor")
}

/// `GET /usher/account-factor-edit`.
pub(super) async fn edit(signed_in: SignedIn, Asked(query): Asked<Which>) -> Answer {
    let SignedIn {
        mut page, session, ..
    } = signed_in;
    if !page.services.accounts.is_fresh(&session) {
        return Ok(prove::first(page, "account-factor-edit", &query.id));
    }
    let Some(security) = page.services.accounts.security(&session).await? else {
        page.clear(Name::Session);
        return Ok(page.go("sign-in"));
    };
    let mut factors = security.factors.iter();
    let Some(factor) = factors.find(|factor| factor.id.to_string() == query.id) else {
        return Ok(page.go("account-security?said=no_factor"));
    };
    let frame = page.frame.clone();
    let times = Times::of(&page);
    Ok(page.show(&EditPage {
        frame: &frame,
        line: line(&frame, &times, factor),
        name: factor.name.clone(),
    }))
}

/// `GET /usher/account-factor-name` and `/usher/account-factor-remove`: somebody came back to them.
pub(super) async fn back_to_edit(Asked(query): Asked<Which>) -> Response {
    match query.id.parse::<FactorId>() {
        Ok(id) => redirect(&format!("account-factor-edit?id={id}")),
        Err(_not_an_id) => redirect("account-security"),
    }
}

/// `POST /usher/account-factor-name`.
pub(super) async fn rename(
    signed_in: SignedIn,
    Asked(query): Asked<Which>,
    Typed(typed): Typed<Named>,
) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    let accounts = &page.services.accounts;
    if !accounts.is_fresh(&session) {
        return Ok(prove::first(page, "account-factor-edit", &query.id));
    }
    let is_renamed = match query.id.parse() {
        Ok(id) => accounts.rename_factor(&session, id, &typed.name).await?,
        Err(_not_an_id) => false,
    };
    Ok(page.go(if is_renamed {
        "account-security?said=renamed"
    } else {
        "account-security?said=no_factor"
    }))
}

/// `POST /usher/account-factor-remove`.
pub(super) async fn remove(
    signed_in: SignedIn,
    Asked(query): Asked<Which>,
    Typed(typed): Typed<Sure>,
) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    if typed.remove_sure != "yes" {
        return Ok(page.go("account-security?said=tick_missing"));
    }
    let Ok(id) = query.id.parse() else {
        return Ok(page.go("account-security?said=no_factor"));
    };
    let accounts = &page.services.accounts;
    let removed = accounts.remove_factor(&session, id, &page.visitor).await?;
    Ok(match removed {
        Removal::Done => page.go("account-security?said=removed"),
        Removal::Demanded => page.go("account-security?said=demanded"),
        Removal::Unknown => page.go("account-security?said=no_factor"),
        Removal::StepUp => prove::first(page, "account-factor-edit", &query.id),
    })
}

/// `GET /usher/account-codes`.
pub(super) async fn show_renew(signed_in: SignedIn) -> Response {
    let SignedIn { page, session, .. } = signed_in;
    if !page.services.accounts.is_fresh(&session) {
        return prove::first(page, "account-codes", "");
    }
    let frame = page.frame.clone();
    page.show(&RenewPage { frame: &frame })
}

/// `POST /usher/account-codes`.
pub(super) async fn renew(signed_in: SignedIn) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    let accounts = page.services.accounts.clone();
    if !accounts.is_fresh(&session) {
        return Ok(prove::first(page, "account-codes", ""));
    }
    let renewed = accounts
        .renew_recovery_codes(&session, &page.visitor)
        .await?;
    Ok(match renewed {
        Some(codes) => recovery_codes::hand_out(page, &codes, Then::Account),
        None => page.go("account-security?said=no_codes"),
    })
}
