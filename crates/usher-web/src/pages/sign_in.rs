//! Signing in with a password. Jellyfin judges it, as for the web client itself; that client then takes the session over.
//!
//! Invariant: whatever is wrong with name, password or user, the words are the same (R30). An empty password is refused
//! before Jellyfin is asked: users without one would be open to anybody.
//! Invariant: tries here and in apps are counted together.
use askama::Template;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Extension, Query, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::json;
use usher_accounts::gatekeeper::{Credential, Gatekeeper};
use usher_domain::device::ClientIdentity;
use usher_domain::secret::SecretText;
use usher_domain::visitor::Visitor;
use usher_proxy::rules::Visit;

use super::frame::{Frame, Language, Server, keep_language, page, tongue_of};
use super::{Services, return_path};
use crate::tried::outcome;

const WRONG: &str = "web-sign-in-wrong";
const UNAVAILABLE: &str = "web-sign-in-unavailable";
const TOO_MANY: &str = "web-sign-in-too-many";

/// Longest device id, in bytes: the web client makes one of its user agent.
const DEVICE_MAX: usize = 1024;

#[derive(Template)]
#[template(path = "page/sign_in.html")]
struct SignInPage {
    languages: Vec<Language>,
    frame: Frame,
    name: String,
    next: String,
    wrong: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "page/hand_over.html")]
struct HandOverPage {
    frame: Frame,
    token: SecretText,
    user_id: String,
    server_id: String,
    next: String,
}

/// What the page is asked for with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
    language: Option<String>,
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    name: String,
    password: SecretText,
    device: String,
    next: String,
}

/// Jellyfin's answer to a right password.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Session {
    access_token: SecretText,
    server_id: String,
    user: Person,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Person {
    id: String,
}

/// `GET /usher/sign-in`.
pub(super) async fn show(
    State(services): State<Services>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Ok(Query(asked)) = asked else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let tongue = tongue_of(&headers, asked.language.as_deref());
    let server = Server::ask(&services.keeper).await;
    let frame = Frame::new(tongue, server.as_ref());
    let mut response = question(frame, String::new(), return_path::parse(&asked.next), None);
    if asked.language.is_some() {
        keep_language(&mut response, tongue, &visit);
    }
    response
}

/// `POST /usher/sign-in`.
pub(super) async fn submit(
    State(services): State<Services>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    typed: Result<Form<Typed>, FormRejection>,
) -> Response {
    let Ok(Form(typed)) = typed else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let server = Server::ask(&services.keeper).await;
    let frame = Frame::new(tongue_of(&headers, None), server.as_ref());
    let next = return_path::parse(&typed.next);
    let judged = match server {
        Some(server) => judge(&services.keeper, &visit, &typed, server.version).await,
        None => Err(UNAVAILABLE),
    };
    match judged {
        Ok(session) => page(&HandOverPage {
            frame,
            token: session.access_token,
            user_id: session.user.id,
            server_id: session.server_id,
            next,
        }),
        Err(wrong) => question(frame, typed.name, next, Some(wrong)),
    }
}

fn question(frame: Frame, name: String, next: String, wrong: Option<&'static str>) -> Response {
    page(&SignInPage {
        languages: frame.languages(&next),
        frame,
        name,
        next,
        wrong,
    })
}

/// Asks Jellyfin, as the web client in this browser would. The error is the key of what the person is told.
async fn judge(
    keeper: &Gatekeeper,
    visit: &Visit,
    typed: &Typed,
    version: String,
) -> Result<Session, &'static str> {
    let is_empty = typed.name.trim().is_empty() || typed.password.reveal().trim().is_empty();
    if is_empty || typed.device.is_empty() || typed.device.len() > DEVICE_MAX {
        return Err(WRONG);
    }
    let visitor = Visitor::new(visit.address, visit.address_is_exact, &visit.user_agent);
    let identity = ClientIdentity {
        client: "Jellyfin Web".to_owned(),
        device: if visitor.client.is_empty() {
            "Browser".to_owned()
        } else {
            visitor.client
        },
        device_id: typed.device.clone(),
        version,
    };
    let credential = Credential {
        identity: Some(&identity),
        token: None,
    };
    let exact_address = visit.address_is_exact.then_some(visit.address);
    let tried = keeper
        .admit(&typed.name, exact_address)
        .map_err(|_why| TOO_MANY)?;
    let sent = json!({ "Username": typed.name, "Pw": typed.password.reveal() }).to_string();
    let answered = keeper
        .jellyfin()
        .post("/Users/AuthenticateByName", &credential, sent.into())
        .await;
    tried.settle(outcome(&answered));
    let answer = answered.map_err(outage)?;
    match answer.status {
        StatusCode::OK => answer.json().map_err(outage),
        status if status.is_server_error() => Err(UNAVAILABLE),
        _refused => Err(WRONG),
    }
}

/// Logs why Jellyfin could not be asked. No password was judged.
fn outage(error: impl std::error::Error + 'static) -> &'static str {
    tracing::warn!(
        error = &error as &dyn std::error::Error,
        "Jellyfin could not be asked for a sign-in"
    );
    UNAVAILABLE
}
