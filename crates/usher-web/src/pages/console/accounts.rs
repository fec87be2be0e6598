//! All accounts, by search and by state.
use askama::Template;
use serde::Deserialize;
use usher_accounts::{AccountSearch, AccountState};
use usher_domain::account::Account;
use usher_domain::time::Timestamp;

use super::guard::Console;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, with_query};
use crate::pages::panel::{Moment, Times};

/// Accounts on one page.
const PER_PAGE: u64 = 50;

/// Longest text that is searched for, in letters.
const TEXT_MAX: usize = 100;

/// The last page that is turned to; beyond it a search finds more than pages do.
const PAGE_MAX: u64 = 1_000_000;

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::pages) struct Query {
    text: String,
    state: State,
    page: u64,
}

/// Which accounts to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum State {
    #[default]
    #[serde(rename = "")]
    All,
    Ready,
    AwaitsSetUp,
    OwesAddress,
    Passwordless,
    Disabled,
    Gone,
}

impl State {
    pub(in crate::pages) const ALL: [Self; 7] = [
        Self::All,
        Self::Ready,
        Self::AwaitsSetUp,
        Self::OwesAddress,
        Self::Passwordless,
        Self::Disabled,
        Self::Gone,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Ready => "ready",
            Self::AwaitsSetUp => "awaits_set_up",
            Self::OwesAddress => "owes_address",
            Self::Passwordless => "passwordless",
            Self::Disabled => "disabled",
            Self::Gone => "gone",
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::All => "console-state-all",
            Self::Ready => "console-state-ready",
            Self::AwaitsSetUp => "console-state-awaits",
            Self::OwesAddress => "console-state-owes-address",
            Self::Passwordless => "console-state-passwordless",
            Self::Disabled => "console-state-disabled",
            Self::Gone => "console-state-gone",
        }
    }

    const fn searched(self) -> Option<AccountState> {
        match self {
            Self::All => None,
            Self::Ready => Some(AccountState::Ready),
            Self::AwaitsSetUp => Some(AccountState::AwaitsSetUp),
            Self::OwesAddress => Some(AccountState::OwesAddress),
            Self::Passwordless => Some(AccountState::Passwordless),
            Self::Disabled => Some(AccountState::Disabled),
            Self::Gone => Some(AccountState::Gone),
        }
    }
}

/// Mood and text of how an account stands: the worst that can be said of it.
pub(in crate::pages) fn standing(
    account: &Account,
    now: Timestamp,
) -> (&'static str, &'static str) {
    if account.gone.is_some() {
        ("bad", "console-state-gone")
    } else if account.seen.disabled {
        ("bad", "console-state-disabled")
    } else if let Some(set_up) = account.set_up {
        if now < set_up.until {
            ("warn", "console-state-awaits")
        } else {
            ("bad", "console-state-overdue")
        }
    } else if account.seen.passwordless == Some(true) {
        ("bad", "console-state-passwordless")
    } else {
        ("ok", "console-state-ready")
    }
}

/// Mood and text of an address.
pub(in crate::pages) fn proof(account: &Account) -> (&'static str, &'static str) {
    use usher_domain::account::AddressProof;
    match account.address.as_ref().map(|address| address.proof) {
        Some(AddressProof::Proven) => ("ok", "console-address-proven"),
        Some(AddressProof::Vouched) => ("ok", "console-address-vouched"),
        Some(AddressProof::Entered) => ("warn", "console-address-entered"),
        None => ("quiet", "console-address-none"),
    }
}

/// One account in the list.
pub(in crate::pages) struct Row {
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) administrator: bool,
    pub(in crate::pages) address: String,
    pub(in crate::pages) proof: (&'static str, &'static str),
    pub(in crate::pages) state: (&'static str, &'static str),
    pub(in crate::pages) signed_in: Option<Moment>,
}

#[derive(Template)]
#[template(path = "console/accounts.html")]
pub(in crate::pages) struct AccountsPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) text: &'a str,
    pub(in crate::pages) state: State,
    pub(in crate::pages) rows: Vec<Row>,
    /// Links to the pages before and after; empty where there is none.
    pub(in crate::pages) before: String,
    pub(in crate::pages) after: String,
}

/// `GET /usher/console-accounts`.
pub(super) async fn show(console: Console, Asked(query): Asked<Query>) -> Answer {
    let Console { page, admin, .. } = console;
    let at = query.page.min(PAGE_MAX);
    let search = AccountSearch {
        text: query.text.trim().chars().take(TEXT_MAX).collect(),
        state: query.state.searched(),
        offset: at * PER_PAGE,
        // One more tells whether there is a page after this.
        limit: PER_PAGE + 1,
    };
    let accounts = &page.services.accounts;
    let mut found = accounts.search_accounts(&admin, &search).await?;
    let has_more = found.len() as u64 > PER_PAGE;
    found.truncate(usize::try_from(PER_PAGE).unwrap_or(usize::MAX));
    let frame = page.frame.clone();
    let (times, now) = (Times::of(&page), accounts.now());
    let rows = found
        .iter()
        .map(|account| row(&frame, &times, now, account));
    let link = |there: bool, to: u64| {
        if there {
            link(&search.text, query.state, to)
        } else {
            String::new()
        }
    };
    Ok(page.show(&AccountsPage {
        frame: &frame,
        text: &search.text,
        state: query.state,
        rows: rows.collect(),
        before: link(at > 0, at.saturating_sub(1)),
        after: link(has_more, at + 1),
    }))
}

fn row(frame: &Frame, times: &Times, now: Timestamp, account: &Account) -> Row {
    let address = account.address.as_ref();
    Row {
        id: account.id.to_string(),
        name: account.seen.name.clone(),
        administrator: account.seen.administrator,
        address: address.map_or_else(String::new, |address| address.email.as_str().to_owned()),
        proof: proof(account),
        state: standing(account, now),
        signed_in: account.signed_in.map(|at| times.moment(frame, at)),
    }
}

fn link(text: &str, state: State, page: u64) -> String {
    let page = page.to_string();
    with_query(
        "console-accounts",
        &[("text", text), ("state", state.name()), ("page", &page)],
    )
}
