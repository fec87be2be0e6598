//! Of whom it is asked who is watching: of somebody who signs in, or of a browser that is signed in.
use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use usher_accounts::WebSession;
use usher_accounts::profiles::{Chooser, Watching};
use usher_domain::secret::OpaqueToken;
use usher_domain::sign_in::Step;

use super::Said;
use crate::pages::Services;
use crate::pages::account::prove;
use crate::pages::cookies::Name;
use crate::pages::page::{Answer, Fault, Page};
use crate::pages::signed_in::{AtAnySeat, SignedIn};
use crate::pages::step::{self, Stands};

/// The pages of a browser that is signed in begin so; those of a sign-in do not.
const SWITCH: &str = "switch";

/// Somebody of whom it is asked.
pub(in crate::pages) struct Asking {
    pub(super) page: Page,
    pub(super) by: By,
}

/// How they came to the question.
pub(super) enum By {
    /// By signing in: the attempt's cookie.
    SignIn(OpaqueToken),
    /// From the menu: the session.
    Browser(Box<WebSession>),
}

impl By {
    pub(super) fn chooser(&self) -> Chooser<'_> {
        match self {
            Self::SignIn(cookie) => Chooser::SignIn(cookie),
            Self::Browser(session) => Chooser::Browser(session),
        }
    }

    /// The page of the question.
    pub(super) const fn question(&self) -> &'static str {
        match self {
            Self::SignIn(_) => "profiles",
            Self::Browser(_) => SWITCH,
        }
    }

    /// The page that asks for the PIN before a seat.
    pub(super) fn pin_of(&self, who: &str) -> String {
        about(&format!("{}-pin", self.question()), who)
    }

    /// The page that takes something else in place of the PIN.
    pub(super) fn forgotten(&self, who: &str) -> String {
        match self {
            Self::SignIn(_) => about("profiles-password", who),
            Self::Browser(_) => prove::for_seat(who),
        }
    }
}

/// A page about a seat.
pub(super) fn about(page: &str, who: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("who", who)
        .finish();
    format!("{page}?{query}")
}

impl Asking {
    pub(super) async fn watching(&self) -> Result<Option<Watching>, Fault> {
        let accounts = &self.page.services.accounts;
        Ok(accounts.who_is_watching(self.by.chooser()).await?)
    }

    /// The question again, with why.
    pub(super) fn again(self, said: Said) -> Response {
        let said = match said {
            Said::Unknown => "unknown",
            Said::Refused => "refused",
            Said::OutsideHours => "outside_hours",
        };
        let to = format!("{}?said={said}", self.by.question());
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
            return Ok(Self { page, by });
        }
        let page = Page::from_request_parts(parts, services).await?;
        match page.cookies.token(Name::Attempt) {
            Some(cookie) => Ok(Self {
                page,
                by: By::SignIn(cookie),
            }),
            None => Err(page.go("sign-in")),
        }
    }
}
