//! What the pages of a profile's limits and preferences share: whose page it is, and how a choice is saved.
use axum::response::Response;
use usher_accounts::profiles::{ProfileChange, ProfileEntry};
use usher_domain::account::Account;
use usher_domain::profile::limits::Limits;
use usher_domain::profile::preferences::{HOME_SECTIONS, Preferences};

use super::Own;
use super::edit::after;
use super::face::Face;
use crate::pages::page::Fault;
use crate::pages::signed_in::SignedIn;

/// Around the question of such a page.
pub(in crate::pages) struct Head<'a> {
    pub(in crate::pages) account: &'a Account,
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) face: Face,
    /// The page's own address.
    pub(in crate::pages) page: &'static str,
    /// The key of its title.
    pub(in crate::pages) title: &'static str,
    /// The key of what it is about.
    pub(in crate::pages) body: &'static str,
}

impl<'a> Head<'a> {
    pub(super) fn of(
        account: &'a Account,
        entry: &ProfileEntry,
        page: &'static str,
        (title, body): (&'static str, &'static str),
    ) -> Self {
        Self {
            account,
            id: entry.profile.id.to_string(),
            name: entry.profile.name.as_str().to_owned(),
            face: Face::of(&entry.profile),
            page,
            title,
            body,
        }
    }
}

/// What a form of preferences carries along: those that its page showed.
pub(super) fn carried(shown: &Preferences) -> String {
    serde_json::json!(shown).to_string()
}

/// The preferences that the page of a form showed.
pub(super) fn shown(carried: &str) -> Result<Preferences, Fault> {
    let shown: Option<Preferences> = serde_json::from_str(carried).ok();
    let shown = shown.filter(|shown| shown.home_sections.len() <= HOME_SECTIONS);
    shown.ok_or(Fault::Form)
}

/// What a form decides about one thing, and what its page showed of it. Where that is the same, nothing is decided: all stays
/// as it is `kept`, and what somebody chose in Jellyfin meanwhile, too.
pub(super) fn decided<T: Clone + PartialEq>(typed: T, shown: T, kept: &T) -> (T, T) {
    if typed == shown {
        (kept.clone(), kept.clone())
    } else {
        (typed, shown)
    }
}

/// Saves limits, and goes to the page of the profile.
pub(super) async fn save_limits(
    signed_in: SignedIn,
    entry: &Own,
    limits: Limits,
) -> Result<Response, Fault> {
    let change = ProfileChange {
        limits: Some(limits),
        ..ProfileChange::default()
    };
    save(signed_in, entry, &change).await
}

/// Saves preferences that were chosen where `shown` held, and goes to the page of the profile.
pub(super) async fn save_preferences(
    signed_in: SignedIn,
    entry: &Own,
    preferences: Preferences,
    shown: Preferences,
) -> Result<Response, Fault> {
    let change = ProfileChange {
        preferences: Some(preferences),
        preferences_shown: Some(shown),
        ..ProfileChange::default()
    };
    save(signed_in, entry, &change).await
}

async fn save(signed_in: SignedIn, entry: &Own, change: &ProfileChange) -> Result<Response, Fault> {
    let page = signed_in.page;
    let id = entry.profile.id;
    let accounts = page.services.accounts.clone();
    let edited = accounts
        .edit_profile(entry.by, id, change, &page.visitor)
        .await?;
    Ok(page.go(&after(edited, &id.to_string())))
}
