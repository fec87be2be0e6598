//! One profile: its name, age and picture, what it may see in words, and the ways to everything else of it.
use askama::Template;
use usher_accounts::AccountError;
use usher_accounts::profiles::{Applied, EditedProfile, ProfileChange, ProfileEntry};
use usher_domain::account::Account;
use usher_domain::profile::limits::{Libraries, Limits};
use usher_domain::profile::screen_time::Day;

use super::face::{Chosen, DRAWINGS, Drawing, Face};
use super::form::{Form, Values, read};
use super::leave::waits;
use super::sees::{ShelfNames, sees};
use super::{Opened, Query, Said, open};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Typed};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile";

#[derive(Template)]
#[template(path = "account/profile.html")]
pub(in crate::pages) struct EditPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) account: &'a Account,
    pub(in crate::pages) said: Option<Said>,
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: &'a str,
    pub(in crate::pages) face: Face,
    pub(in crate::pages) has_pin: bool,
    /// What it may see, in words.
    pub(in crate::pages) sees: Vec<String>,
    pub(in crate::pages) values: Values,
    pub(in crate::pages) drawings: [Drawing; 12],
    /// That it waits to become an account of its own, in words; empty where it does not.
    pub(in crate::pages) leaves: String,
}

/// `GET /usher/account-profile`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => {
            let values = Values::of(&entry.profile);
            of(signed_in, &entry, query.said, values).await
        }
        Opened::Elsewhere(to) => Ok(signed_in.page.go(&to)),
    }
}

/// `POST /usher/account-profile`. Another age sets anew what may be watched.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<Form>,
) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let filled = match read(typed)? {
        Ok(filled) => filled,
        Err(again) => return of(signed_in, &entry, None, again).await,
    };
    let profile = &entry.profile;
    let is_other_age = filled.preset != profile.preset;
    let change = ProfileChange {
        name: Some(filled.name.clone()),
        picture: match &filled.picture {
            Chosen::New(picture) => Some(picture.clone()),
            Chosen::Kept => None,
        },
        preset: Some(filled.preset),
        limits: is_other_age.then(|| profile.limits.at_age(filled.preset)),
        ..ProfileChange::default()
    };
    let page = &signed_in.page;
    let edited = page
        .services
        .accounts
        .edit_profile(entry.by, profile.id, &change, &page.visitor)
        .await?;
    let taken = match edited {
        EditedProfile::NameTaken => "profile-said-name-taken",
        EditedProfile::OwnersName => "profile-said-owners-name",
        EditedProfile::Done(_) | EditedProfile::Unknown => {
            return Ok(signed_in.page.go(&after(edited, &query.id)));
        }
    };
    of(signed_in, &entry, None, filled.again(taken)).await
}

/// Where a change leads: to the page of the profile, which says that it is saved.
pub(super) fn after(edited: EditedProfile, id: &str) -> String {
    let said = match edited {
        EditedProfile::Done(Applied::Now) => Said::Saved,
        EditedProfile::Done(Applied::Later) => Said::SavedLater,
        EditedProfile::NameTaken => Said::NameTaken,
        EditedProfile::OwnersName => Said::OwnersName,
        EditedProfile::Unknown => return Said::NoProfile.on_list(),
    };
    format!("account-profile?id={id}&said={}", said.names().0)
}

async fn of(
    signed_in: SignedIn,
    entry: &ProfileEntry,
    said: Option<Said>,
    values: Values,
) -> Answer {
    let shelves = named_libraries(&signed_in, &entry.profile.limits).await?;
    let SignedIn {
        page,
        session,
        account,
    } = signed_in;
    let profile = &entry.profile;
    let accounts = page.services.accounts.clone();
    let wish = accounts.own_account_wish(&session, profile.id).await?;
    let today = Day::of(accounts.now(), &accounts.zone()).weekday();
    let frame = page.frame.clone();
    let face = Face::of(profile);
    let values = Values {
        upload: face.upload.clone(),
        ..values
    };
    Ok(page.show(&EditPage {
        frame: &frame,
        account: &account,
        said,
        id: profile.id.to_string(),
        name: profile.name.as_str(),
        face,
        has_pin: profile.has_pin,
        sees: sees(&frame, &profile.limits, shelves.as_ref(), today),
        values,
        drawings: DRAWINGS,
        leaves: waits(&frame, wish.as_ref()),
    }))
}

/// The libraries with their names; none where none are chosen, or while Jellyfin does not answer.
async fn named_libraries(
    signed_in: &SignedIn,
    limits: &Limits,
) -> Result<Option<ShelfNames>, Fault> {
    if limits.libraries == Libraries::All {
        return Ok(None);
    }
    let accounts = &signed_in.page.services.accounts;
    match accounts.library_choices(&signed_in.session).await {
        Ok(choices) => {
            let all = choices.libraries.into_iter().chain(choices.channels);
            Ok(Some(all.map(|shelf| (shelf.id, shelf.name)).collect()))
        }
        Err(AccountError::Jellyfin(outage)) => {
            let error = &outage as &dyn std::error::Error;
            tracing::debug!(error, "Libraries have no names for a page");
            Ok(None)
        }
        Err(fault) => Err(fault.into()),
    }
}
