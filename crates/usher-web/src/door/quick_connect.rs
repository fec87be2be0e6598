//! Quick Connect as clients use it: asked for, approved for the own user, redeemed once.
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};
use usher_accounts::quick_connect::{Admitted, Approval};
use usher_domain::id::UserId;
use usher_domain::secret::SecretText;
use usher_proxy::body::{self, Body};
use usher_proxy::query;
use usher_proxy::rules::{Before, Caller, CallerKind, Visit};

use super::{Door, log, pass, profiles, record, unavailable, unread, visitor};

/// What Jellyfin says, with 403, to one session too many.
const NO_ROOM: &str = "Error processing request.";

/// The secret of a body, as Jellyfin reads it.
fn secret_of(body: &Bytes) -> Option<SecretText> {
    let record: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let secret = record::value(&record, "Secret")?.as_str()?;
    Some(SecretText::new(secret))
}

/// Both Usher and Jellyfin must have it on.
pub(super) async fn is_enabled(door: &Door, visit: &Visit) -> Response<Body> {
    match door.accounts.settings().await {
        Ok(settings) if !settings.quick_connect.enabled => return pass::json("false"),
        Ok(_enabled) => {}
        Err(error) => return unavailable(visit, &error),
    }
    match pass::ask(door, visit, None).await {
        Ok(answer) => pass::hand_on(answer),
        Err(error) => unavailable(visit, &error),
    }
}

/// A screen asks for a code. Switched off here, it is told what Jellyfin would say.
pub(super) async fn initiate(door: &Door, visit: &Visit) -> Before {
    match door.accounts.may_ask_for_code(&visitor(visit)).await {
        Ok(true) => Before::Pass,
        Ok(false) => Before::Answer(body::text(StatusCode::UNAUTHORIZED, "")),
        Err(error) => Before::Answer(unavailable(visit, &error)),
    }
}

/// The code is kept for the page on which it is approved.
pub(super) async fn initiated(
    door: &Door,
    visit: &Visit,
    answer: Response<Bytes>,
) -> Response<Bytes> {
    let kept = door
        .accounts
        .quick_connect_asked(answer.body(), visit.client.as_ref(), &visitor(visit))
        .await;
    if let Err(error) = kept {
        log("A Quick Connect code could not be kept", &error);
    }
    answer
}

/// A secret passes once: Jellyfin would hand out the same token again (contract, 105 to 109). It goes upstream alone, so
/// that no second spelling of the key is another secret there.
pub(super) async fn redeem(door: &Door, visit: &Visit, body: &Bytes) -> Before {
    let Some(secret) = secret_of(body) else {
        return unread();
    };
    match door.accounts.has_room_for_screen(&secret).await {
        Ok(true) => {}
        Ok(false) => return Before::Answer(body::text(StatusCode::FORBIDDEN, NO_ROOM)),
        Err(error) => return Before::Answer(unavailable(visit, &error)),
    }
    match door.accounts.use_secret(&secret).await {
        Ok(true) => Before::PassBody(json!({ "Secret": secret.reveal() }).to_string().into()),
        Ok(false) => Before::Answer(body::text(StatusCode::FORBIDDEN, "")),
        Err(error) => Before::Answer(unavailable(visit, &error)),
    }
}

/// A token that is not known here would be good for nothing: the screen gets it only once it is.
pub(super) async fn redeemed(
    door: &Door,
    visit: &Visit,
    sent: &Bytes,
    answer: Response<Bytes>,
) -> Response<Bytes> {
    let noted = match secret_of(sent) {
        Some(secret) if answer.status() == StatusCode::OK => {
            let (body, visitor) = (answer.body(), visitor(visit));
            door.accounts
                .screen_signed_in(&secret, body, &visitor)
                .await
        }
        Some(secret) => {
            let given_back = door.accounts.give_secret_back(&secret).await;
            given_back.map(|()| Admitted::Yes)
        }
        // Without one it was not passed on.
        None => Ok(Admitted::No),
    };
    match noted {
        Ok(Admitted::Yes) => profiles::signed_in(door, answer).await,
        Ok(Admitted::No) => refused(StatusCode::UNAUTHORIZED),
        Ok(Admitted::NoRoom) => refused(StatusCode::FORBIDDEN).map(|_none| NO_ROOM.into()),
        Err(error) => {
            log("A screen's sign-in could not be noted", &error);
            refused(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

fn refused(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// A client approves a code: for its own user only. With an API key this would be a sign-in as anybody.
pub(super) async fn approve(door: &Door, visit: &Visit, caller: Option<&Caller>) -> Response<Body> {
    let Some(CallerKind::User { user, .. }) = caller.map(|caller| &caller.kind) else {
        return body::text(StatusCode::FORBIDDEN, "");
    };
    let query = visit.query.as_deref();
    let (Ok(named), Ok(Some(code))) = (query::value(query, "userId"), query::value(query, "code"))
    else {
        return body::text(StatusCode::BAD_REQUEST, "Error processing request.");
    };
    if named.is_some_and(|id| id.parse::<UserId>() != Ok(*user)) {
        return body::text(StatusCode::FORBIDDEN, "");
    }
    let approved = door
        .accounts
        .approve_by_client(*user, &code, &visitor(visit))
        .await;
    match approved {
        Ok(Approval::Done) => pass::json("true"),
        Ok(Approval::Unknown) => body::text(StatusCode::NOT_FOUND, "Unknown secret"),
        Ok(Approval::Refused | Approval::Prove | Approval::NoSeat) => {
            body::text(StatusCode::FORBIDDEN, "")
        }
        Ok(Approval::Wait(span)) => pass::come_again(span),
        Err(error) => unavailable(visit, &error),
    }
}
