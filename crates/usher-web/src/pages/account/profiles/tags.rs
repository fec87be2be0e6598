//! What is hidden, or chosen, by its tags.
use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::profiles::ProfileEntry;
use usher_domain::profile::limits::{Limits, Tag};

use super::setting::{Head, save_limits};
use super::{Opened, Query, open};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Typed};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-tags";

/// Which tags are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Shown {
    Any,
    Only,
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    blocked: String,
    shown: Shown,
    allowed: String,
}

#[derive(Template)]
#[template(path = "account/profile_tags.html")]
pub(in crate::pages) struct TagsPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) head: Head<'a>,
    /// One tag a line, as in the next one.
    pub(in crate::pages) blocked: String,
    pub(in crate::pages) shown: Shown,
    pub(in crate::pages) allowed: String,
    /// The keys of what is wrong with either.
    pub(in crate::pages) wrong: (&'static str, &'static str),
}

impl TagsPage<'_> {
    fn is_only(&self) -> bool {
        self.shown == Shown::Only
    }
}

/// `GET /usher/account-profile-tags`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let limits = &entry.profile.limits;
    let form = Form {
        blocked: lines(&limits.blocked_tags),
        shown: if limits.allowed_tags.is_some() {
            Shown::Only
        } else {
            Shown::Any
        },
        allowed: limits.allowed_tags.as_ref().map(lines).unwrap_or_default(),
    };
    Ok(of(signed_in, &entry, form, ("", "")))
}

/// `POST /usher/account-profile-tags`.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<Form>,
) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let (blocked, allowed) = (read(&typed.blocked), read(&typed.allowed));
    let is_only = typed.shown == Shown::Only;
    let (Ok(blocked_tags), Ok(allowed_tags)) = (&blocked, &allowed) else {
        let wrong =
            |tags: &Result<_, NotATag>| tags.as_ref().err().map_or("", |_| "profile-tags-wrong");
        let wrong = (wrong(&blocked), wrong(&allowed));
        return Ok(of(signed_in, &entry, typed, wrong));
    };
    if is_only && allowed_tags.is_empty() {
        return Ok(of(signed_in, &entry, typed, ("", "profile-tags-none")));
    }
    let limits = Limits {
        blocked_tags: blocked_tags.clone(),
        allowed_tags: is_only.then(|| allowed_tags.clone()),
        ..entry.profile.limits.clone()
    };
    save_limits(signed_in, &entry, limits).await
}

fn lines(tags: &BTreeSet<Tag>) -> String {
    let tags: Vec<&str> = tags.iter().map(Tag::as_str).collect();
    tags.join("\n")
}

/// A line is no tag.
struct NotATag;

/// Tags by lines or commas; the same one in another letter case counts once.
fn read(text: &str) -> Result<BTreeSet<Tag>, NotATag> {
    let parts = text.split(['\n', ',']).map(str::trim);
    let mut keys = BTreeSet::new();
    let mut tags = BTreeSet::new();
    for part in parts.filter(|part| !part.is_empty()) {
        let tag = Tag::parse(part).map_err(|_not_a_tag| NotATag)?;
        if keys.insert(tag.key()) {
            tags.insert(tag);
        }
    }
    Ok(tags)
}

fn of(
    signed_in: SignedIn,
    entry: &ProfileEntry,
    form: Form,
    wrong: (&'static str, &'static str),
) -> Response {
    let SignedIn { page, account, .. } = signed_in;
    let frame = page.frame.clone();
    page.show(&TagsPage {
        frame: &frame,
        head: Head::of(&account, entry, HERE, ("profile-tags", "profile-tags-body")),
        blocked: form.blocked,
        shown: form.shown,
        allowed: form.allowed,
        wrong,
    })
}
