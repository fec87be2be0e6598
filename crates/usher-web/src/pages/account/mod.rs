//! What people see and change of their own account, and who they are proven to be before something sensitive.
//!
//! Invariant: everything here is about the account of the session; a place that a form names is looked for among its own
//! (R71).
//! Invariant: what changes the address or a second factor needs a proof that is fresh (R38); a password is changed with the
//! present one.
mod activity;
mod address;
mod app_passwords;
mod devices;
mod factor;
mod overview;
mod password;
pub(super) mod profiles;
pub(super) mod prove;
pub(super) mod security;

#[cfg(test)]
pub(super) use {
    activity::ActivityPage, address::AddressPage, address::CodePage, address::RemovePage,
    app_passwords::AppPasswordPage, app_passwords::AppPasswordsPage,
    app_passwords::Line as AppPasswordLine, app_passwords::Said as AppPasswordSaid,
    app_passwords::Seat as AppPasswordSeat, devices::DevicesPage, devices::KeepPage, devices::Kept,
    devices::Said as DevicesSaid, factor::EditPage, factor::RenewPage, overview::OverviewPage,
    overview::Said as OverviewSaid, overview::SecondStep, password::PasswordPage, prove::ProvePage,
    security::Said as SecuritySaid, security::SecurityPage,
};

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::Services;
use super::frame::Frame;
use super::page::redirect;

/// Every page of an account.
pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/usher/account", get(overview::show))
        .route("/usher/account-devices", get(devices::show))
        .route(
            "/usher/account-place-end",
            get(to_devices).post(devices::end),
        )
        .route(
            "/usher/account-device-keep",
            get(devices::ask_to_keep).post(devices::keep),
        )
        .route(
            "/usher/account-device-free",
            get(to_devices).post(devices::free),
        )
        .route(
            "/usher/account-others-end",
            get(to_devices).post(devices::end_others),
        )
        .route(
            "/usher/account-sign-out",
            get(to_devices).post(devices::sign_out),
        )
        .route("/usher/account-activity", get(activity::show))
        .route(
            "/usher/account-password",
            get(password::show).post(password::submit),
        )
        .route(
            "/usher/account-address",
            get(address::show).post(address::submit),
        )
        .route(
            "/usher/account-address-code",
            get(address::show_code).post(address::submit_code),
        )
        .route(
            "/usher/account-address-again",
            get(address::back).post(address::again),
        )
        .route(
            "/usher/account-address-remove",
            get(address::show_remove).post(address::remove),
        )
        .route("/usher/prove", get(prove::show).post(prove::submit))
        .route("/usher/prove-send", get(prove::back).post(prove::send))
        .merge(security())
        .route(
            "/usher/account-app-passwords",
            get(app_passwords::show).post(app_passwords::make),
        )
        .route(
            "/usher/account-app-password-end",
            get(app_passwords::back).post(app_passwords::end),
        )
        .merge(profiles::routes())
}

/// Pages of one's own second factors.
fn security() -> Router<Services> {
    Router::new()
        .route("/usher/account-security", get(security::show))
        .route(
            "/usher/account-trust-end",
            get(security::back).post(security::end_trust),
        )
        .route(
            "/usher/account-factor",
            get(factor::show).post(factor::submit),
        )
        .route(
            "/usher/account-factor-code",
            get(factor::back).post(factor::submit_code),
        )
        .route("/usher/account-factor-edit", get(factor::edit))
        .route(
            "/usher/account-factor-name",
            get(factor::back_to_edit).post(factor::rename),
        )
        .route(
            "/usher/account-factor-remove",
            get(factor::back_to_edit).post(factor::remove),
        )
        .route(
            "/usher/account-codes",
            get(factor::show_renew).post(factor::renew),
        )
}

/// Something that is only told, with a way back to the account.
#[derive(Template)]
#[template(path = "account/told.html")]
pub(super) struct ToldPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) title: &'static str,
    pub(super) body: String,
}

/// Somebody came back to a page that only takes a form.
async fn to_devices() -> Response {
    redirect("account-devices")
}
