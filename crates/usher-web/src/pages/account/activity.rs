//! What happened to an account, for its owner.
use askama::Template;
use usher_domain::account::Account;

use crate::pages::frame::Frame;
use crate::pages::page::Answer;
use crate::pages::panel::{self, Event, Times};
use crate::pages::signed_in::SignedIn;

/// Events on the page.
const LISTED_MAX: u64 = 200;

#[derive(Template)]
#[template(path = "account/activity.html")]
pub(in crate::pages) struct ActivityPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) account: &'a Account,
    pub(in crate::pages) events: Vec<Event>,
}

/// `GET /usher/account-activity`.
pub(super) async fn show(signed_in: SignedIn) -> Answer {
    let SignedIn { page, account, .. } = signed_in;
    let accounts = &page.services.accounts;
    let lines = accounts.activities_of(account.id, LISTED_MAX).await?;
    let frame = page.frame.clone();
    let times = Times::of(&page);
    Ok(page.show(&ActivityPage {
        frame: &frame,
        account: &account,
        events: lines
            .iter()
            .map(|line| panel::event(&frame, &times, line))
            .collect(),
    }))
}
