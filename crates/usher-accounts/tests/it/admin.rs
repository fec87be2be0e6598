//! What administrators do.
mod create;
mod door;
mod edit;
mod leftover;
mod mail;
mod overview;
mod set_up;

use usher_accounts::FirstPassword;
use usher_accounts::admin::{Created, NewAccount};
use usher_accounts::sign_in::{FirstTimeForm, Moved, WebSignIn};
use usher_domain::account::SetUpWay;
use usher_domain::address::EmailAddress;
use usher_domain::name::UserName;
use usher_domain::secret::{OpaqueToken, SecretText};

use crate::desk::{Desk, at_home};

/// A password that keeps every rule.
const CHOSEN: &str = "plover lantern 29 ferry";

/// A new account; with an address where one is needed.
fn new(name: &str, way: SetUpWay) -> NewAccount {
    let address = EmailAddress::parse("mia@example.org").unwrap();
    NewAccount {
        name: UserName::parse(name).unwrap(),
        way,
        address: (way == SetUpWay::Mail).then_some(address),
        anywhere: false,
        language: "de".to_owned(),
    }
}

/// The code that was made.
fn code_of(created: &Created) -> String {
    let Created::Code { code, .. } = created else {
        panic!("no code: {created:?}");
    };
    code.reveal().to_owned()
}

/// Name and code on the page "First time here?".
async fn first_time(desk: &Desk, name: &str, code: &str) -> WebSignIn {
    let form = FirstTimeForm {
        name,
        code,
        device_id: "first",
        next: "",
        language: "en",
    };
    desk.accounts.first_time(&form, &at_home()).await.unwrap()
}

/// The cookie of an attempt that goes on.
fn cookie_of(became: WebSignIn) -> OpaqueToken {
    let WebSignIn::Next(cookie, _) = became else {
        panic!("it does not go on: {became:?}");
    };
    cookie
}

/// Chooses the first password.
async fn choose(desk: &Desk, cookie: &OpaqueToken) {
    let password = SecretText::new(CHOSEN);
    let chosen = desk
        .accounts
        .choose_first_password(cookie, &password, &at_home())
        .await
        .unwrap();
    assert!(
        matches!(chosen, FirstPassword::Set(Moved::Done(_))),
        "{chosen:?}"
    );
}

/// Claims an account by its code.
async fn claim(desk: &Desk, name: &str, code: &str) {
    let cookie = cookie_of(first_time(desk, name, code).await);
    choose(desk, &cookie).await;
}
