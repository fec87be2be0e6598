//! Which libraries and channels are seen, and whether there is live television.
use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use usher_accounts::profiles::ProfileEntry;
use usher_domain::id::ItemId;
use usher_domain::profile::limits::{Libraries, Limits};

use super::sent::Sent;
use super::setting::{Head, save_limits};
use super::{Opened, Query, open};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Typed};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-libraries";

/// A library or a channel to tick.
#[derive(Clone, Debug)]
pub(in crate::pages) struct Shelf {
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) is_seen: bool,
}

#[derive(Template)]
#[template(path = "account/profile_libraries.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each shows, ticks or hides a part of the page"
)]
pub(in crate::pages) struct LibrariesPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) head: Head<'a>,
    pub(in crate::pages) is_all: bool,
    pub(in crate::pages) shelves: Vec<Shelf>,
    /// Ticked before, and not seen by the owner now: they stay, in case the owner sees them again.
    pub(in crate::pages) hidden: Vec<String>,
    pub(in crate::pages) live: bool,
    /// The owner may watch live television.
    pub(in crate::pages) has_live: bool,
    /// Nothing was ticked.
    pub(in crate::pages) is_wrong: bool,
}

impl LibrariesPage<'_> {
    fn wrong(&self) -> &'static str {
        if self.is_wrong {
            "profile-libraries-wrong"
        } else {
            ""
        }
    }
}

/// `GET /usher/account-profile-libraries`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    of(signed_in, &entry, entry.profile.limits.clone(), None).await
}

/// `POST /usher/account-profile-libraries`.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(mut sent): Typed<Sent>,
) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let ids = sent.all("library").into_iter();
    let ids = ids.map(|id| id.parse().map_err(|_not_an_id| Fault::Form));
    let only: BTreeSet<ItemId> = ids.collect::<Result<_, _>>()?;
    let which = sent.one("which")?;
    let limits = Limits {
        libraries: match which.as_str() {
            "all" => Libraries::All,
            "only" => Libraries::Only(only),
            _other => return Err(Fault::Form),
        },
        live_television: sent.ticked("live")?,
        ..entry.profile.limits.clone()
    };
    sent.end()?;
    match &limits.libraries {
        Libraries::Only(none) if none.is_empty() => {
            of(signed_in, &entry, limits, Some(Nothing)).await
        }
        Libraries::All | Libraries::Only(_) => save_limits(signed_in, &entry, limits).await,
    }
}

/// No library was ticked, so that nothing at all would be seen.
struct Nothing;

async fn of(
    signed_in: SignedIn,
    entry: &ProfileEntry,
    limits: Limits,
    wrong: Option<Nothing>,
) -> Result<Response, Fault> {
    let SignedIn {
        page,
        session,
        account,
    } = signed_in;
    let choices = page.services.accounts.library_choices(&session).await?;
    let ticked = match &limits.libraries {
        Libraries::All => None,
        Libraries::Only(ids) => Some(ids),
    };
    let all = choices.libraries.iter().chain(&choices.channels);
    let shelves: Vec<Shelf> = all
        .map(|shelf| Shelf {
            id: shelf.id.to_string(),
            name: shelf.name.clone(),
            is_seen: ticked.is_none_or(|ids| ids.contains(&shelf.id)),
        })
        .collect();
    let is_shown = |id: &String| shelves.iter().any(|shelf| shelf.id == *id);
    let kept = ticked.into_iter().flatten().map(ItemId::to_string);
    let frame = page.frame.clone();
    Ok(page.show(&LibrariesPage {
        frame: &frame,
        head: Head::of(
            &account,
            entry,
            HERE,
            ("profile-libraries", "profile-libraries-body"),
        ),
        is_all: ticked.is_none(),
        hidden: kept.filter(|id| !is_shown(id)).collect(),
        shelves,
        live: limits.live_television,
        has_live: choices.live_television,
        is_wrong: wrong.is_some(),
    }))
}
