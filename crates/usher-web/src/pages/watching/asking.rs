//! Of whom it is asked who is watching: of somebody who signs in, or of a browser that is signed in.
use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use serde::Deserialize;
use usher_accounts::WebSession;
use usher_accounts::profiles::{Chooser, Watching};
use usher_domain::secret::OpaqueToken;
use usher_domain::sign_in::Step;

use super::Said;
use crate::pages::account::prove;
use crate::pages::cookies::Name;
use crate::pages::page::{Answer, Fault, Page, with_query};
use crate::pages::signed_in::{AtAnySeat, SignedIn};
use crate::pages::step::{self, Stands};
use crate::pages::{Services, return_path, sign_in};

/// The pages of a browser that is signed in begin so; those of a sign-in do not.
const SWITCH: &str = "switch";

/// Somebody of whom it is asked.
pub(in crate::pages) struct Asking {
    pub(super) page: Page,
    pub(super) by: By,
    /// Of a browser that is signed in; a sign-in keeps its own.
    towards: Towards,
}

/// What every page of the question carries on to the next.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::pages) struct Towards {
    /// The page of the web client to go on to; empty for its first.
    pub(super) next: String,
    pub(super) came: Option<Came>,
}

/// From where a browser that is signed in came, where that is not the menu of its web client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Came {
    /// From the page of a sign-in: the web client was refused, or lost what it kept, or somebody came there. It has no token to
    /// go back with.
    SignIn,
}

impl Came {
    /// What stands in an address.
    pub(in crate::pages) const fn text(came: Option<Self>) -> &'static str {
        match came {
            Some(Self::SignIn) => "sign_in",
            None => "",
        }
    }
}

/// How they came to the question.
pub(super) enum By {
    /// By signing in: the attempt's cookie.
    SignIn(OpaqueToken),
    /// In a browser that is signed in: the session.
    Browser(Box<WebSession>),
}

impl By {
    pub(super) fn chooser(&self) -> Chooser<'_> {
        match self {
            Self::SignIn(cookie) => Chooser::SignIn(cookie),
            Self::Browser(session) => Chooser::Browser(session),
        }
    }

    const fn question(&self) -> &'static str {
        match self {
            Self::SignIn(_) => "profiles",
            Self::Browser(_) => SWITCH,
        }
    }
}

/// The question in a browser that is signed in, though it came to sign in: it goes on to a page of the web client.
pub(in crate::pages) fn still_signed_in(next: &str) -> String {
    question_of(next, Some(Came::SignIn))
}

/// The question in a browser that is signed in.
pub(in crate::pages) fn question_of(next: &str, came: Option<Came>) -> String {
    let next = return_path::parse(next);
    with_query(SWITCH, &[("next", &next), ("came", Came::text(came))])
}

impl Asking {
    /// The session of a browser that is signed in.
    pub(super) fn session(&self) -> Option<&WebSession> {
        match &self.by {
            By::SignIn(_) => None,
            By::Browser(session) => Some(session),
        }
    }

    /// Carries on what an address says (R50).
    pub(super) fn towards(mut self, towards: &Towards) -> Self {
        if matches!(self.by, By::Browser(_)) {
            self.towards = Towards {
                next: return_path::parse(&towards.next),
                came: towards.came,
            };
        }
        self
    }

    /// The page of the web client to go on to; empty for its first, or where a sign-in keeps it.
    pub(super) fn next(&self) -> &str {
        &self.towards.next
    }

    pub(super) const fn came(&self) -> Option<Came> {
        self.towards.came
    }

    /// The page of the question.
    pub(super) fn question(&self) -> String {
        self.at(self.by.question(), &[])
    }

    /// The page that asks for the PIN before a seat.
    pub(super) fn pin_of(&self, who: &str) -> String {
        self.at(&format!("{}-pin", self.by.question()), &[("who", who)])
    }

    /// Where the form goes that opens a seat without its PIN.
    pub(super) fn open(&self) -> String {
        self.at("switch-open", &[])
    }

    /// The page that takes something else in place of the PIN.
    pub(super) fn forgotten(&self, who: &str) -> String {
        match self.by {
            By::SignIn(_) => self.password_of(who),
            By::Browser(_) => prove::for_seat(who, self.next(), self.came()),
        }
    }

    /// The page that asks for the account's password in place of the PIN.
    pub(super) fn password_of(&self, who: &str) -> String {
        self.at("profiles-password", &[("who", who)])
    }

    fn at(&self, page: &str, asked: &[(&str, &str)]) -> String {
        let mut asked = asked.to_vec();
        asked.push(("next", self.next()));
        asked.push(("came", Came::text(self.came())));
        with_query(page, &asked)
    }

    pub(super) async fn watching(&self) -> Result<Option<Watching>, Fault> {
        let accounts = &self.page.services.accounts;
        Ok(accounts.who_is_watching(self.by.chooser()).await?)
    }

    /// The question again, with why.
    pub(super) fn again(self, said: Said) -> Response {
        let to = self.at(self.by.question(), &[("said", said.name())]);
        self.page.go(&to)
    }

    /// The form of sign-in, for somebody else.
    pub(super) async fn other(&self) -> Result<String, Fault> {
        match self.by {
            By::SignIn(_) => Ok(step::back(&self.page).await),
            By::Browser(_) => Ok(sign_in::form_at(self.next())),
        }
    }

    /// It is not asked of them any more: the sign-in stands at another step, or is over; the browser was signed out, or was
    /// faster elsewhere.
    pub(super) async fn gone(self) -> Answer {
        Ok(match self.by {
            By::Browser(_) => {
                let to = sign_in::ended_at(self.next());
                self.page.go(&to)
            }
            By::SignIn(_) => match step::stands(&self.page, Step::ChooseProfile).await? {
                Stands::Elsewhere(there) => self.page.go(&there),
                Stands::Here(_changed_meanwhile) => step::over(self.page).await,
            },
        })
    }
}

impl FromRequestParts<Services> for Asking {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Response> {
        let name = parts.uri.path().rsplit('/').next().unwrap_or_default();
        if name.starts_with(SWITCH) {
            let AtAnySeat(SignedIn { page, session, .. }) =
                AtAnySeat::from_request_parts(parts, services).await?;
            let by = By::Browser(Box::new(session));
            return Ok(Self {
                page,
                by,
                towards: Towards::default(),
            });
        }
        let page = Page::from_request_parts(parts, services).await?;
        match page.cookies.token(Name::Attempt) {
            Some(cookie) => Ok(Self {
                page,
                by: By::SignIn(cookie),
                towards: Towards::default(),
            }),
            None => Err(page.go("sign-in")),
        }
    }
}
