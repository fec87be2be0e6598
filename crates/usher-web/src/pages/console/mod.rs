//! What administrators see and do.
//!
//! Invariant: every page takes a [`guard::Console`], which only an administrator with a recent proof gets; what a form
//! changes needs a proof under ten minutes old (R38).
//! Invariant: nobody here sees or chooses a password; a set-up code is shown once, in the answer that made it.
mod account;
mod accounts;
mod edit;
mod email;
mod factors;
mod guard;
mod keys;
mod mail;
mod new;
mod overview;
mod profiles;
mod queue;
mod requests;
mod security;

#[cfg(test)]
pub(super) use {
    account::AccountPage, account::Said as AccountSaid, accounts::AccountsPage, accounts::Row,
    accounts::State, accounts::proof, accounts::standing, email::EmailPage,
    email::Said as EmailSaid, factors::Factors, factors::Rule, guard::ClosedPage, keys::KeysPage,
    keys::Row as KeyRow, keys::Said as KeysSaid, mail::MailPage, mail::Said as MailSaid,
    mail::Tried, mail::Typed as MailTyped, new::Made, new::MadePage, new::NewPage,
    overview::OverviewPage, overview::bars, profiles::PolicyPage, profiles::Profiles,
    profiles::Said as ProfilesSaid, queue::Queued, requests::OwnAccount as RequestOwnAccount,
    requests::RequestsPage, requests::Row as RequestRow, requests::Said as RequestsSaid,
    security::Said as SecuritySaid, security::SecurityPage,
};

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::Services;
use super::page::redirect;

/// Every page of the console.
pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/usher/console", get(overview::show))
        .route("/usher/console-accounts", get(accounts::show))
        .route("/usher/console-new", get(new::show).post(new::submit))
        .route("/usher/console-email", get(email::show).post(email::submit))
        .route("/usher/console-keys", get(keys::show).post(keys::submit))
        .route(
            "/usher/console-security",
            get(security::show).post(security::submit),
        )
        .route(
            "/usher/console-security-end",
            get(to_security).post(security::end),
        )
        .route(
            "/usher/console-profiles",
            get(profiles::show).post(profiles::submit),
        )
        .route("/usher/console-requests", get(requests::show))
        .route(
            "/usher/console-requests-close",
            get(to_requests).post(requests::close),
        )
        .route(
            "/usher/console-requests-approve",
            get(to_requests).post(requests::approve),
        )
        .merge(of_account())
        .merge(of_mail())
}

fn of_account() -> Router<Services> {
    Router::new()
        .route("/usher/console-account", get(account::show))
        .route(
            "/usher/console-account-address",
            get(account::back).post(edit::address),
        )
        .route(
            "/usher/console-account-clear",
            get(account::back).post(edit::clear),
        )
        .route(
            "/usher/console-account-set-up",
            get(account::back).post(edit::set_up),
        )
        .route(
            "/usher/console-account-reset",
            get(account::back).post(edit::reset),
        )
        .route(
            "/usher/console-account-recovery",
            get(account::back).post(edit::recovery),
        )
        .route(
            "/usher/console-account-end",
            get(account::back).post(edit::end),
        )
        .route(
            "/usher/console-account-switch",
            get(account::back).post(edit::switch),
        )
        .route(
            "/usher/console-account-factor-rule",
            get(account::back).post(factors::rule),
        )
        .route(
            "/usher/console-account-factors-clear",
            get(account::back).post(factors::clear),
        )
        .route(
            "/usher/console-account-profile-rule",
            get(account::back).post(profiles::rule),
        )
}

fn of_mail() -> Router<Services> {
    Router::new()
        .route("/usher/console-mail", get(mail::show).post(mail::submit))
        .route("/usher/console-mail-test", get(to_mail).post(mail::test))
        .route(
            "/usher/console-mail-confirm",
            get(to_mail).post(mail::confirm),
        )
        .route("/usher/console-mail-retry", get(to_mail).post(queue::retry))
        .route("/usher/console-mail-drop", get(to_mail).post(queue::drop))
}

/// Somebody came back to a page that only takes a form.
async fn to_mail() -> Response {
    redirect("console-mail")
}

async fn to_security() -> Response {
    redirect("console-security")
}

async fn to_requests() -> Response {
    redirect("console-requests")
}
