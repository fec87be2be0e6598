//! Sign-in at an app's own form.
use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Deserialize;
use usher_accounts::sign_in::{AppForm, AppSignIn};
use usher_domain::secret::SecretText;
use usher_proxy::body::{self, Body};
use usher_proxy::rules::Visit;

use super::{Door, pass, unavailable, visitor};

/// A sign-in's body. Keys come in any letter case (Kodi sends `username`); Kodi sends a null password.
#[derive(Deserialize)]
struct SignIn {
    #[serde(alias = "username", alias = "Username", default)]
    username: Option<String>,
    #[serde(alias = "Pw", default)]
    pw: Option<SecretText>,
}

/// Whatever is wrong with it is one and the same 401 (R30), in plain text: Roku parses any body as JSON.
pub(super) async fn answer(door: &Door, visit: &Visit, body: &Bytes) -> Response<Body> {
    let identity = visit.client.as_ref().filter(|client| client.is_complete());
    let (Some(identity), Ok(typed)) = (identity, serde_json::from_slice::<SignIn>(body)) else {
        return body::text(StatusCode::BAD_REQUEST, "Error processing request.");
    };
    let name = typed.username.unwrap_or_default();
    if name.trim().is_empty() {
        return refused();
    }
    let form = AppForm {
        name: &name,
        password: &typed.pw.unwrap_or_else(|| SecretText::new("")),
        identity,
    };
    match door.accounts.app_password(&form, &visitor(visit)).await {
        Ok(AppSignIn::Answer(session)) => pass::json(session),
        Ok(AppSignIn::Refused) => refused(),
        Ok(AppSignIn::Wait(span)) => pass::come_again(span),
        Ok(AppSignIn::Busy) => pass::busy(),
        Err(error) => unavailable(visit, &error),
    }
}

fn refused() -> Response<Body> {
    body::text(StatusCode::UNAUTHORIZED, "Error processing request.")
}
