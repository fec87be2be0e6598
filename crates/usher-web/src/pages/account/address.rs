//! One's own address: changed by a code that is sent to the new one, or removed (R40).
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::WebSession;
use usher_accounts::address::{AddressChange, AddressGiven, AddressRemoval};

use super::prove;
use crate::pages::code::wrong_code;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Page, Typed, redirect};
use crate::pages::signed_in::SignedIn;
use crate::pages::spans::mail_waiting;

const HERE: &str = "account-address";
const REMOVE: &str = "account-address-remove";

/// The form of a new address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Form {
    email: String,
}

/// What the page of the code is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::pages) struct CodeQuery {
    said: Option<Said>,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Said {
    /// Another code is on its way.
    Sent,
}

/// The form of its code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct CodeForm {
    code: String,
}

#[derive(Template)]
#[template(path = "account/address.html")]
pub(in crate::pages) struct AddressPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) email: &'a str,
    pub(in crate::pages) wrong: String,
}

#[derive(Template)]
#[template(path = "account/address_code.html")]
pub(in crate::pages) struct CodePage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    /// Where the code was sent.
    pub(in crate::pages) address: &'a str,
    pub(in crate::pages) notice: String,
    pub(in crate::pages) wrong: String,
}

#[derive(Template)]
#[template(path = "account/address_remove.html")]
pub(in crate::pages) struct RemovePage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) address: &'a str,
}

/// `GET /usher/account-address`.
pub(super) async fn show(signed_in: SignedIn) -> Response {
    let SignedIn { page, session, .. } = signed_in;
    if page.services.accounts.is_fresh(&session) {
        ask(page, "", String::new())
    } else {
        prove::first(page, HERE, "")
    }
}

/// `POST /usher/account-address`.
pub(super) async fn submit(signed_in: SignedIn, Typed(typed): Typed<Form>) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    let accounts = page.services.accounts.clone();
    let given = accounts
        .ask_address_change(&session, &typed.email, &page.visitor)
        .await?;
    Ok(match went_on(&page, &session, &given) {
        Ok(Sent::Yes) => page.go("account-address-code"),
        Ok(Sent::ProveFirst) => prove::first(page, HERE, ""),
        Err(wrong) => ask(page, &typed.email, wrong),
    })
}

/// Whether a code was sent.
enum Sent {
    Yes,
    /// The proof is too old.
    ProveFirst,
}

/// What follows; else what is wrong, in words.
fn went_on(page: &Page, session: &WebSession, given: &AddressGiven) -> Result<Sent, String> {
    Err(match given {
        AddressGiven::Sent => return Ok(Sent::Yes),
        // The proof is too old, or the codes of this change are used up: both begin anew.
        AddressGiven::Gone if page.services.accounts.is_fresh(session) => {
            page.frame.t("account-address-later")
        }
        AddressGiven::Gone => return Ok(Sent::ProveFirst),
        AddressGiven::NotAnAddress => page.frame.t("web-email-not-an-address"),
        AddressGiven::Unusable => page.frame.t("web-email-unusable"),
        AddressGiven::Wait(span) => mail_waiting(&page.frame, *span),
    })
}

fn ask(page: Page, email: &str, wrong: String) -> Response {
    let frame = page.frame.clone();
    page.show(&AddressPage {
        frame: &frame,
        email,
        wrong,
    })
}

/// `GET /usher/account-address-code`.
pub(super) async fn show_code(signed_in: SignedIn, Asked(query): Asked<CodeQuery>) -> Answer {
    let frame = &signed_in.page.frame;
    let notice = query.said.map(|Said::Sent| frame.t("web-code-sent-again"));
    ask_code(signed_in, notice.unwrap_or_default(), String::new()).await
}

/// `POST /usher/account-address-code`.
pub(super) async fn submit_code(signed_in: SignedIn, Typed(typed): Typed<CodeForm>) -> Answer {
    let page = &signed_in.page;
    let changed = page
        .services
        .accounts
        .change_address(&signed_in.session, &typed.code, &page.visitor)
        .await?;
    let wrong = match changed {
        AddressChange::Changed => return Ok(signed_in.page.go("account?said=address")),
        AddressChange::Wrong { tries_left } => wrong_code(&page.frame, tries_left),
        AddressChange::NotACode => page.frame.t("web-code-not-a-code"),
        AddressChange::Dead => {
            let wrong = page.frame.t("web-code-dead");
            return Ok(ask(signed_in.page, "", wrong));
        }
        AddressChange::Taken => {
            let wrong = page.frame.t("web-email-taken");
            return Ok(ask(signed_in.page, "", wrong));
        }
    };
    ask_code(signed_in, String::new(), wrong).await
}

/// `GET /usher/account-address-again`: somebody came back to it.
pub(super) async fn back() -> Response {
    redirect("account-address-code")
}

/// `POST /usher/account-address-again`: sends another code to the address that waits for one.
pub(super) async fn again(signed_in: SignedIn) -> Answer {
    let accounts = signed_in.page.services.accounts.clone();
    let session = &signed_in.session;
    let Some(email) = accounts.address_change(session).await? else {
        return Ok(signed_in.page.go(HERE));
    };
    let given = accounts
        .ask_address_change(session, &email, &signed_in.page.visitor)
        .await?;
    let wrong = match went_on(&signed_in.page, session, &given) {
        Ok(Sent::Yes) => return Ok(signed_in.page.go("account-address-code?said=sent")),
        Ok(Sent::ProveFirst) => return Ok(prove::first(signed_in.page, HERE, "")),
        Err(wrong) => wrong,
    };
    ask_code(signed_in, String::new(), wrong).await
}

async fn ask_code(signed_in: SignedIn, notice: String, wrong: String) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    let waiting = page.services.accounts.address_change(&session).await?;
    let frame = page.frame.clone();
    Ok(match waiting {
        Some(address) => page.show(&CodePage {
            frame: &frame,
            address: &address,
            notice,
            wrong,
        }),
        // The last try was used up just now: that is said where the next code is asked for.
        None if !wrong.is_empty() => ask(page, "", wrong),
        None => page.go(HERE),
    })
}

/// `GET /usher/account-address-remove`.
pub(super) async fn show_remove(signed_in: SignedIn) -> Response {
    let SignedIn {
        page,
        session,
        account,
    } = signed_in;
    if !page.services.accounts.is_fresh(&session) {
        return prove::first(page, REMOVE, "");
    }
    let frame = page.frame.clone();
    match &account.address {
        Some(address) => page.show(&RemovePage {
            frame: &frame,
            address: address.email.as_str(),
        }),
        None => page.go("account"),
    }
}

/// `POST /usher/account-address-remove`.
pub(super) async fn remove(signed_in: SignedIn) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    let accounts = &page.services.accounts;
    if !accounts.is_fresh(&session) {
        return Ok(prove::first(page, REMOVE, ""));
    }
    let removed = accounts.remove_address(&session, &page.visitor).await?;
    Ok(page.go(match removed {
        AddressRemoval::Done => "account?said=removed",
        AddressRemoval::Required => "account?said=required",
        AddressRemoval::FactorDemanded => "account-security?said=demanded",
    }))
}
