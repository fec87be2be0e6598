//! Mails that wait and mails that were given up: why, and what to do with them.
use serde::Deserialize;
use usher_accounts::{MailState, OutboxMail};

use super::guard::Console;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Fault, Page, Typed};
use crate::pages::panel::{Moment, Times};

/// Mails of each state that are listed.
const LISTED_MAX: u64 = 100;

/// The form of one mail.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    mail: String,
}

/// A mail in the list.
pub(in crate::pages) struct Queued {
    pub(in crate::pages) id: String,
    pub(in crate::pages) to: String,
    /// Text of what kind it is.
    pub(in crate::pages) kind: &'static str,
    pub(in crate::pages) is_dead: bool,
    pub(in crate::pages) tries: i64,
    pub(in crate::pages) reason: String,
    pub(in crate::pages) since: Moment,
}

/// Dead mails first, then those that wait; each newest first.
pub(super) async fn list(page: &Page, times: &Times) -> Result<Vec<Queued>, Fault> {
    let accounts = &page.services.accounts;
    let mut mails = Vec::new();
    for state in [MailState::Dead, MailState::Waiting] {
        mails.extend(accounts.queued_mails(Some(state), LISTED_MAX).await?);
    }
    Ok(mails
        .into_iter()
        .map(|mail| row(page, times, mail))
        .collect())
}

fn row(page: &Page, times: &Times, mail: OutboxMail) -> Queued {
    Queued {
        id: mail.id.to_string(),
        to: mail.recipient,
        kind: kind(&mail.kind),
        is_dead: mail.state == MailState::Dead,
        tries: mail.tries,
        reason: told(&page.frame, mail.reason.unwrap_or_default()),
        since: times.moment(&page.frame, mail.queued),
    }
}

/// Why a mail waits, in the reader's language: what the mailer wrote down begins with the key of a sentence, and the mail
/// server's own words follow.
fn told(frame: &Frame, reason: String) -> String {
    match reason.split_once(": ") {
        Some((key, answer)) if usher_text::keys().contains(key) => {
            format!("{} ({answer})", frame.t(key))
        }
        Some(_) | None => reason,
    }
}

fn kind(name: &str) -> &'static str {
    match name {
        "confirm_address" => "console-mail-kind-confirm-address",
        "set_up_invitation" => "console-mail-kind-invitation",
        "reset" => "console-mail-kind-reset",
        "password_changed" => "console-mail-kind-password-changed",
        "address_changed" | "address_undone" => "console-mail-kind-address-changed",
        "account_claimed" => "console-mail-kind-account-claimed",
        "administrator_asked" => "console-mail-kind-asked",
        "test" => "console-mail-kind-test",
        _of_another_version => "console-mail-kind-other",
    }
}

/// `POST /usher/console-mail-retry`.
pub(super) async fn retry(console: Console, Typed(typed): Typed<Form>) -> Answer {
    let Console { page, admin, .. } = console;
    let accounts = &page.services.accounts;
    let is_done = match typed.mail.parse() {
        Ok(id) => accounts.retry_mail(&admin, id, &page.visitor).await?,
        Err(_not_an_id) => false,
    };
    Ok(page.go(if is_done {
        "console-mail?said=again"
    } else {
        "console-mail?said=not_again"
    }))
}

/// `POST /usher/console-mail-drop`.
pub(super) async fn drop(console: Console, Typed(typed): Typed<Form>) -> Answer {
    let Console { page, admin, .. } = console;
    let accounts = &page.services.accounts;
    let is_done = match typed.mail.parse() {
        Ok(id) => accounts.drop_mail(&admin, id, &page.visitor).await?,
        Err(_not_an_id) => false,
    };
    Ok(page.go(if is_done {
        "console-mail?said=dropped"
    } else {
        "console-mail?said=not_dropped"
    }))
}
