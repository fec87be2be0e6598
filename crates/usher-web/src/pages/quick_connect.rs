//! Letting a screen in that shows a code (R58).
//!
//! Invariant: a link can show a screen and never lets it in; one that asks from another network needs its code typed on
//! this page by the person who reads it there.
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use usher_accounts::profiles::{Choice, Watching};
use usher_accounts::quick_connect::{Approval, ScreenFor};
use usher_domain::device::DeviceUse;
use usher_domain::profile::pin::Watcher;

use super::account::profiles::Face;
use super::account::{ToldPage, prove};
use super::frame::Frame;
use super::page::{Answer, Asked, Page, Typed, redirect};
use super::panel::{Moment, Times};
use super::signed_in::SignedIn;
use super::{Services, watching};

/// What a ticked box sends.
const YES: &str = "yes";

/// Longest code that is looked for, in letters.
const CODE_MAX: usize = 12;

const UNKNOWN: &str = "account-screen-unknown";
const FOR_WHOM: &str = "account-screen-for-whom";

/// The pages of Quick Connect.
pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/usher/quick-connect", get(show).post(look))
        .route("/usher/quick-connect-approve", get(back).post(approve))
}

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    code: String,
    /// What was chosen before a proof led here: it is shown as chosen, and nothing follows from it by itself.
    who: String,
    childs: String,
    said: Option<Said>,
}

/// For whom a screen was chosen to be, as a form sent it or a proof carried it on.
#[derive(Clone, Copy, Default)]
struct Chosen<'a> {
    /// Who watches on it; empty where nobody was chosen.
    who: &'a str,
    /// It is a child's device: "yes".
    childs: &'a str,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// The screen is let in.
    Approved,
}

/// The form that asks for a code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    code: String,
}

/// The form that lets a screen in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApproveForm {
    screen: String,
    /// The code as the person typed it on this page, where a link showed the screen.
    #[serde(default)]
    code: String,
    /// Who watches on it; the owner, where there is no choice.
    #[serde(default)]
    who: String,
    /// It is a child's device: "yes".
    #[serde(default)]
    childs: String,
}

impl ApproveForm {
    fn chosen(&self) -> Chosen<'_> {
        Chosen {
            who: &self.who,
            childs: &self.childs,
        }
    }
}

#[derive(Template)]
#[template(path = "account/screen_code.html")]
pub(super) struct ScreenCodePage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) wrong: &'static str,
}

/// A screen as its page shows it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a line of the page, or its absence"
)]
pub(super) struct Screen {
    pub(super) code: String,
    pub(super) device: String,
    pub(super) client: String,
    pub(super) address: String,
    pub(super) asked: Moment,
    pub(super) same_network: bool,
    /// For whom it can be let in; the one who watched last on it is chosen.
    pub(super) seats: Vec<Seat>,
    /// Nobody else of the account is signed in on it.
    pub(super) is_childs: bool,
    /// It can be made a child's.
    pub(super) can_be_kept: bool,
    /// It was chosen to be made one.
    pub(super) is_to_be_kept: bool,
}

/// Somebody for whom a screen can be let in.
pub(super) struct Seat {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) face: Face,
    pub(super) is_chosen: bool,
}

#[derive(Template)]
#[template(path = "account/screen.html")]
pub(super) struct ScreenPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) name: &'a str,
    pub(super) screen: Screen,
    /// The code must be typed once more.
    pub(super) needs_code: bool,
    pub(super) wrong: &'static str,
}

/// How the person came to the code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Link,
    Typing,
    /// The form of its page was sent, and something was wrong: a code that was asked for is asked for again.
    Sending,
}

/// `GET /usher/quick-connect`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let frame = signed_in.page.frame.clone();
    if let Some(Said::Approved) = query.said {
        return Ok(signed_in.page.show(&ToldPage {
            frame: &frame,
            title: "account-screen-done-title",
            body: frame.t("account-screen-done-body"),
        }));
    }
    let code = bare(&query.code);
    if code.is_empty() {
        return Ok(ask(signed_in.page, ""));
    }
    let chosen = Chosen {
        who: &query.who,
        childs: &query.childs,
    };
    confirm(signed_in, &code, chosen, Came::Link, "").await
}

/// `POST /usher/quick-connect`: looks for the screen of a typed code.
pub(super) async fn look(signed_in: SignedIn, Typed(typed): Typed<Form>) -> Answer {
    let code = bare(&typed.code);
    if code.is_empty() {
        return Ok(ask(signed_in.page, UNKNOWN));
    }
    confirm(signed_in, &code, Chosen::default(), Came::Typing, "").await
}

/// `GET /usher/quick-connect-approve`: somebody came back to it.
pub(super) async fn back() -> Response {
    redirect("quick-connect")
}

/// `POST /usher/quick-connect-approve`.
pub(super) async fn approve(signed_in: SignedIn, Typed(typed): Typed<ApproveForm>) -> Answer {
    let (code, again) = (bare(&typed.screen), bare(&typed.code));
    let chosen = typed.chosen();
    let prove = || prove::for_screen(&code, chosen.who, chosen.childs);
    let (page, session) = (&signed_in.page, &signed_in.session);
    let accounts = page.services.accounts.clone();
    if accounts.must_prove_for_screen(session).await? {
        return Ok(signed_in.page.go(&prove()));
    }
    let waiting = accounts
        .waiting_screen(session, &code, &page.visitor)
        .await?;
    let Some(screen) = waiting else {
        return Ok(ask(signed_in.page, UNKNOWN));
    };
    if !screen.same_network && again != bare(&screen.code) {
        let wrong = "account-screen-type-it";
        return confirm(signed_in, &code, chosen, Came::Link, wrong).await;
    }
    let Some(to) = screen_for(&typed, &screen.watching) else {
        return confirm(signed_in, &code, chosen, Came::Sending, FOR_WHOM).await;
    };
    if to.device == DeviceUse::Childs && to.watcher == Watcher::Owner {
        let wrong = "account-screen-no-child";
        return confirm(signed_in, &code, chosen, Came::Sending, wrong).await;
    }
    let approval = accounts
        .approve_screen(session, &code, to, &page.visitor)
        .await?;
    Ok(match approval {
        Approval::Done => signed_in.page.go("quick-connect?said=approved"),
        Approval::Unknown => ask(signed_in.page, UNKNOWN),
        Approval::Wait(_same_for_all) => ask(signed_in.page, "web-too-many"),
        Approval::Prove => signed_in.page.go(&prove()),
        Approval::Refused => ask(signed_in.page, "account-screen-refused"),
        Approval::NoSeat => {
            return confirm(signed_in, &code, chosen, Came::Sending, FOR_WHOM).await;
        }
    })
}

async fn confirm(
    signed_in: SignedIn,
    code: &str,
    chosen: Chosen<'_>,
    came: Came,
    wrong: &'static str,
) -> Answer {
    let SignedIn {
        page,
        session,
        account,
    } = signed_in;
    let accounts = &page.services.accounts;
    let waiting = accounts
        .waiting_screen(&session, code, &page.visitor)
        .await?;
    let Some(waiting) = waiting else {
        return Ok(ask(page, UNKNOWN));
    };
    let frame = page.frame.clone();
    let asked = Times::of(&page).moment(&frame, waiting.asked);
    Ok(page.show(&ScreenPage {
        frame: &frame,
        name: &account.seen.name,
        needs_code: !waiting.same_network && came != Came::Typing,
        wrong,
        screen: Screen {
            code: waiting.code,
            device: waiting.device,
            client: waiting.client,
            address: waiting.masked_address,
            asked,
            same_network: waiting.same_network,
            is_childs: waiting.watching.is_childs,
            can_be_kept: waiting.can_be_kept,
            is_to_be_kept: chosen.childs == YES,
            seats: seats(&waiting.watching, chosen.who),
        },
    }))
}

/// For whom the form lets the screen in; `None`: for nobody whom there is.
fn screen_for(typed: &ApproveForm, watching: &Watching) -> Option<ScreenFor> {
    let device = if typed.childs == YES {
        DeviceUse::Childs
    } else {
        DeviceUse::Everybodys
    };
    let only = match watching.choices.as_slice() {
        [only] if typed.who.is_empty() => Some(only.watcher),
        _several => None,
    };
    let watcher = only.or_else(|| watching::watcher(&typed.who))?;
    Some(ScreenFor { watcher, device })
}

/// Those for whom a screen can be: the one who was chosen is chosen still, else who watched last on it.
fn seats(watching: &Watching, who: &str) -> Vec<Seat> {
    let wished = watching::watcher(who);
    let is_there = watching
        .choices
        .iter()
        .any(|one| Some(one.watcher) == wished);
    let chosen = if is_there { wished } else { watching.last };
    let seat = |choice: &Choice| Seat {
        id: watching::id_of(choice.watcher),
        name: choice.name.clone(),
        face: Face::shown(choice.picture.as_ref(), &choice.name),
        is_chosen: watching.is_childs || Some(choice.watcher) == chosen,
    };
    watching.choices.iter().map(seat).collect()
}

fn ask(page: Page, wrong: &'static str) -> Response {
    let frame = page.frame.clone();
    page.show(&ScreenCodePage {
        frame: &frame,
        wrong,
    })
}

/// A code without the blanks and hyphens that people type into it.
fn bare(code: &str) -> String {
    let letters = code.chars().filter(char::is_ascii_alphanumeric);
    letters.take(CODE_MAX).collect()
}
