//! "First time here?": a name and the set-up code that an administrator handed over.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::sign_in::FirstTimeForm;

use super::frame::Frame;
use super::page::{Answer, Asked, Page, Typed};
use super::{return_path, sign_in, step};

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    /// The page of the web client that was asked for.
    next: String,
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    name: String,
    code: String,
    device: String,
}

#[derive(Template)]
#[template(path = "page/first_time.html")]
pub(super) struct FirstTimePage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) name: &'a str,
    /// The query that keeps the page that was asked for.
    pub(super) query: String,
    pub(super) back: String,
    pub(super) wrong: &'static str,
}

/// `GET /usher/first-time`.
pub(super) async fn show(page: Page, Asked(query): Asked<Query>) -> Response {
    form(page, &query, "", "")
}

/// `POST /usher/first-time`.
pub(super) async fn submit(
    page: Page,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<Form>,
) -> Answer {
    let device = step::device(&page, typed.device);
    let next = return_path::parse(&query.next);
    let asked = FirstTimeForm {
        name: &typed.name,
        code: &typed.code,
        device_id: &device,
        next: &next,
        language: page.frame.tongue.code(),
    };
    let accounts = page.services.accounts.clone();
    let entered = accounts.first_time(&asked, &page.visitor).await?;
    Ok(
        step::begin(page, entered, "web-first-time-wrong", |page, wrong| {
            form(page, &query, &typed.name, wrong)
        })
        .await,
    )
}

fn form(page: Page, query: &Query, name: &str, wrong: &'static str) -> Response {
    let frame = page.frame.clone();
    page.show(&FirstTimePage {
        frame: &frame,
        name,
        query: return_path::query(&query.next),
        back: sign_in::form_at(&query.next),
        wrong,
    })
}
