//! What every page shows around its question: the server's name, the visitor's language.
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, Uri, header};
use usher_proxy::rules::Visit;
use usher_text::{Tongue, Value};

use super::cookies::{Cookies, Name};
use super::page::redirect;
use super::{Services, assets, carried, sign_in};

/// What is shown for a server whose name is not known now.
const NAMELESS: &str = "Jellyfin";

/// Around a page, whether it stands at the door or in a panel.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) tongue: Tongue,
    /// The server's name, as Jellyfin tells it.
    pub(super) server: String,
    /// The address of this page as a link from itself: `sign-in?next=…`.
    pub(super) here: String,
    /// Key of what is told above a page, whatever it is about; empty where there is nothing.
    pub(super) notice: &'static str,
    /// The account may have profiles: their page stands at the side.
    pub(super) has_profiles: bool,
    /// The account that the page was made for; empty before somebody is signed in.
    pub(super) whose: String,
}

/// A language on offer.
pub(super) struct Language {
    pub(super) code: &'static str,
    pub(super) name: String,
    pub(super) link: String,
    pub(super) is_chosen: bool,
}

impl Frame {
    pub(super) async fn new(
        services: &Services,
        cookies: &Cookies,
        headers: &HeaderMap,
        uri: &Uri,
    ) -> Self {
        // Without its name the page is still good, and what it asks for finds the outage by itself.
        let server = services.accounts.server().await;
        Self {
            tongue: tongue_of(cookies, headers),
            server: server.map_or_else(|_outage| NAMELESS.to_owned(), |server| server.name),
            here: here(uri),
            notice: "",
            has_profiles: false,
            whose: String::new(),
        }
    }

    /// Behind the address to which a form goes, where its query begins or goes on with this letter.
    pub(super) fn whose(&self, letter: &str) -> String {
        carried::whose(&self.whose, letter)
    }

    /// The address to which a form goes.
    pub(super) fn to(&self, address: &str) -> String {
        let letter = if address.contains('?') { "&" } else { "?" };
        format!("{address}{}", self.whose(letter))
    }

    /// A text; `$server` is the server's name in every one of them.
    pub(super) fn t(&self, key: &str) -> String {
        self.texts(key, &[])
    }

    /// What is wrong with a field: the text of a key, and nothing for no key.
    pub(super) fn told(&self, key: &str) -> String {
        if key.is_empty() {
            String::new()
        } else {
            self.t(key)
        }
    }

    /// A text with one variable beside `$server`.
    pub(super) fn with(&self, key: &str, name: &str, value: &str) -> String {
        self.texts(key, &[(name, value.into())])
    }

    /// A text with a number, which chooses its plural form.
    pub(super) fn count(&self, key: &str, name: &str, number: i64) -> String {
        self.texts(key, &[(name, number.into())])
    }

    /// A text with several variables.
    pub(super) fn texts(&self, key: &str, variables: &[(&str, Value<'_>)]) -> String {
        let mut all = vec![("server", self.server.as_str().into())];
        all.extend_from_slice(variables);
        self.tongue.with(key, &all)
    }

    /// The form of sign-in.
    #[expect(clippy::unused_self, reason = "templates reach it through the frame")]
    pub(super) fn sign_in(&self) -> String {
        sign_in::form_at("")
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the frame")]
    pub(super) fn asset(&self, name: &str) -> String {
        assets::link(name)
    }

    /// The languages on offer, each with a link to the same page: behind a dot, as also where no page stands they are
    /// offered (R50).
    pub(super) fn languages(&self) -> Vec<Language> {
        let sign = if self.here.contains('?') { '&' } else { '?' };
        let offer = |other: Tongue| Language {
            code: other.code(),
            name: other.t("web-language"),
            link: format!("./{}{sign}language={}", self.here, other.code()),
            is_chosen: other.code() == self.tongue.code(),
        };
        Tongue::all().map(offer).collect()
    }
}

/// Every page stands directly below `/usher/`, so its last segment is a link to it from its neighbors.
fn here(uri: &Uri) -> String {
    let name = uri.path().rsplit('/').next().unwrap_or_default();
    match uri.query() {
        Some(query) => format!("{name}?{query}"),
        None => name.to_owned(),
    }
}

/// The visitor's language: chosen before, or the browser's.
pub(super) fn tongue_of(cookies: &Cookies, headers: &HeaderMap) -> Tongue {
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    Tongue::negotiate(accepted.unwrap_or_default(), cookies.text(Name::Language))
}

/// `?language=de` on any page: kept, then the same page without it. A language that is not on offer is left out.
pub(super) async fn choose_language(request: Request, next: Next) -> Response {
    let is_asked = matches!(*request.method(), Method::GET | Method::HEAD);
    let pairs: Vec<(String, String)> = request
        .uri()
        .query()
        .filter(|_query| is_asked)
        .map(|query| url::form_urlencoded::parse(query.as_bytes()).into_owned())
        .into_iter()
        .flatten()
        .collect();
    let chosen = pairs.iter().find(|(name, _)| name == "language");
    let (Some((_, chosen)), Some(visit)) = (chosen, request.extensions().get::<Visit>()) else {
        return next.run(request).await;
    };
    let rest = pairs.iter().filter(|(name, _)| name != "language");
    let rest = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(rest)
        .finish();
    // Whatever somebody writes behind `/usher/` comes here. Without the dot, what stands before a colon would be a scheme
    // (R50).
    let page = request.uri().path().rsplit('/').next().unwrap_or_default();
    let to = if rest.is_empty() {
        format!("./{page}")
    } else {
        format!("./{page}?{rest}")
    };
    let cookies = Cookies::new(request.headers(), visit);
    match Tongue::all().find(|tongue| tongue.code() == chosen) {
        Some(tongue) => {
            let cookies = cookies.keep_text(Name::Language, tongue.code());
            (cookies, redirect(&to)).into_response()
        }
        None => redirect(&to),
    }
}
