//! Sign-in at an app's own form.
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value};
use usher_accounts::sign_in::{AppForm, AppSignIn};
use usher_domain::secret::SecretText;
use usher_proxy::body::{self, Body};
use usher_proxy::rules::Visit;

use super::record::value;
use super::{Door, pass, profiles, unavailable, visitor};

/// Whatever is wrong with it is one and the same 401 (R30), in plain text: Roku parses any body as JSON. Where somebody may
/// approve in a moment, the answer waits for it; a client that hangs up ends the wait.
pub(super) async fn answer(door: &Door, visit: &Visit, body: &Bytes) -> Response<Body> {
    let identity = visit.client.as_ref().filter(|client| client.is_complete());
    let typed = serde_json::from_slice::<Map<String, Value>>(body);
    let (Some(identity), Ok(typed)) = (identity, typed) else {
        return unreadable();
    };
    let (Some(name), Some(password)) = (text(&typed, "Username"), text(&typed, "Pw")) else {
        return unreadable();
    };
    if name.trim().is_empty() {
        return refused();
    }
    let form = AppForm {
        name: &name,
        password: &SecretText::new(password),
        identity,
    };
    let answered = match door.accounts.app_password(&form, &visitor(visit)).await {
        Ok(AppSignIn::Waits(waiting)) => door.accounts.hold_answer(*waiting).await,
        answered => answered,
    };
    match answered {
        Ok(AppSignIn::Answer(session)) => {
            let answer = profiles::signed_in(door, Response::new(session)).await;
            pass::json(answer.into_body())
        }
        Ok(AppSignIn::Refused | AppSignIn::Waits(_)) => refused(),
        Ok(AppSignIn::Wait(span)) => pass::come_again(span),
        Ok(AppSignIn::Busy) => pass::busy(),
        Err(error) => unavailable(visit, &error),
    }
}

/// A field as Jellyfin reads it: its name in any letter case (Kodi sends `username`), a number for a text; one that is
/// absent or null (Kodi sends a null password) is empty. `None`: a list or a record.
fn text(typed: &Map<String, Value>, field: &str) -> Option<String> {
    match value(typed, field) {
        None | Some(Value::Null) => Some(String::new()),
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(Value::Bool(flag)) => Some(flag.to_string()),
        Some(Value::Array(_) | Value::Object(_)) => None,
    }
}

fn unreadable() -> Response<Body> {
    body::text(StatusCode::BAD_REQUEST, "Error processing request.")
}

fn refused() -> Response<Body> {
    body::text(StatusCode::UNAUTHORIZED, "Error processing request.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_as_jellyfin_reads_it() {
        for (body, name, password) in [
            (r#"{"Username":"anna","Pw":"x"}"#, "anna", "x"),
            (r#"{"username":"anna","Pw":null}"#, "anna", ""),
            (r#"{"Pw":1234,"USERNAME":"anna"}"#, "anna", "1234"),
            (
                r#"{"Username":"kim","pw":"y","username":"anna"}"#,
                "anna",
                "y",
            ),
            (r#"{"Username":"anna"}"#, "anna", ""),
        ] {
            let typed: Map<String, Value> = serde_json::from_str(body).unwrap();
            assert_eq!(text(&typed, "Username").as_deref(), Some(name), "{body}");
            assert_eq!(text(&typed, "Pw").as_deref(), Some(password), "{body}");
        }
        let list: Map<String, Value> = serde_json::from_str(r#"{"Pw":["x"]}"#).unwrap();
        assert!(text(&list, "Pw").is_none());
    }
}
