//! API keys of the server: when each last came through Usher, and from where it may come.
use askama::Template;
use serde::Deserialize;
use usher_accounts::admin::{Key, KeyBound};
use usher_domain::network::Networks;

use super::guard::Console;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Typed};
use crate::pages::panel::{Moment, Times};

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::pages) struct Query {
    said: Option<Said>,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Said {
    Bound,
    Gone,
    NoNetwork,
}

impl Said {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 3] = [Self::Bound, Self::Gone, Self::NoNetwork];

    const fn mood(self) -> &'static str {
        match self {
            Self::Bound => "ok",
            Self::Gone | Self::NoNetwork => "bad",
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Bound => "console-keys-bound",
            Self::Gone => "console-keys-gone",
            Self::NoNetwork => "console-keys-no-network",
        }
    }
}

/// The form of one key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    key: String,
    networks: String,
}

/// A key in the list.
pub(in crate::pages) struct Row {
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) made: Option<Moment>,
    pub(in crate::pages) seen: Option<Moment>,
    pub(in crate::pages) address: String,
    /// Empty: from everywhere.
    pub(in crate::pages) networks: String,
}

#[derive(Template)]
#[template(path = "console/keys.html")]
pub(in crate::pages) struct KeysPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) said: Option<Said>,
    pub(in crate::pages) rows: Vec<Row>,
}

/// `GET /usher/console-keys`.
pub(super) async fn show(console: Console, Asked(query): Asked<Query>) -> Answer {
    let page = console.page;
    let keys = page.services.accounts.api_keys().await?;
    let times = Times::of(&page);
    let frame = page.frame.clone();
    Ok(page.show(&KeysPage {
        frame: &frame,
        said: query.said,
        rows: keys
            .into_iter()
            .map(|key| row(&frame, &times, key))
            .collect(),
    }))
}

/// `POST /usher/console-keys`. Networks that cannot be read change nothing.
pub(super) async fn submit(console: Console, Typed(typed): Typed<Form>) -> Answer {
    let Console { page, admin, .. } = console;
    let Ok(networks) = Networks::parse(&typed.networks) else {
        return Ok(page.go("console-keys?said=no_network"));
    };
    let accounts = &page.services.accounts;
    let bound = accounts
        .bind_api_key(&admin, &typed.key, &networks, &page.visitor)
        .await?;
    Ok(page.go(match bound {
        KeyBound::Done => "console-keys?said=bound",
        KeyBound::Gone => "console-keys?said=gone",
    }))
}

fn row(frame: &Frame, times: &Times, key: Key) -> Row {
    let moment = |at| times.moment(frame, at);
    Row {
        id: key.digest.name(),
        name: key.name,
        made: key.made.map(moment),
        seen: key.seen.map(moment),
        address: key.address,
        networks: key.networks.to_string(),
    }
}
