//! Deleting a profile, and bringing it back within seven days.
use askama::Template;
use serde::Deserialize;
use usher_accounts::profiles::{DeletedProfile, RestoredProfile};

use super::face::Face;
use super::{Opened, Query, Said, Which, open, proven};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Typed};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-delete";

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    /// `yes` where it is ticked.
    #[serde(default)]
    delete_sure: String,
}

#[derive(Template)]
#[template(path = "account/profile_delete.html")]
pub(in crate::pages) struct DeletePage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: &'a str,
    pub(in crate::pages) face: Face,
    /// That it becomes an account of its own was asked for, and goes with it.
    pub(in crate::pages) has_wish: bool,
}

/// `GET /usher/account-profile-delete`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let accounts = &signed_in.page.services.accounts;
    let wish = accounts.own_account_wish(&signed_in.session, entry.profile.id);
    let has_wish = wish.await?.is_some_and(|wish| wish.waits());
    let frame = signed_in.page.frame.clone();
    Ok(signed_in.page.show(&DeletePage {
        frame: &frame,
        id: entry.profile.id.to_string(),
        name: entry.profile.name.as_str(),
        face: Face::of(&entry.profile),
        has_wish,
    }))
}

/// `POST /usher/account-profile-delete`.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<Form>,
) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let page = signed_in.page;
    if typed.delete_sure != "yes" {
        return Ok(page.go(&Said::TickMissing.on_list()));
    }
    let accounts = page.services.accounts.clone();
    let deleted = accounts
        .delete_profile(entry.by, entry.profile.id, &page.visitor)
        .await?;
    let said = match deleted {
        DeletedProfile::Done(_applied) => Said::Deleted,
        DeletedProfile::Unknown => Said::NoProfile,
    };
    Ok(page.go(&said.on_list()))
}

/// `POST /usher/account-profile-restore`.
pub(super) async fn restore(signed_in: SignedIn, Typed(typed): Typed<Which>) -> Answer {
    let by = match proven(&signed_in, "account-profiles", "") {
        Ok(by) => by,
        Err(to) => return Ok(signed_in.page.go(&to)),
    };
    let page = signed_in.page;
    let Ok(id) = typed.id.parse() else {
        return Ok(page.go(&Said::NoProfile.on_list()));
    };
    let accounts = page.services.accounts.clone();
    let restored = accounts.restore_profile(by, id, &page.visitor).await?;
    let said = match restored {
        RestoredProfile::Done(_applied) => Said::Restored,
        RestoredProfile::NameTaken => Said::RestoreTaken,
        RestoredProfile::OwnersName => Said::RestoreOwners,
        RestoredProfile::Full => Said::Full,
        RestoredProfile::SwitchedOff => Said::SwitchedOff,
        RestoredProfile::Unknown => Said::NoProfile,
    };
    Ok(page.go(&said.on_list()))
}
