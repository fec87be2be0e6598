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
    /// The page of the console, and whose it is.
    #[serde(default)]
    page: String,
    #[serde(default)]
    id: String,
    /// A form was refused because the last proof was too old.
    unsaved: Option<Unsaved>,
}

/// Stands in an address where it is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unsaved {
    Yes,
}

/// At the end of a page's address: what was sent there before the proof was not saved.
pub(in crate::pages) const UNSAVED: &str = "unsaved=yes";

/// The pages of the console that a proof leads back to.
const CONSOLE: [&str; 7] = [
    "console",
    "console-accounts",
    "console-account",
    "console-new",
    "console-requests",
    "console-email",
    "console-mail",
];

/// Where it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum To {
    Account,
    Password,
    Address,
    RemoveAddress,
    QuickConnect,
    Console,
}

impl To {
    const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Password => "password",
            Self::Address => "address",
            Self::RemoveAddress => "remove_address",
            Self::QuickConnect => "quick_connect",
            Self::Console => "console",
        }
    }

    const fn page(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Password => "account-password",
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

    const fn unsaved(&self) -> &'static str {
        match self.unsaved {
            Some(Unsaved::Yes) => "yes",
            None => "",
        }
    }

    /// The page to go on to: one of the list, whatever was asked for.
    pub(in crate::pages) fn target(&self) -> String {
        let page = CONSOLE.iter().find(|page| **page == self.page);
        match self.to {
            To::QuickConnect => with_query("quick-connect", &[("code", &self.code())]),
            To::Console => {
                let asked = [("id", self.id.as_str()), ("unsaved", self.unsaved())];
                with_query(page.unwrap_or(&"console"), &asked)
            }
            to @ (To::Account | To::Password | To::Address | To::RemoveAddress) => to.page().to_owned(),
        }
    }

    /// This page again.
    pub(in crate::pages) fn action(&self) -> String {
        let asked = [
            ("to", self.to.name()),
            ("code", &self.code()),
            ("page", &self.page),
            ("id", &self.id),
            ("unsaved", self.unsaved()),
        ];
        with_query("prove", &asked)
    }
}

/// A page with those parts of a query that are not empty.
fn with_query(page: &str, parts: &[(&str, &str)]) -> String {
    let parts = parts.iter().filter(|(_, value)| !value.is_empty());
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parts)
        .finish();
    if query.is_empty() {
        page.to_owned()
    } else {
        format!("{page}?{query}")
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
    let query = Query {
        to: To::QuickConnect,
        code: code.to_owned(),
        page: String::new(),
        id: String::new(),
        unsaved: None,
    };
    query.action()
}

/// The page that asks for a proof on the way to a page of the console.
pub(in crate::pages) fn for_console(here: &str) -> String {
    on_the_way(here, None)
}

/// As [`for_console`], where a form was sent: it leads to the form's page, which says that nothing was saved.
pub(in crate::pages) fn after_form(here: &str) -> String {
    on_the_way(here, Some(Unsaved::Yes))
}

fn on_the_way(here: &str, unsaved: Option<Unsaved>) -> String {
    let (name, asked) = here.split_once('?').unwrap_or((here, ""));
    let is_of = |page: &str| {
        let rest = name.strip_prefix(page);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let pages = CONSOLE.iter().filter(|page| is_of(page));
    let page = pages.max_by_key(|page| page.len()).unwrap_or(&"console");
    let id = url::form_urlencoded::parse(asked.as_bytes())
        .find(|(name, _)| name == "id")
        .map(|(_, id)| id.into_owned());
    let query = Query {
        to: To::Console,
        code: String::new(),
        page: (*page).to_owned(),
        id: id.unwrap_or_default(),
        unsaved,
    };
    query.action()
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
        StepUp::NotACode => "web-code-not-a-code",
        StepUp::Dead => "web-code-dead",
        StepUp::Closed => "account-prove-closed",
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
        for (to, code, page, target) in [
            (To::Account, "", "", "account"),
            (To::Address, "", "", "account-address"),
            (To::RemoveAddress, "123456", "", "account-address-remove"),
            (
                To::QuickConnect,
                "12 34\r\n56&x=/",
                "",
                "quick-connect?code=123456x",
            ),
            (To::Console, "", "", "console"),
            (To::Console, "", "console-mail", "console-mail"),
            (To::Console, "", "//evil.example", "console"),
        ] {
            let query = Query {
                to,
                code: code.to_owned(),
                page: page.to_owned(),
                id: String::new(),
                unsaved: None,
            };
            assert_eq!(query.target(), target, "{to:?}");
            assert!(
                query
                    .action()
                    .starts_with(&format!("prove?to={}", to.name()))
            );
        }
    }

    #[test]
    fn a_form_of_the_console_leads_back_to_its_page_after_the_proof() {
        for (here, page) in [
            ("console", "page=console"),
            ("console-accounts?text=a", "page=console-accounts"),
            (
                "console-account-set-up?id=0b5c",
                "page=console-account&id=0b5c",
            ),
            ("console-mail-test", "page=console-mail"),
            ("console-requests-close", "page=console-requests"),
        ] {
            let asked = format!("prove?to=console&{page}");
            assert_eq!(for_console(here), asked, "{here}");
            let sent = format!("{asked}&unsaved=yes");
            assert_eq!(after_form(here), sent, "{here}");
        }
    }

    #[test]
    fn the_page_of_a_refused_form_is_told_so_at_the_end_of_its_address() {
        for (id, target) in [
            ("", "console-mail?unsaved=yes"),
            ("0b5c", "console-mail?id=0b5c&unsaved=yes"),
        ] {
            let query = Query {
                to: To::Console,
                code: String::new(),
                page: "console-mail".to_owned(),
                id: id.to_owned(),
                unsaved: Some(Unsaved::Yes),
            };
            assert_eq!(query.target(), target);
            assert!(target.ends_with(UNSAVED));
        }
    }
}
