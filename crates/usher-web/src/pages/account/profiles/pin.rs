//! The PIN before a profile, or before the owner's own seat: set, changed, taken away.
use askama::Template;
use serde::Deserialize;
use usher_accounts::ProvenOwner;
use usher_accounts::profiles::{OwnerPin, PinChange};
use usher_domain::profile::pin::{Pin, Watcher};
use usher_domain::secret::SecretText;

use super::face::Face;
use super::{Opened, Query, Said, open, proven};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Typed};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-pin";

const LIST: &str = "account-profiles";

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    pin: SecretText,
}

#[derive(Template)]
#[template(path = "account/profile_pin.html")]
pub(in crate::pages) struct PinPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    /// Which profile; empty for the owner's own seat.
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) face: Face,
    pub(in crate::pages) has_pin: bool,
    /// The key of what is wrong.
    pub(in crate::pages) wrong: &'static str,
}

/// The seat that a page of a PIN is about.
struct Seat {
    watcher: Watcher,
    name: String,
    face: Face,
    has_pin: bool,
    by: ProvenOwner,
}

/// The seat, or the page that comes first: a proof, which leads back to `here`.
async fn seat(signed_in: &SignedIn, here: &str, id: &str) -> Result<Result<Seat, String>, Fault> {
    if !id.is_empty() {
        return Ok(match open(signed_in, here, id).await? {
            Opened::Here(entry) => Ok(Seat {
                watcher: Watcher::Profile(entry.profile.id),
                name: entry.profile.name.as_str().to_owned(),
                face: Face::of(&entry.profile),
                has_pin: entry.profile.has_pin,
                by: entry.by,
            }),
            Opened::Elsewhere(to) => Err(to),
        });
    }
    let by = match proven(signed_in, here, "") {
        Ok(by) => by,
        Err(to) => return Ok(Err(to)),
    };
    let accounts = &signed_in.page.services.accounts;
    let pin = accounts.owner_pin(signed_in.account.id).await?;
    let name = signed_in.account.seen.name.clone();
    Ok(Ok(Seat {
        watcher: Watcher::Owner,
        face: Face::letter(&name),
        name,
        has_pin: pin == OwnerPin::Set,
        by,
    }))
}

/// `GET /usher/account-profile-pin`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    ask(signed_in, query.id, "").await
}

/// `POST /usher/account-profile-pin`.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<Form>,
) -> Answer {
    let seat = match seat(&signed_in, HERE, &query.id).await? {
        Ok(seat) => seat,
        Err(to) => return Ok(signed_in.page.go(&to)),
    };
    let Ok(pin) = Pin::parse(typed.pin.reveal()) else {
        return ask(signed_in, query.id, "profile-pin-wrong").await;
    };
    let page = signed_in.page;
    let accounts = page.services.accounts.clone();
    let changed = accounts
        .set_pin(seat.by, seat.watcher, &pin, &page.visitor)
        .await?;
    Ok(page.go(&after(changed, Said::PinSet)))
}

/// `POST /usher/account-profile-pin-clear`. An owner without a PIN is asked on the list whether one is wanted.
pub(super) async fn clear(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let accounts = signed_in.page.services.accounts.clone();
    let is_own = query.id.is_empty();
    let has_own = accounts.owner_pin(signed_in.account.id).await? == OwnerPin::Set;
    let here = if is_own && !has_own { LIST } else { HERE };
    let seat = match seat(&signed_in, here, &query.id).await? {
        Ok(seat) => seat,
        Err(to) => return Ok(signed_in.page.go(&to)),
    };
    let page = signed_in.page;
    let changed = accounts
        .clear_pin(seat.by, seat.watcher, &page.visitor)
        .await?;
    Ok(page.go(&after(changed, Said::PinCleared)))
}

fn after(changed: PinChange, done: Said) -> String {
    match changed {
        PinChange::Done => done.on_list(),
        PinChange::Unknown => Said::NoProfile.on_list(),
    }
}

async fn ask(signed_in: SignedIn, id: String, wrong: &'static str) -> Answer {
    let seat = match seat(&signed_in, HERE, &id).await? {
        Ok(seat) => seat,
        Err(to) => return Ok(signed_in.page.go(&to)),
    };
    let page = signed_in.page;
    let frame = page.frame.clone();
    Ok(page.show(&PinPage {
        frame: &frame,
        id,
        name: seat.name,
        face: seat.face,
        has_pin: seat.has_pin,
        wrong,
    }))
}
