//! Of whom it is asked who is watching: of somebody who signs in, or of a browser that is signed in.
use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
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
use crate::pages::{Services, return_path};

/// The pages of a browser that is signed in begin so; those of a sign-in do not.
const SWITCH: &str = "switch";

/// Somebody of whom it is asked.
pub(in crate::pages) struct Asking {
    pub(super) page: Page,
    pub(super) by: By,
    /// The page of the web client that a browser wanted, which is signed in; empty for the first. A sign-in keeps its own.
    next: String,
}

/// How they came to the question.
pub(super) enum By {
    /// By signing in: the attempt's cookie.
    SignIn(OpaqueToken),
    /// From the menu, or sent by the web client that was refused: the session.
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
    let next = return_path::parse(next);
    with_query(
        SWITCH,
        &[("said", Said::StillSignedIn.name()), ("next", &next)],
    )
}

impl Asking {
    /// The session of a browser that is signed in.
    pub(super) fn session(&self) -> Option<&WebSession> {
        match &self.by {
            By::SignIn(_) => None,
            By::Browser(session) => Some(session),
        }
    }

    /// Goes on to a page of the web client (R50).
    pub(super) fn towards(mut self, next: &str) -> Self {
        if matches!(self.by, By::Browser(_)) {
            self.next = return_path::parse(next);
        }
        self
    }

    /// The page of the web client to go on to; empty for its first, or where a sign-in keeps it.
    pub(super) fn next(&self) -> &str {
        &self.next
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
            By::Browser(_) => prove::for_seat(who, &self.next),
        }
    }

    /// The page that asks for the account's password in place of the PIN.
    pub(super) fn password_of(&self, who: &str) -> String {
        self.at("profiles-password", &[("who", who)])
    }

    fn at(&self, page: &str, asked: &[(&str, &str)]) -> String {
        let mut asked = asked.to_vec();
        asked.push(("next", &self.next));
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

    /// It is not asked of them any more: the sign-in stands at another step, or is over.
    pub(super) async fn gone(self) -> Answer {
        Ok(match self.by {
            By::Browser(_) => self.page.go("sign-in"),
            By::SignIn(_) => match step::stands(&self.page, Step::ChooseProfile).await? {
                Stands::Elsewhere(there) => self.page.go(there),
                Stands::Here(_changed_meanwhile) => step::over(self.page),
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
                next: String::new(),
            });
        }
        let page = Page::from_request_parts(parts, services).await?;
        match page.cookies.token(Name::Attempt) {
            Some(cookie) => Ok(Self {
                page,
                by: By::SignIn(cookie),
                next: String::new(),
            }),
            None => Err(page.go("sign-in")),
        }
    }
}
