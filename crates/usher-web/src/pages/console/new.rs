//! A new account, by one of three ways to its first password; and what to tell the person.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::admin::{Created, NewAccount};
use usher_domain::account::SetUpWay;
use usher_domain::address::EmailAddress;
use usher_domain::code::Code;
use usher_domain::id::AccountId;
use usher_domain::name::UserName;
use usher_domain::time::Timestamp;
use usher_text::Tongue;

use super::guard::Console;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Page, Typed};
use crate::pages::panel::Times;

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Form {
    name: String,
    email: String,
    language: String,
    way: SetUpWay,
    /// Ticked: an open account can be claimed from any network.
    anywhere: Option<Tick>,
}

/// A ticked box sends this; one that is not ticked sends nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tick {
    Yes,
}

/// The languages that an invitation can be written in.
pub(in crate::pages) struct Language {
    pub(in crate::pages) code: &'static str,
    pub(in crate::pages) name: String,
    pub(in crate::pages) is_chosen: bool,
}

#[derive(Template)]
#[template(path = "console/new.html")]
pub(in crate::pages) struct NewPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) name: &'a str,
    pub(in crate::pages) email: &'a str,
    /// The way that is chosen already: never the open one, which is chosen anew each time.
    pub(in crate::pages) by_mail: bool,
    pub(in crate::pages) has_mail: bool,
    pub(in crate::pages) languages: Vec<Language>,
    /// Keys of what is wrong, by field.
    pub(in crate::pages) wrong_name: &'static str,
    pub(in crate::pages) wrong_email: &'static str,
}

impl NewPage<'_> {
    const fn mail_means(&self) -> &'static str {
        if self.has_mail {
            "console-way-mail-means"
        } else {
            "console-way-mail-closed"
        }
    }
}

/// What there is to tell the person, by how they get in.
pub(in crate::pages) enum Made {
    /// A code to pass on, as people read it.
    Code(String),
    Invited,
    Open,
}

#[derive(Template)]
#[template(path = "console/made.html")]
pub(in crate::pages) struct MadePage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: &'a str,
    /// Where the person goes.
    pub(in crate::pages) link: String,
    pub(in crate::pages) until: String,
    pub(in crate::pages) made: Made,
}

/// `GET /usher/console-new`.
pub(super) async fn show(console: Console) -> Answer {
    let asked = Wrong::default();
    ask(console.page, &Filled::default(), &asked).await
}

/// What stands in the form already.
#[derive(Default)]
struct Filled {
    name: String,
    email: String,
    by_mail: bool,
}

#[derive(Default)]
struct Wrong {
    name: &'static str,
    email: &'static str,
}

/// `POST /usher/console-new`.
pub(super) async fn submit(console: Console, Typed(typed): Typed<Form>) -> Answer {
    let Console { page, admin, .. } = console;
    let filled = Filled {
        name: typed.name.trim().to_owned(),
        email: typed.email.trim().to_owned(),
        by_mail: typed.way == SetUpWay::Mail,
    };
    let new = match read(&filled, &typed) {
        Ok(new) => new,
        Err(wrong) => return ask(page, &filled, &wrong).await,
    };
    let accounts = page.services.accounts.clone();
    let created = accounts.create_account(&admin, &new, &page.visitor).await?;
    match outcome(created) {
        Ok(waiting) => Ok(tell(page, &filled.name, waiting)),
        Err(refused) => ask(page, &filled, &refused.in_form()).await,
    }
}

fn read(filled: &Filled, typed: &Form) -> Result<NewAccount, Wrong> {
    let name = UserName::parse(&filled.name);
    let address = match filled.email.as_str() {
        "" => Ok(None),
        text => EmailAddress::parse(text).map(Some),
    };
    match (name, address) {
        (Ok(name), Ok(address)) => Ok(NewAccount {
            name,
            way: typed.way,
            address,
            anywhere: typed.anywhere.is_some(),
            language: Tongue::of(&typed.language).code().to_owned(),
        }),
        (name, address) => Err(Wrong {
            name: if name.is_err() {
                "console-new-name-wrong"
            } else {
                ""
            },
            email: if address.is_err() {
                "web-email-not-an-address"
            } else {
                ""
            },
        }),
    }
}

/// Why nothing was made.
#[derive(Clone, Copy)]
pub(super) enum NotMade {
    Name,
    AddressMissing,
    NoMail,
    Impossible,
}

impl NotMade {
    const fn in_form(self) -> Wrong {
        let (name, email) = match self {
            Self::Name => ("console-new-name-refused", ""),
            Self::AddressMissing => ("", "console-new-address-missing"),
            Self::NoMail => ("", "console-new-no-mail"),
            Self::Impossible => ("console-impossible", ""),
        };
        Wrong { name, email }
    }
}

/// An account that waits for its first password.
pub(super) struct Waiting {
    id: AccountId,
    until: Timestamp,
    made: Made,
}

/// What came of it.
pub(super) fn outcome(created: Created) -> Result<Waiting, NotMade> {
    let (id, until, made) = match created {
        Created::Code { id, code, until } => (id, until, Made::Code(in_halves(&code))),
        Created::Invited { id, until } => (id, until, Made::Invited),
        Created::Open { id, until } => (id, until, Made::Open),
        Created::NameRefused => return Err(NotMade::Name),
        Created::AddressMissing => return Err(NotMade::AddressMissing),
        Created::NoMail => return Err(NotMade::NoMail),
        Created::Impossible => return Err(NotMade::Impossible),
    };
    Ok(Waiting { id, until, made })
}

/// Shows what to tell the person: the only page that ever shows the code.
pub(super) fn tell(page: Page, name: &str, waiting: Waiting) -> Response {
    let frame = page.frame.clone();
    let link = link_of(&page, &waiting.made);
    let until = Times::of(&page).exact(&frame, waiting.until);
    page.show(&MadePage {
        frame: &frame,
        id: waiting.id.to_string(),
        name,
        link,
        until,
        made: waiting.made,
    })
}

fn link_of(page: &Page, made: &Made) -> String {
    let name = match made {
        Made::Code(_) => "first-time",
        Made::Invited | Made::Open => "sign-in",
    };
    format!("{}/usher/{name}", page.services.public_url)
}

/// Four and four, as people read and type it.
fn in_halves(code: &Code) -> String {
    let code = code.reveal();
    let (first, second) = code.split_at_checked(4).unwrap_or((code, ""));
    format!("{first}-{second}")
}

async fn ask(page: Page, filled: &Filled, wrong: &Wrong) -> Answer {
    let has_mail = page.services.accounts.has_mail().await?;
    let frame = page.frame.clone();
    let offer = |tongue: Tongue| Language {
        code: tongue.code(),
        name: tongue.t("web-language"),
        is_chosen: tongue.code() == frame.tongue.code(),
    };
    Ok(page.show(&NewPage {
        frame: &frame,
        name: &filled.name,
        email: &filled.email,
        by_mail: filled.by_mail && has_mail,
        has_mail,
        languages: Tongue::all().map(offer).collect(),
        wrong_name: wrong.name,
        wrong_email: wrong.email,
    }))
}
