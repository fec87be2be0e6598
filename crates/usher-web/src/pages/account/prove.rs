//! Step-up: who sits there types the password again before something sensitive (R38). Where it goes on is one of a closed
//! list.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::me::StepUp;
use usher_domain::secret::SecretText;

use crate::pages::cookies::Name;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Page, Typed};
use crate::pages::signed_in::SignedIn;

/// What the page is asked for with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Query {
    to: To,
    /// The code of a screen, on the way to its page.
    #[serde(default)]
    code: String,
}

/// Where it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum To {
    Account,
    Address,
    RemoveAddress,
    QuickConnect,
    Console,
}

impl To {
    const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Address => "address",
            Self::RemoveAddress => "remove_address",
            Self::QuickConnect => "quick_connect",
            Self::Console => "console",
        }
    }

    const fn page(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Address => "account-address",
            Self::RemoveAddress => "account-address-remove",
            Self::QuickConnect => "quick-connect",
            Self::Console => "console",
        }
    }
}

impl Query {
    fn code(&self) -> String {
        let letters = self.code.chars().filter(char::is_ascii_alphanumeric);
        letters.take(12).collect()
    }

    /// The page to go on to.
    fn target(&self) -> String {
        let code = self.code();
        match self.to {
            To::QuickConnect if !code.is_empty() => format!("quick-connect?code={code}"),
            to => to.page().to_owned(),
        }
    }

    /// This page again.
    fn action(&self) -> String {
        let code = self.code();
        let to = self.to.name();
        if code.is_empty() {
            format!("prove?to={to}")
        } else {
            format!("prove?to={to}&code={code}")
        }
    }
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Form {
    password: SecretText,
}

#[derive(Template)]
#[template(path = "account/prove.html")]
pub(in crate::pages) struct ProvePage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) name: &'a str,
    pub(in crate::pages) action: String,
    pub(in crate::pages) wrong: &'static str,
}

/// The page that asks for a proof on the way to the page of a screen's code.
pub(in crate::pages) fn for_screen(code: &str) -> String {
    let to = To::QuickConnect;
    let code = code.to_owned();
    Query { to, code }.action()
}

/// `GET /usher/prove`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Response {
    let SignedIn { page, account, .. } = signed_in;
    ask(page, &account.seen.name, &query, "")
}

/// `POST /usher/prove`.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<Form>,
) -> Answer {
    let SignedIn {
        mut page,
        session,
        account,
    } = signed_in;
    let accounts = page.services.accounts.clone();
    let proved = accounts
        .step_up(&session, &typed.password, &page.visitor)
        .await?;
    let wrong = match proved {
        StepUp::Done(cookie) => {
            page.keep(Name::Session, &cookie);
            return Ok(page.go(&query.target()));
        }
        StepUp::Wrong => "account-prove-wrong",
        StepUp::Wait(_same_for_all) => "web-too-many",
        StepUp::Busy => "web-busy",
    };
    Ok(ask(page, &account.seen.name, &query, wrong))
}

fn ask(page: Page, name: &str, query: &Query, wrong: &'static str) -> Response {
    let frame = page.frame.clone();
    page.show(&ProvePage {
        frame: &frame,
        name,
        action: query.action(),
        wrong,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r50_a_proof_leads_on_only_to_pages_of_the_list() {
        for (to, code, target) in [
            (To::Account, "", "account"),
            (To::Address, "", "account-address"),
            (To::RemoveAddress, "123456", "account-address-remove"),
            (
                To::QuickConnect,
                "12 34\r\n56&x=/",
                "quick-connect?code=123456x",
            ),
            (To::Console, "", "console"),
        ] {
            let query = Query {
                to,
                code: code.to_owned(),
            };
            assert_eq!(query.target(), target, "{to:?}");
            assert!(
                query
                    .action()
                    .starts_with(&format!("prove?to={}", to.name()))
            );
        }
    }
}
