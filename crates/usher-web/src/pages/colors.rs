//! The colors of the seat that a browser is at, for our script in the web client: it asks each time the client is loaded, so
//! that what an owner chooses reaches a browser that stays at its seat. Whoever showed up there as the owner has gone by then.
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use super::Services;
use super::page::{Fault, Session};

/// `POST /usher/colors`: whose they are, and the theme's id; empty for the server's choice. 204 where nobody is signed in.
pub(super) async fn show(
    State(services): State<Services>,
    Session(session): Session,
) -> Result<Response, Fault> {
    let Some(session) = session else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    services.accounts.owner_left(&session).await?;
    let theme = services.accounts.theme_of(session.user).await?;
    let colors = json!({
        "user": session.user.to_string(),
        "theme": theme.unwrap_or_default(),
    });
    Ok(Json(colors).into_response())
}
