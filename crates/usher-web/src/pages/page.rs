//! What almost every handler needs, gathered once; and how it answers.
use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Extension, FromRequest, FromRequestParts, Query, Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use serde::de::DeserializeOwned;
use usher_accounts::{AccountError, WebSession};
use usher_domain::secret::OpaqueToken;
use usher_domain::visitor::Visitor;
use usher_proxy::rules::Visit;

use super::Services;
use super::carried::Carried;
use super::cookies::{Cookies, Name};
use super::frame::Frame;

/// What a handler answers. A [`Fault`] is logged and shown by one layer.
pub(super) type Answer = Result<Response, Fault>;

/// Who asks, in which language, with which cookies.
pub(super) struct Page {
    pub(super) services: Services,
    pub(super) visitor: Visitor,
    pub(super) frame: Frame,
    /// As the browser sent them; what is changed here, every answer of the page tells it.
    pub(super) cookies: Cookies,
    /// A form is sent, and not only a page asked for.
    pub(super) sends: bool,
    /// What the address carried besides.
    pub(super) carried: Carried,
}

impl Page {
    /// Whether a form is sent, or was on the way here and could not be taken.
    pub(super) const fn was_sent(&self) -> bool {
        self.sends || self.carried.is_unsaved
    }

    /// A page as an answer.
    pub(super) fn show(self, template: &impl Template) -> Response {
        (self.cookies, page(template)).into_response()
    }

    /// Sends the browser on to another page directly below `/usher/`.
    pub(super) fn go(self, to: &str) -> Response {
        (self.cookies, redirect(to)).into_response()
    }

    /// Keeps a secret in a cookie.
    pub(super) fn keep(&mut self, name: Name, token: &OpaqueToken) {
        self.cookies = self.cookies.clone().keep(name, token);
    }

    /// Clears a cookie.
    pub(super) fn clear(&mut self, name: Name) {
        self.cookies = self.cookies.clone().clear(name);
    }
}

impl FromRequestParts<Services> for Page {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Response> {
        let Extension(visit) = Extension::<Visit>::from_request_parts(parts, services)
            .await
            .map_err(IntoResponse::into_response)?;
        let cookies = Cookies::new(&parts.headers, &visit);
        Ok(Self {
            frame: Frame::new(services, &cookies, &parts.headers, &parts.uri).await,
            services: services.clone(),
            visitor: Visitor::new(visit.address, visit.address_is_exact, &visit.user_agent),
            cookies,
            sends: !matches!(parts.method, Method::GET | Method::HEAD),
            carried: parts
                .extensions
                .get::<Carried>()
                .cloned()
                .unwrap_or_default(),
        })
    }
}

/// The live session of this browser at Usher, where it has one.
pub(super) struct Session(pub(super) Option<WebSession>);

impl FromRequestParts<Services> for Session {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Response> {
        let Extension(visit) = Extension::<Visit>::from_request_parts(parts, services)
            .await
            .map_err(IntoResponse::into_response)?;
        let Some(cookie) = Cookies::new(&parts.headers, &visit).token(Name::Session) else {
            return Ok(Self(None));
        };
        let found = services.accounts.web_session(&cookie).await;
        found
            .map(Self)
            .map_err(|error| Fault::from(error).into_response())
    }
}

/// A query of exactly these fields (R71): others, and the same one twice, are refused.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Services> for Asked<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Fault> {
        match Query::from_request_parts(parts, services).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(_other_fields) => Err(Fault::Form),
        }
    }
}

/// A form of exactly these fields (R71): others, and the same one twice, are refused.
pub(super) struct Typed<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Services> for Typed<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, services: &Services) -> Result<Self, Fault> {
        match Form::from_request(request, services).await {
            Ok(Form(typed)) => Ok(Self(typed)),
            Err(_other_fields) => Err(Fault::Form),
        }
    }
}

/// What keeps a page from being shown at all.
#[derive(Debug)]
pub(super) enum Fault {
    /// Ours, or a server's behind us. Nothing was changed.
    Accounts(AccountError),
    /// No page of ours sends such a form or such a query.
    Form,
    /// No page stands there.
    NoPage,
}

impl From<AccountError> for Fault {
    fn from(error: AccountError) -> Self {
        Self::Accounts(error)
    }
}

impl Fault {
    /// Keys of what the visitor is told. They learn what to do, never what is behind it.
    const fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Form => ("web-fault-form-title", "web-fault-form-body"),
            Self::NoPage => ("web-fault-no-page-title", "web-fault-no-page-body"),
            Self::Accounts(AccountError::Jellyfin(_)) => {
                ("web-fault-jellyfin-title", "web-fault-jellyfin-body")
            }
            Self::Accounts(AccountError::QuickConnectOff) => (
                "web-fault-quick-connect-title",
                "web-fault-quick-connect-body",
            ),
            Self::Accounts(
                AccountError::Store(_)
                | AccountError::Sealed(_)
                | AccountError::Unreadable { .. }
                | AccountError::Stopping,
            ) => ("web-fault-title", "web-fault-body"),
        }
    }

    fn log(&self) {
        match self {
            Self::Form => tracing::debug!("A form or query was refused"),
            Self::NoPage => tracing::debug!("A page was asked for that there is not"),
            Self::Accounts(error @ AccountError::Jellyfin(_)) => tracing::warn!(
                error = error as &dyn std::error::Error,
                "Jellyfin could not be asked for a page"
            ),
            Self::Accounts(
                error @ (AccountError::Store(_)
                | AccountError::QuickConnectOff
                | AccountError::Sealed(_)
                | AccountError::Unreadable { .. }
                | AccountError::Stopping),
            ) => tracing::error!(
                error = error as &dyn std::error::Error,
                "A page could not be answered"
            ),
        }
    }
}

impl IntoResponse for Fault {
    /// Carries the fault to [`show_faults`], which knows the visitor's language.
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

#[derive(Template)]
#[template(path = "page/fault.html")]
struct FaultPage<'a> {
    frame: &'a Frame,
    title: &'static str,
    body: &'static str,
    /// The page to go on to, and the key of what its button says.
    on: (&'a str, &'static str),
}

/// Logs each fault once and says it in the visitor's language.
pub(super) async fn show_faults(
    State(services): State<Services>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut copy = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(fault) = response.extensions().get::<Arc<Fault>>() else {
        return response;
    };
    fault.log();
    let (title, body) = fault.words();
    let status = match **fault {
        Fault::Form => StatusCode::BAD_REQUEST,
        Fault::NoPage => StatusCode::NOT_FOUND,
        // Apps that show our pages throw people out at an error.
        Fault::Accounts(_) => StatusCode::OK,
    };
    match Page::from_request_parts(&mut copy, &services).await {
        Ok(page) => {
            let frame = page.frame.clone();
            let here = frame.here.split('?').next().unwrap_or_default();
            let on = match **fault {
                Fault::NoPage => ("account", "web-your-account"),
                Fault::Form | Fault::Accounts(_) => (here, "web-fault-again"),
            };
            let shown = page.show(&FaultPage {
                frame: &frame,
                title,
                body,
                on,
            });
            (status, shown).into_response()
        }
        Err(nobody) => nobody,
    }
}

/// A page with a query, which leaves out what is empty.
pub(super) fn with_query(page: &str, parts: &[(&str, &str)]) -> String {
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

/// Sends the browser on to another page directly below `/usher/`.
pub(super) fn redirect(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        Err(_control_character) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn page(template: &impl Template) -> Response {
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
