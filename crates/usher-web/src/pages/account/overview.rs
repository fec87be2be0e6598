//! The first page of an account.
use askama::Template;
use serde::Deserialize;
use usher_accounts::second_factor::Security;
use usher_domain::account::Account;

use crate::pages::cookies::Name;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked};
use crate::pages::panel::{self, Event, Place, Times};
use crate::pages::signed_in::SignedIn;

/// Places and events that the first page shows; the others have pages of their own.
const FIRST: usize = 3;
const LATEST: usize = 6;

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
    /// The password was changed, and this browser is signed in anew.
    Password,
    /// A new address is proven.
    Address,
    /// The address is removed.
    Removed,
    /// The address stays: it is required here.
    Required,
    /// A code that was shown belongs to somebody else's screen.
    NotMine,
    /// A form was sent from a page that was made for another account.
    SomebodyElse,
}

impl Said {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 6] = [
        Self::Password,
        Self::Address,
        Self::Removed,
        Self::Required,
        Self::NotMine,
        Self::SomebodyElse,
    ];

    const fn key(self) -> &'static str {
        match self {
            Self::Password => "account-said-password",
            Self::Address => "account-said-address",
            Self::Removed => "account-said-removed",
            Self::Required => "account-said-required",
            Self::NotMine => "account-said-not-mine",
            Self::SomebodyElse => "account-said-somebody-else",
        }
    }

    const fn mood(self) -> &'static str {
        match self {
            Self::Password | Self::Address | Self::Removed => "ok",
            Self::NotMine => "info",
            Self::Required | Self::SomebodyElse => "warn",
        }
    }
}

/// What is said of the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages) enum SecondStep {
    /// There is one.
    On,
    /// There is none.
    Off,
    /// There is none, and there must be one, at once or from a day on.
    Owed,
}

impl SecondStep {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 3] = [Self::On, Self::Off, Self::Owed];

    /// `None`: second factors do not count at present.
    fn of(security: &Security) -> Option<Self> {
        security.is_active.then_some(
            match (security.enrolled.any(), security.demanded_from.is_some()) {
                (true, _) => Self::On,
                (false, false) => Self::Off,
                (false, true) => Self::Owed,
            },
        )
    }

    /// Its mood, the key of its state, and that of the link to its page.
    const fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::On => ("ok", "factor-overview-on", "factor-overview-manage"),
            Self::Off => ("quiet", "factor-overview-off", "factor-overview-set-up"),
            Self::Owed => ("warn", "factor-overview-off", "factor-overview-set-up"),
        }
    }
}

#[derive(Template)]
#[template(path = "account/overview.html")]
pub(in crate::pages) struct OverviewPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) account: &'a Account,
    pub(in crate::pages) since: String,
    pub(in crate::pages) said: Option<Said>,
    /// An address can be proven at present.
    pub(in crate::pages) mail_works: bool,
    pub(in crate::pages) address_required: bool,
    /// A second factor is set up, or may be.
    pub(in crate::pages) second_step: Option<SecondStep>,
    pub(in crate::pages) places: Vec<Place>,
    /// How many there are in all.
    pub(in crate::pages) places_all: usize,
    pub(in crate::pages) events: Vec<Event>,
}

impl OverviewPage<'_> {
    fn address(&self) -> &str {
        let address = self.account.address.as_ref();
        address.map_or("", |address| address.email.as_str())
    }

    fn all_places(&self) -> String {
        let count = i64::try_from(self.places_all).unwrap_or(i64::MAX);
        self.frame.count("account-places-all", "n", count)
    }

    /// Mood and text of the state of the address.
    fn proof(&self) -> (&'static str, &'static str) {
        match &self.account.address {
            Some(address) if address.proof.is_proven() => ("ok", "account-address-proven"),
            Some(_) => ("warn", "account-address-unproven"),
            None if self.address_required => ("bad", "account-address-none"),
            None => ("quiet", "account-address-none"),
        }
    }
}

/// `GET /usher/account`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let SignedIn {
        mut page, session, ..
    } = signed_in;
    let Some(overview) = page.services.accounts.overview(&session).await? else {
        page.clear(Name::Session);
        return Ok(page.go("sign-in"));
    };
    let security = page.services.accounts.security(&session).await?;
    let frame = page.frame.clone();
    let times = Times::of(&page);
    let places = overview.places.iter().take(FIRST);
    let events = overview.activity.iter().take(LATEST);
    Ok(page.show(&OverviewPage {
        frame: &frame,
        account: &overview.account,
        since: times.day(&frame, overview.account.first_seen),
        said: query.said,
        mail_works: overview.mail_works,
        address_required: overview.address_required,
        second_step: security.as_ref().and_then(SecondStep::of),
        places: places
            .map(|place| panel::place(&frame, &times, place))
            .collect(),
        places_all: overview.places.len(),
        events: events
            .map(|line| panel::event(&frame, &times, line))
            .collect(),
    }))
}
