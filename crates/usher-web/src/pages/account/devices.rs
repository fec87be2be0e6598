//! Every place where an account is signed in, and how that ends (R48).
use askama::Template;
use serde::Deserialize;
use usher_accounts::profiles::DeviceToKeep;
use usher_domain::account::Account;

use super::prove;
use crate::pages::cookies::Name;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Page, Typed};
use crate::pages::panel::{self, Moment, Place, Times};
use crate::pages::signed_in::SignedIn;

/// The question before a device becomes a child's.
const KEEP: &str = "account-device-keep";

const SIGNED_OUT: &str = "sign-in?said=signed_out";

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
    /// One place is signed out.
    Ended,
    /// Every other place is signed out.
    OthersEnded,
    /// The place is not, or no longer, one of this account's.
    NoPlace,
    /// A device is a child's alone.
    Kept,
    /// A child's device is everybody's again.
    Freed,
}

impl Said {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 5] = [
        Self::Ended,
        Self::OthersEnded,
        Self::NoPlace,
        Self::Kept,
        Self::Freed,
    ];

    const fn key(self) -> &'static str {
        match self {
            Self::Ended => "account-said-ended",
            Self::OthersEnded => "account-said-others-ended",
            Self::NoPlace => "account-said-no-place",
            Self::Kept => "account-said-kept",
            Self::Freed => "account-said-freed",
        }
    }

    const fn mood(self) -> &'static str {
        match self {
            Self::Ended | Self::OthersEnded | Self::Kept | Self::Freed => "ok",
            Self::NoPlace => "warn",
        }
    }
}

/// The form of one place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Form {
    place: String,
}

/// The place that a device is asked about by.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::pages) struct KeepQuery {
    id: String,
}

/// The form of a child's device.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct FreeForm {
    device: String,
}

/// A child's device.
pub(in crate::pages) struct Kept {
    /// What its form sends.
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    /// Who alone watches there.
    pub(in crate::pages) whose: String,
    pub(in crate::pages) since: Moment,
}

/// The question before a device becomes a child's.
#[derive(Template)]
#[template(path = "account/device_keep.html")]
pub(in crate::pages) struct KeepPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) place: &'a str,
    pub(in crate::pages) device: &'a DeviceToKeep,
}

impl KeepPage<'_> {
    fn title(&self) -> String {
        let profile = &self.device.profile;
        self.frame.with("account-keep-title", "profile", profile)
    }

    fn body(&self) -> String {
        let device = &self.device.name;
        let parts = [
            ("device", device.as_str().into()),
            ("profile", self.device.profile.as_str().into()),
        ];
        self.frame.texts("account-keep-body", &parts)
    }

    fn others(&self) -> String {
        let others = self.device.others.join(", ");
        if others.is_empty() {
            self.frame.t("account-keep-nobody")
        } else {
            self.frame.with("account-keep-others", "names", &others)
        }
    }

    fn action(&self) -> String {
        let profile = &self.device.profile;
        self.frame.with("account-keep-only", "profile", profile)
    }
}

#[derive(Template)]
#[template(path = "account/devices.html")]
pub(in crate::pages) struct DevicesPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) account: &'a Account,
    pub(in crate::pages) said: Option<Said>,
    pub(in crate::pages) places: Vec<Place>,
    /// The devices of the account's children.
    pub(in crate::pages) kept: Vec<Kept>,
}

impl DevicesPage<'_> {
    fn has_others(&self) -> bool {
        self.places.iter().any(|place| !place.is_this)
    }

    fn has_shared(&self) -> bool {
        self.places.iter().any(|place| place.keep.is_some())
    }
}

/// `GET /usher/account-devices`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let SignedIn {
        mut page, session, ..
    } = signed_in;
    let Some(overview) = page.services.accounts.overview(&session).await? else {
        page.clear(Name::Session);
        return Ok(page.go("sign-in"));
    };
    let kept = page.services.accounts.kept_devices(&session).await?;
    let frame = page.frame.clone();
    let times = Times::of(&page);
    let kept = kept.into_iter().map(|device| Kept {
        id: device.device_key,
        name: device.name,
        whose: frame.with(
            if device.holds {
                "account-kept-whose"
            } else {
                "account-kept-not-now"
            },
            "profile",
            &device.profile,
        ),
        since: times.moment(&frame, device.since),
    });
    Ok(page.show(&DevicesPage {
        frame: &frame,
        account: &overview.account,
        said: query.said,
        places: panel::places(&frame, &times, &overview.places),
        kept: kept.collect(),
    }))
}

/// `POST /usher/account-place-end`.
pub(super) async fn end(signed_in: SignedIn, Typed(typed): Typed<Form>) -> Answer {
    let SignedIn {
        mut page, session, ..
    } = signed_in;
    let is_ended = match panel::parse_place(&typed.place) {
        Some(place) => {
            let accounts = &page.services.accounts;
            accounts.end_place(&session, place, &page.visitor).await?
        }
        None => false,
    };
    if is_ended && !is_live(&page).await? {
        page.clear(Name::Session);
        return Ok(page.go(SIGNED_OUT));
    }
    Ok(page.go(if is_ended {
        "account-devices?said=ended"
    } else {
        "account-devices?said=no_place"
    }))
}

/// `GET /usher/account-device-keep`: what will be, before it is done. Only whoever proved lately to be the owner is asked, so that
/// nobody answers in vain.
pub(super) async fn ask_to_keep(signed_in: SignedIn, Asked(query): Asked<KeepQuery>) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    let accounts = &page.services.accounts;
    if !accounts.is_fresh(&session) {
        return Ok(prove::first(page, KEEP, &query.id));
    }
    let device = match panel::parse_place(&query.id) {
        Some(place) => accounts.device_to_keep(&session, place).await?,
        None => None,
    };
    let Some(device) = device else {
        return Ok(page.go("account-devices"));
    };
    let frame = page.frame.clone();
    Ok(page.show(&KeepPage {
        frame: &frame,
        place: &query.id,
        device: &device,
    }))
}

/// `POST /usher/account-device-keep`: a device is a child's alone from now on, as whoever proved lately to be the owner says.
pub(super) async fn keep(signed_in: SignedIn, Typed(typed): Typed<Form>) -> Answer {
    let SignedIn {
        mut page, session, ..
    } = signed_in;
    let accounts = page.services.accounts.clone();
    let Some(by) = accounts.proven(&session) else {
        return Ok(prove::first(page, KEEP, &typed.place));
    };
    let is_kept = match panel::parse_place(&typed.place) {
        Some(place) => accounts.keep_device(by, place, &page.visitor).await?,
        None => false,
    };
    // This browser's own session ends where somebody else sits at it than the profile.
    if is_kept && !is_live(&page).await? {
        page.clear(Name::Session);
        return Ok(page.go(SIGNED_OUT));
    }
    Ok(page.go(if is_kept {
        "account-devices?said=kept"
    } else {
        "account-devices?said=no_place"
    }))
}

/// `POST /usher/account-device-free`: a child's device is everybody's again, as whoever proved lately to be the owner says.
pub(super) async fn free(signed_in: SignedIn, Typed(typed): Typed<FreeForm>) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    let accounts = page.services.accounts.clone();
    let Some(by) = accounts.proven(&session) else {
        return Ok(prove::first(page, "account-devices", ""));
    };
    let is_freed = accounts
        .free_device(by, &typed.device, &page.visitor)
        .await?;
    Ok(page.go(if is_freed {
        "account-devices?said=freed"
    } else {
        "account-devices?said=no_place"
    }))
}

/// `POST /usher/account-others-end`.
pub(super) async fn end_others(signed_in: SignedIn) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    let accounts = &page.services.accounts;
    accounts.end_other_places(&session, &page.visitor).await?;
    Ok(page.go("account-devices?said=others_ended"))
}

/// `POST /usher/account-sign-out`. At a profile's seat the web client's own button signs out; the pages of the account are its
/// owner's (R43).
pub(super) async fn sign_out(signed_in: SignedIn) -> Answer {
    let SignedIn {
        mut page, session, ..
    } = signed_in;
    let accounts = &page.services.accounts;
    accounts.sign_out(&session, &page.visitor).await?;
    page.clear(Name::Session);
    Ok(page.go(SIGNED_OUT))
}

/// Whether this browser is signed in still: the place that was ended can be its own.
async fn is_live(page: &Page) -> Result<bool, Fault> {
    let Some(cookie) = page.cookies.token(Name::Session) else {
        return Ok(false);
    };
    let session = page.services.accounts.web_session(&cookie).await?;
    Ok(session.is_some())
}
