//! Approving a sign-in at an app's form: by the link of its mail, or in a browser that is signed in and showed a factor.
//!
//! Invariant: opening a page, and looking at a sign-in by its link, changes nothing (R13); one button lets one sign-in
//! through, the one that stands above it. Of several none is chosen beforehand.
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use usher_accounts::press::{Asks, PressApproval, PressDisowned, WaitingPress};
use usher_accounts::second_factor::Shown;
use usher_domain::account::Account;
use usher_domain::secret::OpaqueToken;

use super::Services;
use super::account::prove;
use super::frame::Frame;
use super::link::{Form, secret};
use super::page::{Answer, Asked, Fault, Page, Typed, redirect};
use super::panel::{Moment, Times};
use super::signed_in::SignedIn;

const SPENT: &str = "apps-link-spent";

/// The page of a browser that is signed in.
const LIST: &str = "account-sign-ins";

/// The pages of sign-ins in apps.
pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/usher/approve", get(arrive).post(look))
        .route("/usher/approve-yes", get(back).post(approve))
        .route("/usher/approve-no", get(back).post(disown))
        .route("/usher/account-sign-ins", get(list))
        .route(
            "/usher/account-sign-in-approve",
            get(back_to_list).post(approve_waiting),
        )
        .route(
            "/usher/account-sign-in-refuse",
            get(back_to_list).post(refuse_waiting),
        )
}

/// A sign-in that waits, as a page shows it.
pub(super) struct Waiting {
    pub(super) id: String,
    pub(super) name: String,
    /// As which profile of the account; none for its owner.
    pub(super) profile: Option<String>,
    pub(super) device: String,
    pub(super) client: String,
    pub(super) address: String,
    pub(super) asked: Moment,
}

#[derive(Template)]
#[template(path = "page/approve.html")]
pub(super) struct ArrivePage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) wrong: &'a str,
}

#[derive(Template)]
#[template(path = "page/approve_show.html")]
pub(super) struct ApprovePage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) link: &'a str,
    pub(super) waiting: Waiting,
    pub(super) asks: Asks,
    /// What is typed: the code of an authenticator app, or a recovery code.
    pub(super) way: Way,
    pub(super) wrong: &'a str,
}

#[derive(Template)]
#[template(path = "account/sign_ins.html")]
pub(super) struct ListPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) account: &'a Account,
    pub(super) said: Option<Said>,
    pub(super) waiting: Vec<Waiting>,
}

/// What is told at the end.
#[derive(Template)]
#[template(path = "page/approve_told.html")]
pub(super) struct ToldPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) title: &'static str,
    pub(super) body: &'static str,
}

/// Which factor is typed where the link's page asks for one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Way {
    /// The code of an authenticator app.
    #[default]
    Totp,
    /// A recovery code.
    Recovery,
}

/// The form of a link that is looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LookForm {
    link: String,
    /// Which factor is typed; the first that there is where it is absent.
    way: Option<Way>,
}

/// The form that approves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApproveForm {
    link: String,
    way: Option<Way>,
    #[serde(default)]
    code: String,
}

/// The form of one sign-in of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WaitingForm {
    sign_in: String,
}

/// What the list is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    said: Option<Said>,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// One is let in.
    Approved,
    /// One is refused.
    Refused,
    /// It waits no longer.
    Gone,
}

impl Said {
    #[cfg(test)]
    pub(super) const ALL: [Self; 3] = [Self::Approved, Self::Refused, Self::Gone];

    const fn key(self) -> &'static str {
        match self {
            Self::Approved => "apps-said-approved",
            Self::Refused => "apps-said-refused",
            Self::Gone => "apps-said-gone",
        }
    }

    const fn mood(self) -> &'static str {
        match self {
            Self::Approved => "ok",
            Self::Refused | Self::Gone => "warn",
        }
    }
}

impl ApprovePage<'_> {
    const fn totp(&self) -> bool {
        matches!(self.asks, Asks::Factor { totp: true, .. })
    }

    const fn recovery(&self) -> bool {
        matches!(self.asks, Asks::Factor { recovery: true, .. })
    }

    const fn passkey(&self) -> bool {
        matches!(self.asks, Asks::Factor { passkey: true, .. })
    }

    /// Whether something is typed before the button.
    const fn types(&self) -> bool {
        match self.way {
            Way::Totp => self.totp(),
            Way::Recovery => self.recovery(),
        }
    }

    /// Whether the button can be pressed on this page at all.
    fn approves(&self) -> bool {
        self.asks == Asks::Nothing || self.types()
    }
}

/// `GET /usher/approve`: where the link of a mail leads.
pub(super) async fn arrive(page: Page) -> Response {
    ask(page, "")
}

/// `POST /usher/approve`: shows the sign-in that the link was made for.
pub(super) async fn look(page: Page, Typed(typed): Typed<LookForm>) -> Answer {
    show(page, &typed.link, typed.way, "").await
}

/// `GET` of the forms' addresses: somebody came back to them.
pub(super) async fn back() -> Response {
    redirect("approve")
}

/// `POST /usher/approve-yes`.
pub(super) async fn approve(page: Page, Typed(typed): Typed<ApproveForm>) -> Answer {
    let Some(link) = secret(&typed.link) else {
        return Ok(ask(page, SPENT));
    };
    let factor = typed.way.map(|way| match way {
        Way::Totp => Shown::Totp(&typed.code),
        Way::Recovery => Shown::Recovery(&typed.code),
    });
    let accounts = page.services.accounts.clone();
    let approval = accounts.approve_press(&link, factor, &page.visitor).await?;
    let wrong = match approval {
        PressApproval::Done => {
            return Ok(tell(page, "apps-approved-title", "apps-approved-body"));
        }
        PressApproval::Gone => return Ok(ask(page, SPENT)),
        PressApproval::Wrong => "apps-factor-wrong",
        PressApproval::NotACode | PressApproval::Prove => "apps-factor-not-a-code",
        PressApproval::Wait(_same_for_all) => "web-too-many",
        PressApproval::Closed => "account-prove-closed",
    };
    show(page, &typed.link, typed.way, wrong).await
}

/// `POST /usher/approve-no`: "that was not me".
pub(super) async fn disown(page: Page, Typed(typed): Typed<Form>) -> Answer {
    let Some(link) = secret(&typed.link) else {
        return Ok(ask(page, SPENT));
    };
    let accounts = page.services.accounts.clone();
    Ok(match accounts.disown_press(&link, &page.visitor).await? {
        PressDisowned::Mailed => tell(page, "apps-refused-title", "apps-refused-mailed"),
        PressDisowned::Refused => tell(page, "apps-refused-title", "apps-refused-asked"),
        PressDisowned::Gone => ask(page, SPENT),
    })
}

/// `GET /usher/account-sign-ins`.
pub(super) async fn list(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let SignedIn {
        page,
        session,
        account,
    } = signed_in;
    let presses = page.services.accounts.waiting_presses(&session).await?;
    let (frame, times) = (page.frame.clone(), Times::of(&page));
    let waiting = presses.into_iter();
    Ok(page.show(&ListPage {
        frame: &frame,
        account: &account,
        said: query.said,
        waiting: waiting.map(|press| waits(&frame, &times, press)).collect(),
    }))
}

/// `GET` of the list's forms.
pub(super) async fn back_to_list() -> Response {
    redirect(LIST)
}

/// `POST /usher/account-sign-in-approve`.
pub(super) async fn approve_waiting(
    signed_in: SignedIn,
    Typed(typed): Typed<WaitingForm>,
) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    let Ok(id) = typed.sign_in.parse() else {
        return Ok(page.go("account-sign-ins?said=gone"));
    };
    let accounts = page.services.accounts.clone();
    let approval = accounts
        .approve_waiting_press(&session, id, &page.visitor)
        .await?;
    Ok(match approval {
        PressApproval::Done => page.go("account-sign-ins?said=approved"),
        PressApproval::Prove => prove::first(page, LIST, ""),
        PressApproval::Gone
        | PressApproval::Wrong
        | PressApproval::NotACode
        | PressApproval::Wait(_)
        | PressApproval::Closed => page.go("account-sign-ins?said=gone"),
    })
}

/// `POST /usher/account-sign-in-refuse`.
pub(super) async fn refuse_waiting(
    signed_in: SignedIn,
    Typed(typed): Typed<WaitingForm>,
) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    let accounts = page.services.accounts.clone();
    let is_refused = match typed.sign_in.parse() {
        Ok(id) => {
            accounts
                .disown_waiting_press(&session, id, &page.visitor)
                .await?
        }
        Err(_not_ours) => false,
    };
    Ok(page.go(if is_refused {
        "account-sign-ins?said=refused"
    } else {
        "account-sign-ins?said=gone"
    }))
}

fn ask(page: Page, wrong: &str) -> Response {
    let frame = page.frame.clone();
    page.show(&ArrivePage {
        frame: &frame,
        wrong,
    })
}

/// The sign-in of a link, if it waits still.
async fn show(page: Page, pasted: &str, way: Option<Way>, wrong: &str) -> Answer {
    let Some(link) = secret(pasted) else {
        return Ok(ask(page, SPENT));
    };
    let Some((press, asks)) = looked(&page, &link).await? else {
        return Ok(ask(page, SPENT));
    };
    let frame = page.frame.clone();
    let waiting = waits(&frame, &Times::of(&page), press);
    let first = match asks {
        Asks::Factor {
            totp: false,
            recovery: true,
            ..
        } => Way::Recovery,
        Asks::Nothing | Asks::Factor { .. } => Way::Totp,
    };
    Ok(page.show(&ApprovePage {
        frame: &frame,
        link: link.reveal(),
        waiting,
        asks,
        way: way.unwrap_or(first),
        wrong,
    }))
}

async fn looked(page: &Page, link: &OpaqueToken) -> Result<Option<(WaitingPress, Asks)>, Fault> {
    Ok(page.services.accounts.look_at_press(link).await?)
}

fn waits(frame: &Frame, times: &Times, press: WaitingPress) -> Waiting {
    Waiting {
        id: press.id.to_string(),
        name: press.name,
        profile: press.profile,
        device: press.device,
        client: press.client,
        address: press.masked_address,
        asked: times.moment(frame, press.asked),
    }
}

fn tell(page: Page, title: &'static str, body: &'static str) -> Response {
    let frame = page.frame.clone();
    page.show(&ToldPage {
        frame: &frame,
        title,
        body,
    })
}
