//! "Forgot password" in a client.
use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use usher_accounts::reset::ResetAsked;
use usher_proxy::body::{self, Body};
use usher_proxy::rules::Visit;

use super::{Door, pass, unavailable, visitor};

#[derive(Deserialize)]
struct Forgot {
    #[serde(alias = "EnteredUsername", alias = "enteredUsername")]
    entered_username: String,
}

/// The answer is the same whatever was typed (R27). The web client shows `PinFile` in its dialog; nothing else of the
/// answer is seen by anybody.
pub(super) async fn ask(door: &Door, visit: &Visit, body: &Bytes) -> Response<Body> {
    let Ok(typed) = serde_json::from_slice::<Forgot>(body) else {
        return body::text(StatusCode::BAD_REQUEST, "Error processing request.");
    };
    let asked = door
        .accounts
        .ask_reset(&typed.entered_username, None, "", &visitor(visit))
        .await;
    match asked {
        Ok(ResetAsked::Noted(_) | ResetAsked::Off) => {}
        Ok(ResetAsked::Wait(span)) => return pass::come_again(span),
        Err(error) => return unavailable(visit, &error),
    }
    let sentence = format!(
        "If this account can be recovered by mail, a message with a link is on its way. You can also go to {}/usher/forgot.",
        door.options.public_url
    );
    let answer = json!({ "Action": "PinCode", "PinFile": sentence });
    pass::json(answer.to_string())
}

/// Jellyfin's own PIN, which becomes the password, stays off. Always 200: the web client says nothing at any other status,
/// and "the PIN is now your password" at success.
pub(super) fn refuse_pin() -> Response<Body> {
    pass::json(json!({ "Success": false, "UsersReset": [] }).to_string())
}
