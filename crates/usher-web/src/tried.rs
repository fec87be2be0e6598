//! What a password that was tried counts as, on every door alike.
use http::StatusCode;
use usher_accounts::gatekeeper::{Answer, Outcome};

/// What Jellyfin's answer says of the password. Only 401 says that it was wrong: 403 comes before it is looked at, or
/// after the right one (contract, "What 403 says at sign-in"); an outage is no verdict (R7).
pub(crate) fn outcome<Fault>(answered: &Result<Answer, Fault>) -> Outcome {
    match answered {
        Ok(answer) if answer.status == StatusCode::OK => Outcome::Right,
        Ok(answer) if answer.status == StatusCode::UNAUTHORIZED => Outcome::Wrong,
        Ok(_) | Err(_) => Outcome::Undecided,
    }
}
