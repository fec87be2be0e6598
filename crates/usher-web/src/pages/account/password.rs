//! Changing one's own password: the present one and a new one. Every other session ends.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::me::PasswordChange;
use usher_domain::account::Account;
use usher_domain::secret::SecretText;

use super::{ToldPage, prove};
use crate::pages::cookies::Name;
use crate::pages::forgot::elsewhere;
use crate::pages::frame::Frame;
use crate::pages::hand_over::{Then, hand_over};
use crate::pages::page::{Answer, Page, Typed};
use crate::pages::set_up::broken;
use crate::pages::signed_in::SignedIn;

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Form {
    present: SecretText,
    password: SecretText,
    /// The user name, for password managers; whose password it is the session says.
    #[serde(default, rename = "username")]
    _name: String,
}

#[derive(Template)]
#[template(path = "account/password.html")]
pub(in crate::pages) struct PasswordPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) account: &'a Account,
    /// Keys of what is wrong with the present and with the new password.
    pub(in crate::pages) wrong_present: &'static str,
    pub(in crate::pages) wrong_new: &'static str,
}

impl PasswordPage<'_> {
    /// Words that everybody would try here.
    fn words(&self) -> String {
        format!("{} {}", self.account.seen.name, self.frame.server)
    }
}

/// `GET /usher/account-password`.
pub(super) async fn show(signed_in: SignedIn) -> Answer {
    let SignedIn { page, account, .. } = signed_in;
    if account.seen.elsewhere {
        let text = page.services.accounts.told_elsewhere().await?;
        return Ok(tell_elsewhere(page, text));
    }
    Ok(ask(page, &account, "", ""))
}

/// `POST /usher/account-password`.
pub(super) async fn submit(signed_in: SignedIn, Typed(typed): Typed<Form>) -> Answer {
    let SignedIn {
        mut page,
        session,
        account,
    } = signed_in;
    let accounts = page.services.accounts.clone();
    let changed = accounts
        .change_password(&session, &typed.present, &typed.password, &page.visitor)
        .await?;
    Ok(match changed {
        PasswordChange::Done(signed_in) => {
            hand_over(page, &signed_in, Then::Page("account?said=password")).await
        }
        PasswordChange::SignInAnew => {
            page.clear(Name::Session);
            page.go("sign-in?said=reset")
        }
        PasswordChange::WrongPresent => ask(page, &account, "account-present-wrong", ""),
        PasswordChange::StepUp => prove::first(page, "account-password", ""),
        PasswordChange::Refused(rule) => ask(page, &account, "", broken(rule)),
        PasswordChange::Wait(_same_for_all) => ask(page, &account, "web-too-many", ""),
        PasswordChange::Busy => ask(page, &account, "web-busy", ""),
        PasswordChange::Elsewhere(text) => tell_elsewhere(page, text),
    })
}

fn ask(
    page: Page,
    account: &Account,
    wrong_present: &'static str,
    wrong_new: &'static str,
) -> Response {
    let frame = page.frame.clone();
    page.show(&PasswordPage {
        frame: &frame,
        account,
        wrong_present,
        wrong_new,
    })
}

fn tell_elsewhere(page: Page, words: String) -> Response {
    let frame = page.frame.clone();
    page.show(&ToldPage {
        frame: &frame,
        title: "web-elsewhere-title",
        body: elsewhere(&frame, words),
    })
}
