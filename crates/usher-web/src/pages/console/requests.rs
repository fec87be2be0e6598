//! What people asked administrators for.
use std::collections::HashMap;

use askama::Template;
use serde::Deserialize;
use usher_domain::mail::Wish;

use super::guard::Console;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Fault, Page, Typed};
use crate::pages::panel::{Moment, Times};

/// The form that closes a request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    request: String,
}

/// A request in the list.
pub(in crate::pages) struct Row {
    pub(in crate::pages) id: String,
    pub(in crate::pages) account: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) wish: &'static str,
    pub(in crate::pages) asked: Moment,
    /// A mail with a reset link would help.
    pub(in crate::pages) can_mail: bool,
    /// A set-up code can be made at once: it replaces no password.
    pub(in crate::pages) can_code: bool,
}

#[derive(Template)]
#[template(path = "console/requests.html")]
pub(in crate::pages) struct RequestsPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) rows: Vec<Row>,
}

/// `GET /usher/console-requests`.
pub(super) async fn show(console: Console) -> Answer {
    let page = console.page;
    let rows = rows(&page).await?;
    let frame = page.frame.clone();
    Ok(page.show(&RequestsPage {
        frame: &frame,
        rows,
    }))
}

/// `POST /usher/console-requests-close`. One that is closed already stays closed.
pub(super) async fn close(console: Console, Typed(typed): Typed<Form>) -> Answer {
    let Console { page, admin, .. } = console;
    if let Ok(id) = typed.request.parse() {
        let accounts = &page.services.accounts;
        accounts.close_request(&admin, id, &page.visitor).await?;
    }
    Ok(page.go("console-requests"))
}

async fn rows(page: &Page) -> Result<Vec<Row>, Fault> {
    let accounts = &page.services.accounts;
    let times = Times::of(page);
    let has_mail = accounts.has_mail().await?;
    let requests = accounts.open_requests().await?;
    let mut known = HashMap::new();
    for request in &requests {
        if let Some(account) = accounts.account(request.account).await? {
            known.insert(account.id, account);
        }
    }
    let rows = requests.iter().filter_map(|request| {
        let account = known.get(&request.account)?;
        Some(Row {
            id: request.id.to_string(),
            account: account.id.to_string(),
            name: account.seen.name.clone(),
            wish: match request.wish {
                Wish::PasswordReset => "console-wish-reset",
                Wish::SetUpCode => "console-wish-set-up-code",
            },
            asked: times.moment(&page.frame, request.asked),
            can_mail: has_mail
                && account.proven_address().is_some()
                && account.set_up.is_none()
                && !account.seen.elsewhere,
            can_code: account.set_up.is_some() && account.gone.is_none() && !account.seen.elsewhere,
        })
    });
    Ok(rows.collect())
}
