//! A browser at a profile's seat reaches no page of its account before the owner shows up (R43): by the PIN before the owner's
//! seat, or by a step-up where there is none, or where it is forgotten.
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use usher_accounts::profiles::{OwnerPin, OwnerShown, PinChecked};

use super::account::profiles::Face;
use super::account::prove;
use super::carried::after_sending;
use super::cookies::Name;
use super::page::{Answer, Asked, Page, Typed, with_query};
use super::signed_in::{AtAnySeat, SignedIn, end, own_end};
use super::watching::{PinForm, PinPage, Wrong};
use super::{Services, sign_in};

/// The page that asks for the owner.
pub(super) fn routes() -> Router<Services> {
    Router::new().route("/usher/owner", get(show).post(submit))
}

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    /// The page of ours that opens afterwards.
    next: String,
    /// A form was sent to it, and could not be taken.
    refused: Option<Refused>,
}

/// The only value of its field.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Refused {
    Yes,
}

impl Query {
    fn next(&self) -> &str {
        own_end(&self.next).unwrap_or("account")
    }

    const fn was_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// Once the owner has shown up.
    fn onward(&self) -> String {
        after_sending(self.next(), self.was_refused())
    }

    fn proof(&self) -> String {
        prove::for_own(self.next(), self.was_refused())
    }
}

/// The way to a page of an account for a browser at a profile's seat.
pub(super) fn first(page: &Page) -> String {
    at(&end(&page.frame.here), page.was_sent())
}

fn at(next: &str, was_refused: bool) -> String {
    let refused = if was_refused { "yes" } else { "" };
    with_query("owner", &[("next", next), ("refused", refused)])
}

/// `GET /usher/owner`.
pub(super) async fn show(AtAnySeat(at_seat): AtAnySeat, Asked(query): Asked<Query>) -> Answer {
    let accounts = &at_seat.page.services.accounts;
    if accounts.reaches_account(&at_seat.session) {
        return Ok(at_seat.page.go(&query.onward()));
    }
    if accounts.owner_pin(at_seat.account.id).await? != OwnerPin::Set {
        return Ok(at_seat.page.go(&query.proof()));
    }
    Ok(ask(at_seat, &query, Wrong::default()))
}

/// `POST /usher/owner`.
pub(super) async fn submit(
    AtAnySeat(mut at_seat): AtAnySeat,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<PinForm>,
) -> Answer {
    let accounts = at_seat.page.services.accounts.clone();
    let shown = accounts
        .show_owner(&at_seat.session, typed.pin.reveal(), &at_seat.page.visitor)
        .await?;
    Ok(match shown {
        OwnerShown::Done(cookie) => {
            at_seat.page.keep(Name::Session, &cookie);
            at_seat.page.go(&query.onward())
        }
        OwnerShown::NoPin | OwnerShown::Refused(PinChecked::Right) => {
            at_seat.page.go(&query.proof())
        }
        OwnerShown::Gone => at_seat.page.go(&sign_in::ended_at(&end(query.next()))),
        OwnerShown::Refused(checked) => {
            let wrong = Wrong::of(&at_seat.page.frame, checked);
            ask(at_seat, &query, wrong)
        }
    })
}

fn ask(at_seat: SignedIn, query: &Query, wrong: Wrong) -> Response {
    let SignedIn {
        mut page, account, ..
    } = at_seat;
    if query.was_refused() {
        page.frame.notice = "account-prove-unsaved";
    }
    let (frame, name) = (page.frame.clone(), account.seen.name);
    page.show(&PinPage {
        frame: &frame,
        title: frame.with("seat-owner-title", "name", &name),
        body: "seat-owner-body",
        face: Face::shown(None, &name),
        name: &name,
        action: at(&query.next, query.was_refused()),
        forgotten: query.proof(),
        back: ("../web/".to_owned(), "seat-owner-back"),
        opens: "",
        wrong,
    })
}
