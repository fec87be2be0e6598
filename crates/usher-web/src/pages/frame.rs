//! What every page shows around its question: the server's name, the visitor's language.
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use usher_accounts::gatekeeper::{Credential, Gatekeeper};
use usher_proxy::rules::{Scheme, Visit};
use usher_text::Tongue;

use super::assets;

const COOKIE: &str = "usher_language";

/// What is shown for a server whose name is not known now.
const NAMELESS: &str = "Jellyfin";

/// Around a page.
pub(super) struct Frame {
    pub(super) tongue: Tongue,
    pub(super) server: String,
}

/// What Jellyfin tells everybody about itself.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Server {
    server_name: String,
    pub(super) version: String,
}

/// A language on offer.
pub(super) struct Language {
    pub(super) code: &'static str,
    pub(super) name: String,
    pub(super) link: String,
    pub(super) is_chosen: bool,
}

impl Server {
    /// Asks Jellyfin. `None` while it is away.
    pub(super) async fn ask(keeper: &Gatekeeper) -> Option<Self> {
        let nobody = Credential::default();
        let answer = keeper.jellyfin().get("/System/Info/Public", &nobody).await;
        answer.ok()?.json().ok()
    }
}

impl Frame {
    pub(super) fn new(tongue: Tongue, server: Option<&Server>) -> Self {
        let server = server.map_or(NAMELESS, |server| &server.server_name);
        Self {
            tongue,
            server: server.to_owned(),
        }
    }

    pub(super) fn t(&self, key: &str) -> String {
        self.tongue.t(key)
    }

    pub(super) fn with_server(&self, key: &str) -> String {
        self.tongue
            .with(key, &[("server", self.server.as_str().into())])
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the frame")]
    pub(super) fn asset(&self, name: &str) -> String {
        assets::link(name)
    }

    /// The languages on offer, each with a link to the same question.
    pub(super) fn languages(&self, next: &str) -> Vec<Language> {
        let offer = |other: Tongue| Language {
            code: other.code(),
            name: other.t("web-language"),
            link: format!(
                "?{}",
                url::form_urlencoded::Serializer::new(String::new())
                    .append_pair("language", other.code())
                    .append_pair("next", next)
                    .finish()
            ),
            is_chosen: other.code() == self.tongue.code(),
        };
        Tongue::all().map(offer).collect()
    }
}

/// The visitor's language: asked for just now, chosen before, or the browser's.
pub(super) fn tongue_of(headers: &HeaderMap, asked: Option<&str>) -> Tongue {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let kept = text(header::COOKIE)
        .unwrap_or_default()
        .split(';')
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='));
    Tongue::negotiate(
        text(header::ACCEPT_LANGUAGE).unwrap_or_default(),
        asked.or(kept),
    )
}

/// Keeps the language for a year.
pub(super) fn keep_language(response: &mut Response, tongue: Tongue, visit: &Visit) {
    let secure = match visit.scheme {
        Scheme::Https => "; Secure",
        Scheme::Http => "",
    };
    let cookie = format!(
        "{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}",
        tongue.code()
    );
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// A page as an answer.
pub(super) fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(page) => Html(page).into_response(),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "A page cannot be written"
            );
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
