//! A new profile, and one that Jellyfin lost made anew.
use askama::Template;
use axum::response::Response;
use usher_accounts::AccountError;
use usher_accounts::profiles::{MadeProfile, NewProfile};
use usher_domain::profile::limits::Limits;
use usher_domain::profile::preferences::Preferences;

use super::face::{Chosen, DRAWINGS, Drawing};
use super::form::{Form, Values, read};
use super::{Said, Which, proven};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Fault, Page, Typed};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-new";

#[derive(Template)]
#[template(path = "account/profile_new.html")]
pub(in crate::pages) struct MakePage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) values: Values,
    pub(in crate::pages) drawings: [Drawing; 12],
}

/// `GET /usher/account-profile-new`.
pub(super) async fn show(signed_in: SignedIn) -> Answer {
    if let Err(to) = proven(&signed_in, HERE, "") {
        return Ok(signed_in.page.go(&to));
    }
    let accounts = &signed_in.page.services.accounts;
    let found = accounts.profiles_page(&signed_in.session).await?;
    Ok(if found.has_room {
        ask(signed_in.page, Values::default())
    } else if found.policy.enabled {
        signed_in.page.go(&Said::Full.on_list())
    } else {
        signed_in.page.go(&Said::SwitchedOff.on_list())
    })
}

/// `POST /usher/account-profile-new`.
pub(super) async fn submit(signed_in: SignedIn, Typed(typed): Typed<Form>) -> Answer {
    let by = match proven(&signed_in, HERE, "") {
        Ok(by) => by,
        Err(to) => return Ok(signed_in.page.go(&to)),
    };
    let page = signed_in.page;
    let filled = match read(typed)? {
        Ok(filled) => filled,
        Err(again) => return Ok(ask(page, again)),
    };
    let accounts = page.services.accounts.clone();
    let new = NewProfile {
        name: filled.name.clone(),
        picture: match &filled.picture {
            Chosen::New(picture) => picture.clone(),
            Chosen::Kept => None,
        },
        preset: filled.preset,
        limits: Limits::of_preset(filled.preset),
        preferences: Preferences::default(),
    };
    let made = accounts.make_profile(by, &new, &page.visitor).await;
    let said = match made_or_underway(made)? {
        MadeProfile::NameTaken => return Ok(ask(page, filled.again("profile-said-name-taken"))),
        MadeProfile::OwnersName => return Ok(ask(page, filled.again("profile-said-owners-name"))),
        made @ (MadeProfile::Ready(_)
        | MadeProfile::Underway
        | MadeProfile::Full
        | MadeProfile::TooOften
        | MadeProfile::SwitchedOff
        | MadeProfile::Impossible) => told(&made),
    };
    Ok(page.go(&said.on_list()))
}

/// `POST /usher/account-profile-repair`.
pub(super) async fn repair(signed_in: SignedIn, Typed(typed): Typed<Which>) -> Answer {
    let by = match proven(&signed_in, "account-profiles", "") {
        Ok(by) => by,
        Err(to) => return Ok(signed_in.page.go(&to)),
    };
    let page = signed_in.page;
    let Ok(id) = typed.id.parse() else {
        return Ok(page.go(&Said::NoProfile.on_list()));
    };
    let accounts = page.services.accounts.clone();
    let made = accounts.repair_profile(by, id, &page.visitor).await;
    let made = made_or_underway(made)?;
    Ok(page.go(&told(&made).on_list()))
}

/// While Jellyfin is away the profile is there all the same, and the job finishes it.
fn made_or_underway(made: Result<MadeProfile, AccountError>) -> Result<MadeProfile, Fault> {
    match made {
        Err(AccountError::Jellyfin(error)) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "Jellyfin could not make a profile's user yet");
            Ok(MadeProfile::Underway)
        }
        made => Ok(made?),
    }
}

const fn told(made: &MadeProfile) -> Said {
    match made {
        MadeProfile::Ready(_) => Said::Made,
        MadeProfile::Underway => Said::Underway,
        MadeProfile::NameTaken => Said::NameTaken,
        MadeProfile::OwnersName => Said::OwnersName,
        MadeProfile::Full => Said::Full,
        MadeProfile::TooOften => Said::TooOften,
        MadeProfile::SwitchedOff => Said::SwitchedOff,
        MadeProfile::Impossible => Said::Impossible,
    }
}

fn ask(page: Page, values: Values) -> Response {
    let frame = page.frame.clone();
    page.show(&MakePage {
        frame: &frame,
        values,
        drawings: DRAWINGS,
    })
}
