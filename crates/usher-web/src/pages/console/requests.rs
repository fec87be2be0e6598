//! What people asked administrators for.
use std::collections::HashMap;

use askama::Template;
use serde::Deserialize;
use usher_accounts::profiles::Promoted;
use usher_domain::id::RequestId;
use usher_domain::mail::Wish;

use super::guard::Console;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Page, Typed};
use crate::pages::panel::{Moment, Times};

/// What the list is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    said: Option<Said>,
}

/// What has just happened to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Said {
    Declined,
    Closed,
    Done,
    Underway,
    NameTaken,
    NoMail,
    Impossible,
}

impl Said {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 7] = [
        Self::Declined,
        Self::Closed,
        Self::Done,
        Self::Underway,
        Self::NameTaken,
        Self::NoMail,
        Self::Impossible,
    ];

    const fn of(promoted: Promoted) -> Self {
        match promoted {
            Promoted::Done => Self::Done,
            Promoted::Underway => Self::Underway,
            Promoted::NameTaken => Self::NameTaken,
            Promoted::NoMail => Self::NoMail,
            Promoted::Impossible => Self::Impossible,
        }
    }

    /// Its name in the address, its mood and its text.
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Declined => ("declined", "ok", "console-requests-said-declined"),
            Self::Closed => ("closed", "ok", "console-requests-said-closed"),
            Self::Done => ("done", "ok", "console-requests-said-done"),
            Self::Underway => ("underway", "info", "console-requests-said-underway"),
            Self::NameTaken => ("name_taken", "warn", "console-requests-said-name-taken"),
            Self::NoMail => ("no_mail", "warn", "console-requests-said-no-mail"),
            Self::Impossible => ("impossible", "warn", "console-requests-said-impossible"),
        }
    }

    /// The list, which tells it.
    fn on_list(self) -> String {
        format!("console-requests?said={}", self.words().0)
    }

    const fn mood(self) -> &'static str {
        self.words().1
    }

    const fn key(self) -> &'static str {
        self.words().2
    }
}

/// A profile that is to become an account.
pub(in crate::pages) struct OwnAccount {
    /// What is wished for, in words.
    pub(in crate::pages) wish: String,
    /// It is approved and being done.
    pub(in crate::pages) is_underway: bool,
}

/// The form that closes or approves a request.
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
    /// Where a profile is to become an account of its own.
    pub(in crate::pages) own_account: Option<OwnAccount>,
}

#[derive(Template)]
#[template(path = "console/requests.html")]
pub(in crate::pages) struct RequestsPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) said: Option<Said>,
    pub(in crate::pages) rows: Vec<Row>,
}

/// `GET /usher/console-requests`.
pub(super) async fn show(console: Console, Asked(query): Asked<Query>) -> Answer {
    let page = console.page;
    let rows = rows(&page).await?;
    let frame = page.frame.clone();
    Ok(page.show(&RequestsPage {
        frame: &frame,
        said: query.said,
        rows,
    }))
}

/// `POST /usher/console-requests-close`. One that is closed already stays closed.
pub(super) async fn close(console: Console, Typed(typed): Typed<Form>) -> Answer {
    let Console { page, admin, .. } = console;
    let Ok(id) = typed.request.parse() else {
        return Ok(page.go("console-requests"));
    };
    let was_wish = own_accounts(&page).await?.contains_key(&id);
    let accounts = &page.services.accounts;
    accounts.close_request(&admin, id, &page.visitor).await?;
    let said = match (was_wish, own_accounts(&page).await?.contains_key(&id)) {
        (true, false) => Said::Declined,
        // Another administrator approved it meanwhile.
        (true, true) => Said::Underway,
        (false, _) => Said::Closed,
    };
    Ok(page.go(&said.on_list()))
}

/// `POST /usher/console-requests-approve`: a profile becomes an account of its own.
pub(super) async fn approve(console: Console, Typed(typed): Typed<Form>) -> Answer {
    let Console { page, admin, .. } = console;
    let accounts = page.services.accounts.clone();
    let promoted = match typed.request.parse() {
        Ok(id) => {
            accounts
                .approve_own_account(&admin, id, &page.visitor)
                .await?
        }
        Err(_not_an_id) => Promoted::Impossible,
    };
    Ok(page.go(&Said::of(promoted).on_list()))
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
    let mut own_accounts = own_accounts(page).await?;
    let rows = requests.iter().filter_map(|request| {
        let account = known.get(&request.account)?;
        Some(Row {
            id: request.id.to_string(),
            account: account.id.to_string(),
            name: account.seen.name.clone(),
            wish: match request.wish {
                Wish::PasswordReset => "console-wish-reset",
                Wish::SetUpCode => "console-wish-set-up-code",
                Wish::OwnAccount => "console-wish-own-account",
            },
            asked: times.moment(&page.frame, request.asked),
            own_account: own_accounts.remove(&request.id),
            can_mail: has_mail
                && request.wish != Wish::OwnAccount
                && account.proven_address().is_some()
                && account.set_up.is_none()
                && !account.seen.elsewhere,
            can_code: request.wish != Wish::OwnAccount
                && account.set_up.is_some()
                && account.gone.is_none()
                && !account.seen.elsewhere,
        })
    });
    Ok(rows.collect())
}

/// The wishes for accounts of their own, by their requests.
async fn own_accounts(page: &Page) -> Result<HashMap<RequestId, OwnAccount>, Fault> {
    let wishes = page.services.accounts.own_account_wishes().await?;
    let told = wishes.into_iter().filter_map(|(promotion, stored)| {
        let variables = [
            ("profile", stored?.profile.name.as_str().to_owned().into()),
            ("name", promotion.name.as_str().to_owned().into()),
            ("email", promotion.email.as_str().to_owned().into()),
        ];
        let own = OwnAccount {
            wish: page.frame.texts("console-requests-own-account", &variables),
            is_underway: promotion.approved.is_some(),
        };
        Some((promotion.request, own))
    });
    Ok(told.collect())
}
