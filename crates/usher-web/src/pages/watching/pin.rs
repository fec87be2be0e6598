//! The PIN before a seat, and what takes its place when it is forgotten: the account's password at sign-in, a step-up in a
//! browser that is signed in.
use askama::Template;
use serde::Deserialize;
use usher_accounts::profiles::{Choice, Key, PinChecked};
use usher_domain::secret::SecretText;

use super::asking::{Asking, By, Came, Towards};
use super::{Form, Said, take, watcher};
use crate::pages::account::profiles::Face;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Typed};
use crate::pages::spans::waiting;

/// Before whose seat.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    who: String,
    proved: Option<Proved>,
    next: String,
    came: Option<Came>,
}

impl Query {
    /// Before whose seat, and what is carried on.
    fn parts(self) -> (String, Towards) {
        let (next, came) = (self.next, self.came);
        (self.who, Towards { next, came })
    }
}

/// Whoever comes from the page of a proof may open the seat without its PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Proved {
    Yes,
}

/// The form of a PIN.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct PinForm {
    pub(in crate::pages) pin: SecretText,
}

/// The form of the password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordForm {
    password: SecretText,
}

/// Why a PIN was not taken.
#[derive(Clone, Debug, Default)]
pub(in crate::pages) struct Wrong {
    pub(in crate::pages) text: String,
    /// No PIN is taken any more: something else takes its place.
    pub(in crate::pages) is_closed: bool,
}

impl Wrong {
    pub(in crate::pages) fn of(frame: &Frame, checked: PinChecked) -> Self {
        let text = match checked {
            PinChecked::Right | PinChecked::Unknown => String::new(),
            PinChecked::Wrong => frame.t("seat-pin-wrong"),
            PinChecked::NotAPin => frame.t("seat-pin-not"),
            PinChecked::Wait(span) => waiting(frame, "seat-pin-wait", span),
            PinChecked::PasswordNeeded => frame.t("seat-pin-closed"),
        };
        Self {
            text,
            is_closed: checked == PinChecked::PasswordNeeded,
        }
    }
}

#[derive(Template)]
#[template(path = "page/seat_pin.html")]
pub(in crate::pages) struct PinPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) title: String,
    pub(in crate::pages) body: &'static str,
    pub(in crate::pages) face: Face,
    pub(in crate::pages) name: &'a str,
    /// Where its form goes.
    pub(in crate::pages) action: String,
    /// The page that takes something else in place of the PIN.
    pub(in crate::pages) forgotten: String,
    /// The way back, and the key of what it is called.
    pub(in crate::pages) back: (String, &'static str),
    /// The seat opens without the PIN: what the form sends that opens it; empty where it does not.
    pub(in crate::pages) opens: &'a str,
    pub(in crate::pages) wrong: Wrong,
}

#[derive(Template)]
#[template(path = "page/seat_password.html")]
pub(in crate::pages) struct PasswordPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) name: &'a str,
    pub(in crate::pages) action: String,
    pub(in crate::pages) wrong: &'static str,
}

/// `GET /usher/profiles-pin`, `GET /usher/switch-pin`.
pub(super) async fn show(asking: Asking, Asked(query): Asked<Query>) -> Answer {
    let is_proved = query.proved.is_some() && is_fresh(&asking);
    let (who, towards) = query.parts();
    let opens = if is_proved { who.as_str() } else { "" };
    ask_with(asking.towards(&towards), &who, opens, Wrong::default()).await
}

/// `POST` of the same.
pub(super) async fn submit(
    asking: Asking,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<PinForm>,
) -> Answer {
    let (who, towards) = query.parts();
    let key = Key::Pin(typed.pin.reveal());
    take(asking.towards(&towards), &who, key).await
}

/// `POST /usher/switch-open`: whoever has just proved to be the owner needs no PIN.
pub(super) async fn open(
    asking: Asking,
    Asked(towards): Asked<Towards>,
    Typed(typed): Typed<Form>,
) -> Answer {
    take(asking.towards(&towards), &typed.who, Key::Proof).await
}

/// `GET /usher/profiles-password`.
pub(super) async fn show_password(asking: Asking, Asked(query): Asked<Query>) -> Answer {
    ask_password(asking, &query.who, "").await
}

/// `POST` of the same.
pub(super) async fn submit_password(
    asking: Asking,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<PasswordForm>,
) -> Answer {
    take(asking, &query.who, Key::Password(&typed.password)).await
}

/// Asks for the PIN, again where one was wrong.
pub(super) async fn ask(asking: Asking, who: &str, wrong: Wrong) -> Answer {
    ask_with(asking, who, "", wrong).await
}

async fn ask_with(asking: Asking, who: &str, opens: &str, wrong: Wrong) -> Answer {
    let choice = match choice(&asking, who).await? {
        Ok(choice) => choice,
        Err(Missing::Seat) => return Ok(asking.again(Said::Unknown)),
        Err(Missing::Question) => return asking.gone().await,
    };
    let action = if opens.is_empty() {
        asking.pin_of(who)
    } else {
        asking.open()
    };
    let (question, forgotten) = (asking.question(), asking.forgotten(who));
    let page = asking.page;
    let frame = page.frame.clone();
    Ok(page.show(&PinPage {
        frame: &frame,
        title: frame.with("seat-pin-title", "name", &choice.name),
        body: "seat-pin-body",
        face: Face::shown(choice.picture.as_ref(), &choice.name),
        name: &choice.name,
        action,
        forgotten,
        back: (question, "seat-others"),
        opens,
        wrong,
    }))
}

/// Asks for the password in place of the PIN.
pub(super) async fn ask_password(asking: Asking, who: &str, wrong: &'static str) -> Answer {
    let choice = match choice(&asking, who).await? {
        Ok(choice) => choice,
        Err(Missing::Seat) => return Ok(asking.again(Said::Unknown)),
        Err(Missing::Question) => return asking.gone().await,
    };
    let action = asking.password_of(who);
    let page = asking.page;
    let frame = page.frame.clone();
    Ok(page.show(&PasswordPage {
        frame: &frame,
        name: &choice.name,
        action,
        wrong,
    }))
}

/// What there is not, of what a page asks about.
enum Missing {
    Question,
    Seat,
}

async fn choice(asking: &Asking, who: &str) -> Result<Result<Choice, Missing>, Fault> {
    let Some(watching) = asking.watching().await? else {
        return Ok(Err(Missing::Question));
    };
    let mut choices = watching.choices.into_iter();
    let meant = watcher(who).and_then(|who| choices.find(|one| one.watcher == who));
    Ok(meant.ok_or(Missing::Seat))
}

fn is_fresh(asking: &Asking) -> bool {
    match &asking.by {
        By::SignIn(_) => false,
        By::Browser(session) => asking.page.services.accounts.is_fresh(session),
    }
}
